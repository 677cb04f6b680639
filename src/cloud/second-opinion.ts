// When what goes up, and what is made of an answer. One request at a time, as the recogniser has it; times are samples of
// the capture clock. The device decides with its own best words whenever an answer is not there in time.

import { decodeLattice, type Lattice, type LatticeEdge, type LatticePath } from "../recognizer/lattice";
import { type AnswerFrame, decodeAnswer, encodeUp, FrameError } from "./protocol";

/** A link that is down or full takes nothing: no request waits for it. */
export interface UpLink {
  readonly connected: boolean;
  /** False: not taken. */
  send(frame: Uint8Array): boolean;
}

export interface Choice {
  readonly path: LatticePath;
  /** 0–1, of the server. */
  readonly confidence: number;
}

export interface SecondOpinionCounts {
  sent: number;
  sentBytes: number;
  /** The link took no more. */
  unsent: number;
  answers: number;
  /** For another request, another revision, or after the time-out. */
  stale: number;
  /** Not readable, or no path of the lattice that was sent. */
  refused: number;
  timeouts: number;
}

interface Sent {
  readonly utterance: number;
  readonly revision: number;
  readonly lattice: Uint8Array;
}

export class SecondOpinion {
  readonly counts: SecondOpinionCounts = {
    sent: 0,
    sentBytes: 0,
    unsent: 0,
    answers: 0,
    stale: 0,
    refused: 0,
    timeouts: 0,
  };
  readonly #link: UpLink;
  readonly #session: number;
  /** The revision that an answer would be for. */
  #asked: Sent | undefined;
  #choice: Choice | undefined;
  #deadline: number | undefined;
  #settle: ((choice: Choice | undefined) => void) | undefined;

  /** `session`: another number at each start of the device, 0 to 2^32 - 1. `patience`: samples after the final. */
  constructor(
    link: UpLink,
    session: number,
    readonly patience: number,
  ) {
    this.#link = link;
    this.#session = session;
  }

  speculative(utterance: number, revision: number, lattice: Uint8Array): void {
    this.#forget();
    this.#ask("speculative", { utterance, revision, lattice });
  }

  /** The frozen revision is void. */
  reset(utterance: number, revision: number): void {
    if (this.#asked !== undefined) this.#send({ type: "reset", session: this.#session, utterance, revision });
    this.#forget();
  }

  /** The request ended without words, or was given up. */
  cancel(utterance: number): void {
    const asked = this.#asked;
    if (asked?.utterance === utterance)
      this.#send({ type: "cancel", session: this.#session, utterance, revision: asked.revision });
    const settle = this.#settle;
    this.#forget();
    settle?.(undefined);
  }

  /**
   * The words are final at t. `settle` is called once: with the server's choice, at once where it is there already; with
   * undefined at once where there is no link, and else when patience ends.
   */
  final(
    t: number,
    utterance: number,
    revision: number,
    lattice: Uint8Array,
    settle: (choice: Choice | undefined) => void,
  ): void {
    const asked = this.#asked;
    if (asked?.utterance === utterance && asked.revision === revision) {
      this.#send({ type: "committed", session: this.#session, utterance, revision });
      if (this.#choice !== undefined) {
        const choice = this.#choice;
        this.#forget();
        settle(choice);
        return;
      }
    } else {
      this.#forget();
      this.#ask("final", { utterance, revision, lattice });
    }
    if (this.#asked === undefined) {
      settle(undefined);
      return;
    }
    this.#settle = settle;
    this.#deadline = t + this.patience;
  }

  /** To be called as the capture clock goes on. */
  tick(t: number): void {
    if (this.#deadline === undefined || (t < this.#deadline && this.#link.connected)) return;
    this.counts.timeouts++;
    const settle = this.#settle;
    this.#forget();
    settle?.(undefined);
  }

  /** Bytes of the down-link. A server can only choose among the words that were heard here. */
  answer(bytes: Uint8Array): void {
    let answer: AnswerFrame;
    try {
      answer = decodeAnswer(bytes);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.counts.refused++;
      return;
    }
    const asked = this.#asked;
    const ours = answer.session === this.#session && answer.utterance === asked?.utterance;
    if (asked === undefined || !ours || answer.revision !== asked.revision || this.#choice !== undefined) {
      this.counts.stale++;
      return;
    }
    const path = pathOf(decodeLattice(asked.lattice), answer.path);
    if (path === undefined) {
      this.counts.refused++;
      return;
    }
    this.counts.answers++;
    this.#choice = { path, confidence: answer.confidence };
    const settle = this.#settle;
    if (settle === undefined) return; // the final has still to come
    const choice = this.#choice;
    this.#forget();
    settle(choice);
  }

  #ask(type: "speculative" | "final", request: Sent): void {
    // The event's bytes are only lent to whoever handles it.
    const lattice = Uint8Array.from(request.lattice);
    if (this.#send({ type, session: this.#session, lattice })) this.#asked = { ...request, lattice };
  }

  #send(frame: Parameters<typeof encodeUp>[0]): boolean {
    const bytes = encodeUp(frame);
    if (!this.#link.connected || !this.#link.send(bytes)) {
      this.counts.unsent++;
      return false;
    }
    this.counts.sent++;
    this.counts.sentBytes += bytes.length;
    return true;
  }

  #forget(): void {
    this.#asked = undefined;
    this.#choice = undefined;
    this.#deadline = undefined;
    this.#settle = undefined;
  }
}

/** The edges of these indices as a path from the first node to the last; undefined where they are none. */
export function pathOf(lattice: Lattice, indices: readonly number[]): LatticePath | undefined {
  const edges: LatticeEdge[] = [];
  let node = 0;
  let score = 0;
  for (const index of indices) {
    const edge = lattice.edges[index];
    if (edge === undefined || edge.from !== node) return undefined;
    edges.push(edge);
    score += edge.score;
    node = edge.to;
  }
  return node === lattice.times.length - 1 ? { score, edges } : undefined;
}
