import { isPieceName } from "../../player/library";
import { answer, badArgument, type Command, ConsoleError, NO_LINES } from "../command";

export const play: Command = {
  name: "play",
  usage: "[PIECE|list]",
  summary: "plays music, or goes on where it was paused",
  details: ["With the name of a piece it is played from the beginning. play list names the pieces."],
  most: 1,
  run(args, device) {
    const [piece] = args;
    const { music } = device;
    if (piece === undefined) return answer(music.start(device.now()));
    if (piece === "list") {
      const pieces = [...music.library.pieces()];
      return { lines: pieces, data: { pieces } };
    }
    if (!isPieceName(piece)) throw badArgument("a name of letters, digits and . _ -", piece);
    const outcome = music.playAll([piece], device.now());
    if (!outcome.done) throw new ConsoleError(outcome.code, `there is no piece ${piece}`);
    return NO_LINES;
  },
};
