// Gathers a run for its picture and writes the page. In: records in order, microphone sound, the summary. Out: HTML.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DeviceRecord, isTraceEvent, type SlicesRecord, type TraceEvent } from "../device/records.ts";
import type { RunSummary } from "../device/transcript.ts";

const MOST_SLICES = 200_000;
const BIN_US = 10_000;
const TASKS = 4;
const SAMPLES_A_BIN = 160;
const PEAK_SCALE = 32_768;

/** What draw.js finds in the page. Times of events are samples of 16 kHz, of slices and steps microseconds. */
interface Page {
  readonly file: string;
  readonly summary: Omit<RunSummary, "utterances">;
  readonly words: readonly (readonly [string, number, number])[];
  readonly events: readonly (readonly [string, number, string])[];
  readonly slices: readonly number[];
  readonly slicesEndUs: number | null;
  readonly steps: readonly number[];
  /** Microseconds of each task in each 10 ms. */
  readonly load: readonly number[];
  readonly peaks: readonly number[];
}

export class Timeline {
  readonly #slices: number[] = [];
  readonly #steps: number[] = [];
  readonly #load: number[] = [];
  readonly #peaks: number[] = [];
  readonly #events: [string, number, string][] = [];
  readonly #words: [string, number, number][] = [];
  #slicesEndUs: number | null = null;
  #peak = 0;
  #filled = 0;

  add(record: DeviceRecord): void {
    if (isTraceEvent(record)) this.#event(record);
    else if (record.type === "slices") this.#slicesOf(record);
  }

  hear(samples: Int16Array): void {
    for (const sample of samples) {
      this.#peak = Math.max(this.#peak, Math.abs(sample));
      if (++this.#filled < SAMPLES_A_BIN) continue;
      this.#peaks.push(Math.round((1000 * this.#peak) / PEAK_SCALE));
      this.#peak = this.#filled = 0;
    }
  }

  #event(event: TraceEvent): void {
    this.#events.push([event.type, event.t, detailOf(event)]);
    if (event.type !== "final") return;
    for (const { word, startMs, endMs } of event.words) this.#words.push([word, startMs, endMs]);
  }

  #slicesOf({ slices, steps }: SlicesRecord): void {
    for (let i = 0; i + 2 < slices.length; i += 3) {
      const [task, start, length] = slices.slice(i, i + 3) as [number, number, number];
      this.#share(task, start, length);
      if (this.#slices.length < 3 * MOST_SLICES) this.#slices.push(task, start, length);
      else this.#slicesEndUs ??= start;
    }
    this.#steps.push(...steps);
  }

  #share(task: number, start: number, length: number): void {
    for (let at = start; at < start + length; ) {
      const bin = Math.floor(at / BIN_US);
      const part = Math.min(start + length, (bin + 1) * BIN_US) - at;
      const index = bin * TASKS + task;
      while (this.#load.length < (bin + 1) * TASKS) this.#load.push(0);
      this.#load[index] = (this.#load[index] ?? 0) + part;
      at += part;
    }
  }

  html(root: string, file: string, { utterances: _, ...summary }: RunSummary): string {
    const page: Page = {
      file,
      summary,
      words: this.#words,
      events: this.#events,
      slices: this.#slices,
      slicesEndUs: this.#slicesEndUs,
      steps: this.#steps,
      load: this.#load,
      peaks: this.#peaks,
    };
    const part = (name: string): string => readFileSync(join(root, "host-sim", "cli", "timeline", name), "utf8");
    return documentOf(page, part("timeline.css"), part("draw.js"));
  }
}

function detailOf(event: TraceEvent): string {
  switch (event.type) {
    case "partial":
    case "speculative":
      return event.text;
    case "final":
      return `${event.text} (${event.reason})`;
    case "timeout":
      return event.reason;
    case "overload":
      return `${event.load}, ${event.lateMs} ms late`;
    case "duck":
      return event.on ? "on" : "off";
    default:
      return "";
  }
}

const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

function documentOf(page: Page, style: string, script: string): string {
  // "<" can't stand in a script's data: it might end the element.
  const data = JSON.stringify(page).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Timeline of ${escapeText(page.file)}</title>
<style>
${style}</style>
</head>
<body>
<header>
<h1>Timeline</h1>
<p id="about"></p>
</header>
<dl id="figures"></dl>
<nav id="views" aria-label="Part of the run that is shown"></nav>
<canvas id="overview" height="64" role="img" aria-label="Load of the whole run; drag to choose a part"></canvas>
<canvas id="lanes" height="560" role="img" tabindex="0" aria-label="Lanes of the part that is shown"></canvas>
<p id="tip" role="status"></p>
<ul id="legend"></ul>
<noscript><p>The picture is drawn by the page's own script, which is switched off here.</p></noscript>
<script type="application/json" id="data">${data}</script>
<script>
${script}</script>
</body>
</html>
`;
}
