// embedded:io/audio/out of the host: ECMA-419 audio output, 16 bit stereo at 48 kHz, added to what the firmware plays.
// In: start, stop, write. Out: onWritable(bytes, samples) each 10 ms of capture time in which there is space.

interface Natives {
  es_audio_out_open: (this: AudioOut) => void;
  es_audio_out_close: (this: AudioOut) => void;
  es_audio_out_run: (this: AudioOut, on: boolean) => void;
  es_audio_out_space: (this: AudioOut) => number;
  es_audio_out_write: (this: AudioOut, buffer: ArrayBuffer | Uint8Array | DataView) => void;
  es_audio_out_volume: (this: AudioOut, level: number) => void;
}
declare function native<Name extends keyof Natives>(name: Name): Natives[Name];
declare const Native: (destructor: string) => new () => object;
declare function setInterval(callback: () => void, ms: number): number;
declare function clearInterval(id: number | undefined): void;

const open = native("es_audio_out_open");
const close = native("es_audio_out_close");
const run = native("es_audio_out_run");
const space = native("es_audio_out_space");
const put = native("es_audio_out_write");
const level = native("es_audio_out_volume");

const POLL_MS = 10;
const FRAME_BYTES = 4;

export interface AudioOutOptions {
  bitsPerSample?: number;
  channels?: number;
  sampleRate?: number;
  audioType?: string;
  format?: string;
  target?: unknown;
  onWritable?: (this: AudioOut, bytes: number, samples: number) => void;
}

export default class AudioOut extends Native("es_audio_out_gone") {
  readonly bitsPerSample = 16;
  readonly channels = 2;
  readonly sampleRate = 48000;
  readonly audioType = "LPCM";
  readonly format = "buffer";
  target: unknown;
  readonly #onWritable: ((this: AudioOut, bytes: number, samples: number) => void) | undefined;
  #timer: number | undefined;
  #volume = 1;

  constructor(options: AudioOutOptions = {}) {
    super();
    for (const key of ["bitsPerSample", "channels", "sampleRate", "audioType", "format"] as const) {
      const wanted = options[key];
      if (wanted !== undefined && wanted !== this[key]) throw new RangeError(`${key}: only ${this[key]}`);
    }
    this.target = options.target;
    this.#onWritable = options.onWritable;
    open.call(this);
  }

  start(): void {
    run.call(this, true);
    this.#timer ??= setInterval(() => this.#poll(), POLL_MS);
    this.#poll();
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

  get volume(): number {
    return this.#volume;
  }

  set volume(value: number) {
    level.call(this, value);
    this.#volume = value;
  }

  /** Throws when there is less space, or for a part of a frame. */
  write(buffer: ArrayBuffer | Uint8Array | DataView): void {
    put.call(this, buffer);
  }

  #poll(): void {
    const bytes = space.call(this);
    if (bytes > 0) this.#onWritable?.call(this, bytes, bytes / FRAME_BYTES);
  }
}
