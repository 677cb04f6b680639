// What bad input gets: one sentence that names the file, what was expected and what was found; exit code 2; the rest of
// a batch done; no crash, no stack trace.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { wavHeader } from "../../host-sim/cli/sound/wav-file.ts";
import { jsonLines, type Ran, ROOT, run, STACK_TRACE, temporaryFolder } from "./command.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

function put(name: string, ...parts: Buffer[]): string {
  writeFileSync(path(name), Buffer.concat(parts));
  return path(name);
}

const pcm = Buffer.alloc(16000, 1);
const header = (change: (header: Buffer) => void): Buffer => {
  const bytes = wavHeader(16000, 1, pcm.length);
  change(bytes);
  return bytes;
};
const good = put("good.wav", wavHeader(16000, 1, pcm.length), pcm);
mkdirSync(path("a folder"));

const REFUSED: { what: string; file: string; found: RegExp }[] = [
  { what: "a missing file", file: path("missing.wav"), found: /no such file/ },
  { what: "an empty file", file: put("empty.wav"), found: /found an empty file/ },
  {
    what: "a file cut inside its header",
    file: put("cut.wav", wavHeader(16000, 1, 100).subarray(0, 30)),
    found: /found .*(cut|chunk)/,
  },
  { what: "a file without sound after its header", file: put("bare.wav", wavHeader(16000, 1, 0)), found: /holds none/ },
  { what: "text", file: put("text.wav", Buffer.from("these are words, not sound\n".repeat(9))), found: /found text/ },
  {
    what: "bytes of no known kind",
    file: put("noise.wav", Buffer.from([...Array(999).keys()].map((i) => (i * 7) & 255))),
    found: /found 999 bytes/,
  },
  {
    what: "an MP3 file",
    file: put("song.wav", Buffer.from("ID3\x04\x00\x00\x00\x00\x00\x00", "latin1")),
    found: /found an MP3 file/,
  },
  {
    what: "a Git LFS pointer",
    file: put("lfs.wav", Buffer.from("version https://git-lfs.example/spec/v1\noid sha256:00\n")),
    found: /git lfs pull/,
  },
  {
    what: "no channels",
    file: put(
      "0ch.wav",
      header((h) => h.writeUInt16LE(0, 22)),
      pcm,
    ),
    found: /found .* with 0/,
  },
  {
    what: "7-bit samples",
    file: put(
      "7bit.wav",
      header((h) => h.writeUInt16LE(7, 34)),
      pcm,
    ),
    found: /found .* 7 bit/,
  },
  {
    what: "a rate of 0",
    file: put(
      "rate0.wav",
      header((h) => h.writeUInt32LE(0, 24)),
      pcm,
    ),
    found: /found .* 0 Hz/,
  },
  {
    what: "an absurd rate",
    file: put(
      "rate.wav",
      header((h) => h.writeUInt32LE(4_000_000_000, 24)),
      pcm,
    ),
    found: /4000000000 Hz/,
  },
  {
    what: "a compressed WAV",
    file: put(
      "adpcm.wav",
      header((h) => h.writeUInt16LE(2, 20)),
      pcm,
    ),
    found: /ADPCM/,
  },
  {
    what: "a chunk longer than the file",
    file: put("chunk.wav", header((h) => h.write("junk", 36, "latin1")).subarray(0, 44), pcm.subarray(0, 9)),
    found: /found .*chunk/,
  },
  { what: "a folder", file: path("a folder"), found: /found a folder/ },
  {
    what: "a cut Ogg file",
    file: put("cut.opus", readFileSync(join(ROOT, "host-sim/demo/music.opus")).subarray(0, 40)),
    found: /cut or damaged/,
  },
  {
    what: "a FLAC file without frames",
    file: put("cut.flac", readFileSync(join(ROOT, "test/system/fixtures/tone-16000-mono.flac")).subarray(0, 60)),
    found: /found a FLAC file|found one that is cut/,
  },
];

function expectSentence({ code, stderr }: Ran, file: string, found: RegExp): void {
  expect(code).toBe(2);
  const lines = stderr.split("\n").filter((line) => line.includes(file));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/expected/);
  expect(lines[0]).toMatch(found);
  expect(stderr).not.toMatch(STACK_TRACE);
}

