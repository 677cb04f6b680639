// The same files for everybody: the first so many test utterances of each set by a hash of their id, decoded to WAV.
// In: the data folder, a limit. Out: [{ set, wav, text, seconds }] below a temporary folder of the caller.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export class PeerError extends Error {}

const hash = (text) => createHash("sha256").update(text).digest("hex");

function must(command, args, missing) {
  const result = spawnSync(command, args, { encoding: "utf8" });
  if (result.error?.code === "ENOENT") throw new PeerError(missing);
  if (result.status !== 0) throw new PeerError(`${command} ${args.at(-1)}: ${result.stderr.trim().split("\n").at(-1)}`);
}

function decode(folder, item) {
  const wav = join(folder, `${item.set}-${item.id}.wav`);
  const args = ["--quiet", "--rate", "16000", "--force-wav", join(folder, item.file), wav];
  must("opusdec", args, "opusdec is missing: install the Debian package opus-tools.");
  return { set: item.set, wav, text: item.text, seconds: item.seconds };
}

export function testFiles(data, folder, limit) {
  if (!existsSync(data)) throw new PeerError(`${data} is missing: EARSHOT_DATA names the folder with the test files.`);
  const sets = readdirSync(data)
    .filter((file) => file.endsWith("-test.tar"))
    .map((file) => file.slice(0, -"-test.tar".length))
    .sort();
  mkdirSync(folder, { recursive: true });
  return sets.flatMap((set) => {
    const lines = readFileSync(join(data, `${set}.jsonl`), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const chosen = lines
      .filter(({ split }) => split === "test")
      .sort((a, b) => (hash(a.id) < hash(b.id) ? -1 : 1))
      .slice(0, limit);
    must(
      "tar",
      ["-xf", join(data, `${set}-test.tar`), "-C", folder, ...chosen.map(({ file }) => file)],
      "tar is missing.",
    );
    return chosen.map((item) => decode(folder, { ...item, set }));
  });
}
