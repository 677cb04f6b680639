// Charts as inline SVG, without scripts: they scale with the page and follow its colours. In: numbers. Out: markup.

export function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

const WIDTH = 520;
const HEIGHT = 300;
const LEFT = 58;
const RIGHT = 16;
const TOP = 16;
const BOTTOM = 46;

const n = (value: number): string => String(Math.round(value * 10) / 10);

export interface Axis {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  readonly label?: (value: number) => string;
  readonly log?: boolean;
}

export interface Line {
  readonly points: readonly (readonly [number, number])[];
  /** A colour of the page: 1, 2 or 3. */
  readonly color: number;
  readonly name?: string;
  readonly dashed?: boolean;
  /** Text at each point. */
  readonly labels?: readonly (string | undefined)[];
}

const place = (axis: Axis, value: number): number => {
  const of = (x: number): number => (axis.log ? Math.log(Math.max(x, 1e-9)) : x);
  return (of(Math.max(axis.low, Math.min(axis.high, value))) - of(axis.low)) / (of(axis.high) - of(axis.low));
};

class Frame {
  constructor(
    readonly x: Axis,
    readonly y: Axis,
  ) {}

  px(value: number): number {
    return LEFT + place(this.x, value) * (WIDTH - LEFT - RIGHT);
  }

  py(value: number): number {
    return HEIGHT - BOTTOM - place(this.y, value) * (HEIGHT - TOP - BOTTOM);
  }

  grid(): string {
    const label = (axis: Axis, value: number): string => escaped(axis.label?.(value) ?? String(value));
    const across = this.y.ticks.map((value) => {
      const y = n(this.py(value));
      return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/><text class="tick" x="${LEFT - 8}" y="${y}" dy="4" text-anchor="end">${label(this.y, value)}</text>`;
    });
    const along = this.x.ticks.map((value) => {
      const x = n(this.px(value));
      return `<line class="mark" x1="${x}" x2="${x}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM + 5}"/><text class="tick" x="${x}" y="${HEIGHT - BOTTOM + 19}" text-anchor="middle">${label(this.x, value)}</text>`;
    });
    return `${across.join("")}<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM}"/>${along.join("")}<text class="name" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escaped(this.x.name)}</text><text class="name" x="14" y="${(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle" transform="rotate(-90 14 ${(TOP + HEIGHT - BOTTOM) / 2})">${escaped(this.y.name)}</text>`;
  }

  line({ points, color, dashed, labels }: Line): string {
    const path = points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${n(this.px(x))} ${n(this.py(y))}`).join("");
    const dots = points.map(([x, y], i) => {
      const text = labels?.[i];
      const mark = `<circle class="dot c${color}" cx="${n(this.px(x))}" cy="${n(this.py(y))}" r="4"/>`;
      return text === undefined
        ? mark
        : `${mark}<text class="point" x="${n(this.px(x))}" y="${n(this.py(y) - 10)}" text-anchor="${this.px(x) > WIDTH - 90 ? "end" : this.px(x) < LEFT + 40 ? "start" : "middle"}">${escaped(text)}</text>`;
    });
    return `<path class="line c${color}${dashed ? " dashed" : ""}" d="${path}"/>${dashed ? "" : dots.join("")}`;
  }
}

function svg(title: string, body: string): string {
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}"><title>${escaped(title)}</title>${body}</svg>`;
}

function legend(lines: readonly Line[]): string {
  const named = lines.filter(({ name }) => name !== undefined);
  if (named.length < 2) return "";
  return `<p class="legend">${named.map(({ name, color, dashed }) => `<span><i class="c${color}${dashed ? " dashed" : ""}"></i>${escaped(name ?? "")}</span>`).join("")}</p>`;
}

/** Goals are vertical or horizontal lines with a name. */
export interface Goal {
  readonly at: number;
  readonly along: "x" | "y";
  readonly name: string;
}

const goalOf = (frame: Frame, { at, along, name }: Goal): string =>
  along === "x"
    ? `<line class="goal" x1="${n(frame.px(at))}" x2="${n(frame.px(at))}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/><text class="goal-name" x="${n(frame.px(at) + 5)}" y="${TOP + 10}">${escaped(name)}</text>`
    : `<line class="goal" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${n(frame.py(at))}" y2="${n(frame.py(at))}"/><text class="goal-name" x="${WIDTH - RIGHT}" y="${n(frame.py(at) - 5)}" text-anchor="end">${escaped(name)}</text>`;

export function lineChart(
  title: string,
  x: Axis,
  y: Axis,
  lines: readonly Line[],
  goals: readonly Goal[] = [],
): string {
  const frame = new Frame(x, y);
  const body =
    frame.grid() + goals.map((goal) => goalOf(frame, goal)).join("") + lines.map((line) => frame.line(line)).join("");
  return svg(title, body) + legend(lines);
}

/** Values of two kinds side by side, as shares of their number. */
export function histogram(
  title: string,
  name: string,
  range: { low: number; high: number; width: number },
  kinds: readonly { name: string; color: number; values: readonly number[] }[],
  goals: readonly Goal[] = [],
): string {
  const { low, high, width } = range;
  const count = Math.round((high - low) / width);
  const shares = kinds.map(({ values }) => {
    const bins = new Array<number>(count).fill(0);
    for (const value of values) {
      const k = Math.max(0, Math.min(count - 1, Math.floor((value - low) / width)));
      bins[k] = (bins[k] as number) + 1 / values.length;
    }
    return bins;
  });
  const most = Math.ceil(Math.max(0.05, ...shares.flat()) * 20) / 20;
  const ticks = Array.from({ length: 7 }, (_, i) => Math.round(low + ((high - low) * i) / 6));
  const frame = new Frame(
    { name, low, high, ticks },
    { name: "share", low: 0, high: most, ticks: [0, most / 2, most], label: (v) => `${Math.round(100 * v)} %` },
  );
  const thin = (frame.px(low + width) - frame.px(low) - 1.5) / kinds.length;
  const bars = kinds.flatMap(({ color }, kind) =>
    (shares[kind] as number[]).map((share, k) => {
      if (share === 0) return "";
      const [x, y] = [frame.px(low + k * width) + kind * thin + 0.5, frame.py(share)];
      return `<rect class="bar c${color}" x="${n(x)}" y="${n(y)}" width="${n(thin)}" height="${n(HEIGHT - BOTTOM - y)}" rx="1.5"/>`;
    }),
  );
  const lines = kinds.map(({ name: own, color }): Line => ({ name: own, color, points: [] }));
  return svg(title, frame.grid() + bars.join("") + goals.map((goal) => goalOf(frame, goal)).join("")) + legend(lines);
}
