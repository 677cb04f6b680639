// The door of every command must run on Node.js versions that are too old for anything else.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { expect, it } from "vitest";
import { ROOT } from "../system/command.ts";

it("host-sim/setup.cjs holds nothing but the syntax of old Node.js versions", async () => {
  const source = readFileSync(join(ROOT, "host-sim", "setup.cjs"), "utf8");
  const { warnings } = await transform(source, { target: "es5" });
  expect(warnings).toEqual([]);
  const code = source.replace(/^\/\/.*$/gm, "");
  expect(code).not.toMatch(/\b(const|let|class)\b|=>|`|,\s*\)/);
});

it("the lock file names no registry", () => {
  expect(readFileSync(join(ROOT, "package-lock.json"), "utf8")).not.toContain('"resolved"');
});
