// Events of the Wyoming protocol on the wire: a line of JSON {type, data, data_length, payload_length}, then that many
// bytes of JSON that are added to `data`, then that many bytes of payload. In: bytes in any split. Out: whole events.
// Bounded: an event that announces more than a speaker could need is refused before its bytes are taken.

export interface WyomingEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly payload: Buffer;
}

/** The stream can't be read any further: the end of a sentence. */
export class FramingError extends Error {}

export const MAX_HEADER = 64 * 1024;
export const MAX_DATA = 1024 * 1024;
/** Half a minute of 48 kHz stereo in 32 bits is 11 MB; clients send tenths of a second. */
export const MAX_PAYLOAD = 16 * 1024 * 1024;
const MAX_TYPE = 100;
const LINE_END = 10;

interface Head {
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly dataLength: number;
  readonly payloadLength: number;
}

export class EventReader {
  #parts: Buffer[] = [];
  #length = 0;
  #head: Head | undefined;
  /** Bytes that are known to hold no line end. */
  #scanned = 0;

  /** True between the first and the last byte of an event. */
  get partial(): boolean {
    return this.#length > 0 || this.#head !== undefined;
  }

  /** Takes bytes and returns the events that they complete. */
  push(bytes: Buffer): WyomingEvent[] {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    const events: WyomingEvent[] = [];
    for (let event = this.#next(); event !== undefined; event = this.#next()) events.push(event);
    return events;
  }

  #next(): WyomingEvent | undefined {
    this.#head ??= this.#readHead();
    if (this.#head === undefined) return undefined;
    const { type, data, dataLength, payloadLength } = this.#head;
    if (this.#length < dataLength + payloadLength) return undefined;
    const more = dataLength > 0 ? objectOf(this.#take(dataLength).toString("utf8"), "data") : {};
    const payload = this.#take(payloadLength);
    this.#head = undefined;
    return { type, data: { ...data, ...more }, payload };
  }

  #readHead(): Head | undefined {
    const end = this.#findLineEnd();
    if (end < 0) {
      if (this.#length > MAX_HEADER) throw new FramingError(`a header of more than ${MAX_HEADER} bytes`);
      return undefined;
    }
    if (end > MAX_HEADER) throw new FramingError(`a header of ${end} bytes, more than ${MAX_HEADER}`);
    this.#scanned = 0;
    const line = this.#take(end + 1).toString("utf8");
    const head = objectOf(line, "a header");
    const { type, data } = head;
    if (typeof type !== "string" || type === "" || type.length > MAX_TYPE)
      throw new FramingError("a header without type");
    if (data !== undefined && data !== null && !isObject(data)) throw new FramingError("data that is no object");
    return {
      type,
      data: isObject(data) ? data : {},
      dataLength: lengthOf(head.data_length, MAX_DATA, "data_length"),
      payloadLength: lengthOf(head.payload_length, MAX_PAYLOAD, "payload_length"),
    };
  }

  #findLineEnd(): number {
    let before = 0;
    for (const part of this.#parts) {
      if (before + part.length > this.#scanned) {
        const at = part.indexOf(LINE_END, Math.max(0, this.#scanned - before));
        if (at >= 0) return before + at;
      }
      before += part.length;
    }
    this.#scanned = this.#length;
    return -1;
  }

  #take(count: number): Buffer {
    if (count === 0) return Buffer.alloc(0);
    const all = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts, this.#length);
    this.#parts = all.length > count ? [all.subarray(count)] : [];
    this.#length -= count;
    return all.subarray(0, count);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectOf(text: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FramingError(`${what} that is no JSON`);
  }
  if (!isObject(value)) throw new FramingError(`${what} that is no JSON object`);
  return value;
}

function lengthOf(value: unknown, most: number, what: string): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > most) {
    throw new FramingError(`a ${what} of ${JSON.stringify(value)?.slice(0, 40)}, not 0 to ${most}`);
  }
  return value;
}

/** The bytes of one event. */
export function encodeEvent(type: string, data: Readonly<Record<string, unknown>> = {}, payload?: Buffer): Buffer {
  const body = Object.keys(data).length > 0 ? Buffer.from(JSON.stringify(data)) : Buffer.alloc(0);
  const head: Record<string, unknown> = { type };
  if (body.length > 0) head.data_length = body.length;
  if (payload !== undefined && payload.length > 0) head.payload_length = payload.length;
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body, payload ?? Buffer.alloc(0)]);
}
