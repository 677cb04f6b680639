/// <reference path="./native.d.ts" />
// The native engine behind the interfaces that the parts ask for.

import type { CalendarDriver } from "../calendar/calendar";
import type { ConsolePort } from "../console/console";
import type { MusicDriver } from "../player/player";
import type { PromptDriver } from "../player/voice";
import type { RawEventHandler, RecognizerDriver } from "../recognizer/recognizer";
import type { UnderstandingDriver } from "../understanding/intent";

const now = native("es_now");
const events = native("es_events");
const listen = native("es_listen");
const mute = native("es_mute");
const hold = native("es_hold");
const names = native("es_names");
const namesRoom = native("es_names_room");
const namesGiven = native("es_names_given");
const unspelled = native("es_unspelled");
const spell = native("es_spell");
const musicPlay = native("es_music_play");
const musicPause = native("es_music_pause");
const musicStop = native("es_music_stop");
const musicPosition = native("es_music_frame");
const musicName = native("es_music_name");
const say = native("es_say");
const sayStop = native("es_say_stop");
const date = native("es_date");
const setDate = native("es_date_set");
const restartProgram = native("es_restart");
const piece = native("es_piece");
const volume = native("es_volume");
const duck = native("es_duck");
const stats = native("es_stats");
const modelInfo = native("es_model_info");
const understandWords = native("es_understand_words");
const understandCoded = native("es_understand_coded");
const trace = native("es_trace");
const log = native("es_log");
const consoleLines = native("es_console");

export const clock = { now: () => now() };

export const recognizerDriver: RecognizerDriver = {
  onEvent: (handler: RawEventHandler) => events(handler),
  listen: (on, once) => listen(on, once),
  mute: (on) => mute(on),
  hold: (utterance, revision) => hold(utterance, revision),
  names: (bytes) => names(bytes),
  namesRoom: () => new Uint8Array(namesRoom()),
  givenNames: () => {
    const given = namesGiven();
    return given === undefined ? undefined : new Uint8Array(given);
  },
  unspelled: (from) => unspelled(from),
  spell: (name) => spell(name),
};

export const musicDriver: MusicDriver = {
  play: (uri, fromFrame, at) => musicPlay(uri, fromFrame, at),
  pause: (on, at) => musicPause(on, at),
  stop: (at) => musicStop(at),
  position: () => musicPosition(),
  name: (index) => musicName(index),
  volume: (q15, at) => volume(q15, at),
  duck: (on, at) => duck(on, at),
};

export const understandingDriver: UnderstandingDriver = {
  scoreText: (words) => understandWords(words),
  scoreLattice: (lattice) => understandCoded(lattice),
};

export const promptDriver: PromptDriver = { say: (text, at) => say(text, at), stop: (at) => sayStop(at) };

export const calendarDriver: CalendarDriver = { date: () => date(), setDate: (utc) => setDate(utc) };

export const reports = { stats: () => stats(), model: () => modelInfo(), piece: (id: number) => piece(id) };

export const restart = (): boolean => restartProgram();

export const output = { trace: (line: string) => trace(line), log: (line: string) => log(line) };

export const consolePort: ConsolePort = { onLine: (handler) => consoleLines(handler) };
