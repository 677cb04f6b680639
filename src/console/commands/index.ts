// Every command of the console, in the order in which help shows them.

import type { Command } from "../command";
import { asr } from "./asr";
import { bias } from "./bias";
import { contacts } from "./contacts";
import { factory } from "./factory";
import { help } from "./help";
import { history } from "./history";
import { home } from "./home";
import { hyp } from "./hyp";
import { lattice } from "./lattice";
import { listen } from "./listen";
import { lists } from "./lists";
import { log } from "./log";
import { mem } from "./mem";
import { model } from "./model";
import { mute } from "./mute";
import { next } from "./next";
import { nlu } from "./nlu";
import { pause } from "./pause";
import { play } from "./play";
import { playlists } from "./playlists";
import { previous } from "./previous";
import { privacy } from "./privacy";
import { reset } from "./reset";
import { rooms } from "./rooms";
import { say } from "./say";
import { seek } from "./seek";
import { selftest } from "./selftest";
import { settings } from "./settings";
import { stats } from "./stats";
import { status } from "./status";
import { stop } from "./stop";
import { tasks } from "./tasks";
import { time } from "./time";
import { timers } from "./timers";
import { trace } from "./trace";
import { volume } from "./volume";

export const COMMANDS: readonly Command[] = [
  help,
  status,
  stats,
  tasks,
  play,
  next,
  previous,
  seek,
  pause,
  stop,
  volume,
  mute,
  listen,
  asr,
  hyp,
  lattice,
  bias,
  nlu,
  say,
  contacts,
  home,
  rooms,
  playlists,
  lists,
  timers,
  time,
  privacy,
  settings,
  history,
  trace,
  log,
  model,
  mem,
  selftest,
  reset,
  factory,
];
