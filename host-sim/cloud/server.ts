// The re-ranking service. In: frames of devices from an MQTT broker, by a shared subscription, so that several services
// share the work. Out: answers on each device's own topic. It keeps nothing between requests: any service can answer any
// frame. Bounded: what comes faster than it can be weighed is dropped, the oldest first, and counted.

import { decodeUp, encodeAnswer, FrameError, MAX_UP, type UpFrame } from "../../src/cloud/protocol.ts";
import { decodeLattice, type Lattice, LatticeError, type Spelling } from "../../src/recognizer/lattice.ts";
import type { InternalLanguageModel } from "./internal-lm.ts";
import { rerank, type Scorer, type Weights } from "./rerank.ts";

/** What a device's model is, by the checksum of its file. */
export interface KnownModel {
  readonly spell: Spelling;
  readonly internal: InternalLanguageModel;
}

export interface ServiceOptions {
  readonly models: ReadonlyMap<number, KnownModel>;
  readonly language: Scorer;
  readonly weights: Weights;
  /** Sends an answer; may fail silently: the device goes on without. */
  publish(topic: string, bytes: Uint8Array): void;
  /** Requests that may wait. */
  readonly most?: number;
}

export interface ServiceCounts {
  received: number;
  answered: number;
  /** No frame, no lattice, or another device's topic. */
  refused: number;
  /** Of a model that is not known here. */
  unknown: number;
  /** Dropped because too many waited, or taken back by the device. */
  dropped: number;
  failed: number;
}

interface Waiting {
  readonly device: string;
  readonly session: number;
  readonly lattice: Lattice;
}

const MOST_WAITING = 256;
const TOPIC = /^earshot\/v1\/([A-Za-z0-9_-]{1,64})\/up$/;

export const upTopics = "earshot/v1/+/up";
export const downTopic = (device: string): string => `earshot/v1/${device}/down`;

export class Service {
  readonly counts: ServiceCounts = { received: 0, answered: 0, refused: 0, unknown: 0, dropped: 0, failed: 0 };
  readonly #options: ServiceOptions;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** A message of the broker. Never throws: what can't be read is counted. */
  message(topic: string, bytes: Uint8Array): void {
    this.counts.received++;
    const device = TOPIC.exec(topic)?.[1];
    try {
      if (device === undefined || bytes.length > MAX_UP) throw new FrameError("no frame of ours");
      this.#take(device, decodeUp(bytes));
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof LatticeError)) throw error;
      this.counts.refused++;
    }
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  #take(device: string, frame: UpFrame): void {
    if (!("lattice" in frame)) {
      // A reset or the end of a request: what still waits of it is wanted no more. A commit changes nothing.
      if (frame.type !== "committed") this.#drop(device, frame.session, frame.utterance);
      return;
    }
    const lattice = decodeLattice(frame.lattice);
    if (!this.#options.models.has(lattice.model)) {
      this.counts.unknown++;
      return;
    }
    this.#drop(device, frame.session, lattice.utterance);
    this.#waiting.push({ device, session: frame.session, lattice });
    if (this.#waiting.length > (this.#options.most ?? MOST_WAITING)) {
      this.#waiting.shift();
      this.counts.dropped++;
    }
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  #drop(device: string, session: number, utterance: number): void {
    const left = this.#waiting.filter(
      (other) => other.device !== device || other.session !== session || other.lattice.utterance !== utterance,
    );
    this.counts.dropped += this.#waiting.length - left.length;
    this.#waiting = left;
  }

  async #work(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.#answer(next);
        this.counts.answered++;
      } catch {
        this.counts.failed++; // the device goes on with its own words
      }
    }
  }

  async #answer({ device, session, lattice }: Waiting): Promise<void> {
    const { models, language, weights, publish } = this.#options;
    const { spell, internal } = models.get(lattice.model) as KnownModel;
    const { path, confidence } = await rerank(lattice, spell, weights, language, internal);
    const { utterance, revision } = lattice;
    publish(downTopic(device), encodeAnswer({ session, utterance, revision, confidence, path }));
  }
}
