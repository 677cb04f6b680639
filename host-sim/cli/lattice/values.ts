// Lattices as plain objects and as HTK SLF.

import { bestPath, edgeText, type Lattice, nbest, pathText, type Spelling } from "../../../src/recognizer/lattice.ts";

const MS_A_FRAME = 10;
const round = (value: number): number => Math.round(value * 10_000) / 10_000;

/** `text`, n-best, nodes in ms from the start of listening, edges with the three scores apart and posteriors. */
export function valuesOf(lattice: Lattice, spell: Spelling): object {
  const best = new Set(bestPath(lattice).edges);
  return {
    utterance: lattice.utterance,
    revision: lattice.revision,
    text: pathText(bestPath(lattice), spell),
    nbest: nbest(lattice, spell, 10).map((path) => ({ text: pathText(path, spell), score: round(path.score) })),
    nodes: lattice.times.map((time) => ({ ms: (lattice.start + time) * MS_A_FRAME })),
    edges: lattice.edges.map((edge) => ({
      from: edge.from,
      to: edge.to,
      word: edgeText(edge, spell),
      pieces: edge.pieces.map(spell),
      startMs: (lattice.start + edge.start) * MS_A_FRAME,
      endMs: (lattice.start + edge.end) * MS_A_FRAME,
      acoustic: round(edge.acoustic),
      language: round(edge.language),
      bias: round(edge.bias),
      posterior: round(edge.posterior),
      best: best.has(edge),
    })),
  };
}

/** HTK standard lattice format, words on the links; x1 is the bias score. */
export function slfOf(name: string, lattice: Lattice, spell: Spelling): string {
  const seconds = (frames: number): string => (((lattice.start + frames) * MS_A_FRAME) / 1000).toFixed(2);
  const lines = [
    "VERSION=1.0",
    `UTTERANCE=${name.replace(/\s+/g, "_")}.${lattice.utterance}.${lattice.revision}`,
    "lmscale=1.00 wdpenalty=0.00 acscale=1.00 x1scale=1.00",
    `N=${lattice.times.length} L=${lattice.edges.length}`,
    ...lattice.times.map((time, node) => `I=${node} t=${seconds(time)}`),
    ...lattice.edges.map((edge, i) => {
      const word = edgeText(edge, spell);
      const scores = `a=${edge.acoustic.toFixed(4)} l=${edge.language.toFixed(4)} x1=${edge.bias.toFixed(4)}`;
      return `J=${i} S=${edge.from} E=${edge.to} W=${word === "" ? "!NULL" : word} ${scores} p=${edge.posterior.toFixed(4)}`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}
