// The run from left to right as SVG: sound, words, end-points, what the speaker did and said, CPU and memory. Lanes have
// fixed heights; a second has the same width everywhere. Pure.

import type { FinalEvent, TickRecord, TraceEvent } from "../device/records.ts";
import { actionWords, SAMPLE_RATE } from "../view/words.ts";
import { escaped, n } from "./markup.ts";
import { type Recording, WAVE_STEP } from "./recording.ts";

const LEAST_SECOND = 128;
const LEAST_WIDTH = 1040;
const LEFT = 92;
const WAVE = { top: 30, height: 92 };
const WORDS = { top: 132, height: 30 };
const ENDS = { top: 166, height: 22 };
const DEEDS = { top: 192, height: 46 };
const CPU = { top: 256, height: 84 };
const MEMORY = { top: 358, height: 64 };
export const TIMELINE_HEIGHT = 440;

interface Scale {
  readonly width: number;
  x(seconds: number): number;
}

export function timelineOf(recording: Recording, seconds: number): { svg: string; width: number } {
  const second = Math.max(LEAST_SECOND, (LEAST_WIDTH - LEFT) / Math.max(1, seconds));
  const scale: Scale = { width: LEFT + seconds * second + 24, x: (s) => LEFT + s * second };
  const parts = [
    ruler(seconds, scale),
    labels(),
    waveform(recording.wave, scale),
    ...recording.events.map((event) => mark(event, scale)),
    deeds(recording.events, scale),
    shares(recording.ticks, scale),
    memory(recording, scale),
  ];
  const box = `0 0 ${n(scale.width)} ${TIMELINE_HEIGHT}`;
  const svg = `<svg class="timeline" width="${n(scale.width)}" height="${TIMELINE_HEIGHT}" viewBox="${box}" role="img" aria-label="the run over time">${parts.join("")}</svg>`;
  return { svg, width: scale.width };
}

function ruler(seconds: number, { x }: Scale): string {
  const lines: string[] = [];
  for (let s = 0; s <= seconds; s++) {
    const strong = s % 5 === 0;
    lines.push(
      `<line class="${strong ? "tick" : "tick weak"}" x1="${n(x(s))}" x2="${n(x(s))}" y1="22" y2="${TIMELINE_HEIGHT - 14}"/>`,
    );
    if (strong || seconds < 12) lines.push(`<text class="small" x="${n(x(s) + 3)}" y="16">${s} s</text>`);
  }
  return lines.join("");
}

function labels(): string {
  const rows: readonly (readonly [string, { top: number; height: number }])[] = [
    ["microphone", WAVE],
    ["words", WORDS],
    ["ends", ENDS],
    ["speaker", DEEDS],
    ["CPU", CPU],
    ["memory", MEMORY],
  ];
  return rows
    .map(
      ([name, lane]) =>
        `<text class="lane" x="8" y="${n(lane.top + Math.min(lane.height / 2 + 4, 26))}">${name}</text>`,
    )
    .join("");
}

function waveform(wave: readonly [number, number][], { x }: Scale): string {
  const middle = WAVE.top + WAVE.height / 2;
  const loudest = wave.reduce((most, [low, high]) => Math.max(most, high, -low), 0.02);
  const y = (value: number): string => n(middle - (value / loudest) * (WAVE.height / 2));
  const at = (i: number): string => n(x((i * WAVE_STEP) / SAMPLE_RATE));
  const top = wave.map(([, high], i) => `${at(i)} ${y(high)}`);
  const bottom = wave.map(([low], i) => `${at(i)} ${y(low)}`).reverse();
  if (top.length === 0) return "";
  return `<path class="wave" d="M${[...top, ...bottom].join("L")}Z"/>`;
}

function mark(event: TraceEvent, scale: Scale): string {
  const at = scale.x(event.t / SAMPLE_RATE);
  if (event.type === "final") return words(event, scale) + end(event, at, scale);
  if (event.type === "speculative")
    return dot(at, "speculative", `speculative end, revision ${event.revision}: ${event.text}`);
  if (event.type === "reset") return dot(at, "reset", `reset: the speaker went on, revision ${event.revision} is void`);
  if (event.type === "timeout") return dot(at, "reset", "time-out: nobody spoke");
  return "";
}

/** A word's box reaches to the next word, as far as its letters want: the recognizer's times are those of its sounds. */
function words(event: FinalEvent, { x }: Scale): string {
  return event.words
    .map(({ word, startMs, endMs, confidence }, i) => {
      const next = event.words[i + 1]?.startMs ?? Number.POSITIVE_INFINITY;
      const from = x(startMs / 1000);
      const wanted = Math.max(x(endMs / 1000), from + word.length * 7.4 + 10);
      const to = Math.min(wanted, x(next / 1000));
      const sure = confidence === null ? "" : `, ${Math.round(confidence * 100)} %`;
      const strength = confidence === null ? 1 : 0.35 + 0.65 * confidence;
      const room = to - from - 7;
      const squeezed =
        room < word.length * 6.6 ? ` textLength="${n(Math.max(4, room))}" lengthAdjust="spacingAndGlyphs"` : "";
      return (
        `<rect class="word" fill-opacity="${n(strength)}" x="${n(from)}" y="${WORDS.top}" width="${n(Math.max(3, to - from - 2))}" height="${WORDS.height}" rx="5"><title>${escaped(word)}: ${startMs}–${endMs} ms${sure}</title></rect>` +
        `<text class="on" x="${n((from + to - 2) / 2)}" y="${WORDS.top + 19}"${squeezed}>${escaped(word)}</text>`
      );
    })
    .join("");
}

