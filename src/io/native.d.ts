// The natives that native/xs binds. `native("…")` is called at module level only: in the SDK its argument must be a
// literal, so that the link step finds the C function.

/** One event of the engine; `type` and `reason` are the enumerations of earshot/runtime.h and earshot/recognizer.h. */
type EarshotEventCallback = (
  type: number,
  t: number,
  utterance: number,
  revision: number,
  value: number,
  reason: number,
  bytes: Uint8Array | undefined,
) => void;

interface EarshotNatives {
  /** Samples of the capture clock since the start. */
  es_now: () => number;
  es_events: (callback: EarshotEventCallback) => void;
  es_listen: (on: boolean, once: boolean) => void;
  es_mute: (on: boolean) => void;
  /** The speculative revision is not complete: its final end waits longer. */
  es_hold: (utterance: number, revision: number) => void;
  /** The whole list of names (earshot/bias.h); out: how many of them the word pieces can spell. Throws a RangeError. */
  es_names: (bytes: Uint8Array) => number;
  /** Where the next list may be made: it has more bytes than the heap has room for. Throws a RangeError. */
  es_names_room: () => ArrayBuffer;
  /** The list that the board was given from outside, a buffer that stays where it is. */
  es_names_given: () => ArrayBuffer | undefined;
  /** Number of the first name of the list, from `from` on, that can't be spelled; -1: there is none. */
  es_unspelled: (from: number) => number;
  /** Ways to write a folded name, one a line, its pieces parted by spaces; empty: there is none. */
  es_spell: (name: string) => string;
  /** 0, or a negative es_status. `at` here and below: capture time at which the change is heard. */
  es_music_play: (uri: string, fromFrame: number, at: number) => number;
  /** Name of the n-th piece; undefined after the last. */
  es_music_name: (index: number) => string | undefined;
  /** Samples of the capture clock that it takes to say what there is of the text; 0: nothing; negative: es_status. */
  es_say: (text: string, at: number) => number;
  es_say_stop: (at: number) => void;
  /** UTC in ms; NaN while it is not known. */
  es_date: () => number;
  es_date_set: (ms: number) => void;
  /** Replaces the program after the present call; false: this board can't. */
  es_restart: () => boolean;
  /** Text of a word piece of the model. */
  es_piece: (id: number) => string;
  es_music_pause: (on: boolean, at: number) => void;
  es_music_stop: (at: number) => void;
  /** Frame of the piece at 48 kHz. */
  es_music_frame: () => number;
  /** Amplitude in Q15, 32768 = 1. */
  es_volume: (q15: number, at: number) => void;
  es_duck: (on: boolean, at: number) => void;
  es_stats: () => string;
  es_model_info: () => string;
  /** JSON, as src/understanding/scored.ts reads it. */
  es_understand_words: (words: string) => string;
  es_understand_coded: (lattice: Uint8Array) => string;
  es_trace: (line: string) => void;
  es_log: (line: string) => void;
  es_console: (callback: (line: string, json: boolean, letters: number) => string) => void;
}

declare function native<Name extends keyof EarshotNatives>(name: Name): EarshotNatives[Name];
