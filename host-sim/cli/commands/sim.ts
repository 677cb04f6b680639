// sim: the whole firmware on the virtual board.

import { type DeviceNames, namesForDevice } from "../bias-file.ts";
import { releasedModel } from "../device/model-file.ts";
import { inputFailure } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { print } from "../output.ts";
import { fileMicrophone, liveMicrophone, type Microphone } from "../session/microphone.ts";
import { Session, type SessionOptions } from "../session/session.ts";
import { openTerminal } from "../session/terminal.ts";
import { userPath } from "../user-path.ts";
import { JsonView } from "../view/json.ts";
import { PlainView } from "../view/plain.ts";
import { QuietView } from "../view/quiet.ts";
import type { View } from "../view/view.ts";
import { CATALOG_OPTION, startupOf } from "./catalog.ts";
import { parseDate, pcCalendar } from "./date.ts";
import { LIBRARY_OPTION, libraryOf } from "./library.ts";
import { MUSIC_OPTIONS, musicOf } from "./music.ts";
import { reportOf } from "./report.ts";
import { DEFAULT_DB, parseRoom } from "./room.ts";
import { promptsOf, storageOf } from "./voice.ts";
import { watchedRun } from "./watched-run.ts";

/** A picture of the CPU's time needs a CPU that is not unlimited. */
const TIMELINE_MIPS = 250;

export const command: Command = {
  name: "sim",
  invocation: "npm run --silent sim --",
  summary: "Runs the whole firmware on the virtual board: it listens from the first sample on, while music plays.",
  operands: {
    name: "FILE",
    least: 0,
    most: 1,
    help: "what the microphone hears: WAV, FLAC or Ogg Opus; the run ends 2 s after it",
  },
  options: [
    { name: "json", help: "events as JSON Lines, the run summary as the last line" },
    {
      name: "console",
      value: "pty",
      optional: true,
      help: "the serial console on standard input and output, or with =pty on a pseudo-terminal; ends with its input",
    },
    ...MUSIC_OPTIONS,
    { name: "mips", value: "N", help: "a CPU of N million instructions a second; without it, none is too slow" },
    {
      name: "bias",
      value: "FILE",
      help: "names to listen for, one a line: name, perhaps a tab and a class, a tab and a weight",
    },
    { name: "model", value: "FILE", help: "this model in place of the released one" },
    { name: "trace", value: "FILE", help: "write the events to FILE; the same input gives the same bytes" },
    {
      name: "timeline",
      value: "OUT.html",
      help: `write a page that shows tasks, deadlines and words over time (at ${TIMELINE_MIPS} MIPS unless --mips)`,
    },
    { name: "out", value: "FILE.wav", help: "write what the speaker played: 48 kHz, 16 bit, stereo" },
    {
      name: "room",
      value: "RT60[,DB]",
      help: `the microphone hears the speaker too: reverberation time in seconds, level in dB (${DEFAULT_DB}); an echo canceller takes it out`,
    },
    { name: "no-voice", help: "speak no answers: a board without room for the voice" },
    { name: "no-echo-canceller", help: "with --room: leave the speaker's own sound in what is heard" },
    CATALOG_OPTION,
    LIBRARY_OPTION,
    {
      name: "storage",
      value: "FILE",
      help: "keep settings, timers, lists and names in FILE, from run to run; without it each run is a new device",
    },
    {
      name: "report",
      value: "OUT.html",
      help: "write the run as one page: sound, words, lattices, actions, CPU, memory",
    },
    { name: "date", value: "ISO", help: "the device's calendar at the start, such as 2026-01-01T08:00:00" },
    { name: "mic", help: "hear the PC's microphone in real time (arecord or pw-record) until Ctrl-C" },
    { name: "speaker", help: "play through the PC's speaker in real time (aplay or pw-play)" },
  ],
  notes: [
    "Exit code 0; 2 when something given can't be used; 3 when sound was lost (an underrun or a lost microphone block); 1 for a fault of ours.",
  ],
};

export async function run(args: Arguments, root: string): Promise<number> {
  const consoleMode = consoleOf(args);
  const names = await namesForDevice(args.text("bias"));
  try {
    return await runSession(args, root, consoleMode, names);
  } finally {
    await names?.remove();
  }
}

