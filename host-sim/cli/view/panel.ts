// The live view as lines: a frame with what is heard and how the device fares; two columns where there is room.
// In: state, width, height, theme. Out: lines of exactly `width` cells. Pure.

import { Levels } from "../session/microphone.ts";
import type { Heard, LiveState } from "./state.ts";
import { cells, firstCells, lastCells, pad, padStart, type Style, type Theme } from "./theme.ts";
import { percent, REFERENCE_MIPS } from "./words.ts";

export const MAX_WIDTH = 140;
const TWO_COLUMNS = 110;
/** Rows that are not the list of what was heard: one column, two columns. */
const FIXED_ROWS = 17;
const FIXED_ROWS_WIDE = 8;
const MOST_HEARD = 8;
const HEARD_NOTE = "end found after";
/** Of the level meters. */
const FLOOR_DB = -54;

export function panel(state: LiveState, width: number, height: number, theme: Theme): string[] {
  const inner = Math.min(width, MAX_WIDTH) - 2;
  return inner + 2 >= TWO_COLUMNS ? wide(state, inner, height, theme) : narrow(state, inner, height, theme);
}

function narrow(state: LiveState, inner: number, height: number, theme: Theme): string[] {
  const rows = Math.max(1, Math.min(MOST_HEARD, height - FIXED_ROWS - 1));
  return [
    top(state, inner, null, theme),
    ...boxed(voice(state, inner, theme), inner, theme),
    divider("heard", HEARD_NOTE, inner, theme),
    ...boxed(heard(state, rows, inner, theme), inner, theme),
    divider("device", "", inner, theme),
    ...boxed(device(state, inner, theme), inner, theme),
    bottom(state, inner, null, theme),
  ];
}

function wide(state: LiveState, inner: number, height: number, theme: Theme): string[] {
  const left = Math.floor(inner * 0.56);
  const right = inner - left - 1;
  const rows = Math.max(2, Math.min(MOST_HEARD, height - FIXED_ROWS_WIDE - 1));
  const side = theme.paint("dim", theme.side);
  const leftRows = [
    ...boxed(voice(state, left, theme), left, theme),
    divider("heard", HEARD_NOTE, left, theme),
    ...boxed(heard(state, rows, left, theme), left, theme),
  ];
  const rightRows = ["", ...device(state, right, theme)];
  const body = leftRows.map((row, i) => row + pad(rightRows[i] ?? "", right) + side);
  return [top(state, inner, left, theme), ...body, bottom(state, inner, left, theme)];
}

const boxed = (rows: string[], inner: number, theme: Theme): string[] => {
  const side = theme.paint("dim", theme.side);
  return rows.map((row) => side + pad(row, inner) + side);
};

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;

/** A line with a tee where a column's edge meets it. */
function edge(text: string, from: number, column: number | null, tee: string): string {
  if (column === null || column < from || column >= from + text.length) return text;
  return text.slice(0, column - from) + tee + text.slice(column - from + 1);
}

function top(state: LiveState, inner: number, column: number | null, theme: Theme): string {
  const title = theme.paint("title", " earshot ");
  const total = state.totalSeconds;
  const time = ` ${clock(state.seconds)}${total === null ? "" : ` of ${clock(total)}`} `;
  const line = theme.line.repeat(Math.max(0, inner - cells(title) - cells(time) - 2));
  const fill = edge(line, cells(title) + 1, column, theme.teeDown);
  const { tl, tr } = theme.corner;
  const dim = (text: string): string => theme.paint("dim", text);
  return dim(tl + theme.line) + title + dim(fill) + time + dim(theme.line + tr);
}

function bottom(state: LiveState, inner: number, column: number | null, theme: Theme): string {
  const { ready } = state;
  const parts =
    ready === undefined
      ? []
      : [`XS ${ready.xs}`, `${ready.kernels} kernels`, `model ${(ready.modelBytes / 1e6).toFixed(1)} MB`];
  const text = parts.length > 0 ? ` ${parts.join(", ")} ` : "";
  const fill = edge(theme.line.repeat(Math.max(0, inner - cells(text) - 1)), 0, column, theme.teeUp);
  return theme.paint("dim", theme.corner.bl + fill + text + theme.line + theme.corner.br);
}

function divider(name: string, note: string, inner: number, theme: Theme): string {
  const end = note === "" ? theme.line : ` ${note} ${theme.line}`;
  const fill = theme.line.repeat(Math.max(0, inner - cells(name) - cells(end) - 3));
  return theme.paint("dim", `${theme.teeLeft}${theme.line} ${name} ${fill}${end}${theme.teeRight}`);
}

