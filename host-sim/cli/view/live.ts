// The live view: a panel that follows the run, then the summary and what was heard as plain lines below it.

import type { RecordLine } from "../device/device.ts";
import type { RunSummary } from "../device/transcript.ts";
import { print } from "../output.ts";
import type { Levels } from "../session/microphone.ts";
import { panel } from "./panel.ts";
import { Screen } from "./screen.ts";
import { LiveState } from "./state.ts";
import { themeFor } from "./theme.ts";
import type { View } from "./view.ts";
import { heardLines, summaryLines } from "./words.ts";

export class LiveView implements View {
  readonly #state: LiveState;
  readonly #screen = new Screen(process.stdout);
  readonly #theme = themeFor(process.env);

  constructor(levels: Levels, mips: number | undefined, totalSeconds: number | null) {
    this.#state = new LiveState(levels, mips, totalSeconds);
  }

  record({ record }: RecordLine): void {
    if (this.#state.update(record)) this.#draw();
  }

  played(sound: Buffer): void {
    this.#state.played(sound);
  }

  async end(summary: RunSummary, wallMs: number): Promise<void> {
    this.#state.done = true;
    this.#draw();
    this.#screen.close();
    const lines = [...summaryLines(summary, wallMs), ...heardLines(summary)];
    if (summary.utterances.length === 0) lines.push("no words were heard");
    await print(`${lines.join("\n")}\n`);
  }

  close(): void {
    this.#screen.close();
  }

  #draw(): void {
    this.#screen.draw(panel(this.#state, this.#screen.columns, this.#screen.rows, this.#theme));
  }
}
