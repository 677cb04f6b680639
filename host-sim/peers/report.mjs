// `npm run report:peers`: our recogniser and PocketSphinx on the same test files, one after the other.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wordErrorRate } from "./errors.mjs";
import { PeerError, testFiles } from "./files.mjs";
import { measure } from "./measure.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SPHINX_MODEL = "/usr/share/pocketsphinx/model/en-us";
const HELP = `Our recogniser and PocketSphinx on the same test files: word errors of each set, CPU seconds per second of
sound, peak memory.

  npm run report:peers -- [--json] [--limit N]      N files of each set, 30 by default
`;

/** "pocketsphinx 0.8+..." or a PeerError that names the missing package. */
function sphinxVersion() {
  const found = spawnSync("dpkg-query", ["-W", "pocketsphinx", "pocketsphinx-en-us"], { encoding: "utf8" });
  if (found.status !== 0 || spawnSync("pocketsphinx_batch", []).error) {
    throw new PeerError("PocketSphinx is missing: install the Debian packages pocketsphinx and pocketsphinx-en-us.");
  }
  return found.stdout.trim().replaceAll("\t", " ").replaceAll("\n", ", ");
}

async function sphinx(files, folder) {
  const names = files.map(({ wav }) => basename(wav, ".wav"));
  const [control, result] = [join(folder, "control"), join(folder, "result")];
  writeFileSync(control, `${names.join("\n")}\n`);
  const options = {
    adcin: "yes",
    adchdr: "44",
    cepdir: folder,
    cepext: ".wav",
    ctl: control,
    hyp: result,
    logfn: "/dev/null",
    hmm: join(SPHINX_MODEL, "en-us"),
    lm: join(SPHINX_MODEL, "en-us.lm.bin"),
    dict: join(SPHINX_MODEL, "cmudict-en-us.dict"),
  };
  const cost = await measure(
    "pocketsphinx_batch",
    Object.entries(options).flatMap(([name, value]) => [`-${name}`, value]),
  );
  const heard = new Map();
  for (const line of readFileSync(result, "utf8").split("\n")) {
    const parts = line.match(/^(.*?)\s*\((\S+) -?\d+\)$/);
    if (parts) heard.set(parts[2], parts[1].replaceAll(/\(\d+\)/g, "").trim());
  }
  return { ...cost, heard: names.map((name) => heard.get(name) ?? "") };
}

async function earshot(files) {
  const command = [join(ROOT, "host-sim", "setup.cjs"), "transcribe", "--json"];
  // Once before, so that no set-up is measured.
  if (
    spawnSync(process.execPath, [...command, files[0].wav], { stdio: ["ignore", "ignore", "inherit"] }).status !== 0
  ) {
    throw new PeerError("transcribe failed on the first file.");
  }
  const cost = await measure(process.execPath, [...command, ...files.map(({ wav }) => wav)]);
  const heard = new Map(
    cost.output
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .map((record) => [record.file, record.text ?? ""]),
  );
  return { ...cost, heard: files.map(({ wav }) => heard.get(wav) ?? "") };
}

function bySet(files, ours, theirs) {
  return [...new Set(files.map(({ set }) => set))].map((set) => {
    const indices = files.flatMap((file, index) => (file.set === set ? [index] : []));
    const rate = (heard) => wordErrorRate(indices.map((index) => ({ words: files[index].text, heard: heard[index] })));
    const seconds = indices.reduce((sum, index) => sum + files[index].seconds, 0);
    return { set, files: indices.length, seconds, earshot: rate(ours.heard), pocketsphinx: rate(theirs.heard) };
  });
}

const rounded = (value, digits) => Number(value.toFixed(digits));
const ofRate = ({ rate, low, high, words }) => ({
  wer: rounded(rate, 1),
  low: rounded(low, 1),
  high: rounded(high, 1),
  words,
});
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

function totals(files, ours, theirs, version) {
  const seconds = files.reduce((sum, file) => sum + file.seconds, 0);
  const side = ({ cpuSeconds, peaks }) => ({ cpuPerSecond: rounded(cpuSeconds / seconds, 4), peaks });
  return {
    total: files.length,
    seconds: rounded(seconds, 1),
    cpu: cpus()[0]?.model ?? null,
    version,
    earshot: side(ours),
    pocketsphinx: side(theirs),
    ratio: rounded(theirs.cpuSeconds / ours.cpuSeconds, 2),
  };
}

function table(rows, sum) {
  const cell = ({ rate, low, high }) => `${rate.toFixed(1)} (${low.toFixed(1)}-${high.toFixed(1)})`;
  const lines = [["set", "files", "seconds", "words", "Earshot WER % (95 %)", "PocketSphinx WER % (95 %)"]];
  for (const row of rows) {
    lines.push([
      row.set,
      `${row.files}`,
      row.seconds.toFixed(0),
      `${row.earshot.words}`,
      cell(row.earshot),
      cell(row.pocketsphinx),
    ]);
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = lines.map((line) =>
    line.map((value, column) => (column === 0 ? value.padEnd(widths[0]) : value.padStart(widths[column]))).join("  "),
  );
  const memory = ({ peaks }) => peaks.map(({ name, bytes }) => `${name} ${megabytes(bytes)}`).join(", ");
  return [
    ...text,
    "",
    `CPU seconds per second of sound: Earshot ${sum.earshot.cpuPerSecond}, PocketSphinx ${sum.pocketsphinx.cpuPerSecond}: ${sum.ratio} times as much.`,
    `Peak memory: Earshot ${memory(sum.earshot)}; PocketSphinx ${memory(sum.pocketsphinx)}.`,
    `One run of each over ${sum.total} files, ${sum.seconds} s, start of the programs included; ${sum.version}; ${sum.cpu}.`,
  ].join("\n");
}

async function main() {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, help: { type: "boolean" }, limit: { type: "string", default: "30" } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new PeerError(`--limit is ${values.limit}, a whole number from 1 on was expected.`);
  const version = sphinxVersion();
  const folder = mkdtempSync(join(tmpdir(), "earshot-peers-"));
  try {
    const files = testFiles(process.env.EARSHOT_DATA ?? join(ROOT, "..", "shared", "data"), folder, limit);
    process.stderr.write(`${files.length} files; Earshot first, then PocketSphinx\n`);
    const ours = await earshot(files);
    const theirs = await sphinx(files, folder);
    const rows = bySet(files, ours, theirs);
    const sum = totals(files, ours, theirs, version);
    const json = [
      ...rows.map((row) => ({
        ...row,
        seconds: rounded(row.seconds, 1),
        earshot: ofRate(row.earshot),
        pocketsphinx: ofRate(row.pocketsphinx),
      })),
      sum,
    ];
    process.stdout.write(
      values.json ? json.map((row) => `${JSON.stringify(row)}\n`).join("") : `${table(rows, sum)}\n`,
    );
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof PeerError)) throw error;
  process.stderr.write(`report:peers: ${error.message}\n`);
  process.exitCode = 2;
}
