// embedded:io/audio/in of the host: ECMA-419 audio input, 16 bit mono at 16 kHz, from the virtual microphone.
// In: start, stop, read. Out: onReadable(bytes, samples) each 10 ms of capture time in which sound has come.

interface Natives {
  es_audio_in_open: (this: AudioIn) => void;
  es_audio_in_close: (this: AudioIn) => void;
  es_audio_in_run: (this: AudioIn, on: boolean) => void;
  es_audio_in_ready: (this: AudioIn) => number;
  es_audio_in_lost: (this: AudioIn) => number;
  es_audio_in_read: (this: AudioIn, buffer: Uint8Array) => void;
}
declare function native<Name extends keyof Natives>(name: Name): Natives[Name];
declare const Native: (destructor: string) => new () => object;
declare function setInterval(callback: () => void, ms: number): number;
declare function clearInterval(id: number | undefined): void;

const open = native("es_audio_in_open");
const close = native("es_audio_in_close");
const run = native("es_audio_in_run");
const ready = native("es_audio_in_ready");
const lost = native("es_audio_in_lost");
const fill = native("es_audio_in_read");

const POLL_MS = 10;
const SAMPLE_BYTES = 2;

export interface AudioInOptions {
  bitsPerSample?: number;
  channels?: number;
  sampleRate?: number;
  audioType?: string;
  format?: string;
  target?: unknown;
  onReadable?: (this: AudioIn, bytes: number, samples: number) => void;
}

export default class AudioIn extends Native("es_audio_in_gone") {
  readonly bitsPerSample = 16;
  readonly channels = 1;
  readonly sampleRate = 16000;
  readonly audioType = "LPCM";
  readonly format = "buffer";
  target: unknown;
  readonly #onReadable: ((this: AudioIn, bytes: number, samples: number) => void) | undefined;
  #timer: number | undefined;

  constructor(options: AudioInOptions = {}) {
    super();
    for (const key of ["bitsPerSample", "channels", "sampleRate", "audioType", "format"] as const) {
      const wanted = options[key];
      if (wanted !== undefined && wanted !== this[key]) throw new RangeError(`${key}: only ${this[key]}`);
    }
    this.target = options.target;
    this.#onReadable = options.onReadable;
    open.call(this);
  }

  start(): void {
    run.call(this, true);
    this.#timer ??= setInterval(() => this.#poll(), POLL_MS);
  }

  stop(): void {
    run.call(this, false);
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    close.call(this);
  }

  /** Samples that were lost because nobody read them for a second. */
  get lost(): number {
    return lost.call(this);
  }

  /** All that is there, `bytes` of it, or as much as the buffer holds; undefined when nothing is there. */
  read(target?: number | Uint8Array): ArrayBuffer | number | undefined {
    const available = ready.call(this);
    if (available === 0) return undefined;
    if (target instanceof Uint8Array) {
      const part = target.subarray(0, Math.min(target.byteLength & ~1, available));
      fill.call(this, part);
      return part.byteLength;
    }
    const bytes = new Uint8Array(target ?? available);
    fill.call(this, bytes);
    return bytes.buffer;
  }

  #poll(): void {
    const bytes = ready.call(this);
    if (bytes > 0) this.#onReadable?.call(this, bytes, bytes / SAMPLE_BYTES);
  }
}