describe("a sound file that can't be used", () => {
  it("is named in a batch, by a sentence and an object, and the rest is done", async () => {
    const files = REFUSED.flatMap(({ file }) => [file, good]);
    const ran = await run("transcribe", ["--json", ...files]);
    const records = jsonLines(ran.stdout);
    expect(records.map(({ file }) => file)).toEqual(files);
    REFUSED.forEach(({ file, found }, index) => {
      expectSentence(ran, file, found);
      expect(Object.keys(records[2 * index] as object)).toEqual(["file", "error"]);
      expect(String(records[2 * index]?.error)).toMatch(found);
      expect(records[2 * index + 1]).toHaveProperty("text");
    });
  });

  it.each(REFUSED.slice(0, 3))("is refused by sim before the run: $what", async ({ file, found }) => {
    expectSentence(await run("sim", ["--no-music", file]), file, found);
  });

  it("is refused by start", async () => {
    expectSentence(await run("start", [path("missing.wav")]), path("missing.wav"), /no such file/);
  });

  it("is refused as music", async () => {
    expectSentence(await run("sim", ["--music", path("text.wav"), good]), path("text.wav"), /found text/);
  });
});

describe("a length that does not fit", () => {
  const heard = async (name: string, bytes: Buffer): Promise<{ ms: unknown; ran: Ran }> => {
    const ran = await run("transcribe", ["--json", put(name, bytes, pcm)]);
    expect(ran.code).toBe(0);
    const [record] = jsonLines(ran.stdout) as [{ stats: { audioMs: number } }];
    return { ms: record.stats.audioMs, ran };
  };

  it("of 0xFFFFFFFF, as pipes write it, is read to the end without a word", async () => {
    const bytes = header((h) => {
      h.writeUInt32LE(0xffffffff, 4);
      h.writeUInt32LE(0xffffffff, 40);
    });
    const { ms, ran } = await heard("pipe.wav", bytes);
    expect(ms).toBe(500);
    expect(ran.stderr).toBe("");
  });

  it.each([
    ["too long", 99_999],
    ["too short", 1000],
    ["0", 0],
  ])("of %s is read to the end with a warning", async (_what, length) => {
    const { ms, ran } = await heard(
      `length-${length}.wav`,
      header((h) => h.writeUInt32LE(length, 40)),
    );
    expect(ms).toBe(500);
    expect(ran.stderr).toMatch(/^earshot: warning: .*length-\d+\.wav.*bytes.*\n$/);
  });
});

describe("a length of the whole file that does not fit", () => {
  it("is told in a warning, and the sound is read as its own length says", async () => {
    const ran = await run("transcribe", [
      "--json",
      put(
        "riff.wav",
        header((h) => h.writeUInt32LE(100, 4)),
        pcm,
      ),
    ]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^earshot: warning: .*its header says 108 bytes and there are 16044/);
    expect(jsonLines(ran.stdout)[0]).toMatchObject({ stats: { audioMs: 500 } });
  });
});

describe("a model that can't be used", () => {
  const model = readFileSync(join(ROOT, "models", "earshot.esm"));
  const refused = async (name: string, bytes: Buffer, found: RegExp): Promise<void> => {
    const ran = await run("transcribe", ["--json", "--model", put(name, bytes), good]);
    expectSentence(ran, path(name), found);
    expect(ran.stdout).toBe("");
  };
  const flipped = (at: number): Buffer => {
    const bytes = Buffer.from(model);
    bytes[at] = (bytes[at] as number) ^ 0x10;
    return bytes;
  };

  it.each([100, 5000, model.length >> 1, model.length - 1])("is refused with byte %i flipped", async (at) => {
    await refused(`flip-${at}.esm`, flipped(at), /checksum|another kind|format 17/);
  });

  it("is refused when short", async () => {
    await refused("short.esm", model.subarray(0, 10_000), /found one that is cut/);
    await refused("empty.esm", Buffer.alloc(0), /cut|empty/);
  });

  it("is refused when it is of another version", async () => {
    const bytes = Buffer.from(model);
    bytes.writeUInt16LE(99, 8);
    await refused("another.esm", bytes, /found format 99/);
  });

  it("is refused when it is no model, and when it is a Git LFS pointer", async () => {
    await refused("text.esm", Buffer.from("words\n".repeat(50)), /another kind/);
    await refused(
      "lfs.esm",
      Buffer.from("version https://git-lfs.example/spec/v1\noid sha256:0000\nsize 2\n".repeat(3)),
      /git lfs pull/,
    );
  });

  it("is refused when it is longer than it says", async () => {
    await refused("longer.esm", Buffer.concat([model, Buffer.alloc(64)]), /longer than its header says/);
  });

  it("is refused when it is missing, and when it is a folder", async () => {
    const ran = await run("transcribe", ["--model", path("none.esm"), good]);
    expectSentence(ran, path("none.esm"), /no such file/);
    expectSentence(await run("sim", ["--model", path("a folder"), good]), path("a folder"), /found a folder/);
  });

  it("is named as the user wrote it", async () => {
    const { stderr } = await run("transcribe", ["--model", "README.md", good], { cwd: folder });
    expect(stderr).toMatch(/^earshot: README\.md: expected/);
  });
});

