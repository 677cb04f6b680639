// Views of a lattice: the picture, HTK SLF, JSON; and the pieces of the model behind them.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readPieces } from "../../host-sim/cli/device/pieces.ts";
import { utteranceOf } from "../../host-sim/cli/device/transcript.ts";
import { layOut } from "../../host-sim/cli/lattice/layout.ts";
import { pictureOf } from "../../host-sim/cli/lattice/picture.ts";
import { slfOf, valuesOf } from "../../host-sim/cli/lattice/values.ts";
import { bestPath, decodeLattice } from "../../src/recognizer/lattice.ts";
import { LATTICES } from "../unit/recognizer/lattices.ts";

const spell = (piece: number): string => `\u2581w${piece}&`;
const lattices = LATTICES.map(({ hex }) => decodeLattice(Buffer.from(hex, "hex")));

describe("the layout", () => {
  it("puts the best path on one line, and no two words of a lane over each other", () => {
    for (const lattice of lattices) {
      const { edges, nodes } = layOut(lattice, spell);
      expect(edges.filter(({ best }) => best).map(({ edge }) => edge)).toEqual(bestPath(lattice).edges);
      for (const a of edges) {
        expect(a.best).toBe(a.lane === 0);
        expect(a.x0).toBeLessThan(a.x1);
        for (const b of edges) if (a !== b && a.lane === b.lane) expect(a.x1 <= b.x0 || b.x1 <= a.x0).toBe(true);
      }
      for (let i = 1; i < nodes.length; i++) expect(nodes[i]?.x).toBeGreaterThanOrEqual(nodes[i - 1]?.x as number);
    }
  });
});

describe("the picture", () => {
  it("has a line and a word for every edge, every word escaped", () => {
    for (const lattice of lattices) {
      const svg = pictureOf("a<b>.wav", [lattice], spell);
      expect(svg.match(/<path /g)?.length).toBe(lattice.edges.length);
      expect(svg.match(/class="way best"/g)?.length).toBe(bestPath(lattice).edges.length);
      expect(svg.match(/class="word/g)?.length).toBe(lattice.edges.length);
      expect(svg).toContain("<title>a&lt;b&gt;.wav</title>");
      expect(svg.replace(/&(amp|lt|gt|quot);/g, "")).not.toContain("&");
    }
  });

  it("says so when nothing was heard", () => {
    expect(pictureOf("x", [], spell)).toContain("No words were heard.");
  });
});

describe("SLF and JSON", () => {
  it("hold every node and edge", () => {
    for (const lattice of lattices) {
      const lines = slfOf("my file.wav", lattice, spell).split("\n");
      expect(lines[0]).toBe("VERSION=1.0");
      expect(lines).toContain(`N=${lattice.times.length} L=${lattice.edges.length}`);
      expect(lines.filter((line) => line.startsWith("I=")).length).toBe(lattice.times.length);
      expect(lines.filter((line) => /^J=\d+ S=\d+ E=\d+ W=\S+ a=\S+ l=\S+ x1=\S+ p=\S+$/.test(line)).length).toBe(
        lattice.edges.length,
      );
      const values = valuesOf(lattice, spell) as {
        nodes: unknown[];
        edges: { best: boolean }[];
        nbest: { text: string }[];
        text: string;
      };
      expect(values.nodes.length).toBe(lattice.times.length);
      expect(values.edges.filter(({ best }) => best).length).toBe(bestPath(lattice).edges.length);
      expect(values.nbest[0]?.text).toBe(values.text);
    }
  });
});

describe("the transcript", () => {
  it("takes n-best and size from the lattice", () => {
    const base64 = Buffer.from(LATTICES[0]?.hex as string, "hex").toString("base64");
    const event = {
      type: "final",
      t: 16_000,
      utterance: 1,
      revision: 2,
      text: "x",
      startMs: 0,
      endMs: 1,
      reason: "pause",
      speculativeMs: null,
      words: [],
    } as const;
    const { lattice, nbest } = utteranceOf({ ...event, lattice: base64 }, spell);
    expect(lattice).toEqual({ bytes: (LATTICES[0]?.hex.length as number) / 2, revision: 2, base64 });
    expect(nbest?.length).toBeGreaterThan(0);
    expect(nbest?.length).toBeLessThanOrEqual(10);
    expect(utteranceOf(event, spell).lattice).toBeNull();
  });

  it("spells with the pieces of the model", () => {
    const file = readFileSync(fileURLToPath(new URL("../native/golden/puppet.esm", import.meta.url)));
    expect(readPieces(file)).toEqual(["", "\u2581play", "\u2581mu", "sic", "\u2581", "\u2581stop", "s"]);
  });
});
