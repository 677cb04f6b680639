// Glyphs and colors, as far as the terminal has them: NO_COLOR takes the colors away, a locale without UTF-8 the glyphs.

export interface Theme {
  readonly corner: { readonly tl: string; readonly tr: string; readonly bl: string; readonly br: string };
  readonly line: string;
  readonly side: string;
  readonly teeLeft: string;
  readonly teeRight: string;
  readonly teeDown: string;
  readonly teeUp: string;
  /** From nothing to full, for columns of a wave. */
  readonly rise: readonly string[];
  /** From an eighth to a whole cell, for bars. */
  readonly run: readonly string[];
  readonly rest: string;
  readonly note: string;
  readonly dot: string;
  readonly cursor: string;
  readonly more: string;
  readonly arrow: string;
  readonly quote: string;
  readonly unquote: string;
  readonly paint: (style: Style, text: string) => string;
}

export type Style =
  | "title"
  | "dim"
  | "words"
  | "heard"
  | "music"
  | "recognizer"
  | "javascript"
  | "good"
  | "bad"
  | "voice";

const SGR: Record<Style, string> = {
  title: "1",
  dim: "38;5;244",
  words: "1;97",
  heard: "38;5;114",
  music: "38;5;176",
  recognizer: "38;5;80",
  javascript: "38;5;221",
  good: "38;5;114",
  bad: "1;38;5;203",
  voice: "38;5;75",
};

export function themeFor(env: NodeJS.ProcessEnv): Theme {
  const colored = !env.NO_COLOR;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  const paint = (style: Style, text: string): string =>
    colored && text !== "" ? `\x1b[${SGR[style]}m${text}\x1b[0m` : text;
  return { ...(/utf-?8/i.test(locale) ? UNICODE : ASCII), paint };
}

const UNICODE: Omit<Theme, "paint"> = {
  corner: { tl: "╭", tr: "╮", bl: "╰", br: "╯" },
  line: "─",
  side: "│",
  teeLeft: "├",
  teeRight: "┤",
  teeDown: "┬",
  teeUp: "┴",
  rise: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
  run: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
  rest: "·",
  note: "♪",
  dot: "●",
  cursor: "▌",
  more: "…",
  arrow: "→",
  quote: "“",
  unquote: "”",
};

const ASCII: Omit<Theme, "paint"> = {
  corner: { tl: "+", tr: "+", bl: "+", br: "+" },
  line: "-",
  side: "|",
  teeLeft: "+",
  teeRight: "+",
  teeDown: "+",
  teeUp: "+",
  rise: [" ", ".", ".", ":", ":", "|", "|", "#", "#"],
  run: ["-", "-", "-", "=", "=", "=", "#", "#"],
  rest: ".",
  note: "~",
  dot: "*",
  cursor: "_",
  more: "...",
  arrow: ">",
  quote: "'",
  unquote: "'",
};

const ESCAPE = "\x1b[";

/** Cells that a text takes: styles take none, every letter that we print takes one. */
export function cells(text: string): number {
  let count = 0;
  let at = 0;
  while (at < text.length) {
    if (text.startsWith(ESCAPE, at)) {
      at = text.indexOf("m", at) + 1;
      continue;
    }
    const code = text.codePointAt(at) as number;
    at += code > 0xffff ? 2 : 1;
    count++;
  }
  return count;
}

export const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - cells(text)));
export const padStart = (text: string, width: number): string => " ".repeat(Math.max(0, width - cells(text))) + text;

/** The end of plain text, where it is too long: the newest words matter most. */
export function lastCells(text: string, width: number, more: string): string {
  const letters = [...text];
  return letters.length <= width ? text : more + letters.slice(letters.length - width + [...more].length).join("");
}

export function firstCells(text: string, width: number, more: string): string {
  const letters = [...text];
  return letters.length <= width ? text : letters.slice(0, Math.max(0, width - [...more].length)).join("") + more;
}