describe("a trace or an --out that can't be written", () => {
  it.each(["--trace", "--out"])("%s is named before the run", async (option) => {
    for (const target of [path("a folder"), path("nowhere/file"), `${good}/file`]) {
      const ran = await run("sim", [option, target, good]);
      expectSentence(ran, target, /expected a file that can be written/);
      expect(ran.stdout).toBe("");
    }
  });

  it("--out on a full disk is named, with exit code 2", async () => {
    expectSentence(await run("sim", ["--out", "/dev/full", good]), "/dev/full", /the disk is full/);
  });

  it("a file that may not be written stays as it is", async () => {
    writeFileSync(path("kept"), "kept");
    chmodSync(path("kept"), 0o444);
    const ran = await run("sim", ["--trace", path("kept"), "--music", path("text.wav"), good]);
    expect(ran.code).toBe(2);
    expect(readFileSync(path("kept"), "utf8")).toBe("kept");
  });

  it("nothing half written stays behind when the run fails", async () => {
    const before = readdirSync(folder).sort();
    await run("sim", ["--trace", path("t.jsonl"), "--out", path("o.wav"), "--model", path("text.esm"), good]);
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(existsSync(path("t.jsonl"))).toBe(false);
  });
});

describe("a file of names that can't be used", () => {
  const refused = async (name: string, text: string | Buffer, found: RegExp): Promise<void> => {
    const ran = await run("transcribe", ["--bias", put(name, Buffer.from(text)), good]);
    expectSentence(ran, path(name), found);
  };

  it("is refused with control characters", async () => {
    await refused("control.txt", "Anna\nBer\x07ta\n", /U\+0007 in line 2/);
  });

  it("is used as far as there is room with 100,000 names, which one sentence tells", async () => {
    const letters = (i: number): string => [...String(i)].map((digit) => "abcdefghij"[Number(digit)]).join("");
    const text = Array.from({ length: 100_000 }, (_, i) => letters(i)).join("\n");
    const ran = await run("transcribe", ["--bias", put("long.txt", Buffer.from(text)), good]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/line 1001 comes after the 1000 names .* 99000 names/);
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
  });

  it("is refused when empty, and when it is missing", async () => {
    await refused("none.txt", "", /found none/);
    expectSentence(await run("transcribe", ["--bias", path("no.txt"), good]), path("no.txt"), /no such file/);
  });

  it("is used but for lines that are named with their number", async () => {
    const ran = await run("transcribe", ["--bias", put("mixed.txt", Buffer.from("Anna\nИван\nR2D2\nZoë\n")), good]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/line 2 .*no letters/);
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("a wrong command line", () => {
  it.each([
    ["sim", ["--loud"], /no option --loud/],
    ["sim", ["--mips", "fast"], /--mips: expected a number/],
    ["sim", ["--mips"], /--mips needs a value/],
    ["sim", ["--room", "9"], /--room: expected/],
    ["sim", ["--date", "2026-02-31"], /--date: expected/],
    ["sim", ["--console=tty"], /--console: expected/],
    ["sim", ["--music", "a.wav", "--no-music"], /found both/],
    ["sim", ["--json", "--json"], /given twice/],
    ["transcribe", [], /expected at least one FILE/],
    ["transcribe", ["--json=yes", "a.wav"], /takes no value/],
    ["test", ["nothing"], /no check "nothing"/],
  ] as [string, string[], RegExp][])("%s %j gets one sentence and exit code 2", async (command, args, sentence) => {
    const ran = await run(command, args);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(sentence);
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
    expect(ran.stdout).toBe("");
  });
});
