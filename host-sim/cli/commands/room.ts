// --room RT60[,DB]: checked here, simulated by the board.

import { inputFailure } from "../failure.ts";

const MAX_SECONDS = 5;
const MIN_DB = -60;
const MAX_DB = 40;
/** Where none is given; the board has the same. */
export const DEFAULT_DB = -10;

export function parseRoom(text: string): string {
  const match = /^(\d+(?:\.\d+)?)(?:,([+-]?\d+(?:\.\d+)?))?$/.exec(text);
  const seconds = Number(match?.[1]);
  const db = Number(match?.[2] ?? DEFAULT_DB);
  if (match === null || seconds > MAX_SECONDS || db < MIN_DB || db > MAX_DB) {
    throw inputFailure(
      `--room: expected a reverberation time of 0 to ${MAX_SECONDS} s and maybe a level of ${MIN_DB} to ${MAX_DB} dB, such as 0.4,-6; found ${JSON.stringify(text)}.`,
    );
  }
  return match[2] === undefined ? String(seconds) : `${seconds},${db}`;
}
