// Ogg pages and packets (RFC 3533). In: a file's bytes. Out: the packets of its first stream. Pages whose checksum does
// not hold and pages of other streams are left out and counted.

const HEADER = 27;
const CONTINUED = 1;
const FIRST = 2;

export interface OggPacket {
  readonly data: Uint8Array;
  /** Position at the end of the page in which the packet ends, where it is the last to end there; else null. */
  readonly position: bigint | null;
}

export interface OggCounts {
  damaged: number;
  foreign: number;
  /** Bytes at the end that are no whole page. */
  rest: number;
}

interface Page {
  readonly flags: number;
  readonly position: bigint;
  readonly serial: number;
  readonly lacing: Uint8Array;
  readonly body: number;
  readonly end: number;
}

export function isOgg(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0x4f && bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53;
}

function pageAt(bytes: Uint8Array, at: number): Page | null {
  if (!isOgg(bytes, at) || at + HEADER > bytes.length || bytes[at + 4] !== 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  const segments = view.getUint8(26);
  const body = at + HEADER + segments;
  if (body > bytes.length) return null;
  const lacing = bytes.subarray(at + HEADER, body);
  let end = body;
  for (const length of lacing) end += length;
  if (end > bytes.length) return null;
  if (checksum(bytes, at, end) !== view.getUint32(22, true)) return null;
  return {
    flags: view.getUint8(5),
    position: view.getBigInt64(6, true),
    serial: view.getUint32(14, true),
    lacing,
    body,
    end,
  };
}

/** x^32 + x^26 + ... + 1 (0x04c11db7), most significant bit first, the field itself counted as zeros. */
const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let i = 0; i < 8; i++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

function checksum(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const byte = at - start >= 22 && at - start < 26 ? 0 : (bytes[at] as number);
    value = (value << 8) ^ (CRC[((value >>> 24) ^ byte) & 0xff] as number);
  }
  return value >>> 0;
}

export function* oggPackets(bytes: Uint8Array, counts: OggCounts): Generator<OggPacket> {
  let serial: number | null = null;
  let open: Uint8Array[] = [];
  let broken = false; // a page is missing: what continues a packet can't be used
  for (let at = 0; at < bytes.length; ) {
    const page = pageAt(bytes, at);
    if (page === null) {
      const next = nextPage(bytes, at + 1);
      if (next === bytes.length) counts.rest = next - at;
      else counts.damaged++;
      broken = true;
      open = [];
      at = next;
      continue;
    }
    at = page.end;
    serial ??= page.serial;
    if (page.serial !== serial) {
      if ((page.flags & FIRST) !== 0) counts.foreign++;
      continue;
    }
    if ((page.flags & CONTINUED) === 0) open = [];
    const skip = (page.flags & CONTINUED) !== 0 && (broken || open.length === 0);
    broken = false;
    open = yield* packetsOf(bytes, page, open, skip);
  }
}

/** Yields the packets that end in this page; returns the parts of the one that does not. */
function* packetsOf(
  bytes: Uint8Array,
  page: Page,
  before: Uint8Array[],
  skipFirst: boolean,
): Generator<OggPacket, Uint8Array[]> {
  const lastEnd = page.lacing.findLastIndex((length) => length < 255);
  let open = before;
  let skip = skipFirst;
  let start = page.body;
  let end = page.body;
  for (let i = 0; i < page.lacing.length; i++) {
    const length = page.lacing[i] as number;
    end += length;
    if (length === 255) continue;
    open.push(bytes.subarray(start, end));
    if (!skip) yield { data: join(open), position: i === lastEnd && page.position >= 0n ? page.position : null };
    open = [];
    skip = false;
    start = end;
  }
  if (end > start && !skip) open.push(bytes.subarray(start, end));
  return open;
}

function join(parts: Uint8Array[]): Uint8Array {
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
}

function nextPage(bytes: Uint8Array, from: number): number {
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf("OggS", from, "latin1");
  return found < 0 ? bytes.length : found;
}
