// What a live view knows at one moment. In: records. Out: fields for the panel. No drawing here.

import type { DeviceRecord, FinalEvent, ReadyRecord, Share, TickRecord } from "../device/records.ts";
import { isTraceEvent } from "../device/records.ts";
import type { Levels } from "../session/microphone.ts";
import { actionWords, faultSentence, intentWords, SAMPLE_RATE } from "./words.ts";

export interface Heard {
  readonly startMs: number;
  readonly text: string;
  /** From the last word's end to the decision. */
  readonly lateMs: number;
  readonly utterance: number;
  /** What was understood, what was done, what the speaker said; empty where there was none. */
  meant: string;
  did: string;
  said: string;
}

/** Of a new tick in the shown CPU share: a step of the encoder falls once or twice into a tick. */
const SMOOTHING = 0.2;
/** Bytes from one looked-at sample to the next: enough for a meter. */
const PLAYED_STEP = 16;
/** Of the level meter in each tick, so that an eye can follow it. */
const FALL = 0.75;

export class LiveState {
  t = 0;
  listening = false;
  partial = "";
  readonly heard: Heard[] = [];
  ready: ReadyRecord | undefined;
  share: Share = { music: 0, recognizer: 0, javascript: 0 };
  /** Of the speaker. */
  level = 0;
  playing = false;
  ducked = false;
  /** Frame of the piece at 48 kHz. */
  position = 0;
  underruns = 0;
  overloads = 0;
  late = false;
  note = "";
  done = false;
  #ticks = 0;
  #played = 0;

  constructor(
    readonly levels: Levels,
    readonly mips: number | undefined,
    /** Of sound that the microphone hears; null = not known before. */
    readonly totalSeconds: number | null,
  ) {}

  get seconds(): number {
    return this.t / SAMPLE_RATE;
  }

  /** True where the panel looks different afterwards. */
  update(record: DeviceRecord): boolean {
    if (record.type === "tick") this.#tick(record);
    else if (record.type === "ready") this.ready = record;
    else if (record.type === "fault") this.note = faultSentence(record);
    else if (isTraceEvent(record)) this.#event(record);
    else return false;
    return true;
  }

  /** Takes the loudest of the played sound, for the next tick. */
  played(sound: Buffer): void {
    let peak = 0;
    for (let at = 0; at + 1 < sound.length; at += PLAYED_STEP) peak = Math.max(peak, Math.abs(sound.readInt16LE(at)));
    this.#played = Math.max(this.#played, peak / 32768);
  }

  #tick(tick: TickRecord): void {
    this.t = tick.t;
    const weight = this.#ticks++ < 3 ? 1 : SMOOTHING; // the first ticks have no past
    const mix = (old: number, now: number): number => old + (now - old) * weight;
    this.share = {
      music: mix(this.share.music, tick.share.music),
      recognizer: mix(this.share.recognizer, tick.share.recognizer),
      javascript: mix(this.share.javascript, tick.share.javascript),
    };
    this.level = Math.max(this.#played, this.level * FALL);
    this.#played = 0;
    this.playing = tick.playing;
    this.position = tick.position;
    this.underruns = tick.underruns;
  }

  #event(event: Exclude<DeviceRecord, { type: "tick" }> & { t: number; type: string }): void {
    const record = event as DeviceRecord;
    switch (record.type) {
      case "listen":
        this.listening = true;
        this.partial = "";
        break;
      case "partial":
      case "speculative":
        this.partial = record.text;
        break;
      case "final":
        this.#final(record);
        break;
      case "timeout":
        this.partial = "";
        break;
      case "intent":
        this.#about(record.utterance, (heard) => {
          heard.meant = record.name === "none" ? "not for this device" : intentWords(record);
        });
        break;
      case "action":
        this.#about(record.utterance, (heard) => {
          heard.did = actionWords(record);
        });
        break;
      case "say":
        this.#about(record.utterance, (heard) => {
          heard.said = record.text;
        });
        break;
      case "duck":
        this.ducked = record.on;
        break;
      case "overload":
        this.overloads++;
        this.late = true;
        break;
      case "recovered":
        this.late = false;
        break;
      default:
        break;
    }
  }

  #about(utterance: number, change: (heard: Heard) => void): void {
    const heard = this.heard.at(-1);
    if (heard !== undefined && heard.utterance === utterance) change(heard);
  }

  #final(event: FinalEvent): void {
    this.partial = "";
    const lateMs = Math.max(0, Math.round(event.t / (SAMPLE_RATE / 1000) - event.endMs));
    const { startMs, text, utterance } = event;
    this.heard.push({ startMs, text, lateMs, utterance, meant: "", did: "", said: "" });
  }
}
