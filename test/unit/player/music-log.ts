// A music driver for tests that writes down its orders.

import type { MusicDriver } from "../../../src/player/player";

export interface MusicLog extends MusicDriver {
  readonly orders: string[];
  frame: number;
}

/** Knows the piece "default" only; with `pieces` others. */
export function musicLog(pieces: readonly string[] = ["default"]): MusicLog {
  const orders: string[] = [];
  const log: MusicLog = {
    orders,
    frame: 0,
    play: (uri, from, at) => {
      if (!pieces.includes(uri)) return -10;
      orders.push(`play ${uri} ${from} at ${at}`);
      return 0;
    },
    pause: (on, at) => orders.push(`pause ${on} at ${at}`),
    stop: (at) => orders.push(`stop at ${at}`),
    position: () => log.frame,
    name: (index) => pieces[index],
    volume: (q15, at) => orders.push(`volume ${q15} at ${at}`),
    duck: (on, at) => orders.push(`duck ${on} at ${at}`),
  };
  return log;
}
