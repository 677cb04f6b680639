// Ogg Opus (RFC 7845), decoded at 16 kHz by the library opus-decoder. In: the file's bytes. Out: a Sound.

import { type OggCounts, oggPackets } from "./ogg.ts";
import { describe, MAX_CHANNELS, type Sound, SoundError } from "./sound.ts";

const RATE = 16_000;
/** Positions and the pre-skip count at this rate, whatever the rate of decoding. */
const POSITION_RATE = 48_000;
const PACKETS_A_BLOCK = 16;

interface Head {
  readonly channels: number;
  readonly preSkip: number;
  readonly gain: number;
  readonly streams: number;
  readonly coupled: number;
  readonly mapping: number[];
}

export async function readOggOpus(bytes: Uint8Array): Promise<Sound> {
  const counts: OggCounts = { damaged: 0, foreign: 0, rest: 0 };
  const packets = oggPackets(bytes, counts);
  const first = packets.next();
  if (first.done) throw new SoundError(`expected an Ogg Opus file; found one that is cut or damaged in its first page`);
  const head = readHead(first.value.data);
  const tags = packets.next();
  if (tags.done || packets.next().done) throw new SoundError("expected sound; found an Ogg Opus file that holds none");
  const { OpusDecoder } = await import("opus-decoder");
  const warnings: string[] = [];
  return {
    form: describe("Ogg Opus", null, RATE, head.channels),
    rate: RATE,
    channels: head.channels,
    seconds: null,
    warnings,
    blocks: () => blocks(bytes, head, warnings, OpusDecoder),
  };
}

function readHead(data: Uint8Array): Head {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const magic = Buffer.from(data.subarray(0, 8)).toString("latin1");
  if (magic !== "OpusHead") throw new SoundError(`expected Opus in the Ogg file; found ${foreignCodec(data)}`);
  if (data.length < 19 || view.getUint8(8) > 15)
    throw new SoundError("expected an Opus header of version 1; found another");
  const channels = view.getUint8(9);
  const family = view.getUint8(18);
  if (channels < 1 || channels > MAX_CHANNELS || family > 1 || (family === 0 && channels > 2)) {
    throw new SoundError(
      `expected 1 to ${MAX_CHANNELS} channels; found an Ogg Opus file with ${channels} of family ${family}`,
    );
  }
  const base = { channels, preSkip: view.getUint16(10, true), gain: 10 ** (view.getInt16(16, true) / (20 * 256)) };
  if (family === 0) return { ...base, streams: 1, coupled: channels - 1, mapping: channels === 1 ? [0] : [0, 1] };
  if (data.length < 21 + channels)
    throw new SoundError("expected an Opus header with a channel map; found one that is cut");
  const streams = view.getUint8(19);
  const coupled = view.getUint8(20);
  const mapping = [...data.subarray(21, 21 + channels)];
  const possible =
    streams > 0 && coupled <= streams && mapping.every((stream) => stream === 255 || stream < streams + coupled);
  if (!possible)
    throw new SoundError("expected an Opus header with a channel map; found one that names streams it lacks");
  return { ...base, streams, coupled, mapping };
}

function foreignCodec(data: Uint8Array): string {
  const start = Buffer.from(data.subarray(0, 8)).toString("latin1");
  if (start.startsWith("\x01vorbis")) return "Vorbis";
  if (start.startsWith("\x7fFLAC")) return "FLAC in Ogg";
  if (start.startsWith("Speex")) return "Speex";
  return "something else";
}

type Decoder = typeof import("opus-decoder").OpusDecoder;

async function* blocks(
  bytes: Uint8Array,
  head: Head,
  warnings: string[],
  Decoder: Decoder,
): AsyncGenerator<Float32Array[]> {
  const decoder = new Decoder({
    sampleRate: RATE,
    channels: head.channels,
    streamCount: head.streams,
    coupledStreamCount: head.coupled,
    channelMappingTable: head.mapping,
  });
  await decoder.ready;
  const counts: OggCounts = { damaged: 0, foreign: 0, rest: 0 };
  const state = { toSkip: scaled(head.preSkip), made: 0, bad: 0, good: 0 };
  try {
    let batch: Uint8Array[] = [];
    let index = 0;
    let held: Float32Array[] | null = null; // one block behind, so that the last can be trimmed
    let position = 0;
    for (const packet of oggPackets(bytes, counts)) {
      if (index++ < 2) continue; // the header and the tags
      batch.push(packet.data);
      if (packet.position !== null) position = Number(packet.position);
      if (batch.length < PACKETS_A_BLOCK) continue;
      if (held !== null) yield held;
      held = decode(decoder, batch, head, state);
      batch = [];
    }
    if (held !== null) yield held;
    held = batch.length > 0 ? decode(decoder, batch, head, state) : null;
    // The last position tells how much of the last packets counts.
    const surplus = state.made - scaled(position - head.preSkip);
    const length = held?.[0]?.length ?? 0;
    const keep = counts.damaged === 0 && surplus > 0 && surplus < length ? length - surplus : length;
    if (held !== null && keep > 0) yield held.map((samples) => samples.subarray(0, keep));
  } finally {
    decoder.free();
  }
  note(counts, state, warnings);
}

const scaled = (positions: number): number => Math.round((positions * RATE) / POSITION_RATE);

interface State {
  toSkip: number;
  made: number;
  bad: number;
  good: number;
}

/** The library tells the console of each packet that it can't decode; we count them and say it once. */
function quietly<T>(work: () => T): T {
  const { error } = console;
  console.error = () => {};
  try {
    return work();
  } finally {
    console.error = error;
  }
}

function decode(decoder: InstanceType<Decoder>, packets: Uint8Array[], head: Head, state: State): Float32Array[] {
  const result = quietly(() => decoder.decodeFrames(packets));
  state.bad += result.errors.length;
  state.good += packets.length - result.errors.length;
  const skip = Math.min(state.toSkip, result.samplesDecoded);
  state.toSkip -= skip;
  state.made += result.samplesDecoded - skip;
  return result.channelData.map((samples) => {
    const kept = samples.slice(skip);
    if (head.gain !== 1) for (let i = 0; i < kept.length; i++) kept[i] = (kept[i] as number) * head.gain;
    return kept;
  });
}

function note(counts: OggCounts, state: State, warnings: string[]): void {
  warnings.length = 0; // the blocks may be read twice
  if (state.good === 0)
    throw new SoundError("expected sound; found an Ogg Opus file without a packet that can be decoded");
  if (counts.damaged > 0) warnings.push(`${counts.damaged} damaged places were left out`);
  if (state.bad > 0) warnings.push(`${state.bad} packets could not be decoded`);
  if (counts.rest > 0) warnings.push("it is cut short");
  if (counts.foreign > 0) warnings.push("it holds several streams, of which the first was read");
}
