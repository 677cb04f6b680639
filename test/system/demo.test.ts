// The packaged sounds: what the manifest says is there, is small, and is heard right in one run with the released model.
// When the model changes, models/training/demo chooses the requests anew.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, run } from "./command.ts";

const DEMO = join(ROOT, "host-sim", "demo");

interface Request {
  readonly file: string;
  readonly text: string;
  readonly voice: string;
}

const requests = readFileSync(join(DEMO, "requests.jsonl"), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Request);

describe("the packaged sounds", () => {
  it("are listed, all of them, as 16 kHz mono WAV of less than 400 KB together", () => {
    expect(requests.map(({ file }) => file).sort()).toEqual(
      readdirSync(join(DEMO, "requests"))
        .map((file) => `requests/${file}`)
        .sort(),
    );
    const sounds = requests.map(({ file }) => readFileSync(join(DEMO, file)));
    for (const sound of sounds) {
      expect(sound.toString("latin1", 0, 4)).toBe("RIFF");
      expect([sound.readUInt16LE(22), sound.readUInt32LE(24), sound.readUInt16LE(34)]).toEqual([1, 16_000, 16]);
    }
    expect(sounds.reduce((sum, sound) => sum + sound.length, 0)).toBeLessThan(400_000);
  });

  it("have at least three voices", () => {
    expect(new Set(requests.map(({ voice }) => voice)).size).toBeGreaterThanOrEqual(3);
  });

  it("have a piece of music of less than 500 KB", () => {
    expect(readFileSync(join(DEMO, "music.opus")).toString("latin1", 0, 4)).toBe("OggS");
    expect(statSync(join(DEMO, "music.opus")).size).toBeLessThan(500_000);
  });

  it("are heard word for word by the released model, one after the other over music", async () => {
    const { code, stdout } = await run("start", []);
    expect(code).toBe(0);
    const heard = stdout.split("\n").filter((line) => line.startsWith("heard: "));
    expect(heard).toEqual(requests.map(({ text }) => `heard: ${text}`));
  });
});
