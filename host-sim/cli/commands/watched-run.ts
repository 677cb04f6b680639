// A session as a person or a program watches it: signals and a reader that goes away end it as they should.

import { EXIT_INTERRUPTED, EXIT_OK, Failure } from "../failure.ts";
import { readerGone } from "../output.ts";
import type { Session } from "../session/session.ts";
import type { View } from "../view/view.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Watching {
  /** What a signal does. */
  readonly interrupt: () => void;
  /** Whether the run has a purpose without a reader, such as files to write. */
  readonly goesOnAlone: boolean;
  readonly console?: (data: Buffer) => Promise<void>;
}

export async function watchedRun(session: Session, view: View, watching: Watching): Promise<number> {
  for (const signal of SIGNALS) process.on(signal, watching.interrupt);
  let alone = false;
  void readerGone().then(() => {
    alone = true;
    if (!watching.goesOnAlone) session.abort();
  });
  const started = performance.now();
  try {
    const observer = { record: view.record.bind(view), ...(watching.console ? { console: watching.console } : {}) };
    const { summary, exitCode } = await session.run(observer);
    await view.end(summary, performance.now() - started);
    return exitCode;
  } catch (error) {
    if (alone && error instanceof Failure && error.exitCode === EXIT_INTERRUPTED) return EXIT_OK;
    throw error;
  } finally {
    view.close();
    for (const signal of SIGNALS) process.removeListener(signal, watching.interrupt);
  }
}
