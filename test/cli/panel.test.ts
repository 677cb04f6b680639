// The live view's panel: whole frames at every width, and the terminal given back.

import { describe, expect, it } from "vitest";
import type { DeviceRecord } from "../../host-sim/cli/device/records.ts";
import { Levels } from "../../host-sim/cli/session/microphone.ts";
import { panel } from "../../host-sim/cli/view/panel.ts";
import { LiveState } from "../../host-sim/cli/view/state.ts";
import { cells, themeFor } from "../../host-sim/cli/view/theme.ts";

const tick = (t: number, share = 0.2): DeviceRecord => ({
  type: "tick",
  t,
  share: { music: share, recognizer: share, javascript: share },
  level: 0.3,
  playing: true,
  gain: 1,
  position: 48_000,
  underruns: 0,
});

const final = (utterance: number, text: string): DeviceRecord => ({
  type: "final",
  t: 32_000,
  utterance,
  revision: 0,
  text,
  startMs: 500,
  endMs: 1500,
  reason: "eou",
  speculativeMs: null,
  words: [],
});

function stateAfter(...records: DeviceRecord[]): LiveState {
  const levels = new Levels();
  levels.add(Int16Array.from({ length: 32_000 }, (_, i) => (i % 3000 < 1500 ? 9000 : 20)));
  const state = new LiveState(levels, undefined, 20);
  for (const record of records) state.update(record);
  return state;
}

const plain = (text: string): string => text.replaceAll(/\x1b\[[0-9;]*m/g, "");
const UTF8 = themeFor({ LANG: "C.UTF-8" });

describe("the panel", () => {
  const busy = stateAfter(
    { type: "listen", t: 0, utterance: 1 },
    tick(16_000),
    ...Array.from({ length: 12 }, (_, i) => final(i, `request ${i} ${"and more words ".repeat(i)}`.trim())),
    { type: "partial", t: 33_000, utterance: 13, text: "a very long sentence ".repeat(20).trim() },
    tick(32_000, 0.6),
  );

  it.each([60, 79, 80, 109, 110, 140, 200])(
    "fills %i columns with whole lines, at most the terminal's rows",
    (width) => {
      for (const rows of [19, 24, 30, 60]) {
        const lines = panel(busy, width, rows, UTF8);
        expect(lines.length).toBeLessThan(rows);
        expect(new Set(lines.map(cells))).toEqual(new Set([Math.min(width, 140)]));
      }
    },
  );

  it("shows the words as they come, the last results, music, CPU share and underruns", () => {
    const text = plain(panel(busy, 80, 24, UTF8).join("\n"));
    expect(text).toMatch(/hearing/);
    expect(text).toMatch(/…entence a very long sentence|sentence▌/);
    expect(text).toMatch(/request 11/);
    expect(text).toMatch(/♪ music plays/);
    for (const name of ["music", "recognizer", "JavaScript", "together"])
      expect(text).toMatch(new RegExp(`${name} .* %`));
    expect(text).toMatch(/0 underruns/);
    expect(text).toMatch(/0:02 of 0:20/);
  });

  it("keeps its bars inside the frame when a share is above 1", () => {
    const over = stateAfter(tick(1600, 1.7));
    expect(new Set(panel(over, 80, 24, UTF8).map(cells))).toEqual(new Set([80]));
  });

  it("has no colors with NO_COLOR, and no glyphs outside ASCII without UTF-8", () => {
    const text = panel(busy, 80, 24, themeFor({ NO_COLOR: "1", LANG: "C" })).join("\n");
    expect(text).not.toContain("\x1b");
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it("says that JavaScript was restarted", () => {
    const state = stateAfter({ type: "fault", t: 1, reason: "loop", message: "ran too long", stack: "" });
    expect(plain(panel(state, 80, 24, UTF8).join("\n"))).toMatch(/JavaScript was restarted \(loop\): ran too long/);
  });
});
