// What the commands need of a view.

import type { RecordLine } from "../device/device.ts";
import type { RunSummary } from "../device/transcript.ts";

export interface View {
  record(entry: RecordLine): void | Promise<void>;
  /** After the last record. `wallMs` is the time that the run took. */
  end(summary: RunSummary, wallMs: number): void | Promise<void>;
  /** Gives the terminal back, however the run ended. */
  close(): void;
}
