// start: the main job, for a person to watch. The firmware hears packaged requests, or a user's file, over music.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { releasedModel } from "../device/model-file.ts";
import { EXIT_OK } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { say } from "../output.ts";
import { type FileToHear, fileMicrophone, Levels } from "../session/microphone.ts";
import { Session, type SessionOptions } from "../session/session.ts";
import { userPath } from "../user-path.ts";
import { LiveView } from "../view/live.ts";
import { PlainView } from "../view/plain.ts";
import { MUSIC_OPTIONS, musicOf } from "./music.ts";
import { reportOf } from "./report.ts";
import { promptsOf } from "./voice.ts";
import { watchedRun } from "./watched-run.ts";

export const command: Command = {
  name: "start",
  invocation: "npm start --",
  summary: "Shows Earshot at work: the firmware hears packaged requests over music, and says what it heard.",
  operands: {
    name: "FILE",
    least: 0,
    most: 1000,
    help: "your own sound in place of the packaged requests: WAV, FLAC or Ogg Opus",
  },
  options: [
    ...MUSIC_OPTIONS,
    { name: "mips", value: "N", help: "a CPU of N million instructions a second, such as 250 for a small board" },
    {
      name: "report",
      value: "OUT.html",
      help: "write the run as one page: sound, words, lattices, actions, CPU, memory",
    },
    { name: "plain", help: "lines in place of the live view, as fast as the PC can" },
  ],
  notes: [
    "In a terminal the run is shown live, in real time; elsewhere it is plain lines. The last lines are the words of each utterance, after `heard: `.",
    "More commands: npm run transcribe (files to text), npm run sim (every option of the virtual board, its serial console, the PC's microphone), npm run bench, npm test; each has --help.",
  ],
};

/** The device goes on for this long after the last sound. */
const TAIL_SECONDS = 2;
const MIN_COLUMNS = 60;
const MIN_ROWS = 19;

export async function run(args: Arguments, root: string): Promise<number> {
  const files =
    args.operands.length > 0 ? args.operands.map((file) => ({ file, path: userPath(file) })) : packagedRequests(root);
  const microphone = await fileMicrophone(files);
  const live = wantsLive(args);
  const levels = new Levels();
  const music = musicOf(args, root);
  const mips = args.number("mips", 1, 100_000);
  const total = microphone.seconds === null ? null : microphone.seconds + TAIL_SECONDS;
  const panel = live ? new LiveView(levels, mips, total) : undefined;
  const wanted = args.text("report");
  const ticks = live || wanted !== undefined;
  const options: SessionOptions = {
    device: { root, model: releasedModel(root), mips, ticks, paced: live, prompts: promptsOf(root) },
    microphone,
    music,
    levels,
    played: panel && ((sound: Buffer) => panel.played(sound)),
  };
  const report = await reportOf(wanted, options);
  const session = new Session(report.options);
  const code = await watchedRun(session, report.watch(panel ?? new PlainView()), {
    interrupt: () => session.abort(),
    goesOnAlone: wanted !== undefined,
  });
  if (live && wanted === undefined && code === EXIT_OK)
    say("npm start -- --report run.html writes this run as a page.");
  return code;
}

function wantsLive(args: Arguments): boolean {
  const { isTTY, columns = 0, rows = 0 } = process.stdout;
  return (
    isTTY === true && !args.flag("plain") && process.env.TERM !== "dumb" && columns >= MIN_COLUMNS && rows >= MIN_ROWS
  );
}

/** In the order of the manifest beside them. */
function packagedRequests(root: string): FileToHear[] {
  const folder = join(root, "host-sim", "demo");
  const lines = readFileSync(join(folder, "requests.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line) => {
    const { file } = JSON.parse(line) as { file: string };
    return { file, path: join(folder, file) };
  });
}
