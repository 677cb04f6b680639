import { describe, expect, it } from "testing";
import {
  bestPath,
  confidence,
  decodeLattice,
  type Lattice,
  LatticeError,
  nbest,
  pathText,
} from "../../../src/recognizer/lattice";
import { LATTICES } from "./lattices";

function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

const byNumber = (piece: number) => `${piece},`;

/** As dump() of test/native/lattice_vectors_test.c. */
function dump(lattice: Lattice): string {
  const parts = [
    `${lattice.model} ${lattice.utterance} ${lattice.revision} ${lattice.start}`,
    lattice.times.join(" "),
    ...lattice.edges.map((edge) =>
      [
        `${edge.from}>${edge.to}`,
        `${edge.start}-${edge.end}`,
        edge.acoustic * 1024,
        edge.language * 1024,
        edge.bias * 1024,
        Math.round(edge.posterior * 1000),
        ...(edge.pieces.length > 0 ? [edge.pieces.join(",")] : []),
      ].join(" "),
    ),
    nbest(lattice, byNumber, 10)
      .map((path) => path.score * 1024)
      .join(" "),
  ];
  return parts.join(" | ");
}

function refusal(bytes: Uint8Array): unknown {
  try {
    return decodeLattice(bytes);
  } catch (error) {
    return error;
  }
}

describe("decodeLattice", () => {
  it("sees in the shared lattices what the C reader sees", () => {
    expect(LATTICES.length > 20).toBe(true);
    for (const { hex, dump: expected } of LATTICES) expect(dump(decodeLattice(bytesOf(hex)))).toBe(expected);
  });

  it("refuses every cut, and bytes after the end", () => {
    for (const { hex } of LATTICES.slice(0, 6)) {
      const bytes = bytesOf(hex);
      for (let length = 0; length < bytes.length; length++)
        expect(refusal(bytes.subarray(0, length)) instanceof LatticeError).toBe(true);
      const longer = new Uint8Array(bytes.length + 1);
      longer.set(bytes);
      expect(refusal(longer) instanceof LatticeError).toBe(true);
    }
  });

  it("reads or refuses what has one byte changed, never anything else", () => {
    const bytes = bytesOf((LATTICES[0] as { hex: string }).hex);
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 1, 127, 128, 255]) {
        const changed = bytes.slice();
        changed[at] = value;
        const result = refusal(changed);
        expect(result instanceof LatticeError || typeof (result as Lattice).model === "number").toBe(true);
      }
    }
  });

  it("says what is wrong and where", () => {
    expect(() => decodeLattice(Uint8Array.of(2))).toThrow("version 2 instead of 1 at byte 0");
    expect(() => decodeLattice(Uint8Array.of(1, 4))).toThrow("flags 4 are not known at byte 1");
    expect(() => decodeLattice(Uint8Array.of(1, 0, 0, 0, 0, 0, 1, 0, 0, 1))).toThrow("the number of nodes is 1");
  });
});

describe("paths", () => {
  it("begin with the best path, fall in score and differ in words", () => {
    for (const { hex } of LATTICES) {
      const lattice = decodeLattice(bytesOf(hex));
      const paths = nbest(lattice, byNumber, 10);
      expect(paths[0]).toEqual(bestPath(lattice));
      const texts = new Set(paths.map((path) => pathText(path, byNumber)));
      expect(texts.size).toBe(paths.length);
      for (let i = 1; i < paths.length; i++)
        expect((paths[i]?.score as number) <= (paths[i - 1]?.score as number)).toBe(true);
    }
  });

  it("have words whose confidence is at least their edge's posterior", () => {
    for (const { hex } of LATTICES) {
      const lattice = decodeLattice(bytesOf(hex));
      for (const edge of bestPath(lattice).edges) {
        const sure = confidence(lattice, edge, byNumber);
        expect(sure >= edge.posterior - 1e-9 && sure <= 1).toBe(true);
      }
    }
  });
});
