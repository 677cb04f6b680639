// Reader of the coded lattice that the engine sends with speculative and final events, and what can be asked of it.
// Format, version 1, and what its numbers mean: native/include/earshot/lattice.h. Bounded: a lattice that is read is a
// sound one, anything else is refused whole. Test vectors shared with the C reader: test/unit/recognizer/lattices.ts.

/** Edges are words; scores are natural logarithms. */
export interface LatticeEdge {
  readonly from: number;
  readonly to: number;
  /** Word pieces, from 1; none: nothing was said. */
  readonly pieces: readonly number[];
  /** Frames of 10 ms from the lattice's first node. */
  readonly start: number;
  readonly end: number;
  readonly acoustic: number;
  readonly language: number;
  readonly bias: number;
  /** Logarithm of the edge's probability given its first node: the sum of the three. */
  readonly score: number;
  /** Probability that the edge was said, among all that the search kept. */
  readonly posterior: number;
}

export interface Lattice {
  /** Checksum of the model file whose pieces these are. */
  readonly model: number;
  readonly utterance: number;
  readonly revision: number;
  /** Frames of 10 ms from the start of listening to the first node. */
  readonly start: number;
  /** Time of each node in frames of 10 ms, rising. */
  readonly times: readonly number[];
  /** By first node, last node, pieces. */
  readonly edges: readonly LatticeEdge[];
}

export interface LatticePath {
  readonly score: number;
  readonly edges: readonly LatticeEdge[];
}

/** The text of one piece. */
export type Spelling = (piece: number) => string;

export const MAX_NODES = 160;
export const MAX_EDGES = 320;
const MAX_PIECES = 1280;
const MAX_WORD = 48;
const MAX_BYTES = 4096;
const MAX_STEPS = 2048;
const VERSION = 1;
const TIME_BOUND = 1 << 24;
const SCORE_BOUND = 1 << 24;
const Q10 = 1024;
const OPENS = "\u2581";