/** The microphone's last seconds, and the words as they come. */
function voice(state: LiveState, width: number, theme: Theme): string[] {
  const label = state.done ? "ended" : state.partial !== "" ? "hearing" : state.listening ? "listening" : "starting";
  const style: Style = state.partial !== "" ? "words" : state.done ? "dim" : "voice";
  const columns = width - 18;
  const step = Levels.STEP;
  let wave = "";
  for (let i = columns - 1; i >= 0; i--) {
    const level = toScale(state.levels.at(state.t - i * step));
    wave += theme.rise[Math.round(level * (theme.rise.length - 1))] as string;
  }
  const words = state.partial === "" ? "" : `${lastCells(state.partial, width - 6, theme.more)}`;
  return [
    "",
    `  ${theme.paint(style, `${theme.dot} ${label.padEnd(10)}`)}  ${theme.paint("voice", wave)}`,
    "",
    `    ${theme.paint("words", words)}${state.done ? "" : theme.paint("dim", theme.cursor)}`,
    "",
  ];
}

/** A level of 0 to 1 on a scale of decibels. */
function toScale(level: number): number {
  if (level <= 0) return 0;
  return Math.max(0, Math.min(1, 1 - (20 * Math.log10(level)) / FLOOR_DB));
}

function heard(state: LiveState, rows: number, width: number, theme: Theme): string[] {
  // Two rows an utterance: the words, and what came of them.
  const shown = state.heard.slice(-Math.max(1, Math.floor(rows / 2)));
  return Array.from({ length: rows }, (_, i) => {
    const item = shown[rows === 1 ? 0 : Math.floor(i / 2)];
    if (item === undefined) return "";
    if (i % 2 === 1) return outcome(item, width, theme);
    const late = `${(item.lateMs / 1000).toFixed(2)} s`;
    const text = firstCells(item.text, width - 22, theme.more);
    const time = theme.paint("dim", padStart(clock(item.startMs / 1000), 6));
    return `${pad(`${time}  ${theme.paint("heard", text)}`, width - 10)}${theme.paint("dim", padStart(late, 8))}`;
  });
}

function outcome({ meant, did, said }: Heard, width: number, theme: Theme): string {
  const what = did === "" ? meant : did;
  if (what === "") return "";
  const answer = said === "" ? "" : ` ${theme.quote}${said}${theme.unquote}`;
  const text = firstCells(`${theme.arrow} ${what}${answer}`, width - 12, theme.more);
  return `${" ".repeat(8)}${theme.paint(did === "" ? "dim" : "voice", text)}`;
}

/** Music, CPU, and what was lost. */
function device(state: LiveState, width: number, theme: Theme): string[] {
  const room = width - 24;
  const { share } = state;
  const cpu = state.mips === undefined ? `of a ${REFERENCE_MIPS} MIPS CPU` : `of its ${state.mips} MIPS CPU`;
  const row = (name: string, bars: string, value: string): string =>
    `  ${name.padEnd(11)}${pad(bars, room)} ${padStart(value, 7)}`;
  return [
    row("speaker", bar(toScale(state.level), room, "music", theme), musicWord(state)),
    `  ${" ".repeat(11)}${theme.paint("dim", musicSentence(state, theme))}`,
    row("music", bar(share.music, room, "music", theme), percent(share.music)),
    row("recognizer", bar(share.recognizer, room, "recognizer", theme), percent(share.recognizer)),
    row("JavaScript", bar(share.javascript, room, "javascript", theme), percent(share.javascript)),
    row("together", stacked(state, room, theme), percent(share.music + share.recognizer + share.javascript)),
    `  ${" ".repeat(11)}${theme.paint("dim", cpu)}`,
    `  ${losses(state, theme)}`,
  ];
}

function musicWord(state: LiveState): string {
  return state.playing ? clock(state.position / 48_000) : "";
}

function musicSentence(state: LiveState, theme: Theme): string {
  if (!state.playing) return "no music";
  return state.ducked ? `${theme.note} music, lowered while somebody speaks` : `${theme.note} music plays`;
}

function bar(share: number, width: number, style: Style, theme: Theme): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * width * 8);
  const whole = Math.floor(eighths / 8);
  const part = eighths % 8 === 0 ? "" : (theme.run[(eighths % 8) - 1] as string);
  const full = (theme.run[7] as string).repeat(whole) + part;
  return theme.paint(style, full) + theme.paint("dim", theme.rest.repeat(width - cells(full)));
}

/** The three shares one after the other. */
function stacked({ share }: LiveState, width: number, theme: Theme): string {
  const parts: [Style, number][] = [
    ["music", share.music],
    ["recognizer", share.recognizer],
    ["javascript", share.javascript],
  ];
  let text = "";
  let used = 0;
  let sum = 0;
  for (const [style, part] of parts) {
    sum += part;
    const end = Math.min(width, Math.round(sum * width));
    text += theme.paint(style, (theme.run[7] as string).repeat(end - used));
    used = end;
  }
  return text + theme.paint("dim", theme.rest.repeat(width - used));
}

function losses(state: LiveState, theme: Theme): string {
  if (state.note !== "") return theme.paint("bad", firstCells(state.note, 60, theme.more));
  const underruns = `${state.underruns} underrun${state.underruns === 1 ? "" : "s"}`;
  const late = state.late
    ? theme.paint("bad", ", the recognizer is late")
    : state.overloads > 0
      ? `, was late ${state.overloads} ×`
      : "";
  return theme.paint(state.underruns > 0 ? "bad" : "good", underruns) + late;
}
