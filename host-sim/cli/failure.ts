// Failures as values with an exit code: 2 for the user's input, 1 for our own fault, 3 when sound was lost.
// A message is one sentence for a person; nobody sees a stack trace of an expected failure.

export const EXIT_OK = 0;
export const EXIT_FAULT = 1;
export const EXIT_INPUT = 2;
export const EXIT_SOUND_LOST = 3;
/** As shells count an end by Ctrl-C. */
export const EXIT_INTERRUPTED = 130;

export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

/** The user's input, or what the PC lacks. */
export function inputFailure(message: string): Failure {
  return new Failure(message, EXIT_INPUT);
}

export function fault(message: string): Failure {
  return new Failure(message, EXIT_FAULT);
}

/** A system call's error as the end of a sentence: "no such file". */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const known: Record<string, string> = {
    ENOENT: "no such file or folder",
    EACCES: "permission denied",
    EPERM: "not permitted",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of its path is not a folder",
    ENOSPC: "the disk is full",
    EROFS: "the file system is read-only",
    ENAMETOOLONG: "the name is too long",
    ELOOP: "its links run in a circle",
    EMFILE: "too many open files",
  };
  if (code !== undefined && known[code] !== undefined) return known[code];
  return error instanceof Error ? error.message : String(error);
}
