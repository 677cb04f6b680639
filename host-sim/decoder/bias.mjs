// What a list of names does: missed names with the right one among a hundred, word errors with three hundred wrong ones,
// names heard where nobody speaks, the cost of an exchange. As a module: measureNames(options) resolves to the figures.
//     node host-sim/decoder/bias.mjs [--model FILE] [--data DATA] [--names FOLDER] [--split dev|test] [--options "letter=512"]…
//         [--only missed,wrong,quiet,exchange] [--groups coffee,known,…] [--every N] [--json]
// DATA is the data folder (EARSHOT_DATA); FOLDER is what `python3 -m earshot_training names` has made.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { material, nameList, occurrences, SETS, shuffled, wholeSet, withoutSpeech } from "./names-material.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PARTS = ["base", "features", "model", "nn", "decoder"];
const AMONG = 100;
const WRONG = 300;
const QUIET_MINUTES = 30;
const GAINS = [1, 0.3, 3];

export const DEFAULTS = {
  model: join(ROOT, "models/earshot.esm"),
  data: process.env.EARSHOT_DATA ?? join(ROOT, "../shared/data"),
  names: join(process.env.EARSHOT_CACHE ?? join(homedir(), ".cache/earshot-training"), "names"),
  split: "dev",
  options: [""],
  every: 1, // recording of a set
  only: ["missed", "wrong", "quiet", "exchange"],
};

/** The program, and the project's own reader of sound and writer of lists. */
async function prepare() {
  const folder = join(ROOT, "build/measure");
  mkdirSync(folder, { recursive: true });
  const sources = PARTS.flatMap((part) =>
    readdirSync(join(ROOT, "native", part))
      .filter((name) => name.endsWith(".c"))
      .map((name) => join(ROOT, "native", part, name)),
  );
  const program = join(folder, "bias");
  const args = [
    "-std=c11",
    "-D_POSIX_C_SOURCE=200809L",
    "-O2",
    "-Wall",
    "-Wextra",
    `-I${join(ROOT, "native/include")}`,
  ];
  const main = join(ROOT, "host-sim/decoder/bias.c");
  const { status } = spawnSync(process.env.CC ?? "cc", [...args, main, ...sources, "-o", program], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("the measuring program could not be compiled");
  const outfile = join(folder, "names.mjs");
  const contents =
    'export * from "./src/catalog/bias-bytes.ts"; export { openSound } from "./host-sim/cli/sound/sound-file.ts"; export { toCapture } from "./host-sim/cli/sound/capture.ts";';
  await build({
    absWorkingDir: ROOT,
    stdin: { contents, resolveDir: ROOT, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile,
    logLevel: "error",
  });
  const { encodeNames, openSound, toCapture } = await import(pathToFileURL(outfile).href);
  const readPcm = async (path) => {
    const blocks = [];
    for await (const block of toCapture(await openSound(path)))
      blocks.push(Buffer.from(block.buffer, block.byteOffset, block.byteLength));
    return Buffer.concat(blocks);
  };
  return { program, encodeNames, readPcm };
}

/** What is heard: one object an item. `listOf` gives an item's names, or null for none. */
function hear({ program, encodeNames }, model, options, items, listOf) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [model, ...options.split(" ").filter(Boolean)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (bytes) => (text += bytes));
    child.on("error", reject);
    child.stdin.on("error", () => {}); // "close" tells
    child.on("close", (code, signal) => {
      if (code !== 0) reject(new Error(`the measuring program ended with ${code ?? signal}`));
      else
        resolve(
          text
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line)),
        );
    });
    for (const item of items) {
      const names = listOf(item);
      const list = names === null ? new Uint8Array(0) : encodeNames(names).bytes;
      const head = Buffer.alloc(8);
      head.writeUInt32LE(list.length, 0);
      head.writeUInt32LE(item.sound.length >> 1, 4);
      child.stdin.write(Buffer.concat([head, list, item.sound]));
    }
    child.stdin.end();
  });
}

export function wordErrors(expected, found) {
  const [wanted, heard] = [expected, found].map((text) => text.split(" ").filter(Boolean));
  let row = heard.map((_, j) => j + 1);
  row.unshift(0);
  wanted.forEach((word, i) => {
    const next = [i + 1];
    heard.forEach((other, j) => {
      next.push(Math.min(row[j] + (word !== other), row[j + 1] + 1, next[j] + 1));
    });
    row = next;
  });
  return row[heard.length];
}

