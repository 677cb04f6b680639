// The decoder's report as one HTML page without scripts or anything from elsewhere. In: figures. Out: markup.

import { type Axis, escaped, histogram, lineChart } from "./charts.ts";
import type { EndFigures, Figures, SetFigures } from "./figures.ts";
import type { Names } from "./names.ts";

/** What issue and design ask for. */
const GOALS = {
  oracle: 0.6,
  ten: 0.75,
  edges: 3,
  bytes50: 512,
  bytes95: 1536,
  p50: 450,
  p90: 900,
  cut: 0.02,
  apart: 0.1,
};
const LEAD = { low: 150, high: 250, same: 0.9 };
const BEAM = 1.3;
const MEMORY = 96 * 1024;
const LANGUAGE = 0.2;
/** A bin of the calibration plot with fewer says nothing. */
const SHOWN = 10;

const percent = (share: number, digits = 1): string =>
  Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : "–";
const fixed = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : "–");
const ms = (value: number): string => (Number.isFinite(value) ? `${Math.round(value)} ms` : "–");

const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf7; --card: #ffffff; --ink: #1f2328; --faint: #6b7280; --line: #e4e0d8;
  --c1: #c2410c; --c2: #2f6690; --c3: #5b8c5a; --good: #2e7d4f; --bad: #b4301e; }
@media (prefers-color-scheme: dark) { :root { --paper: #14161a; --card: #1c1f25; --ink: #ece9e2; --faint: #9aa1ab;
  --line: #31353d; --c1: #fb923c; --c2: #7fb2d9; --c3: #93c58f; --good: #74c993; --bad: #f28b7a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.5;
  font-family: "Inter", "Segoe UI", "Helvetica Neue", Arial, sans-serif; font-size: 15.5px; }
main { max-width: 1120px; margin: 0 auto; padding: 40px 20px 72px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 21px; margin: 52px 0 6px; letter-spacing: -0.005em; }
h3 { font-size: 15.5px; margin: 0 0 10px; font-weight: 600; }
p { margin: 6px 0 14px; max-width: 96ch; }
.lead { color: var(--faint); }
.goals { display: grid; grid-template-columns: repeat(auto-fill, minmax(235px, 1fr)); gap: 12px; margin: 26px 0 8px; }
.goal-card { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--faint); border-radius: 8px; padding: 12px 14px; }
.goal-card.good { border-left-color: var(--good); } .goal-card.bad { border-left-color: var(--bad); }
.goal-card b { display: block; font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums; }
.goal-card span { color: var(--faint); font-size: 13.5px; display: block; }
.goal-card em { font-style: normal; font-size: 13px; } .good em { color: var(--good); } .bad em { color: var(--bad); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr)); gap: 16px; margin: 16px 0; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px 16px 12px; min-width: 0; }
figcaption { color: var(--faint); font-size: 13.5px; margin-top: 6px; }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--ink); font-size: 12.5px; } svg .tick { fill: var(--faint); font-size: 12px; font-variant-numeric: tabular-nums; }
svg .name { fill: var(--faint); font-size: 12.5px; } .point { font-size: 12px; }
.grid { stroke: var(--line); } .axis, .mark { stroke: var(--faint); }
.line { fill: none; stroke-width: 2.4; stroke-linejoin: round; } .line.dashed { stroke-dasharray: 5 5; stroke-width: 1.6; }
.line.c1 { stroke: var(--c1); } .line.c2 { stroke: var(--c2); } .line.c3 { stroke: var(--c3); } .line.c0 { stroke: var(--faint); }
.dot { stroke: var(--card); stroke-width: 1.5; } .dot.c1, .bar.c1 { fill: var(--c1); } .dot.c2, .bar.c2 { fill: var(--c2); } .dot.c3, .bar.c3 { fill: var(--c3); } .dot.c0 { fill: var(--faint); }
.goal { stroke: var(--good); stroke-dasharray: 3 4; stroke-width: 1.5; } svg .goal-name { fill: var(--good); font-size: 12px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 6px 0 0; font-size: 13.5px; }
.legend i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
.legend i.c1 { background: var(--c1); } .legend i.c2 { background: var(--c2); } .legend i.c3 { background: var(--c3); } .legend i.c0 { background: var(--faint); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: 14px 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14.5px; }
th, td { padding: 7px 12px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--faint); font-size: 13px; } th:first-child, td:first-child { text-align: left; }
tr:last-child td { border-bottom: 0; } td.miss { color: var(--bad); } tr.sum td { font-weight: 600; }
code { font-family: ui-monospace, "Cascadia Mono", Menlo, monospace; font-size: 13.5px; }
footer { margin-top: 52px; color: var(--faint); font-size: 13.5px; }
@media (max-width: 560px) { main { padding: 24px 14px 48px; } h1 { font-size: 24px; } th, td { padding: 6px 9px; }
  .goals { grid-template-columns: 1fr 1fr; } .goal-card { padding: 10px 11px; } .goal-card b { font-size: 18px; } }
