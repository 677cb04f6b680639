import { describe, expect, it } from "testing";
import { decodeUp, encodeAnswer } from "../../../src/cloud/protocol";
import { type Choice, pathOf, SecondOpinion } from "../../../src/cloud/second-opinion";
import { decodeLattice, type Lattice, nbest } from "../../../src/recognizer/lattice";
import { LATTICES } from "../recognizer/lattices";

const SESSION = 0xfedcba98;
const PATIENCE = 4800;
const bytes = Uint8Array.from((LATTICES[0] as { hex: string }).hex.match(/../g) ?? [], (hex) =>
  Number.parseInt(hex, 16),
);
const lattice: Lattice = decodeLattice(bytes);
const second = nbest(lattice, String, 2)[1];
const path = (second?.edges ?? []).map((edge) => lattice.edges.indexOf(edge));

class Link {
  connected = true;
  full = false;
  readonly frames: string[] = [];

  send(frame: Uint8Array): boolean {
    if (this.full) return false;
    this.frames.push(decodeUp(frame).type);
    return true;
  }
}

function trial() {
  const link = new Link();
  const opinion = new SecondOpinion(link, SESSION, PATIENCE);
  const settled: (Choice | undefined)[] = [];
  return {
    link,
    opinion,
    settled,
    final: (t: number, utterance: number, revision: number) =>
      opinion.final(t, utterance, revision, bytes, (choice) => settled.push(choice)),
    answer: (utterance: number, revision: number, edges = path, session = SESSION) =>
      opinion.answer(encodeAnswer({ session, utterance, revision, confidence: 0.5, path: edges })),
  };
}

describe("SecondOpinion", () => {
  it("takes an answer that came before the final, without waiting", () => {
    const { link, opinion, settled, final, answer } = trial();
    opinion.speculative(1, 0, bytes);
    answer(1, 0);
    expect(settled).toEqual([]);
    final(100, 1, 0);
    expect(link.frames).toEqual(["speculative", "committed"]);
    expect(settled.length).toBe(1);
    expect(settled[0]?.path.score).toBe(second?.score);
  });

  it("waits after the final until an answer comes, and not longer than its patience", () => {
    const { opinion, settled, final, answer } = trial();
    final(100, 1, 0);
    opinion.tick(100 + PATIENCE - 1);
    expect(settled).toEqual([]);
    answer(1, 0);
    expect(settled.length).toBe(1);
    opinion.tick(100 + PATIENCE);
    expect(settled.length).toBe(1);
    final(9000, 2, 0);
    opinion.tick(9000 + PATIENCE);
    expect(settled[1]).toBe(undefined);
    answer(2, 0);
    expect(settled.length).toBe(2);
    expect(opinion.counts.timeouts).toBe(1);
    expect(opinion.counts.stale).toBe(1);
  });

  it("does not wait where there is no link, where it is full, or where it breaks", () => {
    for (const broken of ["connected", "full"] as const) {
      const { link, settled, final } = trial();
      if (broken === "full") link.full = true;
      else link.connected = false;
      final(100, 1, 0);
      expect(settled).toEqual([undefined]);
    }
    const { link, opinion, settled, final } = trial();
    final(100, 1, 0);
    link.connected = false;
    opinion.tick(101);
    expect(settled).toEqual([undefined]);
  });

  it("forgets a revision that is void, and drops what still comes for it", () => {
    const { link, opinion, settled, final, answer } = trial();
    opinion.speculative(1, 0, bytes);
    answer(1, 0);
    opinion.reset(1, 0);
    opinion.speculative(1, 1, bytes);
    answer(1, 0);
    final(100, 1, 1);
    expect(settled).toEqual([]);
    answer(1, 1);
    expect(settled.length).toBe(1);
    expect(link.frames).toEqual(["speculative", "reset", "speculative", "committed"]);
    expect(opinion.counts.stale).toBe(1);
  });

  it("sends a final that differs from the frozen revision", () => {
    const { link, opinion, final } = trial();
    opinion.speculative(1, 0, bytes);
    final(100, 1, 1);
    expect(link.frames).toEqual(["speculative", "final"]);
  });

  it("takes no words that were not heard here: lies, repeats, other sessions, noise", () => {
    const { opinion, settled, final, answer } = trial();
    final(100, 1, 0);
    answer(1, 0, []);
    answer(1, 0, [...path, 0]);
    answer(1, 0, [60_000]);
    answer(1, 0, path.slice().reverse());
    opinion.answer(Uint8Array.from([1, 2, 3]));
    answer(1, 0, path, 1);
    expect(settled).toEqual([]);
    expect(opinion.counts.refused).toBe(5);
    expect(opinion.counts.stale).toBe(1);
    answer(1, 0);
    answer(1, 0);
    expect(settled.length).toBe(1);
  });

  it("settles a request that is given up, once", () => {
    const { link, opinion, settled, final } = trial();
    final(100, 1, 0);
    opinion.cancel(1);
    opinion.cancel(1);
    opinion.tick(100 + PATIENCE);
    expect(settled).toEqual([undefined]);
    expect(link.frames).toEqual(["final", "cancel"]);
  });
});

describe("pathOf", () => {
  it("knows every n-best path again, and nothing that is cut", () => {
    for (const found of nbest(lattice, String, 10)) {
      const indices = found.edges.map((edge) => lattice.edges.indexOf(edge));
      expect(pathOf(lattice, indices)?.score).toBe(found.score);
      expect(pathOf(lattice, indices.slice(1))).toBe(undefined);
    }
  });
});