const percent = (part, whole) => +((100 * part) / Math.max(1, whole)).toFixed(2);

/** Names said and not heard; names heard and not said. */
function count(items, heard, listOf) {
  const total = { names: 0, missed: 0, false: 0, words: 0, errors: 0 };
  items.forEach((item, i) => {
    const { text } = heard[i];
    for (const name of item.names) {
      const said = occurrences(item.text, name);
      total.names += said;
      total.missed += Math.max(0, said - occurrences(text, name));
    }
    for (const { name } of listOf(item))
      total.false += Math.max(0, occurrences(text, name) - occurrences(item.text, name));
    total.words += item.text.split(" ").length;
    total.errors += wordErrors(item.text, text);
  });
  return total;
}

/** The right names and enough others of their class; the others are of the same kind where the group has enough. */
function listsAmong(group, data) {
  const own = [...new Set(group.items.flatMap(({ names }) => names))];
  const others = shuffled([...own, ...nameList(data, "given-names").slice(0, 400)], 7);
  return (item) => {
    const wrong = others.filter((name) => !item.names.includes(name) && occurrences(item.text, name) === 0);
    const names = [...item.names, ...wrong.slice(0, AMONG - item.names.length)];
    return names.map((name) => ({ name, class: item.class }));
  };
}

/** What is heard without names does not depend on how names are weighed: once for all options of one beam. */
async function plainly(tools, settings, options, key, items) {
  const kept = options.split(" ").filter((option) => /^(width=|live)/.test(option));
  const at = `${key} ${kept.join(" ")}`;
  tools.plain ??= new Map();
  if (!tools.plain.has(at)) tools.plain.set(at, await hear(tools, settings.model, kept.join(" "), items, () => null));
  return tools.plain.get(at);
}

async function measureMissed(tools, settings, groups, options) {
  const rows = [];
  for (const group of groups) {
    const lists = listsAmong(group, settings.data);
    const none = count(group.items, await plainly(tools, settings, options, group.name, group.items), lists);
    const with100 = count(group.items, await hear(tools, settings.model, options, group.items, lists), lists);
    rows.push({
      group: group.name,
      names: none.names,
      missedWithout: none.missed,
      missedWith: with100.missed,
      fewer: percent(none.missed - with100.missed, none.missed),
      falseWithout: none.false,
      falseWith: with100.false,
      werWithout: percent(none.errors, none.words),
      werWith: percent(with100.errors, with100.words),
    });
  }
  return rows;
}

/** Three hundred names that nobody says, in no class and so listened for everywhere. */
function wrongNames(data) {
  const given = shuffled(nameList(data, "given-names"), 3).slice(0, WRONG / 3);
  const family = shuffled(nameList(data, "surnames"), 4);
  const whole = shuffled(nameList(data, "given-names"), 5)
    .slice(0, WRONG / 3)
    .map((name, i) => `${name} ${family[i]}`);
  const playlists = shuffled(nameList(data, "playlists"), 6).slice(0, WRONG / 3);
  return [...given, ...whole, ...playlists].map((name) => ({ name }));
}

async function measureWrong(tools, settings, options) {
  const names = wrongNames(settings.data);
  const rows = [];
  const all = { words: 0, without: 0, with300: 0, false: 0 };
  for (const set of SETS) {
    tools.sets ??= new Map();
    if (!tools.sets.has(set)) tools.sets.set(set, await wholeSet(settings, set, tools.readPcm));
    const items = tools.sets.get(set).map((item) => ({
      ...item,
      names: [],
    }));
    const listOf = (item) => names.filter(({ name }) => occurrences(item.text, name) === 0);
    const none = count(items, await plainly(tools, settings, options, `wrong ${set}`, items), listOf);
    const wrong = count(items, await hear(tools, settings.model, options, items, listOf), listOf);
    rows.push({
      set,
      words: none.words,
      without: none.errors,
      with300: wrong.errors,
      falseNames: wrong.false - none.false,
    });
    all.words += none.words;
    all.without += none.errors;
    all.with300 += wrong.errors;
    all.false += wrong.false - none.false;
  }
  rows.push({
    set: "all",
    words: all.words,
    without: all.without,
    with300: all.with300,
    falseNames: all.false,
    relative: percent(all.with300 - all.without, all.without),
  });
  return rows;
}