`;

type Cell = string | { text: string; miss: boolean };

function table(
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  sums: ReadonlySet<number> = new Set(),
): string {
  const cell = (value: Cell): string =>
    typeof value === "string"
      ? `<td>${escaped(value)}</td>`
      : `<td${value.miss ? ' class="miss"' : ""}>${escaped(value.text)}</td>`;
  const body = rows.map((row, i) => `<tr${sums.has(i) ? ' class="sum"' : ""}>${row.map(cell).join("")}</tr>`).join("");
  return `<div class="scroll"><table><thead><tr>${heads.map((head) => `<th>${escaped(head)}</th>`).join("")}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const figure = (title: string, chart: string, caption = ""): string =>
  `<figure><h3>${escaped(title)}</h3>${chart}${caption === "" ? "" : `<figcaption>${escaped(caption)}</figcaption>`}</figure>`;

interface GoalCard {
  readonly value: string;
  readonly what: string;
  readonly goal: string;
  readonly met: boolean | undefined;
}

function cards(list: readonly GoalCard[]): string {
  const one = ({ value, what, goal, met }: GoalCard): string =>
    `<div class="goal-card${met === undefined ? "" : met ? " good" : " bad"}"><b>${escaped(value)}</b><span>${escaped(what)}</span><em>${met === undefined ? "" : met ? "✓ " : "✗ "}${escaped(goal)}</em></div>`;
  return `<div class="goals">${list.map(one).join("")}</div>`;
}

const sumOf = (f: Figures, split: string): SetFigures =>
  f.sets.find((s) => s.set === "all requests" && s.split === split) as SetFigures;
const endsOf = (f: Figures, split: string, kind: string): EndFigures =>
  f.ends.find((e) => e.split === split && e.kind === kind) as EndFigures;

function summary(f: Figures): string {
  const s = sumOf(f, "test");
  const e = endsOf(f, "test", "a pause in 20 %");
  const four = f.widths.find(({ width }) => width === 4)?.mips ?? Number.NaN;
  const silent = f.silent.reduce((sum, { words }) => sum + words, 0);
  return cards([
    {
      value: `${fixed(s.oracle, 2)} ×`,
      what: `lattice oracle of first-best errors, ${fixed(s.edgesAWord, 1)} edges a word`,
      goal: `≤ ${GOALS.oracle} × at ≤ ${GOALS.edges} edges`,
      met: s.oracle <= GOALS.oracle && s.edgesAWord <= GOALS.edges,
    },
    {
      value: `${fixed(s.ten, 2)} ×`,
      what: "best of ten, of first-best errors",
      goal: `≤ ${GOALS.ten} ×`,
      met: s.ten <= GOALS.ten,
    },
    {
      value: `${s.bytes50} / ${s.bytes95} B`,
      what: "bytes of a lattice, median / 95 %",
      goal: `≤ ${GOALS.bytes50} / ${GOALS.bytes95} B`,
      met: s.bytes50 <= GOALS.bytes50 && s.bytes95 <= GOALS.bytes95,
    },
    {
      value: `${ms(e.p50)} / ${ms(e.p90)}`,
      what: "final after the last word, median / 90 %",
      goal: `≤ ${GOALS.p50} / ${GOALS.p90} ms`,
      met: e.p50 <= GOALS.p50 && e.p90 <= GOALS.p90,
    },
    {
      value: ms(e.lead),
      what: "speculative before final, median",
      goal: `${LEAD.low}–${LEAD.high} ms`,
      met: e.lead >= LEAD.low && e.lead <= LEAD.high,
    },
    {
      value: percent(e.same),
      what: "speculative with the final's words",
      goal: `≥ ${percent(LEAD.same, 0)}`,
      met: e.same >= LEAD.same,
    },
    {
      value: percent(e.cut),
      what: "speech cut off in a word",
      goal: `≤ ${percent(GOALS.cut, 0)}`,
      met: e.cut <= GOALS.cut,
    },
    {
      value: percent(1 - e.apart),
      what: "requests that stay one utterance",
      goal: `≥ ${percent(1 - GOALS.apart, 0)}`,
      met: e.apart <= GOALS.apart,
    },
    {
      value: `${fixed(f.confidence.words.ece, 3)} / ${fixed(f.confidence.words.nce, 2)}`,
      what: "confidence of words: expected calibration error / normalized cross-entropy",
      goal: "reported",
      met: undefined,
    },
    { value: `${silent}`, what: "words in noise, music, babble and silence", goal: "none", met: silent === 0 },
    {
      value: `${fixed(four / f.greedyMips, 2)} ×`,
      what: "instructions of beam 4 with lattice, of greedy",
      goal: `≤ ${BEAM} ×`,
      met: four / f.greedyMips <= BEAM,
    },
    {
      value: `${fixed(f.bytes / 1024, 1)} KB`,
      what: "state of the recogniser, lattice included",
      goal: `≤ ${MEMORY / 1024} KB`,
      met: f.bytes <= MEMORY,
    },
  ]);
}

