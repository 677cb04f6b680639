// One client: events in order, answers to them. In: events of framing.ts. Out: bytes of answers.
//
//   describe → info · ping → pong · transcribe, audio-start, audio-chunk…, audio-stop → transcript
//
// A request is answered at its audio-stop. A client that streams a live microphone and leaves it to us to find the end
// (info says requires_external_vad: false) is answered at the recogniser's own end-point instead: that is a client whose
// sound comes no faster than it is spoken, or that names a `vad_sensitivity`. What else it sends of that request is
// dropped. Words are sent as utterances end, too: transcript-start, transcript-chunk…, and after the transcript
// transcript-stop.

import { Failure } from "../cli/failure.ts";
import { CAPTURE_RATE } from "../cli/sound/capture.ts";
import { Converter, FormatError, type PcmFormat, pcmFormatOf, sameFormat } from "./audio.ts";
import type { EnginePool, Hearing } from "./engine.ts";
import { encodeEvent, type WyomingEvent } from "./framing.ts";

export interface Surroundings {
  readonly pool: EnginePool;
  readonly info: Readonly<Record<string, unknown>>;
  readonly model: string;
  readonly languages: readonly string[];
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
}

/** Of one request. */
const MAX_SECONDS = 600;
/** Sound that came in less than this share of its length was recorded before. */
const LIVE_SHARE = 0.8;

interface Request {
  readonly format: PcmFormat;
  readonly converter: Converter;
  readonly hearing: Hearing;
  readonly startedMs: number;
  samples: number;
  parts: number;
  /** Answered or given up: what its hearing still tells is for nobody. */
  over: boolean;
}

interface Wishes {
  /** The client said that we find the end. */
  readonly endpoint: boolean;
  /** Why the request can't be served: one sentence. */
  readonly refused?: string;
}

export class Connection {
  readonly #send: (bytes: Buffer) => void;
  readonly #around: Surroundings;
  #request: Request | undefined;
  #wishes: Wishes = { endpoint: false };
  /** A request that was answered or refused: what is left of it is dropped up to its audio-stop. */
  #dropping = false;

  constructor(around: Surroundings, send: (bytes: Buffer) => void) {
    this.#around = around;
    this.#send = send;
  }

  get listening(): boolean {
    return this.#request !== undefined;
  }

  async handle(event: WyomingEvent): Promise<void> {
    switch (event.type) {
      case "describe":
        return this.#tell("info", this.#around.info);
      case "ping":
        return this.#tell("pong", typeof event.data.text === "string" ? { text: event.data.text } : {});
      case "transcribe":
        await this.#drop();
        this.#dropping = false;
        this.#wishes = this.#wishesOf(event.data);
        return;
      case "audio-start":
        await this.#drop();
        this.#dropping = false;
        return this.#start(event);
      case "audio-chunk":
        return this.#chunk(event);
      case "audio-stop":
        return this.#stop();
      default: // the protocol asks servers to drop what they don't know
    }
  }

  /** The client is gone, or has been silent for too long. */
  async close(): Promise<void> {
    await this.#drop();
  }

  refuse(text: string, code: string): void {
    this.#tell("error", { text, code });
  }

