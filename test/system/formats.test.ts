// Transcripts in other tools' forms, read back by those tools' own readers where there are any.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { jsonLines, run, temporaryFolder } from "./command.ts";
import { sample, withSpeech } from "./data.ts";
import { python, withProgram, withPython } from "./others.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const FILE = sample("set-a-timer");

interface Heard {
  readonly text: string;
  readonly words: readonly { word: string; startMs: number; endMs: number }[];
}

const heard = async (): Promise<Heard> =>
  jsonLines((await run("transcribe", ["--format", "json", FILE])).stdout)[0] as unknown as Heard;

async function written(format: string, name: string): Promise<string> {
  const { code, stdout } = await run("transcribe", ["--format", format, FILE]);
  expect(code).toBe(0);
  const path = join(folder, name);
  writeFileSync(path, stdout);
  return path;
}

withSpeech("formats", () => {
  withPython("read by Python packages", () => {
    it("a TextGrid has the words at their times", async () => {
      const source = `
import json, sys, pympi
grid = pympi.Praat.TextGrid(sys.argv[1])
print(json.dumps({t.name: list(t.get_intervals()) for t in grid.get_tiers()}))`;
      const tiers = JSON.parse(await python(source, [await written("textgrid", "a.TextGrid")])) as Record<
        string,
        [number, number, string][]
      >;
      const { words, text } = await heard();
      expect(Object.keys(tiers)).toEqual(["utterances", "words"]);
      expect(tiers.utterances?.filter(([, , label]) => label !== "").map(([, , label]) => label)).toEqual([text]);
      const labeled = tiers.words?.filter(([, , label]) => label !== "");
      expect(labeled).toEqual(words.map(({ word, startMs, endMs }) => [startMs / 1000, endMs / 1000, word]));
    });

    it("subtitles have the text", async () => {
      const source = `
import json, sys, subtitle_parser
parser = subtitle_parser.SrtParser(open(sys.argv[1]))
parser.parse()
print(json.dumps([[s.start, s.end, " ".join(s.text.split())] for s in parser.subtitles]))`;
      const subtitles = JSON.parse(await python(source, [await written("srt", "a.srt")])) as [number, number, string][];
      const { words, text } = await heard();
      expect(subtitles).toEqual([[words[0]?.startMs, words.at(-1)?.endMs, text]]);
    });
  });

  withProgram("sctk", "sctk", "read by NIST's scoring tools", () => {
    it("a CTM scores without an error against itself, and with one against another word", async () => {
      const hyp = await written("ctm", "hyp.ctm");
      const ref = join(folder, "ref.ctm");
      const errors = (text: string): string => {
        writeFileSync(ref, text);
        const args = ["sclite", "-r", ref, "ctm", "-h", hyp, "ctm", "-o", "dtl", "stdout"];
        return /Percent Total Error\s+=\s+([\d.]+%)/.exec(execFileSync("sctk", args, { encoding: "utf8" }))?.[1] ?? "";
      };
      const text = readFileSync(hyp, "utf8");
      expect(text.trim().split("\n").length).toBe((await heard()).words.length);
      expect(errors(text)).toBe("0.0%");
      expect(errors(text.replace(" timer ", " time "))).not.toBe("0.0%");
    });
  });

  it("an SLF is a lattice whose likeliest path is the text", async () => {
    const { stdout } = await run("transcribe", ["--format", "slf", FILE]);
    const fields = (line: string): Record<string, string> =>
      Object.fromEntries(line.split(/\s+/).map((field) => field.split("=") as [string, string]));
    const lines = stdout.trim().split("\n");
    const counts = fields(lines.find((line) => line.startsWith("N=")) as string);
    const links = lines.filter((line) => line.startsWith("J=")).map(fields);
    expect(links.length).toBe(Number(counts.L));
    expect(lines.filter((line) => line.startsWith("I=")).length).toBe(Number(counts.N));
    const best = new Map<number, { score: number; words: string[] }>([[0, { score: 0, words: [] }]]);
    for (const { S, E, W, a, l, x1 } of links.toSorted((one, two) => Number(one.S) - Number(two.S))) {
      const from = best.get(Number(S));
      if (from === undefined) continue;
      const score = from.score + Number(a) + Number(l) + Number(x1);
      if (score > (best.get(Number(E))?.score ?? Number.NEGATIVE_INFINITY))
        best.set(Number(E), { score, words: W === "!NULL" ? from.words : [...from.words, W as string] });
    }
    expect(best.get(Number(counts.N) - 1)?.words.join(" ")).toBe((await heard()).text);
  });

  it("several documents go to a folder, and never behind each other", async () => {
    const out = join(folder, "documents");
    const files = [FILE, sample("seven")];
    expect((await run("transcribe", ["--format", "srt", "--out", out, ...files])).code).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual(["set-a-timer.srt", "seven.srt"]);
    const refused = await run("transcribe", ["--format", "srt", ...files]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("give one FILE, or --out FOLDER");
    const twice = await run("transcribe", ["--format", "srt", "--out", out, FILE, FILE]);
    expect(twice.code).toBe(2);
    expect((await run("transcribe", ["--format", "doc", FILE])).stderr).toContain("expected json, ctm");
  });
});