function lattices(f: Figures): string {
  const bound = (value: number, most: number, text: string): Cell => ({ text, miss: value > most });
  const rows = f.sets.map((s): Cell[] => [
    ...[`${s.set}, ${s.split}`, String(s.utterances), String(s.words), percent(s.wer)],
    bound(s.ten, GOALS.ten, fixed(s.ten, 2)),
    bound(s.oracle, GOALS.oracle, fixed(s.oracle, 2)),
    bound(s.edgesAWord, GOALS.edges, fixed(s.edgesAWord, 2)),
    bound(s.bytes50, GOALS.bytes50, String(s.bytes50)),
    bound(s.bytes95, GOALS.bytes95, String(s.bytes95)),
    fixed(s.mips, 1),
  ]);
  const sums = new Set(f.sets.flatMap((s, i) => (s.set === "all requests" ? [i] : [])));
  const most = Math.max(...f.prunes.map(({ edges }) => edges), GOALS.edges) * 1.05;
  const edges: Axis = {
    name: "edges a spoken word",
    low: 0,
    high: most,
    ticks: [0, 1, 2, 3, 4, 5, 6, 8, 10].filter((x) => x <= most),
  };
  const share: Axis = {
    name: "oracle errors ÷ first-best errors",
    low: 0,
    high: 1.1,
    ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  };
  const size = figure(
    "Lattice size against oracle",
    lineChart(
      "Lattice size against oracle",
      edges,
      share,
      [
        {
          color: 1,
          points: f.prunes.map((p) => [p.edges, p.oracle]),
          labels: f.prunes.map((p, i) =>
            i === 0 || i === f.prunes.length - 1 ? `${fixed(p.nats, 1)} nats, ${p.bytes} B` : undefined,
          ),
        },
      ],
      [
        { at: GOALS.oracle, along: "y", name: `goal ${GOALS.oracle}` },
        { at: GOALS.edges, along: "x", name: `goal ${GOALS.edges}` },
      ],
    ),
    "Every other request of the dev people; a point is a pruning bound, with the median bytes. The firmware prunes at 5.5 nats.",
  );
  const worst = Math.ceil(Math.max(...f.widths.map(({ wer }) => wer)) * 100 * 1.2) / 100;
  const widths: Axis = { name: "width of the beam", low: 1, high: 16, ticks: [1, 2, 4, 8, 16], log: true };
  const beam = figure(
    "Error against beam",
    lineChart(
      "Error against beam",
      widths,
      { name: "word errors", low: 0, high: worst, ticks: [0, worst / 2, worst], label: (v) => percent(v) },
      [
        {
          color: 1,
          points: f.widths.map((w) => [w.width, w.wer]),
          labels: f.widths.map((w) => `${fixed(w.mips, 0)} MIPS`),
        },
      ],
    ),
    `Every other request of the dev people. Greedy without a lattice takes ${fixed(f.greedyMips, 1)} million instructions a second.`,
  );
  return `<h2>Words and lattices</h2><p>WER: word errors of the first hypothesis. Ten-best and oracle: errors of the best of ten, and of the best path that the lattice holds, as shares of the first hypothesis' errors. Red: the goal is missed.</p>${table(["set", "utterances", "words", "WER", "ten-best ×", "oracle ×", "edges a word", "bytes, median", "bytes, 95 %", "MIPS"], rows, sums)}<div class="charts">${size}${beam}</div>`;
}

