// A file that is written aside and renamed when it is whole. In: a path, checked before the run. Out: the file, or
// nothing. What is no plain file (a pipe, /dev/stdout) is written directly.

import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { access, constants, type FileHandle, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { inputFailure, systemReason } from "../failure.ts";
import { print } from "../output.ts";
import { userPath } from "../user-path.ts";

/** Written through our own standard output, in step with everything else that is printed there. */
const STANDARD_OUTPUT = new Set(["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]);
const APPEND = constants.O_WRONLY | constants.O_APPEND;

export class AsideFile {
  #closed = false;
  /** However the process ends, nothing half written stays. */
  readonly #unlink = (): void => {
    if (!this.#closed && this.aside !== null) rmSync(this.aside, { force: true });
  };

  /** `file` as the user wrote it, for sentences. */
  static async open(file: string): Promise<AsideFile> {
    try {
      const given = userPath(file);
      if (STANDARD_OUTPUT.has(given)) return new AsideFile(file, given, null, null);
      // Another name of something that is open already, such as /dev/stdout: what stands there stays.
      if (/^\/(dev|proc)\//.test(given)) return new AsideFile(file, given, null, await open(given, APPEND));
      const path = await realpath(given).catch(() => given);
      const found = await stat(path).catch(() => null);
      if (found?.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
      if (found !== null) await access(path, constants.W_OK);
      if (found !== null && !found.isFile()) return new AsideFile(file, path, null, await open(path, "w"));
      const aside = join(dirname(path), `.${basename(path).slice(0, 200)}.${randomBytes(4).toString("hex")}`);
      return new AsideFile(file, path, aside, await open(aside, "wx"));
    } catch (error) {
      throw inputFailure(`${file}: expected a file that can be written; ${systemReason(error)}.`);
    }
  }

  private constructor(
    readonly file: string,
    readonly path: string,
    readonly aside: string | null,
    readonly handle: FileHandle | null,
  ) {
    process.once("exit", this.#unlink);
  }

  /** At the end, or over what stands at `position`. */
  async write(data: Buffer, position: number | null = null): Promise<void> {
    if (this.handle === null) return print(data);
    try {
      for (let done = 0; done < data.length; ) {
        const at = position === null ? null : position + done;
        done += (await this.handle.write(data, done, data.length - done, at)).bytesWritten;
      }
    } catch (error) {
      throw inputFailure(`${this.file}: expected a file that can be written to its end; ${systemReason(error)}.`);
    }
  }

  async commit(): Promise<void> {
    try {
      await this.handle?.close();
      if (this.aside !== null) await rename(this.aside, this.path);
      this.#done();
    } catch (error) {
      throw inputFailure(`${this.file}: expected a file that can be written; ${systemReason(error)}.`);
    }
  }

  /** Leaves nothing behind; may follow commit(). */
  async discard(): Promise<void> {
    if (this.#closed) return;
    await this.handle?.close().catch(() => {});
    if (this.aside !== null) await unlink(this.aside).catch(() => {});
    this.#done();
  }

  #done(): void {
    this.#closed = true;
    process.removeListener("exit", this.#unlink);
  }
}
