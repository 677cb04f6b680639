// The report as one self-contained page. In: tables and curves. Out: HTML. Pure.

export interface Table {
  readonly title: string;
  readonly note?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Point {
  readonly lost: number;
  readonly kept: number;
  readonly here: boolean;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
td,th{padding:.3rem .6rem;border-bottom:1px solid #dde3ea;text-align:right}td:first-child,th:first-child{text-align:left}
p{color:#4a5666}svg{width:100%;height:auto}code{background:#f1f4f8;padding:.1rem .3rem}`;

function tableHtml({ title, note, head, rows }: Table): string {
  const cells = (row: readonly string[], tag: string): string =>
    `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  const text = note === undefined ? "" : `<p>${escaped(note)}</p>`;
  return `<h2>${escaped(title)}</h2>${text}<table>${cells(head, "th")}${rows.map((row) => cells(row, "td")).join("")}</table>`;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [640, 320, 50, 40];
const [MOST_LOST, LEAST_KEPT] = [15, 70];

function curveHtml(points: readonly Point[]): string {
  const x = (lost: number): number => LEFT + ((WIDTH - LEFT - 20) * lost) / MOST_LOST;
  const y = (kept: number): number => 10 + ((HEIGHT - BOTTOM - 10) * (100 - kept)) / (100 - LEAST_KEPT);
  const shown = points.filter(({ lost, kept }) => lost <= MOST_LOST && kept >= LEAST_KEPT);
  const line = shown.map(({ lost, kept }) => `${x(lost).toFixed(1)},${y(kept).toFixed(1)}`).join(" ");
  const ticks = [0, 3, 6, 9, 12, 15]
    .map((lost) => `<text x="${x(lost)}" y="${HEIGHT - 20}" text-anchor="middle">${lost} %</text>`)
    .concat(
      [70, 80, 90, 100].map(
        (kept) =>
          `<text x="${LEFT - 6}" y="${y(kept) + 4}" text-anchor="end">${kept} %</text><line x1="${LEFT}" x2="${WIDTH - 20}" y1="${y(kept)}" y2="${y(kept)}" stroke="#e3e8ee"/>`,
      ),
    )
    .join("");
  const marks = shown
    .filter(({ here }) => here)
    .map(({ lost, kept }) => `<circle cx="${x(lost)}" cy="${y(kept)}" r="5" fill="#c2410c"/>`)
    .join("");
  return `<h2>The trade</h2><p>Covered requests that are refused (across) against others that are kept out (up), for every constant; the dot is the released one, chosen on dev.</p>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="trade-off curve" font-size="12" fill="#4a5666">${ticks}<polyline points="${line}" fill="none" stroke="#1d4ed8" stroke-width="2"/>${marks}<text x="${WIDTH / 2}" y="${HEIGHT - 3}" text-anchor="middle">covered requests refused</text></svg>`;
}

export function pageOf(intro: string, tables: readonly Table[], curve: readonly Point[]): string {
  const parts = tables.map(tableHtml);
  parts.splice(1, 0, curve.length > 0 ? curveHtml(curve) : "");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Earshot: understanding</title><style>${STYLE}</style></head><body><h1>Understanding</h1><p>${escaped(intro)}</p>${parts.join("\n")}</body></html>\n`;
}
