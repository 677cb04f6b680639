// For the serial console: standard output belongs to its replies, so only what went wrong is said, on standard error.

import type { RecordLine } from "../device/device.ts";
import { say } from "../output.ts";
import type { View } from "./view.ts";
import { faultSentence, sayTerminal } from "./words.ts";

export class QuietView implements View {
  record({ record }: RecordLine): void {
    if (record.type === "fault") say(faultSentence(record));
    if (record.type === "ready") sayTerminal(record);
  }

  end(): void {}

  close(): void {}
}
