// Completion at the console's line editor.

import { describe, expect, it } from "vitest";
import { completions } from "../../host-sim/cli/session/terminal.ts";
import { COMMANDS } from "../../src/console/commands/index.ts";

describe("completion", () => {
  it("knows commands, and the words that each takes", () => {
    expect(completions("hi", COMMANDS)).toEqual([["history "], "hi"]);
    expect(completions("privacy l", COMMANDS)).toEqual([["local ", "lattice "], "l"]);
    expect(completions("help selft", COMMANDS)).toEqual([["selftest "], "selft"]);
    expect(completions("contacts ", COMMANDS)[0]).toContain("add ");
    expect(completions("say turn on", COMMANDS)[0]).toEqual([]);
    expect(completions("nonsense x", COMMANDS)).toEqual([[], "x"]);
  });
});
