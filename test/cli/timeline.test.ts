// The picture of a run: what it gathers, and a page that needs nothing else.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DeviceRecord } from "../../host-sim/cli/device/records.ts";
import type { RunSummary } from "../../host-sim/cli/device/transcript.ts";
import { Timeline } from "../../host-sim/cli/timeline/timeline.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const summary = { type: "summary", board: "host", audioMs: 1000, utterances: [] } as unknown as RunSummary;

const RECORDS: DeviceRecord[] = [
  { type: "listen", t: 0, utterance: 1 },
  { type: "slices", slices: [0, 9500, 1000, 2, 12_000, 300], steps: [60_000, 21_000, 0], leftOut: 0 },
  { type: "overload", t: 4800, utterance: 1, load: "narrow", lateMs: 57 },
];

function pageOf(records: readonly DeviceRecord[], file = "a.wav"): { html: string; data: Record<string, unknown> } {
  const timeline = new Timeline();
  for (const record of records) timeline.add(record);
  timeline.hear(Int16Array.from({ length: 320 }, (_, i) => (i === 200 ? -16_384 : 0)));
  const html = timeline.html(ROOT, file, summary);
  const text = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? "";
  return { html, data: JSON.parse(text) as Record<string, unknown> };
}

describe("timeline", () => {
  it("keeps slices, steps, events and the microphone's peaks", () => {
    const { data } = pageOf(RECORDS);
    expect(data.slices).toEqual([0, 9500, 1000, 2, 12_000, 300]);
    expect(data.steps).toEqual([60_000, 21_000, 0]);
    expect(data.peaks).toEqual([0, 500]);
    expect(data.events).toEqual([
      ["listen", 0, ""],
      ["overload", 4800, "narrow, 57 ms late"],
    ]);
  });

  it("shares a slice among the bins of 10 ms that it lies in", () => {
    expect(pageOf(RECORDS).data.load).toEqual([500, 0, 0, 0, 500, 0, 300, 0]);
  });

  it("is one page that asks for nothing, whatever a name holds", () => {
    const { html, data } = pageOf(RECORDS, "</script><b>.wav");
    expect(data.file).toBe("</script><b>.wav");
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html).not.toMatch(/<b>|src=|href=|https?:/);
    expect(html).toContain(readFileSync(join(ROOT, "host-sim/cli/timeline/draw.js"), "utf8"));
  });
});
