// docs/add-a-skill.md, done as it is written: the file, the two lines, the console's replies.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { ROOT } from "./command.ts";

const PLACE = join(ROOT, "build", "add-a-skill");
const page = readFileSync(join(ROOT, "docs", "add-a-skill.md"), "utf8");

interface Block {
  readonly kind: string;
  readonly file: string;
  readonly text: string;
}

const blocks: Block[] = [...page.matchAll(/^```(\S+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, kind, file, text]) => ({
  kind: kind as string,
  file: file as string,
  text: text as string,
}));

/** Puts the lines with + before the line that follows them. */
function patch(file: string, text: string): void {
  const lines = text.split("\n").filter((line) => line !== "");
  const added = lines.filter((line) => line.startsWith("+")).map((line) => line.slice(1));
  const anchor = (lines.find((line) => line.startsWith(" ")) as string).slice(1);
  const before = readFileSync(file, "utf8");
  expect(before.split(`${anchor}\n`).length).toBe(2);
  writeFileSync(file, before.replace(`${anchor}\n`, `${added.join("\n")}\n${anchor}\n`));
}

afterAll(() => rmSync(PLACE, { recursive: true, force: true }));

describe("docs/add-a-skill.md", () => {
  it("adds an intent and a skill, and the console replies as the page shows", async () => {
    rmSync(PLACE, { recursive: true, force: true });
    mkdirSync(PLACE, { recursive: true });
    for (const folder of ["src", "test/unit"]) cpSync(join(ROOT, folder), join(PLACE, folder), { recursive: true });
    for (const { kind, file, text } of blocks) {
      if (kind === "ts") {
        mkdirSync(dirname(join(PLACE, file)), { recursive: true });
        writeFileSync(join(PLACE, file), text);
      } else if (kind === "diff") patch(join(PLACE, file), text);
    }
    const { bench } = (await import(pathToFileURL(join(PLACE, "test", "unit", "drivers.ts")).href)) as {
      bench(): { type(line: string): string };
    };
    const speaker = bench();
    const shown = blocks.find(({ kind }) => kind === "console")?.text ?? "";
    const exchanges = shown.split(/^> /m).filter((part) => part !== "");
    expect(exchanges.length).toBe(3);
    for (const exchange of exchanges) {
      const [line = "", ...reply] = exchange.trimEnd().split("\n");
      expect(speaker.type(line)).toBe(reply.join("\n"));
    }
  });
});