/** A line from the last word's end to the decision. */
function end(event: FinalEvent, at: number, { x }: Scale): string {
  const y = ENDS.top + ENDS.height / 2;
  const late = Math.max(0, Math.round((event.t / SAMPLE_RATE) * 1000 - event.endMs));
  const title = `<title>final end (${escaped(event.reason)}), ${late} ms after the last word</title>`;
  return (
    `<line class="wait" x1="${n(x(event.endMs / 1000))}" x2="${n(at)}" y1="${y}" y2="${y}"/>` +
    `<rect class="final" x="${n(at - 4)}" y="${y - 7}" width="8" height="14" rx="2">${title}</rect>`
  );
}

function dot(at: number, name: string, title: string): string {
  return `<circle class="${name}" cx="${n(at)}" cy="${ENDS.top + ENDS.height / 2}" r="5"><title>${escaped(title)}</title></circle>`;
}

/** Actions, answers and ringing, each at its time; rows alternate so that texts do not run into each other. */
function deeds(events: readonly TraceEvent[], { x }: Scale): string {
  let row = 0;
  return events
    .map((event) => {
      const text =
        event.type === "action"
          ? `${event.skill} ${event.name}`
          : event.type === "say"
            ? `“${event.text}”`
            : event.type === "ring"
              ? `${event.name} ${event.kind} rings`.trim()
              : event.type === "duck"
                ? ""
                : undefined;
      if (text === undefined) return "";
      const at = x(event.t / SAMPLE_RATE);
      if (event.type === "duck") {
        return `<line class="duck" x1="${n(at)}" x2="${n(at)}" y1="${DEEDS.top + 2}" y2="${DEEDS.top + DEEDS.height - 2}"><title>music ${event.on ? "goes down" : "comes back"}</title></line>`;
      }
      const y = DEEDS.top + 14 + (row++ % 3) * 15;
      const full = event.type === "action" ? actionWords(event) : event.type === "say" ? event.text : text;
      return `<text class="deed ${event.type}" x="${n(at + 4)}" y="${y}">${escaped(text)}<title>${escaped(full)}</title></text>`;
    })
    .join("");
}

function shares(ticks: readonly TickRecord[], { x }: Scale): string {
  const base = CPU.top + CPU.height;
  const y = (share: number): number => base - Math.min(1, share) * CPU.height;
  const stacks = (["music", "recognizer", "javascript"] as const).map((name, index, names) => {
    const upTo = (tick: TickRecord, count: number): number =>
      names.slice(0, count).reduce((sum, each) => sum + tick.share[each], 0);
    const top = ticks.map((tick) => `${n(x(tick.t / SAMPLE_RATE))} ${n(y(upTo(tick, index + 1)))}`);
    const bottom = ticks.map((tick) => `${n(x(tick.t / SAMPLE_RATE))} ${n(y(upTo(tick, index)))}`).reverse();
    return top.length === 0
      ? ""
      : `<path class="share ${name}" d="M${[...top, ...bottom].join("L")}Z"><title>${name}</title></path>`;
  });
  const end = ticks.length === 0 ? LEFT : x((ticks.at(-1) as TickRecord).t / SAMPLE_RATE);
  const frame = `<line class="axis" x1="${LEFT}" x2="${n(end)}" y1="${CPU.top}" y2="${CPU.top}"/><text class="small" x="${LEFT - 6}" y="${CPU.top + 4}" text-anchor="end">100 %</text>`;
  return frame + stacks.join("");
}

/** JavaScript's slots and chunks as shares of their limits. */
function memory({ ticks, ready }: Recording, { x }: Scale): string {
  const base = MEMORY.top + MEMORY.height;
  const line = (name: string, of: (tick: TickRecord) => number | undefined, size: number | undefined): string => {
    if (size === undefined || ticks.length === 0) return "";
    const points = ticks.map(
      (tick) => `${n(x(tick.t / SAMPLE_RATE))} ${n(base - ((of(tick) ?? 0) / size) * MEMORY.height)}`,
    );
    const most = Math.max(...ticks.map((tick) => of(tick) ?? 0));
    return `<path class="memory ${name}" d="M${points.join("L")}"><title>${name}: at most ${most} of ${size}</title></path>`;
  };
  const end = ticks.length === 0 ? LEFT : x((ticks.at(-1) as TickRecord).t / SAMPLE_RATE);
  const frame = `<line class="axis" x1="${LEFT}" x2="${n(end)}" y1="${MEMORY.top}" y2="${MEMORY.top}"/><text class="small" x="${LEFT - 6}" y="${MEMORY.top + 4}" text-anchor="end">limit</text>`;
  return (
    frame +
    line("slots", (tick) => tick.slots, ready?.slotsSize) +
    line("chunks", (tick) => tick.chunks, ready?.chunksSize)
  );
}
