// The picture of a file's lattices: one panel an utterance, time left to right, thickness and strength of a line by the
// posterior of its word, the best path marked. Plain SVG without scripts; light or dark as the reader's screen is.

import { bestPath, type Lattice, pathText, type Spelling } from "../../../src/recognizer/lattice.ts";
import { type Layout, labelOf, layOut, type PlacedEdge } from "./layout.ts";

const LANE = 46;
const MARGIN = 40;
const HEAD = 66;
const FOOT = 46;
const LEAST_WIDTH = 640;
const MS_A_FRAME = 10;
const TICK_FRAMES = 50;

const STYLE = `
  svg { --paper: #fbfaf7; --ink: #22262b; --faint: #8a9099; --line: #d9d6cf; --way: #5b6b7f; --best: #c2410c; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #16181c; --ink: #eceae4; --faint: #8d949e; --line: #33373e; --way: #8fa3bb; --best: #fb923c; }
  }
  text { font-family: "Inter", "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: var(--ink); }
  .paper { fill: var(--paper); }
  .title { font-size: 19px; font-weight: 600; }
  .small { font-size: 12px; fill: var(--faint); }
  .tick { stroke: var(--line); stroke-width: 1; }
  .way { fill: none; stroke: var(--way); stroke-linecap: round; }
  .way.best { stroke: var(--best); }
  .word { font-size: 16px; text-anchor: middle; paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round; }
  .word.best { font-weight: 650; }
  .share { font-size: 10.5px; text-anchor: middle; fill: var(--faint); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
  .node { fill: var(--paper); stroke: var(--way); stroke-width: 1.6; }
  .node.best { stroke: var(--best); stroke-width: 2.4; }
`;

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

const n = (value: number): string => String(Math.round(value * 10) / 10);

/** From the first node to the lane, along it, to the last node. */
function curve({ edge, lane, x0, x1 }: PlacedEdge, layout: Layout, yOf: (lane: number) => number): string {
  const [a, b] = [yOf(layout.nodes[edge.from]?.lane ?? 0), yOf(layout.nodes[edge.to]?.lane ?? 0)];
  const y = yOf(lane);
  const bend = Math.min(28, (x1 - x0) / 3);
  return (
    `M${n(x0)} ${n(a)} C${n(x0 + bend / 2)} ${n(a)} ${n(x0 + bend / 2)} ${n(y)} ${n(x0 + bend)} ${n(y)} ` +
    `L${n(x1 - bend)} ${n(y)} C${n(x1 - bend / 2)} ${n(y)} ${n(x1 - bend / 2)} ${n(b)} ${n(x1)} ${n(b)}`
  );
}

function share(posterior: number): string {
  return posterior >= 0.995 ? "" : posterior < 0.01 ? "<1 %" : `${Math.round(posterior * 100)} %`;
}

function drawEdge(placed: PlacedEdge, layout: Layout, yOf: (lane: number) => number): { way: string; label: string } {
  const { edge, text, best, x0, x1, lane } = placed;
  const mark = best ? " best" : "";
  const thick = 1.2 + 8.8 * edge.posterior;
  const strong = best ? 1 : 0.35 + 0.55 * Math.sqrt(edge.posterior);
  const [x, y] = [(x0 + x1) / 2, yOf(lane)];
  const title = `${labelOf(text)}: posterior ${edge.posterior.toFixed(3)}, acoustic ${edge.acoustic.toFixed(2)}, language ${edge.language.toFixed(2)}, bias ${edge.bias.toFixed(2)}`;
  const way = `<path class="way${mark}" stroke-width="${n(thick)}" stroke-opacity="${n(strong)}" d="${curve(placed, layout, yOf)}"><title>${escaped(title)}</title></path>`;
  const word = `<text class="word${mark}" x="${n(x)}" y="${n(y - 8)}" fill-opacity="${n(best ? 1 : Math.max(0.62, strong))}">${escaped(labelOf(text))}</text>`;
  const of = share(edge.posterior);
  return {
    way,
    label: of === "" ? word : `${word}<text class="share" x="${n(x)}" y="${n(y + 15)}">${escaped(of)}</text>`,
  };
}

function ticks(lattice: Lattice, layout: Layout, top: number, bottom: number): string {
  const lines: string[] = [];
  const last = lattice.times[lattice.times.length - 1] as number;
  let before = Number.NEGATIVE_INFINITY;
  for (
    let frame = Math.ceil(lattice.start / TICK_FRAMES) * TICK_FRAMES;
    frame <= lattice.start + last;
    frame += TICK_FRAMES
  ) {
    const x = layout.xOf(frame - lattice.start);
    if (x - before < 44) continue;
    before = x;
    lines.push(`<line class="tick" x1="${n(x)}" x2="${n(x)}" y1="${n(top)}" y2="${n(bottom)}"/>`);
    lines.push(
      `<text class="small" x="${n(x + 4)}" y="${n(bottom - 2)}">${((frame * MS_A_FRAME) / 1000).toFixed(1)} s</text>`,
    );
  }
  return lines.join("\n");
}

function panel(lattice: Lattice, spell: Spelling, y: number): { svg: string; width: number; height: number } {
  const layout = layOut(lattice, spell);
  const middle = HEAD - layout.lanes.top * LANE + 14;
  const height = middle + layout.lanes.bottom * LANE + FOOT;
  const yOf = (lane: number): number => middle + lane * LANE;
  const best = bestPath(lattice);
  const drawn = [...layout.edges]
    .sort((a, b) => Number(a.best) - Number(b.best))
    .map((edge) => drawEdge(edge, layout, yOf));
  const onBest = new Set([0, ...best.edges.map(({ to }) => to)]);
  const nodes = layout.nodes.map(({ x, lane }, node) => {
    const mark = onBest.has(node) ? " best" : "";
    return `<circle class="node${mark}" cx="${n(x)}" cy="${n(yOf(lane))}" r="${onBest.has(node) ? 5 : 3.6}"/>`;
  });
  const facts = `utterance ${lattice.utterance} · probability ${Math.exp(best.score).toFixed(2)} · ${lattice.times.length} nodes, ${lattice.edges.length} edges`;
  const svg = [
    `<g transform="translate(${MARGIN} ${n(y)})">`,
    `<text class="title" x="0" y="24">${escaped(pathText(best, spell) || "∅")}</text>`,
    `<text class="small" x="0" y="43">${escaped(facts)}</text>`,
    ticks(lattice, layout, HEAD - 8, height - 10),
    ...drawn.map(({ way }) => way),
    ...nodes,
    ...drawn.map(({ label }) => label),
    "</g>",
  ].join("\n");
  const title = (pathText(best, spell).length || 1) * 11;
  return { svg, width: Math.max(layout.width, title, facts.length * 7), height };
}

export function pictureOf(name: string, lattices: readonly Lattice[], spell: Spelling): string {
  const panels: string[] = [];
  let [width, y] = [LEAST_WIDTH, 20];
  for (const lattice of lattices) {
    const drawn = panel(lattice, spell, y);
    panels.push(drawn.svg);
    width = Math.max(width, drawn.width + 2 * MARGIN);
    y += drawn.height + 16;
  }
  if (panels.length === 0) {
    panels.push(`<text class="title" x="${MARGIN}" y="${y + 30}">No words were heard.</text>`);
    y += 60;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(y + 10)}" viewBox="0 0 ${n(width)} ${n(y + 10)}" role="img">`,
    `<title>${escaped(name)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="100%" height="100%"/>`,
    ...panels,
    "</svg>\n",
  ].join("\n");
}
