// Recordings with names in them, for bias.mjs. In: the data folder, the folder of `earshot_training names`. Out: groups
// of items { sound, text, names, class }: what is heard, the words said, the names among them.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const WAKE_NAMES = ["alexa", "computer", "jarvis", "smart mirror", "snowboy", "view glass"];
const FREQUENT = 2000; // words of the training transcripts, most frequent first, that are no rare words
const RARE_LETTERS = 5;
export const SETS = ["coffee", "wakewords", "speech-commands", "speechocean762", "librispeech-testclean"];

const lines = (path) => readFileSync(path, "utf8").trim().split("\n");
const rows = (path) => lines(path).map((line) => JSON.parse(line));

/** A list of data/text/lists. */
export function nameList(data, name) {
  return gunzipSync(readFileSync(join(data, "text", "lists", `${name}.txt.gz`)))
    .toString("utf8")
    .split("\n")
    .filter((line) => /^[a-z]+( [a-z]+){0,2}$/.test(line));
}

/** The same order for the same seed: mulberry32. */
export function shuffled(list, seed) {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const k = Math.floor(random() * (i + 1));
    [out[i], out[k]] = [out[k], out[i]];
  }
  return out;
}

/** Sounds of one set and split by id, 16 kHz, unpacked for the moment of reading. */
async function soundsOf(data, tar, chosen, readPcm) {
  const folder = join(tmpdir(), `earshot-names-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync("tar", ["-xf", join(data, tar), "-C", folder, ...chosen.map(({ file }) => file)]);
    const out = [];
    for (const row of chosen) out.push({ ...row, sound: await readPcm(join(folder, row.file)) });
    return out;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A set of the data folder: every recording with its words. */
export async function wholeSet({ data, split, every }, set, readPcm) {
  const chosen = rows(join(data, `${set}.jsonl`))
    .filter((row) => row.split === split && row.text)
    .filter((_, i) => i % every === 0);
  return soundsOf(data, `${set}-${split}.tar`, chosen, readPcm);
}

/** Noise and music, which hold no name. */
export async function withoutSpeech(data, readPcm) {
  const out = [];
  for (const set of ["noise", "music"])
    out.push(...(await soundsOf(data, `${set}.tar`, rows(join(data, `${set}.jsonl`)), readPcm)));
  return out;
}

function drinks(data) {
  const found = new Set();
  for (const { slots } of rows(join(data, "coffee.jsonl"))) if (slots?.coffeeDrink) found.add(slots.coffeeDrink);
  return [...found].filter((name) => /^[a-z' ]+$/.test(name)).sort();
}

/** Words of a text that the training transcripts hold seldom or never. */
function rareWords(data) {
  const count = new Map();
  for (const set of ["librispeech-train", "librispeech-more", "speechocean762", "coffee"])
    for (const { text, split } of rows(join(data, `${set}.jsonl`)))
      if (split === "train") for (const word of (text ?? "").split(" ")) count.set(word, (count.get(word) ?? 0) + 1);
  const frequent = new Set(
    [...count]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, FREQUENT)
      .map(([word]) => word),
  );
  return (text) => [...new Set(text.split(" "))].filter((word) => word.length >= RARE_LETTERS && !frequent.has(word));
}

/** How often a name stands in a text as whole words. Spaces are doubled, so that neighbours share none. */
export const occurrences = (text, name) =>
  ` ${text.replaceAll(" ", "  ")} `.split(` ${name.replaceAll(" ", "  ")} `).length - 1;

/** Groups of a split; those whose recordings are missing are left out. */
export async function material({ data, names, split, every, groups: only, readPcm }) {
  const groups = [];
  const named = (items, wanted) =>
    items.map((item) => ({ ...item, class: null, names: wanted(item.text) })).filter((item) => item.names.length > 0);
  const listed = (list) => (text) => list.filter((name) => occurrences(text, name) > 0);
  const set = async (name, wanted) =>
    (only === undefined || only.includes(name)) &&
    groups.push({ name, items: named(await wholeSet({ data, split, every }, name, readPcm), wanted) });
  await set("coffee", listed(drinks(data)));
  await set("wakewords", listed(WAKE_NAMES));
  await set("librispeech-testclean", rareWords(data));
  const manifest = join(names, `${split}.jsonl`);
  if (!existsSync(manifest)) return groups;
  const spoken = rows(manifest);
  for (const kind of ["known", "made-up"].filter((kind) => only === undefined || only.includes(kind))) {
    const items = [];
    for (const row of spoken.filter((row) => row.kind === kind).filter((_, i) => i % every === 0))
      items.push({
        ...row,
        class: row.class || null,
        names: [row.name],
        sound: await readPcm(join(names, split, `${row.id}.wav`)),
      });
    groups.push({ name: kind, items });
  }
  return groups;
}