function ends(f: Figures): string {
  const rows = f.ends.map((e): Cell[] => [
    `${e.kind}, ${e.split}`,
    String(e.utterances),
    { text: ms(e.p50), miss: e.p50 > GOALS.p50 },
    { text: ms(e.p90), miss: e.p90 > GOALS.p90 },
    ms(e.p99),
    { text: ms(e.lead), miss: e.lead < LEAD.low || e.lead > LEAD.high },
    { text: percent(e.same), miss: e.same < LEAD.same },
    fixed(e.resets, 2),
    { text: percent(1 - e.apart), miss: e.apart > GOALS.apart },
    { text: percent(e.cut), miss: e.cut > GOALS.cut },
    percent(e.lost),
  ]);
  const mixed = endsOf(f, "test", "a pause in 20 %");
  const dev = endsOf(f, "dev", "a pause in 20 %");
  const delays = figure(
    "From the end of the last word to the final",
    histogram(
      "Delay of the final",
      "ms",
      { low: 0, high: 1200, width: 60 },
      [
        { name: "dev", color: 2, values: dev.delays },
        { name: "test", color: 1, values: mixed.delays },
      ],
      [
        { at: GOALS.p50, along: "x", name: "median ≤ 450" },
        { at: GOALS.p90, along: "x", name: "90 % ≤ 900" },
      ],
    ),
    "Bars of 60 ms, one encoder step; finals that came before the end are not among them.",
  );
  const leads = figure(
    "From the speculative revision to the final",
    histogram(
      "Lead of the speculative revision",
      "ms",
      { low: 0, high: 720, width: 60 },
      [
        { name: "dev", color: 2, values: dev.leads },
        { name: "test", color: 1, values: mixed.leads },
      ],
      [
        { at: LEAD.low, along: "x", name: "median 150–250" },
        { at: LEAD.high, along: "x", name: "" },
      ],
    ),
  );
  return `<h2>End-pointers</h2><p>Requests of the dev and test people, each followed by 2.5 s of its own room. Where speech ends is told by the level of the sound, as far as the last word piece reaches. Pauses of 300, 500 or 800 ms are put into the quietest place of the middle of a sentence. Times include the window of the last frame, not the time of computing. “Cut off” is a final in a sound, “one utterance” no final before the end; “lost” counts the word errors that the ends add.</p>${table(["requests", "recordings", "final P50", "P90", "P99", "lead, median", "same words", "resets each", "one utterance", "cut off", "lost words"], rows)}<div class="charts">${delays}${leads}</div>`;
}

function sureness(f: Figures): string {
  const unit: Axis = { name: "confidence", low: 0, high: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] };
  const bins = ({ bins: all }: Figures["confidence"]["words"]): [number, number][] =>
    all.filter(({ count }) => count >= SHOWN).map(({ sure, right }) => [sure, right]);
  const chart = figure(
    "Calibration",
    lineChart("Calibration of confidence", unit, { ...unit, name: "were right" }, [
      {
        color: 0,
        dashed: true,
        name: "perfect",
        points: [
          [0, 0],
          [1, 1],
        ],
      },
      { color: 1, name: `words (${f.confidence.words.count})`, points: bins(f.confidence.words) },
      { color: 2, name: `utterances (${f.confidence.utterances.count})`, points: bins(f.confidence.utterances) },
    ]),
    "Requests of the test people, in ten bins; a point is a bin's mean; bins of fewer than ten are left out.",
  );
  const { words, utterances } = f.confidence;
  const measured = table(
    ["test people", "count", "ECE", "NCE"],
    [
      ["words", String(words.count), fixed(words.ece, 3), fixed(words.nce, 2)],
      ["whole utterances", String(utterances.count), fixed(utterances.ece, 3), fixed(utterances.nce, 2)],
    ],
  );
  const { right, lost, quiet, quietLost } = f.kept;
  const rows = f.silent.map((s): Cell[] => [
    s.kind,
    fixed(s.minutes, 0),
    fixed(s.distinct, 1),
    String(s.utterances),
    { text: String(s.words), miss: s.words > 0 },
    String(s.unsure),
    s.examples.slice(0, 3).join(" · ").slice(0, 60),
  ]);
  return `<h2>Confidence</h2><div class="charts"><div>${measured}<p>ECE: expected calibration error over ten bins. NCE: normalized cross-entropy, 1 is perfect, 0 knows the mean alone.</p><p>An utterance whose words are too unsure is nothing: of ${right} rightly heard test requests ${lost} are lost by it (${percent(lost / Math.max(1, right))}); of ${quiet} that are told, ${quietLost} are lost when they are 20 dB quieter (${percent(quietLost / Math.max(1, quiet))}).</p></div>${chart}</div><h2>Where nobody speaks to it</h2><p>Test noise and music, looped and mixed at many levels; the distinct material is shorter. Listening is on all the time, as it never is on a speaker. “Unsure”: ends whose words were too unsure to be told.</p>${table(["sound", "minutes", "distinct", "utterances", "words", "unsure", "heard"], rows)}`;
}

