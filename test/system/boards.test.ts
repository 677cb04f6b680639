// The Moddable SDK is not needed for these tests: what they hold is the sentence that says so, and the codec's manifest.
// With MODDABLE set, the whole proof is made (minutes).
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SDK_MS = 30 * 60_000;

function node(script: string, environment: NodeJS.ProcessEnv) {
  return spawnSync(process.execPath, [join(ROOT, script)], { encoding: "utf8", env: environment });
}

const hasCargo = spawnSync("cargo", ["--version"]).status === 0 || process.env.CI !== undefined;

describe("the firmware through the Moddable SDK", () => {
  it("says in one sentence that MODDABLE is not set", () => {
    const { MODDABLE: _, ...environment } = process.env;
    const { status, stdout, stderr } = node("host-sim/sdk/check.mjs", environment);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^check:boards: MODDABLE is not set: .*\n$/);
  });

  it("says what is missing when MODDABLE names a folder without the tools", () => {
    const { status, stderr } = node("host-sim/sdk/check.mjs", { ...process.env, MODDABLE: join(ROOT, "docs") });
    expect(status).toBe(1);
    expect(stderr).toContain("holds no built tools");
    expect(stderr.trimEnd()).not.toContain("\n");
  });

  it.skipIf(!hasCargo)("writes codec and echo canceller as files that include what exists", () => {
    const { status, stdout } = node("host-sim/sdk/libraries.mjs", process.env);
    expect(status).toBe(0);
    const folders = stdout.trim().split("\n");
    for (const [index, file] of ["es_opus_bands.c", "es_speexdsp_mdf.c"].entries()) {
      const folder = folders[index] ?? "";
      const wrapper = readFileSync(join(folder, "wrappers", file), "utf8");
      const included = wrapper.match(/#include "(.+)"/)?.[1] ?? "";
      expect(existsSync(join(folder, "wrappers", included))).toBe(true);
      const { modules } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as {
        modules: { "*": string[] };
      };
      for (const entry of modules["*"].slice(1)) expect(existsSync(join(folder, entry))).toBe(true);
    }
  });

  it.skipIf(!process.env.MODDABLE)(
    "builds, runs and links",
    () => {
      const { status, stdout, stderr } = node("host-sim/sdk/check.mjs", process.env);
      expect(stderr).not.toContain("check:boards:");
      expect(stdout).toContain("byte for byte");
      expect(status).toBe(0);
    },
    SDK_MS,
  );
});
