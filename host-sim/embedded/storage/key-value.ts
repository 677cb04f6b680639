// embedded:storage/key-value of the host: ECMA-419 key-value storage over one file of the PC.
// In: open({ path, format, mode }) and the store's methods. Out: values that survive a restart; each write is on disk,
// whole, before it returns. Keys and values are bounded by storage_host.h; what is over the bound throws.

type Format = "buffer" | "string" | "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "uint64" | "int64";
type Value = ArrayBuffer | Uint8Array | DataView | string | number | bigint;

interface Natives {
  es_storage_read: (path: string, key: string) => ArrayBuffer | undefined;
  es_storage_write: (path: string, key: string, value: Uint8Array) => void;
  es_storage_delete: (path: string, key: string) => void;
  es_storage_key: (path: string, index: number) => string | undefined;
  es_storage_encode: (text: string) => ArrayBuffer;
  es_storage_decode: (bytes: ArrayBuffer) => string;
}
declare function native<Name extends keyof Natives>(name: Name): Natives[Name];

const readBytes = native("es_storage_read");
const writeBytes = native("es_storage_write");
const deleteKey = native("es_storage_delete");
const keyAt = native("es_storage_key");
const encode = native("es_storage_encode");
const decode = native("es_storage_decode");

const BITS = new Map<string, number>([
  ["uint8", 8],
  ["int8", 8],
  ["uint16", 16],
  ["int16", 16],
  ["uint32", 32],
  ["int32", 32],
  ["uint64", 64],
  ["int64", 64],
]);

function toBytes(format: Format, value: Value): Uint8Array {
  if (format === "string") {
    if (typeof value !== "string") throw new TypeError("the value is no string");
    return new Uint8Array(encode(value));
  }
  if (format === "buffer") {
    if (value instanceof ArrayBuffer) return new Uint8Array(value);
    if (value instanceof Uint8Array || value instanceof DataView) {
      return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
    }
    throw new TypeError("the value is no buffer");
  }
  if (typeof value !== "number" && typeof value !== "bigint") throw new TypeError("the value is no number");
  const bits = BITS.get(format) ?? 0;
  const wide = BigInt(value);
  const fitting = format.startsWith("u") ? BigInt.asUintN(bits, wide) : BigInt.asIntN(bits, wide);
  if (fitting !== wide) throw new RangeError(`the value does not fit ${format}`);
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, wide), true);
  return new Uint8Array(view.buffer, 0, bits / 8);
}

function fromBytes(format: Format, bytes: ArrayBuffer): ArrayBuffer | string | number | bigint {
  if (format === "buffer") return bytes;
  if (format === "string") return decode(bytes);
  const bits = BITS.get(format) ?? 0;
  if (bytes.byteLength !== bits / 8) throw new TypeError(`the stored value is no ${format}`);
  const whole = new Uint8Array(8);
  whole.set(new Uint8Array(bytes));
  const wide = new DataView(whole.buffer).getBigUint64(0, true);
  const value = format.startsWith("u") ? BigInt.asUintN(bits, wide) : BigInt.asIntN(bits, wide);
  return bits === 64 ? value : Number(value);
}

class Storage {
  format: Format;
  readonly #path: string;
  readonly #writable: boolean;
  #open = true;

  constructor(path: string, format: Format, writable: boolean) {
    this.#path = path;
    this.format = format;
    this.#writable = writable;
  }

  #check(writes: boolean): void {
    if (!this.#open) throw new Error("the storage is closed");
    if (writes && !this.#writable) throw new Error("the storage is open for reading only");
  }

  read(key: string, buffer?: Uint8Array): ArrayBuffer | string | number | bigint | undefined {
    this.#check(false);
    const bytes = readBytes(this.#path, key);
    if (buffer === undefined) return bytes === undefined ? undefined : fromBytes(this.format, bytes);
    if (bytes === undefined) return undefined;
    if (bytes.byteLength > buffer.byteLength) throw new RangeError("the buffer is too small");
    buffer.set(new Uint8Array(bytes));
    return bytes.byteLength;
  }

  write(key: string, value: Value): void {
    this.#check(true);
    writeBytes(this.#path, key, toBytes(this.format, value));
  }

  delete(key: string): void {
    this.#check(true);
    deleteKey(this.#path, key);
  }

  *[Symbol.iterator](): IterableIterator<string> {
    for (let index = 0; ; index++) {
      this.#check(false);
      const key = keyAt(this.#path, index);
      if (key === undefined) return;
      yield key;
    }
  }

  close(): void {
    this.#open = false;
  }
}

export default {
  open(options: { path: string; format?: Format; mode?: "r" | "r+" }): Storage {
    const format = options.format ?? "buffer";
    if (format !== "buffer" && format !== "string" && !BITS.has(format)) throw new RangeError(`no format ${format}`);
    return new Storage(options.path, format, options.mode !== "r");
  },
};