function languageWeights(f: Figures): string {
  if (f.languageWeights === undefined) return "";
  const { language: own, internal } = f.languageWeights;
  const most = Math.ceil(Math.max(...[...own, ...internal].map(({ wer }) => wer)) * 120) / 100;
  const title = "Error against the weights of the language models";
  const chart = figure(
    title,
    lineChart(
      title,
      { name: "weight", low: 0, high: 0.5, ticks: [0, 0.1, 0.2, 0.3, 0.4, 0.5] },
      { name: "word errors", low: 0, high: most, ticks: [0, most / 2, most], label: (v) => percent(v) },
      [
        { color: 1, name: "language model", points: own.map(({ weight, wer }) => [weight, wer] as const) },
        { color: 2, name: "the network's own", points: internal.map(({ weight, wer }) => [weight, wer] as const) },
      ],
    ),
    "Every other request of the dev people; the other weight is the model file's.",
  );
  return `<div class="charts">${chart}</div>`;
}

function language(f: Figures): string {
  if (f.language === undefined) return "";
  const rows = f.language.map((row): Cell[] => {
    const gain = 1 - row.with / Math.max(1e-9, row.without);
    return [`${row.set}, ${row.split}`, String(row.words), percent(row.without), percent(row.with), percent(gain, 0)];
  });
  return `<h2>Language model</h2><p>Word errors without and with the n-gram of the model file. Goal: ${percent(LANGUAGE, 0)} fewer in domain (requests), not more out of it (prose).</p>${table(["set", "words", "without", "with", "fewer"], rows)}${languageWeights(f)}`;
}

function names(found: Names | undefined): string {
  if (found === undefined) return "";
  const most = Math.max(0.05, ...found.weights.flatMap(({ missed, wrong }) => [missed, wrong])) * 1.1;
  const [low, high] = [
    Math.min(...found.weights.map((w) => w.weight)),
    Math.max(...found.weights.map((w) => w.weight)),
  ];
  const chart =
    found.weights.length < 2
      ? ""
      : `<div class="charts">${figure(
          "Error against bias weight",
          lineChart(
            "Error against bias weight",
            { name: "weight of a letter, nats", low, high, ticks: found.weights.map((w) => w.weight) },
            { name: "share", low: 0, high: most, ticks: [0, most / 2, most], label: (v) => percent(v) },
            [
              {
                color: 1,
                name: "missed names, right one among 100",
                points: found.weights.map((w) => [w.weight, w.missed]),
              },
              {
                color: 2,
                name: "word errors with 300 wrong names",
                points: found.weights.map((w) => [w.weight, w.wrong]),
              },
            ],
          ),
        )}</div>`;
  return `<h2>Names</h2>${table(["measured", "", "goal"], found.rows)}${chart}`;
}

export function pageOf(f: Figures, about: { model: string }): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Earshot: the decoder</title><style>${STYLE}</style></head>
<body><main><h1>The decoder, measured</h1><p class="lead">${escaped(about.model)}. Real recordings of people that no training saw; goals on the requests of the test people, with a pause in 20 % of the sentences.</p>
${summary(f)}${lattices(f)}${ends(f)}${sureness(f)}${language(f)}${names(f.names)}
<footer>Made by <code>npm run report:decoder</code>. Terms: <code>docs/end-pointing.md</code>, <code>docs/lattice.md</code>.</footer></main></body></html>
`;
}