  #tell(type: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.#send(encodeEvent(type, data));
  }

  #wishesOf(data: WyomingEvent["data"]): Wishes {
    const { language, name } = data;
    const endpoint = typeof data.vad_sensitivity === "string";
    if (typeof language === "string" && !this.#around.languages.includes(language.toLowerCase().split(/[-_]/)[0] ?? ""))
      return {
        endpoint,
        refused: `expected language ${this.#around.languages.join(" or ")}; found ${printed(language)}.`,
      };
    if (typeof name === "string" && name !== this.#around.model)
      return { endpoint, refused: `expected model ${this.#around.model}; found ${printed(name)}.` };
    return { endpoint };
  }

  async #start(event: WyomingEvent): Promise<void> {
    if (this.#wishes.refused !== undefined) return this.#refuseRequest(this.#wishes.refused, "not-supported");
    let format: PcmFormat;
    try {
      format = pcmFormatOf(event.data);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return this.#refuseRequest(`${error.message}.`, "bad-format");
    }
    try {
      const hearing = await this.#around.pool.hear({
        utterance: (text) => this.#utterance(request, text),
        silence: () => this.#endpoint(request),
      });
      const converter = await Converter.open(format);
      const startedMs = this.#around.now();
      const request: Request = { format, converter, hearing, startedMs, samples: 0, parts: 0, over: false };
      this.#request = request;
    } catch (error) {
      this.#refuseRequest(sentence(error), "engine");
    }
  }

  async #chunk(event: WyomingEvent): Promise<void> {
    if (this.#dropping) return;
    if (this.#request === undefined) await this.#start(event);
    const request = this.#request;
    if (request === undefined) return;
    try {
      const format = pcmFormatOf(event.data);
      if (!sameFormat(format, request.format)) throw new FormatError(changed(request.format, format));
      const samples = request.converter.push(event.payload);
      request.samples += samples.length;
      if (request.samples > MAX_SECONDS * CAPTURE_RATE)
        throw new FormatError(`expected at most ${MAX_SECONDS} seconds of sound; found more`);
      await request.hearing.sound(samples);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      await this.#drop();
      this.#refuseRequest(`${error.message}.`, "bad-format");
    }
  }

  async #stop(): Promise<void> {
    const request = this.#request;
    if (request === undefined) {
      // Nobody spoke: an answer is still waited for, unless one was given.
      if (!this.#dropping) this.#tell("transcript", { text: "", language: this.#around.languages[0] });
      this.#dropping = false;
      return;
    }
    this.#request = undefined;
    let text: string | undefined;
    try {
      await request.hearing.sound(request.converter.end());
      text = await request.hearing.end();
    } catch (error) {
      this.refuse(sentence(error), "engine");
    }
    await this.#around.pool.release(request.hearing, true);
    if (text !== undefined) this.#answer(request, text);
  }

  #utterance(request: Request, text: string): void {
    if (request.over) return;
    if (request.parts++ === 0) this.#tell("transcript-start", { language: this.#around.languages[0] });
    this.#tell("transcript-chunk", { text: request.parts > 1 ? ` ${text}` : text });
    this.#endpoint(request);
  }

  /** The recogniser has found an end, before the client has told one. */
  #endpoint(request: Request): void {
    if (request.over || this.#request !== request || !this.#isLive(request)) return;
    this.#answer(request, request.hearing.texts.join(" "));
    this.#dropping = true;
    void this.#drop();
  }

  #isLive(request: Request): boolean {
    const took = this.#around.now() - request.startedMs;
    return this.#wishes.endpoint || took >= LIVE_SHARE * ((1000 * request.samples) / CAPTURE_RATE);
  }

  #answer(request: Request, text: string): void {
    request.over = true;
    this.#tell("transcript", { text, language: this.#around.languages[0] });
    if (request.parts > 0) this.#tell("transcript-stop");
  }

  #refuseRequest(text: string, code: string): void {
    this.#dropping = true;
    this.refuse(text, code);
  }

  /** Gives up the running request without an answer. */
  async #drop(): Promise<void> {
    const request = this.#request;
    this.#request = undefined;
    if (request === undefined) return;
    request.over = true;
    request.converter.end();
    await this.#around.pool.release(request.hearing, false);
  }
}

const printed = (text: string): string => JSON.stringify(text.slice(0, 40));

const words = ({ rate, width, channels }: PcmFormat): string => `${rate} Hz, ${8 * width} bit, ${channels} channels`;

function changed(expected: PcmFormat, found: PcmFormat): string {
  return `expected sound of ${words(expected)}, as the request began; found ${words(found)}`;
}

function sentence(error: unknown): string {
  return error instanceof Failure || error instanceof Error ? error.message : String(error);
}
