// For programs: the events of the trace as they are, then the run summary.

import type { RecordLine } from "../device/device.ts";
import { isTraceEvent } from "../device/records.ts";
import type { RunSummary } from "../device/transcript.ts";
import { print, say } from "../output.ts";
import type { View } from "./view.ts";
import { faultSentence, sayTerminal } from "./words.ts";

export class JsonView implements View {
  async record({ record, line }: RecordLine): Promise<void> {
    if (isTraceEvent(record)) await print(`${line}\n`);
    else if (record.type === "fault") say(faultSentence(record));
    else if (record.type === "ready") sayTerminal(record);
  }

  async end(summary: RunSummary): Promise<void> {
    await print(`${JSON.stringify(summary)}\n`);
  }

  close(): void {}
}
