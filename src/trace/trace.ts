// One line of the trace for each event of the engine. The order of the keys is part of the format.

import { encodeBase64 } from "../base/base64";
import { Ring } from "../base/ring";
import { samplesToMs } from "../base/time";
import type { EngineEvent } from "../recognizer/events";
import type { AnyIntent } from "../skills/skill";

/** Lines that the console can show; partial hypotheses are not among them. */
const KEPT = 16;
const LONGEST_KEPT = 240;

interface WordRecord {
  readonly word: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly confidence: number | null;
}

export class Trace {
  /** t of the speculative revision that stands, of the utterance that is open; -1 when none does. */
  #speculative = -1;

  /** Off: no line is kept. */
  on = true;
  /** The last lines, for the console. */
  #last = new Ring<string>(KEPT);

  get capacity(): number {
    return KEPT;
  }

  last(count: number = KEPT): string[] {
    return this.#last.last(count);
  }

  erase(): void {
    this.#last = new Ring<string>(KEPT);
  }

  intent(t: number, utterance: number, { name, slots, confidence }: AnyIntent): string {
    const rounded = Math.round(confidence * 1000) / 1000;
    // Copied: XS can't write an object of the shared root as JSON.
    return this.#keep({ t, type: "intent", utterance, name, slots: { ...slots }, confidence: rounded });
  }

  action(t: number, utterance: number, skill: string, name: string, values: object): string {
    return this.#keep({ t, type: "action", utterance, skill, name, arguments: values });
  }

  /** What the speaker tells a person. */
  say(t: number, utterance: number, text: string): string {
    return this.#keep({ t, type: "say", utterance, text });
  }

  /** A timer or an alarm begins to ring. */
  ring(t: number, kind: string, id: number, name: string): string {
    return this.#keep({ t, type: "ring", utterance: 0, kind, id, name });
  }

  #keep(record: object): string {
    const line = JSON.stringify(record);
    if (this.on) this.#last.push(line.length > LONGEST_KEPT ? `${line.slice(0, LONGEST_KEPT)}…` : line);
    return line;
  }

  /** The line of an event, without a line end. Events must come in their order. */
  line(event: EngineEvent): string {
    const record = this.#record(event);
    this.#remember(event);
    return event.type === "partial" ? JSON.stringify(record) : this.#keep(record);
  }

  #remember(event: EngineEvent): void {
    if (event.type === "speculative") this.#speculative = event.t;
    else if (event.type === "listen" || event.type === "reset" || event.type === "final" || event.type === "timeout") {
      this.#speculative = -1;
    }
  }

  #record(event: EngineEvent): object {
    const { t, type, utterance } = event;
    switch (event.type) {
      case "partial":
        return { t, type, utterance, text: event.hypothesis.text };
      case "speculative":
        return { t, type, utterance, revision: event.revision, text: event.hypothesis.text };
      case "reset":
        return { t, type, utterance, revision: event.revision };
      case "final":
        return this.#final(event);
      case "timeout":
        return { t, type, utterance, reason: event.reason };
      case "overload":
        return { t, type, utterance, load: event.load, lateMs: event.lateMs };
      case "duck":
        return { t, type, utterance, on: event.on };
      default:
        return { t, type, utterance };
    }
  }

  #final(event: EngineEvent & { type: "final" }): object {
    const { t, type, utterance, revision, reason } = event;
    const { text, words, lattice } = event.hypothesis;
    const first = words[0];
    const last = words[words.length - 1];
    const records: WordRecord[] = words.map((word) => ({
      word: word.text,
      startMs: samplesToMs(word.start),
      endMs: samplesToMs(word.end),
      confidence: word.confidence === null ? null : Math.round(word.confidence * 1000) / 1000,
    }));
    return {
      t,
      type,
      utterance,
      revision,
      text,
      startMs: samplesToMs(first === undefined ? t : first.start),
      endMs: samplesToMs(last === undefined ? t : last.end),
      reason,
      speculativeMs: this.#speculative < 0 ? null : samplesToMs(this.#speculative),
      words: records,
      ...(lattice === undefined ? {} : { lattice: encodeBase64(lattice) }),
    };
  }
}
