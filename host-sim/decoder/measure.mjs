// Figures of the search on recordings with known words. WAV files (16 kHz, 16 bit, one channel) lie in
// WAV/<set>/<id>.wav, their words in DATA/<set>.jsonl; each --options is one row of the table.
//     node host-sim/decoder/measure.mjs --data DATA --wav WAV [--model FILE] [--sets a,b] [--options "width=4"]…

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PARTS = ["base", "features", "model", "nn", "decoder"];

const { values } = parseArgs({
  options: {
    model: { type: "string", default: join(ROOT, "models/earshot.esm") },
    data: { type: "string" },
    wav: { type: "string" },
    split: { type: "string", default: "dev" },
    sets: { type: "string", default: "coffee,wakewords,speech-commands,speechocean762,librispeech-testclean" },
    options: { type: "string", multiple: true, default: ["width=1 nolattice", "width=4"] },
    json: { type: "boolean", default: false },
  },
});

function build() {
  const folder = join(ROOT, "build/measure");
  mkdirSync(folder, { recursive: true });
  const sources = PARTS.flatMap((part) =>
    readdirSync(join(ROOT, "native", part))
      .filter((name) => name.endsWith(".c"))
      .map((name) => join(ROOT, "native", part, name)),
  );
  const program = join(folder, "measure");
  const include = join(ROOT, "native/include");
  const args = ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O2", "-Wall", "-Wextra", `-I${include}`];
  const { status } = spawnSync(
    process.env.CC ?? "cc",
    [...args, join(ROOT, "host-sim/decoder/measure.c"), ...sources, "-o", program],
    {
      stdio: "inherit",
    },
  );
  if (status !== 0) process.exit(1);
  return program;
}

/** Samples of a plain WAV file. */
function samplesOf(path) {
  const file = readFileSync(path);
  const at = file.indexOf("data", 12, "latin1");
  return file.subarray(at + 8, at + 8 + 2 * Math.floor((file.length - at - 8) / 2));
}

function recordings(set) {
  const lines = readFileSync(join(values.data, `${set}.jsonl`), "utf8")
    .trim()
    .split("\n");
  return lines
    .map((line) => JSON.parse(line))
    .filter(
      ({ split, text, id }) =>
        split === values.split && text !== undefined && existsSync(join(values.wav, set, `${id}.wav`)),
    );
}

function measure(program, set, items, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [values.model, ...options.split(" ")], { stdio: ["pipe", "pipe", "pipe"] });
    let text = "";
    child.stdout.on("data", (bytes) => (text += bytes));
    child.on("error", reject);
    child.on("close", () =>
      resolve(
        text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line)),
      ),
    );
    for (const { id, text: words } of items) {
      const sound = samplesOf(join(values.wav, set, `${id}.wav`));
      const reference = Buffer.from(words, "utf8");
      const head = Buffer.alloc(8);
      head.writeUInt32LE(reference.length, 0);
      head.writeUInt32LE(sound.length / 2, 4);
      child.stdin.write(Buffer.concat([head, reference, sound]));
    }
    child.stdin.end();
  });
}

const sum = (rows, key) => rows.reduce((total, row) => total + row[key], 0);
const quantile = (numbers, q) =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(q * numbers.length))];

/** Expected calibration error over ten equal bins, and normalized cross-entropy, of [confidence, right] pairs. */
function calibration(pairs) {
  const bins = Array.from({ length: 10 }, () => ({ n: 0, sure: 0, right: 0 }));
  const base = pairs.reduce((total, [, right]) => total + right, 0) / pairs.length;
  let entropy = 0;
  for (const [sure, right] of pairs) {
    const bin = bins[Math.min(9, Math.floor(sure * 10))];
    bin.n++;
    bin.sure += sure;
    bin.right += right;
    const bounded = Math.min(0.999, Math.max(0.001, sure));
    entropy -= Math.log(right ? bounded : 1 - bounded);
  }
  const most = -pairs.length * (base * Math.log(base) + (1 - base) * Math.log(1 - base));
  const ece =
    bins.reduce((total, { n, sure, right }) => total + (n > 0 ? Math.abs(sure - right) : 0), 0) / pairs.length;
  return { ece: +ece.toFixed(3), nce: +(1 - entropy / most).toFixed(3) };
}

const program = build();
for (const set of values.sets.split(",")) {
  const items = recordings(set);
  for (const options of values.options) {
    const rows = await measure(program, set, items, options);
    const words = sum(rows, "words");
    const row = {
      set,
      options,
      words,
      errors: sum(rows, "errors"),
      wer: +((100 * sum(rows, "errors")) / words).toFixed(2),
      ten: +(sum(rows, "ten") / sum(rows, "errors")).toFixed(3),
      oracle: +(sum(rows, "oracle") / sum(rows, "errors")).toFixed(3),
      edgesAWord: +(sum(rows, "edges") / words).toFixed(2),
      bytes50: quantile(
        rows.map(({ bytes }) => bytes),
        0.5,
      ),
      bytes95: quantile(
        rows.map(({ bytes }) => bytes),
        0.95,
      ),
      mips: +(sum(rows, "instructions") / (sum(rows, "samples") / 16000) / 1e6).toFixed(1),
      weightMB: +(sum(rows, "weightBytes") / (sum(rows, "samples") / 16000) / 1e6).toFixed(2),
      mmacs: +(sum(rows, "macs") / (sum(rows, "samples") / 16000) / 1e6).toFixed(2),
      hitRate: +(sum(rows, "hits") / (sum(rows, "hits") + sum(rows, "misses"))).toFixed(3),
      passesAStep: +(sum(rows, "passes") / (sum(rows, "samples") / 960)).toFixed(2),
      quiet: +(sum(rows, "quiet") / (sum(rows, "samples") / 960)).toFixed(2),
      outputsAStep: +(sum(rows, "outputs") / (sum(rows, "samples") / 960)).toFixed(2),
      ...calibration(rows.flatMap(({ confidence }) => confidence)),
      skipped: sum(rows, "skipped"),
      collections: sum(rows, "collections"),
    };
    process.stdout.write(
      values.json
        ? `${JSON.stringify(row)}\n`
        : `${Object.entries(row)
            .map(([k, v]) => `${k} ${v}`)
            .join(" · ")}\n`,
    );
  }
}
