// Resampling with speex-resampler. In: 16-bit mono blocks of one file in order. Out: the same sound at another rate,
// without the filter's latency, so that times in it are times in the file.

import type SpeexResampler from "speex-resampler";

/** 10 is the best of the library; its filter is 256 samples long at the lower rate. */
const QUALITY = 10;
const FILTER = 256;

type Library = typeof SpeexResampler;

const keyOf = (from: number, to: number, channels: number): string => `${from}:${to}:${channels}`;

let library: Promise<Library> | undefined;
/** Silent ones, by their rates: the library can't give a resampler's memory back. Several of one kind may be in use. */
const free = new Map<string, SpeexResampler[]>();

async function load(): Promise<Library> {
  // The library's loader wants to decide how the process ends; that is not its business.
  const events: NodeJS.EventEmitter = process;
  const names = ["uncaughtException", "unhandledRejection"];
  const before = names.map((name) => events.listeners(name));
  const module = await import("speex-resampler");
  const found = (module.default as unknown as { default?: Library }).default ?? (module.default as unknown as Library);
  await found.initPromise;
  names.forEach((name, index) => {
    for (const listener of events.listeners(name)) {
      if (!before[index]?.includes(listener)) events.removeListener(name, listener as () => void);
    }
  });
  return found;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Input frames by which the library's output comes late: half its filter, whose length grows with the ratio. */
function latency(from: number, to: number): number {
  const length = to < from ? Math.floor((FILTER * from) / to) : FILTER;
  return (Math.floor((length - 1) / 8) * 8 + 8) / 2;
}

export class Resampler {
  readonly #engine: SpeexResampler;
  readonly #unit: number;
  readonly #latency: number;
  #skip: number;
  #waiting: Int16Array[];
  #waitingCount: number;
  #in = 0;
  #out = 0;

  static async open(from: number, to: number, channels = 1): Promise<Resampler> {
    library ??= load();
    const Engine = await library;
    const engine = free.get(keyOf(from, to, channels))?.pop() ?? new Engine(channels, from, to, QUALITY);
    return new Resampler(engine, from, to, channels);
  }

  private constructor(
    engine: SpeexResampler,
    readonly from: number,
    readonly to: number,
    readonly channels: number,
  ) {
    this.#engine = engine;
    // Whole multiples of this many frames give a whole number of output frames, and leave the filter's phase at 0.
    this.#unit = from / gcd(from, to);
    this.#latency = latency(from, to);
    // Silence before the sound, so that latency and silence together are a whole number of output frames.
    const lead = this.#unit - (this.#latency % this.#unit);
    this.#skip = ((this.#latency + lead) * to) / from;
    this.#waiting = [new Int16Array(lead * channels)];
    this.#waitingCount = lead * channels;
  }

  /** Interleaved samples in, as many out as are certain. */
  push(samples: Int16Array): Int16Array {
    this.#in += samples.length / this.channels;
    this.#waiting.push(samples);
    this.#waitingCount += samples.length;
    const unit = this.#unit * this.channels;
    const take = this.#waitingCount - (this.#waitingCount % unit);
    if (take === 0) return new Int16Array(0);
    const all = concat(this.#waiting, this.#waitingCount);
    this.#waiting = [all.subarray(take)];
    this.#waitingCount -= take;
    return this.#trim(this.#process(all.subarray(0, take)));
  }

  /** The rest, after the last push; gives the engine, which is silent then, back for the next file. To be called once,
   *  also where nobody wants the rest. */
  end(): Int16Array {
    const wanted = Math.ceil((this.#in * this.to) / this.from) - this.#out;
    // As much silence as the filter is long, twice: the sound's end comes out, and nothing stays inside.
    const tail = this.#latency * 2;
    const unit = this.#unit * this.channels;
    const padded = Math.ceil((this.#waitingCount + tail * 2 * this.channels) / unit) * unit;
    const last = new Int16Array(padded);
    last.set(concat(this.#waiting, this.#waitingCount));
    this.#waiting = [];
    this.#waitingCount = 0;
    const rest = this.#trim(this.#process(last)).slice(0, Math.max(0, wanted * this.channels));
    const key = keyOf(this.from, this.to, this.channels);
    free.set(key, [...(free.get(key) ?? []), this.#engine]);
    return rest;
  }

  #process(samples: Int16Array): Int16Array {
    const out = this.#engine.processChunk(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
    return new Int16Array(out.buffer, out.byteOffset, out.byteLength >> 1);
  }

  #trim(samples: Int16Array): Int16Array {
    const skip = Math.min(this.#skip, samples.length / this.channels);
    this.#skip -= skip;
    const rest = samples.subarray(skip * this.channels);
    this.#out += rest.length / this.channels;
    return rest;
  }
}

function concat(parts: Int16Array[], length: number): Int16Array {
  if (parts.length === 1 && parts[0]?.length === length) return parts[0];
  const all = new Int16Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
