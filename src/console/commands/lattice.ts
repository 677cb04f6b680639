import { encodeBase64 } from "../../base/base64";
import { decodeLattice, LatticeError, nbest, pathText } from "../../recognizer/lattice";
import { type Command, ConsoleError, count } from "../command";

const MOST = 10;

export const lattice: Command = {
  name: "lattice",
  usage: "[N]",
  summary: "shows what else the last utterance may have been",
  details: ["The best N readings with their probability, 5 without N; with --json the coded lattice too."],
  most: 1,
  run(args, device) {
    const bytes = device.hypotheses.lattice;
    const piece = (id: number): string => device.piece(id);
    if (bytes === undefined) throw new ConsoleError("nothing", "nothing was heard yet");
    const wanted = args[0] === undefined ? 5 : count(args[0], MOST);
    try {
      const decoded = decodeLattice(bytes);
      const paths = nbest(decoded, piece, wanted).map((path) => ({ text: pathText(path, piece), score: path.score }));
      const lines = paths.map(({ text, score }) => `${(Math.exp(score) * 100).toFixed(1)} %  ${text}`);
      lines.push(`${decoded.times.length} nodes, ${decoded.edges.length} edges, ${bytes.length} bytes`);
      const sizes = { nodes: decoded.times.length, edges: decoded.edges.length, bytes: bytes.length };
      return { lines, data: { paths, ...sizes, base64: encodeBase64(bytes) } };
    } catch (error) {
      throw error instanceof LatticeError ? new ConsoleError("failed", error.message) : error;
    }
  },
};
