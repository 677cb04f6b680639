// Where a command's words go: results to standard output, everything else to standard error.

import { once } from "node:events";

/** One sentence for the user. */
export function say(text: string): void {
  process.stderr.write(`earshot: ${text}\n`);
}

export function warn(file: string, text: string): void {
  say(`warning: ${file}: ${text}.`);
}

/** Waits where the reader is slow, so that memory does not grow. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text) && !process.stdout.destroyed) await once(process.stdout, "drain");
}

/** A reader that goes away (`| head`) ends the command quietly. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
}
