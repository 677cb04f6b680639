// Records as words for a person, the same in every view.

import type { ActionEvent, FaultRecord, FinalEvent, IntentEvent, ReadyRecord, TraceEvent } from "../device/records.ts";
import type { RunSummary } from "../device/transcript.ts";
import { say } from "../output.ts";

export const SAMPLE_RATE = 16_000;

const REASONS: Record<string, string> = {
  pause: "a pause",
  eou: "the model saw its end",
  length: "its greatest length",
  input: "the sound ended",
};

export const seconds = (t: number): string => `${(t / SAMPLE_RATE).toFixed(1)} s`;

/** How it ended, and how long after the last word. */
export function endOf(event: FinalEvent): string {
  const late = (event.t / SAMPLE_RATE) * 1000 - event.endMs;
  return `${REASONS[event.reason] ?? event.reason}, ${Math.max(0, Math.round(late))} ms after the last word`;
}

/** A sentence for an event that is no word; undefined where a person need not see it. */
export function sentenceOf(event: TraceEvent): string | undefined {
  switch (event.type) {
    case "musicStart":
      return "music plays";
    case "musicEnd":
      return "music ends";
    case "intent":
      return event.name === "none" ? "not for this device" : `understood: ${intentWords(event)}`;
    case "action":
      return `done: ${actionWords(event)}`;
    case "say":
      return `says: ${event.text}`;
    case "ring":
      return `${event.name === "" ? "" : `${event.name} `}${event.kind} rings`;
    case "duck":
      return event.on ? "music goes down" : "music comes back";
    case "timeout":
      return event.reason === "input" ? undefined : "nobody spoke";
    case "overload":
      return event.load === "late" ? "the recognizer is late" : `the recognizer is short of time: ${event.load} search`;
    case "recovered":
      return "the recognizer has caught up";
    case "underrun":
      return "the speaker ran dry";
    default:
      return undefined;
  }
}

/** "timerSet duration=ten minutes (98 %)" */
export function intentWords({ name, slots, confidence }: IntentEvent): string {
  const words = Object.entries(slots).map(([slot, value]) => `${slot}=${value}`);
  return `${[name, ...words].join(" · ")} (${Math.round(confidence * 100)} %)`;
}

/** "timers setTimer · seconds 600" */
export function actionWords({ skill, name, arguments: values }: ActionEvent): string {
  const words = Object.entries(values).map(
    ([key, value]) => `${key} ${Array.isArray(value) ? value.join(", ") : value}`,
  );
  return [`${skill} ${name}`, ...words].join(" · ");
}

export function faultSentence(fault: FaultRecord): string {
  return `JavaScript was restarted (${fault.reason}): ${fault.message}`;
}

/** Where a serial program finds the console. */
export function sayTerminal({ terminal }: ReadyRecord): void {
  if (terminal !== null) say(`the console is at ${terminal}; Ctrl-C ends the run.`);
}

export const percent = (share: number): string => {
  const value = share * 100;
  return `${value < 9.95 && value >= 0.05 ? value.toFixed(1) : Math.round(value)} %`;
};

/** Nominal speed that shares refer to where none was stated. */
export const REFERENCE_MIPS = 250;

export function summaryLines(summary: RunSummary, wallMs: number): string[] {
  const { share } = summary;
  const audio = summary.audioMs / 1000;
  const wall = wallMs / 1000;
  const speed = wall > 0 ? audio / wall : 0;
  const times = speed > 1.5 ? ` (${Math.round(speed)} times real time)` : "";
  const speedWord = summary.mips === null ? `a ${REFERENCE_MIPS} MIPS CPU` : `a ${summary.mips} MIPS CPU`;
  const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
  return [
    `${audio.toFixed(1)} s on the device in ${wall.toFixed(1)} s${times}`,
    `${plural(summary.underruns, "underrun", "underruns")}, ${plural(summary.microphoneLost, "microphone block", "microphone blocks")} lost, ${plural(summary.framesLate, "frame", "frames")} late`,
    `music ${percent(share.music)}, recognizer ${percent(share.recognizer)}, JavaScript ${percent(share.javascript)}, idle ${percent(share.idle)} of ${speedWord}`,
    `the busiest second took ${percent(summary.peakShare)}`,
  ];
}

/** One line for each utterance; the last lines of every run that a person watches. */
export function heardLines(summary: RunSummary): string[] {
  return summary.utterances.map(({ text }) => `heard: ${text}`);
}
