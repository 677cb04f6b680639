// npm run understand as a user types it: texts in, one object a line out.

import { describe, expect, it } from "vitest";
import { run } from "./command";

interface Line {
  readonly text: string;
  readonly intent: { readonly name: string; readonly slots: Record<string, string>; readonly confidence: number };
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

describe("understand", () => {
  it("answers each argument in order", async () => {
    const { code, stdout } = await run("understand", ["--json", "Set a timer for 10 minutes", "what is my balance"]);
    expect(code).toBe(0);
    const [timer, other] = linesOf(stdout);
    expect(timer?.text).toBe("Set a timer for 10 minutes");
    expect(timer?.intent.name).toBe("timerSet");
    expect(timer?.intent.slots).toEqual({ duration: "ten minutes" });
    expect(other?.intent).toMatchObject({ name: "none", slots: {} });
    expect(Object.keys(timer as Line)).toEqual(["text", "intent"]);
  });

  it("answers thousands of lines of standard input, whatever they are", { timeout: 60_000 }, async () => {
    const odd = [
      "",
      "   ",
      "word ".repeat(10_000),
      "привет мир",
      "🎵🎵",
      "\u2028",
      "'",
      "CANCEL MY TIMER!!",
      "7",
      "a".repeat(5000),
    ];
    const texts = Array.from({ length: 3000 }, (_, i) =>
      i % 10 === 0 ? (odd[(i / 10) % odd.length] as string) : "stop",
    );
    const { code, stdout } = await run("understand", ["--json"], { input: `${texts.join("\n")}\n` });
    expect(code).toBe(0);
    const lines = linesOf(stdout);
    expect(lines.map(({ text }) => text)).toEqual(texts);
    for (const { text, intent } of lines) {
      if (text === "stop") expect(intent.name).toBe("stop");
      if (text.startsWith("CANCEL")) expect(intent.name).toBe("timerCancel");
      expect(intent.confidence >= 0 && intent.confidence <= 1).toBe(true);
    }
  });

  it("refuses a file that is none of understanding in one sentence", async () => {
    for (const file of ["README.md", "/nowhere/words.esu"]) {
      const { code, stdout, stderr } = await run("understand", ["--file", file, "stop"]);
      expect(code).toBe(2);
      expect(stdout).toBe("");
      expect(stderr.trim().split("\n").length).toBe(1);
      expect(stderr).toContain(file);
    }
  });

  it("prints for people without --json", async () => {
    const { code, stdout } = await run("understand", ["set a timer for"]);
    expect(code).toBe(0);
    expect(stdout).toContain("timerSet");
    expect(stdout).toContain("more must follow");
  });
});
