// Plain lines, one an event: for pipes, files and terminals that are none.

import type { RecordLine } from "../device/device.ts";
import { isTraceEvent } from "../device/records.ts";
import type { RunSummary } from "../device/transcript.ts";
import { print } from "../output.ts";
import type { View } from "./view.ts";
import { endOf, faultSentence, heardLines, seconds, sentenceOf, summaryLines } from "./words.ts";

export class PlainView implements View {
  #shown = "";

  async record({ record }: RecordLine): Promise<void> {
    if (record.type === "fault") return this.#line(record.t, faultSentence(record));
    if (!isTraceEvent(record)) return;
    if (record.type === "partial" || record.type === "speculative") {
      if (record.text === this.#shown || record.text === "") return;
      this.#shown = record.text;
      return this.#line(record.t, `… ${record.text}`);
    }
    if (record.type === "final") {
      this.#shown = "";
      return this.#line(record.t, `= ${record.text} (${endOf(record)})`);
    }
    const sentence = sentenceOf(record);
    if (sentence !== undefined) await this.#line(record.t, sentence);
  }

  async end(summary: RunSummary, wallMs: number): Promise<void> {
    const lines = [...summaryLines(summary, wallMs), ...heardLines(summary)];
    if (summary.utterances.length === 0) lines.push("no words were heard");
    await print(`${lines.join("\n")}\n`);
  }

  close(): void {}

  #line(t: number, text: string): Promise<void> {
    return print(`${seconds(t).padStart(8)}  ${text}\n`);
  }
}
