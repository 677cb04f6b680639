// From a lattice to the path that a larger language model finds likeliest. In: a lattice, a scorer of texts. Out: the
// indices of a path's edges and its probability among the paths that were weighed.
// Score of a path: acoustic + bias + a × language model − b × the device's internal language model + c × words
// (Meng and others 2020, arXiv 2011.01991). What the device's own n-gram added (`language` of an edge) is left out: the
// larger model takes its place.

import { type Lattice, type LatticePath, nbest, type Spelling } from "../../src/recognizer/lattice.ts";

export interface Weights {
  readonly languageModel: number;
  readonly internal: number;
  readonly word: number;
  /** Of the device's own n-gram, where it has one. */
  readonly device: number;
}

/** Natural logarithms of the probabilities of sequences of pieces, ends included. */
export type Scorer = (sequences: readonly (readonly number[])[]) => Promise<number[]>;

export interface Reranked {
  readonly path: readonly number[];
  readonly confidence: number;
}

/** Paths that are weighed. */
const CANDIDATES = 50;

export interface Candidate {
  readonly path: LatticePath;
  readonly pieces: readonly number[];
  readonly words: number;
  readonly acoustic: number;
  readonly device: number;
}

export function candidatesOf(lattice: Lattice, spell: Spelling): Candidate[] {
  return nbest(lattice, spell, CANDIDATES).map((path) => {
    const sum = (key: "acoustic" | "bias" | "language"): number =>
      path.edges.reduce((total, edge) => total + edge[key], 0);
    return {
      path,
      pieces: path.edges.flatMap(({ pieces }) => pieces),
      words: path.edges.filter(({ pieces }) => pieces.length > 0).length,
      acoustic: sum("acoustic") + sum("bias"),
      device: sum("language"),
    };
  });
}

export function scoreOf(candidate: Candidate, language: number, internal: number, weights: Weights): number {
  return (
    candidate.acoustic +
    weights.device * candidate.device +
    weights.languageModel * language -
    weights.internal * internal +
    weights.word * candidate.words
  );
}

export async function rerank(
  lattice: Lattice,
  spell: Spelling,
  weights: Weights,
  language: Scorer,
  internal: (pieces: readonly number[]) => number,
): Promise<Reranked> {
  const candidates = candidatesOf(lattice, spell);
  const scores = await language(candidates.map(({ pieces }) => pieces));
  const totals = candidates.map((candidate, i) =>
    scoreOf(candidate, scores[i] as number, internal(candidate.pieces), weights),
  );
  const top = Math.max(...totals);
  const best = totals.indexOf(top);
  const mass = totals.reduce((sum, total) => sum + Math.exp(total - top), 0);
  const { path } = candidates[best] as Candidate;
  return { path: path.edges.map((edge) => lattice.edges.indexOf(edge)), confidence: 1 / mass };
}
