// What a page needs of a run: the loudness of the sound, the events, CPU and memory over time.

import type { DeviceRecord, ReadyRecord, TickRecord, TraceEvent } from "../device/records.ts";
import { isTraceEvent } from "../device/records.ts";
import type { Microphone } from "../session/microphone.ts";

/** Samples of one point of the waveform: 10 ms. */
export const WAVE_STEP = 160;

export class Recording {
  /** Lowest and highest sample of each step, -1 to 1. */
  readonly wave: [number, number][] = [];
  readonly events: TraceEvent[] = [];
  readonly ticks: TickRecord[] = [];
  ready: ReadyRecord | undefined;
  #count = 0;

  constructor(readonly name: string) {}

  /** The same microphone, listened to. */
  tap(microphone: Microphone): Microphone {
    const recording = this;
    return {
      name: microphone.name,
      seconds: microphone.seconds,
      stop: () => microphone.stop(),
      mute: (on) => microphone.mute?.(on),
      get program() {
        return microphone.program as NonNullable<Microphone["program"]>;
      },
      async *blocks() {
        for await (const block of microphone.blocks()) {
          recording.#hear(block);
          yield block;
        }
      },
    };
  }

  record(record: DeviceRecord): void {
    if (record.type === "ready") this.ready = record;
    else if (record.type === "tick") this.ticks.push(record);
    else if (isTraceEvent(record) && record.type !== "partial") this.events.push(record);
  }

  #hear(block: Int16Array): void {
    for (const sample of block) {
      const step = Math.floor(this.#count++ / WAVE_STEP);
      const value = sample / 32768;
      const point = this.wave[step];
      if (point === undefined) this.wave[step] = [value, value];
      else if (value < point[0]) point[0] = value;
      else if (value > point[1]) point[1] = value;
    }
  }
}
