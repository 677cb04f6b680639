// The firmware's processes that hear the requests. In: 16 kHz sound of one request at a time and process. Out: utterances
// as they end. A process is kept for the next request; one that fails is replaced, and only its own request is lost.

import { Device, keepLog } from "../cli/device/device.ts";
import { failureOf, failureOfEnd } from "../cli/device/host-error.ts";
import { isTraceEvent } from "../cli/device/records.ts";
import { fault } from "../cli/failure.ts";

export interface Listener {
  /** Words of an utterance that is over, and where in the sound its end was decided, in ms. */
  utterance(text: string, atMs: number): void;
  /** Nothing was said until here. */
  silence(atMs: number): void;
}

const SAMPLES_A_MS = 16;

/** One request: sound in, then `end`. */
export class Hearing {
  readonly texts: string[] = [];
  readonly done: Promise<void>;
  #resolve: () => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(
    readonly listener: Listener,
    readonly device: Device,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.done.catch(() => {});
  }

  sound(samples: Int16Array): Promise<void> {
    return samples.length === 0 ? Promise.resolve() : this.device.sound(samples);
  }

  /** All sound was given: resolves with the whole text. */
  async end(): Promise<string> {
    await this.device.endFile();
    await this.done;
    return this.texts.join(" ");
  }

  settle(error?: unknown): void {
    if (error === undefined) this.#resolve();
    else this.#reject(error);
  }
}

class Engine {
  readonly #device: Device;
  #hearing: Hearing | undefined;
  dead = false;
  readonly ready: Promise<void>;

  constructor(root: string, model: string) {
    this.#device = new Device({ root, model, transcribe: true });
    const log = keepLog(this.#device.log);
    let up: () => void = () => {};
    let down: (error: unknown) => void = () => {};
    this.ready = new Promise((resolve, reject) => {
      up = resolve;
      down = reject;
    });
    this.ready.catch(() => {});
    void this.#read(up)
      .then(async () => failureOfEnd(await this.#device.ended, log()) ?? fault("the firmware's process ended."))
      .catch((error: unknown) => error)
      .then((error) => {
        this.dead = true;
        down(error);
        this.#hearing?.settle(error);
      });
  }

  async hear(listener: Listener): Promise<Hearing> {
    await this.ready;
    const hearing = new Hearing(listener, this.#device);
    this.#hearing = hearing;
    await this.#device.beginFile("request");
    return hearing;
  }

  kill(): void {
    this.#device.kill();
  }

  async #read(up: () => void): Promise<void> {
    for await (const { record } of this.#device.records()) {
      if (record.type === "ready") up();
      else if (record.type === "error") {
        this.#device.kill();
        throw failureOf(record);
      } else if (record.type === "end") {
        const hearing = this.#hearing;
        this.#hearing = undefined;
        hearing?.settle();
      } else if (isTraceEvent(record)) {
        const hearing = this.#hearing;
        if (record.type === "final") {
          hearing?.texts.push(record.text);
          hearing?.listener.utterance(record.text, record.t / SAMPLES_A_MS);
        } else if (record.type === "timeout" && record.reason !== "input") {
          hearing?.listener.silence(record.t / SAMPLES_A_MS);
        }
      }
    }
  }
}

export class EnginePool {
  readonly #idle: Engine[] = [];
  readonly #all = new Set<Engine>();
  readonly #busy = new Map<Hearing, Engine>();

  constructor(
    readonly root: string,
    readonly model: string,
  ) {}

  /** Starts a first process, so that a model that can't be used is told before anybody connects. */
  async prove(): Promise<void> {
    const engine = this.#make();
    await engine.ready;
    this.#idle.push(engine);
  }

  async hear(listener: Listener): Promise<Hearing> {
    let engine = this.#idle.pop();
    while (engine?.dead) engine = this.#idle.pop();
    engine ??= this.#make();
    const hearing = await engine.hear(listener);
    this.#busy.set(hearing, engine);
    return hearing;
  }

  /** The request is over, or nobody waits for it any more. */
  async release(hearing: Hearing, ended: boolean): Promise<void> {
    const engine = this.#busy.get(hearing);
    this.#busy.delete(hearing);
    if (engine === undefined) return;
    try {
      if (!ended) await hearing.end();
    } catch {
      // The process failed: its request has been told, or nobody waits for it.
    }
    if (engine.dead) this.#all.delete(engine);
    else this.#idle.push(engine);
  }

  close(): void {
    for (const engine of this.#all) engine.kill();
  }

  #make(): Engine {
    const engine = new Engine(this.root, this.model);
    this.#all.add(engine);
    return engine;
  }
}