async function runSession(
  args: Arguments,
  root: string,
  consoleMode: ConsoleMode,
  bias: DeviceNames | undefined,
): Promise<number> {
  const json = args.flag("json");
  const options = { ...(await sessionOptions(args, root, consoleMode, bias)), bias };
  const report = await reportOf(args.text("report"), options);
  const terminal = consoleMode === "fd" && process.stdin.isTTY && process.stdout.isTTY ? openTerminal() : undefined;
  const write = consoleWriter(json);
  const session = new Session(terminal === undefined ? report.options : { ...report.options, console: terminal.lines });
  const orderly = options.microphone?.program !== undefined || consoleMode !== "none";
  return watchedRun(session, report.watch(viewOf(json, consoleMode)), {
    interrupt: () => (orderly ? session.stop() : session.abort()),
    goesOnAlone:
      options.trace !== undefined || options.out !== undefined || args.flag("speaker") || args.flag("report"),
    console: async (data) => {
      await write(data);
      terminal?.prompt();
    },
  });
}

type ConsoleMode = "none" | "fd" | "pty";

function consoleOf(args: Arguments): ConsoleMode {
  if (!args.flag("console")) return "none";
  const where = args.text("console");
  if (where !== undefined && where !== "pty")
    throw inputFailure(`--console: expected nothing or =pty; found ${JSON.stringify(where)}.`);
  return where === "pty" ? "pty" : "fd";
}

function viewOf(json: boolean, mode: ConsoleMode): View {
  if (json) return new JsonView();
  return mode === "none" ? new PlainView() : new QuietView();
}

/** Whole lines only where events go to the same place: no line splits another. */
function consoleWriter(json: boolean): (data: Buffer) => Promise<void> {
  if (!json) return print;
  let rest: Buffer = Buffer.alloc(0);
  return async (data) => {
    const bytes = Buffer.concat([rest, data]);
    const end = bytes.lastIndexOf(10) + 1;
    rest = bytes.subarray(end);
    if (end > 0) await print(bytes.subarray(0, end));
  };
}

async function sessionOptions(
  args: Arguments,
  root: string,
  mode: ConsoleMode,
  bias: DeviceNames | undefined,
): Promise<SessionOptions> {
  const [file] = args.operands;
  const mic = args.flag("mic");
  if (mic && file !== undefined)
    throw inputFailure(`expected a file or --mic; found ${JSON.stringify(file)} and --mic.`);
  const model = args.text("model");
  const date = args.text("date");
  const room = args.text("room");
  const live = mic || mode === "pty" || (mode === "fd" && process.stdin.isTTY === true);
  const catalog = args.text("catalog");
  const startup = catalog === undefined ? undefined : await startupOf(catalog);
  const library = args.text("library");
  const device = {
    root,
    model: model === undefined ? releasedModel(root) : userPath(model),
    names: bias?.path,
    mips: args.number("mips", 1, 100_000) ?? (args.flag("timeline") ? TIMELINE_MIPS : undefined),
    date: date === undefined ? (live ? pcCalendar() : undefined) : parseDate(date),
    room: room === undefined ? undefined : parseRoom(room),
    noEchoCanceller: args.flag("no-echo-canceller"),
    console: mode,
    json: args.flag("json"),
    ticks: args.flag("report"),
    prompts: args.flag("no-voice") ? undefined : promptsOf(root),
    storage: storageOf(args),
    startup: startup?.path,
    paced: args.flag("speaker") || (mode !== "none" && live),
  };
  const music = musicOf(args, root);
  let microphone: Microphone | undefined;
  if (file !== undefined) microphone = await fileMicrophone([{ file, path: userPath(file) }]);
  else if (mic) microphone = liveMicrophone();
  return {
    device,
    names: { model, music: music?.file, storage: args.text("storage") },
    microphone,
    music,
    library: library === undefined ? undefined : await libraryOf(library),
    cleanUp: startup?.remove,
    trace: args.text("trace"),
    out: args.text("out"),
    timeline: args.text("timeline"),
    speaker: args.flag("speaker"),
    console: mode === "fd" ? process.stdin : undefined,
  };
}
