// Every command of the console, in the order in which help shows them.

import type { Command } from "../command";
import { help } from "./help";
import { hyp } from "./hyp";
import { listen } from "./listen";
import { log } from "./log";
import { mem } from "./mem";
import { model } from "./model";
import { mute } from "./mute";
import { pause } from "./pause";
import { play } from "./play";
import { stats } from "./stats";
import { status } from "./status";
import { stop } from "./stop";
import { volume } from "./volume";

export const COMMANDS: readonly Command[] = [
  help,
  status,
  stats,
  play,
  pause,
  stop,
  volume,
  mute,
  listen,
  hyp,
  model,
  mem,
  log,
];
