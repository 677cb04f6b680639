// Where the nodes and words of a lattice lie in its picture. Time runs left to right; where words are too short for
// their letters the scale is stretched. The best path is one straight line; every other word has a lane above or below
// it, the likelier the nearer.

import { bestPath, edgeText, type Lattice, type LatticeEdge, type Spelling } from "../../../src/recognizer/lattice.ts";

export interface PlacedEdge {
  readonly edge: LatticeEdge;
  readonly text: string;
  readonly best: boolean;
  /** 0: the line of the best path; lanes above are negative. */
  readonly lane: number;
  readonly x0: number;
  readonly x1: number;
}

export interface Layout {
  readonly edges: readonly PlacedEdge[];
  /** Of each node: x in pixels, lane. */
  readonly nodes: readonly { readonly x: number; readonly lane: number }[];
  readonly width: number;
  readonly lanes: { readonly top: number; readonly bottom: number };
  /** Pixels of a time in frames. */
  readonly xOf: (frames: number) => number;
}

const PIXELS_A_FRAME = 2.4;
const PIXELS_A_LETTER = 10;
const WORD_MARGIN = 44;

export function labelOf(text: string): string {
  return text === "" ? "∅" : text;
}

function widthOf(text: string): number {
  return labelOf(text).length * PIXELS_A_LETTER + WORD_MARGIN;
}

function nodePlaces(lattice: Lattice, words: readonly string[]): number[] {
  const places = [0];
  for (let node = 1; node < lattice.times.length; node++) {
    const before = places[node - 1] as number;
    const time = (lattice.times[node] as number) - (lattice.times[node - 1] as number);
    let x = before + Math.max(time > 0 ? 12 : 0, time * PIXELS_A_FRAME);
    lattice.edges.forEach((edge, i) => {
      if (edge.to === node) x = Math.max(x, (places[edge.from] as number) + widthOf(words[i] as string));
    });
    places.push(x);
  }
  return places;
}

/** The lane that is asked for, else the nearest free one, above and below by turns. */
class Lanes {
  readonly #taken = new Map<number, { x0: number; x1: number }[]>();

  place(x0: number, x1: number, wanted: number): number {
    for (let turn = wanted === 0 ? 2 : 1; ; turn++) {
      const lane = turn === 1 ? wanted : turn % 2 === 0 ? -turn / 2 : (turn - 1) / 2;
      const others = this.#taken.get(lane) ?? [];
      if (others.some((other) => x0 < other.x1 && other.x0 < x1)) continue;
      others.push({ x0, x1 });
      this.#taken.set(lane, others);
      return lane;
    }
  }
}

export function layOut(lattice: Lattice, spell: Spelling): Layout {
  const words = lattice.edges.map((edge) => edgeText(edge, spell));
  const xs = nodePlaces(lattice, words);
  const best = new Set(bestPath(lattice).edges);
  const lanes = new Lanes();
  const placed = new Map<LatticeEdge, PlacedEdge>();
  const order = [...lattice.edges].sort((a, b) => b.posterior - a.posterior);
  const onBest = new Set([0, ...[...best].map((edge) => edge.to)]);
  // A chain of words off the best path stays in its lane.
  const lanesOfNodes = new Map<number, number>();
  for (const edge of order) {
    const [x0, x1] = [xs[edge.from] as number, xs[edge.to] as number];
    const text = words[lattice.edges.indexOf(edge)] as string;
    const wanted = lanesOfNodes.get(edge.from) ?? lanesOfNodes.get(edge.to) ?? 0;
    const lane = best.has(edge) ? 0 : lanes.place(x0, x1, wanted);
    for (const node of [edge.from, edge.to])
      if (!onBest.has(node) && !lanesOfNodes.has(node)) lanesOfNodes.set(node, lane);
    placed.set(edge, { edge, text, best: best.has(edge), lane, x0, x1 });
  }
  const edges = lattice.edges.map((edge) => placed.get(edge) as PlacedEdge);
  const nodes = xs.map((x, node) => ({ x, lane: lanesOfNodes.get(node) ?? 0 }));
  const all = edges.map(({ lane }) => lane);
  return {
    edges,
    nodes,
    width: xs[xs.length - 1] as number,
    lanes: { top: Math.min(0, ...all), bottom: Math.max(0, ...all) },
    xOf: (frames) => interpolate(lattice.times, xs, frames),
  };
}

function interpolate(times: readonly number[], xs: readonly number[], frames: number): number {
  for (let i = 1; i < times.length; i++) {
    const [t0, t1] = [times[i - 1] as number, times[i] as number];
    if (frames > t1 || t1 === t0) continue;
    return (xs[i - 1] as number) + (((xs[i] as number) - (xs[i - 1] as number)) * (frames - t0)) / (t1 - t0);
  }
  return xs[xs.length - 1] as number;
}
