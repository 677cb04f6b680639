// embedded:storage/files of the host: ECMA-419 files and folders under one folder of the PC.
// In: the default export is the root folder. Out: files; what was written is there, whole, after flush() or close().

type Buffer = ArrayBuffer | Uint8Array | DataView;
type Mode = "r" | "r+" | "w" | "w+";

interface Natives {
  es_file_open: (this: File, path: string, mode: string) => void;
  es_file_read: (this: File, count: number, position: number) => ArrayBuffer;
  es_file_write: (this: File, buffer: Buffer, position: number) => void;
  es_file_size: (this: File) => number;
  es_file_set_size: (this: File, bytes: number) => void;
  es_file_flush: (this: File) => void;
  es_file_close: (this: File) => void;
  es_path_size: (path: string) => number | undefined;
  es_path_delete: (path: string) => boolean;
  es_path_make: (path: string) => boolean;
  es_path_move: (from: string, to: string) => void;
  es_path_name: (folder: string, index: number) => string | undefined;
}
declare function native<Name extends keyof Natives>(name: Name): Natives[Name];
declare const Native: (destructor: string) => new () => object;

const fileOpen = native("es_file_open");
const fileRead = native("es_file_read");
const fileWrite = native("es_file_write");
const fileSize = native("es_file_size");
const fileSetSize = native("es_file_set_size");
const fileFlush = native("es_file_flush");
const fileClose = native("es_file_close");
const pathSize = native("es_path_size");
const pathDelete = native("es_path_delete");
const pathMake = native("es_path_make");
const pathMove = native("es_path_move");
const pathName = native("es_path_name");

const FOLDER = -1;

export class Status {
  readonly size: number;
  readonly mode: number;
  readonly #folder: boolean;

  constructor(size: number) {
    this.#folder = size === FOLDER;
    this.size = this.#folder ? 0 : size;
    this.mode = this.#folder ? 0o40755 : 0o100644;
  }

  isFile(): boolean {
    return !this.#folder;
  }

  isDirectory(): boolean {
    return this.#folder;
  }

  isSymbolicLink(): boolean {
    return false;
  }
}

export class File extends Native("es_file_gone") {
  constructor(options: { path: string; mode: Mode }) {
    super();
    fileOpen.call(this, options.path, options.mode);
  }

  read(target: number | Uint8Array, position: number): ArrayBuffer | number {
    if (typeof target === "number") return fileRead.call(this, target, position);
    const bytes = new Uint8Array(fileRead.call(this, target.byteLength, position));
    target.set(bytes);
    return bytes.byteLength;
  }

  write(buffer: Buffer, position: number): void {
    fileWrite.call(this, buffer, position);
  }

  status(): Status {
    return new Status(fileSize.call(this));
  }

  setSize(length: number): void {
    fileSetSize.call(this, length);
  }

  flush(): void {
    fileFlush.call(this);
  }

  close(): void {
    fileClose.call(this);
  }
}

export class Directory {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  #inside(path: string): string {
    return this.#path === "" ? path : `${this.#path}/${path}`;
  }

  openFile(options: { path: string; mode?: Mode }): File {
    const mode = options.mode ?? "r";
    if (mode !== "r" && mode !== "r+" && mode !== "w" && mode !== "w+") throw new RangeError(`no mode ${mode}`);
    return new File({ path: this.#inside(options.path), mode });
  }

  openDirectory(options: { path: string }): Directory {
    const path = this.#inside(options.path);
    if (pathSize(path) !== FOLDER) throw new Error(`no folder ${path}`);
    return new Directory(path);
  }

  delete(path: string): boolean {
    return pathDelete(this.#inside(path));
  }

  move(from: string, to: string, toDirectory: Directory = this): void {
    pathMove(this.#inside(from), toDirectory.#inside(to));
  }

  status(path: string): Status {
    const size = pathSize(this.#inside(path));
    if (size === undefined) throw new Error(`no file ${path}`);
    return new Status(size);
  }

  createDirectory(path: string): boolean {
    return pathMake(this.#inside(path));
  }

  *scan(path?: string): IterableIterator<string> {
    const folder = path === undefined ? this.#path : this.#inside(path);
    for (let index = 0; ; index++) {
      const name = pathName(folder, index);
      if (name === undefined) return;
      yield name;
    }
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.scan();
  }

  close(): void {}
}

export default new Directory("");