export class LatticeError extends Error {
  /** Byte offset of what is wrong. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.name = "LatticeError";
    this.offset = offset;
  }
}

class Source {
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.at === this.#view.byteLength;
  }

  fail(message: string): never {
    throw new LatticeError(message, this.at);
  }

  byte(): number {
    if (this.atEnd) this.fail("the lattice is cut");
    return this.#view.getUint8(this.at++);
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      if ((shift === 28 && byte > 15) || (shift > 0 && byte === 0)) this.fail("a number is too long");
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return this.fail("a number is too long");
  }

  within(low: number, high: number, what: string): number {
    const value = this.varint();
    if (value < low || value > high) this.fail(`${what} is ${value}, not ${low} to ${high}`);
    return value;
  }

  signed(bound: number, what: string): number {
    const value = this.varint();
    const result = value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    if (result < -bound || result > bound) this.fail(`${what} is ${result}, beyond ${bound}`);
    return result;
  }
}

/** As coded: the end is relative to the last node, scores are Q10, the posterior is not known yet. */
type RawEdge = { -readonly [K in keyof LatticeEdge]: LatticeEdge[K] };

/** Decodes a whole coded lattice or throws a LatticeError; never a part of one. */
export function decodeLattice(bytes: Uint8Array): Lattice {
  const source = new Source(bytes);
  if (bytes.byteLength > MAX_BYTES) source.fail(`${bytes.byteLength} bytes, more than ${MAX_BYTES}`);
  const version = source.byte();
  if (version !== VERSION) throw new LatticeError(`version ${version} instead of ${VERSION}`, 0);
  const flags = source.byte();
  if (flags > 1) throw new LatticeError(`flags ${flags} are not known`, 1);
  let model = 0;
  for (let i = 0; i < 4; i++) model += source.byte() * 256 ** i;
  const utterance = source.varint();
  const revision = source.varint();
  const start = source.varint();
  const nodes = source.within(2, MAX_NODES, "the number of nodes");
  const count = source.within(1, MAX_EDGES, "the number of edges");
  const { times, edges } = readNodes(source, nodes, count, flags === 1);
  if (edges.length !== count) source.fail("fewer edges than stated");
  if (!source.atEnd) source.fail("more bytes than edges");
  settle(source, times, edges);
  return { model, utterance, revision, start, times, edges };
}

function readNodes(source: Source, nodes: number, count: number, wide: boolean): { times: number[]; edges: RawEdge[] } {
  const times = [0];
  const edges: RawEdge[] = [];
  let pieces = 0;
  for (let node = 0; node < nodes; node++) {
    if (node > 0)
      times.push((times[node - 1] as number) + source.within(0, Math.floor(TIME_BOUND / MAX_NODES), "a time"));
    if (node + 1 === nodes) break;
    let sum = 0;
    for (let left = source.within(1, count - edges.length, "a node's edges"); left > 0; left--) {
      const edge = readEdge(source, node, nodes, times[node] as number, wide);
      pieces += edge.pieces.length;
      if (pieces > MAX_PIECES) source.fail(`more than ${MAX_PIECES} pieces`);
      sum += Math.exp(edge.score);
      edges.push(edge);
    }
    if (sum > 1.001001 || sum < 0.998999) source.fail("a node's probabilities do not sum to 1");
  }
  return { times, edges };
}

function readEdge(source: Source, from: number, nodes: number, time: number, wide: boolean): RawEdge {
  const to = from + source.within(1, nodes - 1 - from, "an edge's step");
  const count = source.within(0, MAX_WORD, "a word's pieces");
  if (count === 0 && (from !== 0 || to !== nodes - 1)) source.fail("an edge without pieces inside the lattice");
  const pieces: number[] = [];
  for (let i = 0; i < count; i++) {
    const id = source.byte() + (wide ? source.byte() * 256 : 0);
    if (id === 0xffff) source.fail("a piece is out of range");
    pieces.push(id + 1);
  }
  const start = time + source.signed(TIME_BOUND, "a start");
  const end = source.signed(TIME_BOUND, "an end");
  const acoustic = source.signed(SCORE_BOUND, "an acoustic score") / Q10;
  const language = source.signed(SCORE_BOUND, "a language score") / Q10;
  const bias = source.signed(SCORE_BOUND, "a bias score") / Q10;
  const score = acoustic + language + bias;
  if (score > 0) source.fail("an edge is more than certain");
  return { from, to, pieces, start, end, acoustic, language, bias, score, posterior: 0 };
}

function settle(source: Source, times: readonly number[], edges: RawEdge[]): void {
  const reached = new Set([0]);
  let before: RawEdge | undefined;
  for (const edge of edges) {
    if ((times[edge.from] as number) >= (times[edge.to] as number))
      source.fail("an edge does not lead forward in time");
    edge.end += times[edge.to] as number;
    if (edge.start > edge.end) source.fail("a word ends before it starts");
    if (before !== undefined && compare(before, edge) > 0) source.fail("edges are not in order");
    before = edge;
    reached.add(edge.to);
  }
  if (reached.size !== times.length) source.fail("nothing leads to a node");
  const mass: number[] = times.map((_, node) => (node === 0 ? 1 : 0));
  const sums: number[] = times.map(() => 0);
  for (const edge of edges) sums[edge.from] = (sums[edge.from] as number) + Math.exp(edge.score);
  for (const edge of edges) {
    edge.posterior = ((mass[edge.from] as number) * Math.exp(edge.score)) / (sums[edge.from] as number);
    mass[edge.to] = (mass[edge.to] as number) + edge.posterior;
  }
}

function compare(a: RawEdge, b: RawEdge): number {
  if (a.from !== b.from) return a.from - b.from;
  if (a.to !== b.to) return a.to - b.to;
  for (let i = 0; i < a.pieces.length && i < b.pieces.length; i++) {
    const difference = (a.pieces[i] as number) - (b.pieces[i] as number);
    if (difference !== 0) return difference;
  }
  return a.pieces.length - b.pieces.length;
}

/** The word of an edge. */
export function edgeText(edge: LatticeEdge, spell: Spelling): string {
  let text = "";
  for (const piece of edge.pieces) {
    const part = spell(piece);
    text += part.startsWith(OPENS) ? part.slice(1) : part;
  }
  return text;
}

export function pathText(path: LatticePath, spell: Spelling): string {
  let text = "";
  for (const edge of path.edges) {
    const word = edgeText(edge, spell);
    if (word !== "") text += text === "" ? word : ` ${word}`;
  }
  return text;
}

/** Best score from each node to the end. */
function ahead(lattice: Lattice): number[] {
  const best = lattice.times.map(() => Number.NEGATIVE_INFINITY);
  best[best.length - 1] = 0;
  for (let i = lattice.edges.length - 1; i >= 0; i--) {
    const edge = lattice.edges[i] as LatticeEdge;
    best[edge.from] = Math.max(best[edge.from] as number, edge.score + (best[edge.to] as number));
  }
  return best;
}

/** The first hypothesis. Scores are multiples of 1/1024, so their sums are exact and so is this comparison. */
export function bestPath(lattice: Lattice): LatticePath {
  const best = ahead(lattice);
  const edges: LatticeEdge[] = [];
  let node = 0;
  for (const edge of lattice.edges) {
    if (edge.from !== node || edge.score + (best[edge.to] as number) !== best[node]) continue;
    edges.push(edge);
    node = edge.to;
  }
  return { score: best[0] as number, edges };
}

interface Step {
  readonly estimate: number;
  readonly score: number;
  readonly edge: LatticeEdge | undefined;
  readonly before: Step | undefined;
}

/** The best paths with different words, best first; the first is bestPath. A*, exact. */
export function nbest(lattice: Lattice, spell: Spelling, count: number): LatticePath[] {
  const best = ahead(lattice);
  const paths = [bestPath(lattice)];
  const texts = new Set([pathText(paths[0] as LatticePath, spell)]);
  let steps: Step[] = [{ estimate: best[0] as number, score: 0, edge: undefined, before: undefined }];
  for (let made = 0; steps.length > 0 && paths.length < count && made < MAX_STEPS; ) {
    let top = 0;
    for (let i = 1; i < steps.length; i++) if ((steps[i] as Step).estimate > (steps[top] as Step).estimate) top = i;
    const step = steps[top] as Step;
    steps = steps.filter((other) => other !== step);
    const node = step.edge === undefined ? 0 : step.edge.to;
    if (node === lattice.times.length - 1) {
      const path = trace(step);
      const text = pathText(path, spell);
      if (!texts.has(text)) paths.push(path);
      texts.add(text);
      continue;
    }
    for (const edge of lattice.edges) {
      if (edge.from !== node) continue;
      const score = step.score + edge.score;
      steps.push({ estimate: score + (best[edge.to] as number), score, edge, before: step });
      made++;
    }
  }
  return paths;
}

function trace(last: Step): LatticePath {
  const edges: LatticeEdge[] = [];
  for (let step: Step | undefined = last; step?.edge !== undefined; step = step.before) edges.unshift(step.edge);
  return { score: last.score, edges };
}

/** 0–1: the posteriors of all edges with this word that overlap in time. */
export function confidence(lattice: Lattice, edge: LatticeEdge, spell: Spelling): number {
  const text = edgeText(edge, spell);
  let sum = 0;
  for (const other of lattice.edges) {
    if (other.start < edge.end && edge.start < other.end && edgeText(other, spell) === text) sum += other.posterior;
  }
  return Math.min(1, sum);
}
