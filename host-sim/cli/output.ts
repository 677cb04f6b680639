// Where a command's words go: results to standard output, everything else to standard error.

import { once } from "node:events";

/** One sentence for the user. */
export function say(text: string): void {
  process.stderr.write(`earshot: ${text}\n`);
}

export function warn(file: string, text: string): void {
  say(`warning: ${file}: ${text}.`);
}

let gone = false;
const waiting: (() => void)[] = [];

/** Waits where the reader is slow, so that memory does not grow. */
export async function print(data: string | Buffer): Promise<void> {
  if (gone || process.stdout.write(data) || process.stdout.destroyed) return;
  await Promise.race([once(process.stdout, "drain"), readerGone()]).catch(() => {});
}

/** Resolves when nobody reads standard output any more (`| head`, a closed terminal). */
export function readerGone(): Promise<void> {
  return gone ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
}

/** A reader that goes away is no failure: what is printed afterwards is dropped, and the command decides how to end. */
export function watchReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
      gone ||= stream === process.stdout;
      if (gone) for (const resolve of waiting.splice(0)) resolve();
    });
  }
}