function louder(sound, gain) {
  const out = Buffer.alloc(sound.length);
  for (let at = 0; at + 1 < sound.length; at += 2)
    out.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(sound.readInt16LE(at) * gain))), at);
  return out;
}

/** Noise and music at several levels, listened to as a speaker does, until half an hour is full. */
async function measureQuiet(tools, settings, options) {
  const names = wrongNames(settings.data);
  const items = [];
  let samples = 0;
  const sounds = await withoutSpeech(settings.data, tools.readPcm);
  for (const gain of GAINS)
    for (const { id, sound } of sounds) {
      if (samples >= QUIET_MINUTES * 60 * 16_000) break;
      items.push({ id, sound: gain === 1 ? sound : louder(sound, gain), text: "", names: [] });
      samples += sound.length >> 1;
    }
  const heard = await hear(tools, settings.model, `${options} live`, items, () => names);
  const plain = await plainly(tools, settings, `${options} live`, "quiet", items);
  const namesIn = (results) =>
    results.flatMap(({ text }, i) =>
      names.filter(({ name }) => occurrences(text, name) > 0).map(({ name }) => `${name} (${items[i].id})`),
    );
  const words = (results) => results.reduce((sum, { text }) => sum + text.split(" ").filter(Boolean).length, 0);
  return {
    minutes: +(samples / 16_000 / 60).toFixed(1),
    falseNames: namesIn(heard).length,
    which: namesIn(heard),
    falseWithoutList: namesIn(plain).length,
    words: words(heard),
    wordsWithoutList: words(plain),
  };
}

/** A thousand names: bytes, nodes, counted instructions of the exchange, milliseconds at 250 MIPS. */
async function measureExchange(tools, settings) {
  const given = shuffled(nameList(settings.data, "given-names"), 1);
  const family = shuffled(nameList(settings.data, "surnames"), 2);
  const classes = ["contact", "contact", "device", "playlist", "room", null];
  const names = Array.from({ length: 1000 }, (_, i) => ({
    name: i % 2 ? `${given[i % given.length]} ${family[i]}` : given[(i * 3) % given.length],
    class: classes[i % classes.length],
  }));
  const { bytes, names: taken } = tools.encodeNames(names);
  const [{ exchange, nodes, unspelled }] = await hear(
    tools,
    settings.model,
    "",
    [{ sound: Buffer.alloc(3200) }],
    () => names,
  );
  return {
    names: taken,
    bytes: bytes.length,
    nodes,
    unspelled,
    instructions: exchange,
    ms: +(exchange / 250e3).toFixed(2),
  };
}

/** The figures, one object an options text. */
export async function measureNames(given = {}) {
  const settings = { ...DEFAULTS, ...given };
  const tools = await prepare();
  const groups = settings.only.includes("missed") ? await material({ ...settings, readPcm: tools.readPcm }) : [];
  const all = [];
  for (const options of settings.options) {
    const figures = { options, split: settings.split };
    if (settings.only.includes("missed")) figures.missed = await measureMissed(tools, settings, groups, options);
    if (settings.only.includes("wrong")) figures.wrong = await measureWrong(tools, settings, options);
    if (settings.only.includes("quiet")) figures.quiet = await measureQuiet(tools, settings, options);
    if (settings.only.includes("exchange")) figures.exchange = await measureExchange(tools, settings);
    all.push(figures);
  }
  return all;
}

async function main() {
  const { values } = parseArgs({
    options: {
      model: { type: "string", default: DEFAULTS.model },
      data: { type: "string", default: DEFAULTS.data },
      names: { type: "string", default: DEFAULTS.names },
      split: { type: "string", default: DEFAULTS.split },
      options: { type: "string", multiple: true, default: DEFAULTS.options },
      groups: { type: "string" },
      every: { type: "string", default: "1" },
      only: { type: "string", default: DEFAULTS.only.join(",") },
      json: { type: "boolean", default: false },
    },
  });
  const line = (row) =>
    Object.entries(row)
      .map(([key, value]) => `${key} ${value}`)
      .join(" · ");
  for (const figures of await measureNames({
    ...values,
    every: Number(values.every),
    groups: values.groups?.split(","),
    only: values.only.split(","),
  })) {
    if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
    else {
      process.stdout.write(`options ${figures.options || "(defaults)"}, ${figures.split}\n`);
      for (const key of ["missed", "wrong", "quiet", "exchange"])
        for (const row of [figures[key] ?? []].flat()) process.stdout.write(`  ${key}: ${line(row)}\n`);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
