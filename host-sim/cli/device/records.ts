// What the firmware's process writes, one JSON object a line: the events of the trace, and records of the host that are
// never part of a trace.

export interface Word {
  readonly word: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly confidence: number | null;
}

interface At {
  /** Samples of the capture clock. */
  readonly t: number;
  readonly utterance: number;
}

export interface FinalEvent extends At {
  readonly type: "final";
  readonly revision: number;
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly reason: string;
  readonly speculativeMs: number | null;
  readonly words: readonly Word[];
  /** Coded lattice, base64. */
  readonly lattice?: string;
}

export interface IntentEvent extends At {
  readonly type: "intent";
  readonly name: string;
  readonly slots: Readonly<Record<string, string>>;
  readonly confidence: number;
}

export interface ActionEvent extends At {
  readonly type: "action";
  readonly skill: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export type TraceEvent =
  | IntentEvent
  | ActionEvent
  | (At & { readonly type: "say"; readonly text: string })
  | (At & { readonly type: "ring"; readonly kind: string; readonly id: number; readonly name: string })
  | (At & { readonly type: "listen" | "recovered" | "musicStart" | "musicEnd" | "underrun" })
  | (At & { readonly type: "partial"; readonly text: string })
  | (At & { readonly type: "speculative"; readonly revision: number; readonly text: string })
  | (At & { readonly type: "reset"; readonly revision: number })
  | (At & { readonly type: "timeout"; readonly reason: string })
  | (At & { readonly type: "overload"; readonly load: string; readonly lateMs: number })
  | (At & { readonly type: "duck"; readonly on: boolean })
  | FinalEvent;

export interface FileStats {
  readonly audioMs: number;
  readonly macs: number;
  readonly weightBytes: number;
}

export interface Share {
  readonly music: number;
  readonly recognizer: number;
  readonly javascript: number;
}

export interface ReadyRecord {
  readonly type: "ready";
  readonly xs: string;
  readonly kernels: string;
  readonly model: string;
  readonly modelBytes: number;
  /** Limits of JavaScript's memory: slots, bytes of chunks. */
  readonly slotsSize?: number;
  readonly chunksSize?: number;
  readonly nativeBytes?: number;
  /** Of the pseudo-terminal, where one was asked for. */
  readonly terminal: string | null;
}

/** Of a list of names that was given: how many, and the numbers of those that the model's word pieces can't spell. */
export interface NamesRecord {
  readonly type: "names";
  readonly names: number;
  readonly unspelled: readonly number[];
}

export interface TickRecord {
  readonly type: "tick";
  readonly t: number;
  readonly share: Share;
  /** Loudest sample of the microphone since the last tick, 0 to 1. */
  readonly level: number;
  readonly playing: boolean;
  readonly gain: number;
  readonly position: number;
  readonly underruns: number;
  /** JavaScript's memory in use. */
  readonly slots?: number;
  readonly chunks?: number;
}

export interface FaultRecord {
  readonly type: "fault";
  readonly t: number;
  readonly reason: string;
  readonly message: string;
  readonly stack: string;
}

export interface ErrorRecord {
  readonly type: "error";
  readonly code: string;
  readonly what: string;
  readonly file: string;
  readonly offset: number | null;
}

export interface SummaryRecord {
  readonly type: "summary";
  readonly mips: number | null;
  readonly audioMs: number;
  readonly underruns: number;
  readonly microphoneLost: number;
  readonly framesLate: number;
  readonly longestSliceMs: number;
  readonly longestFrameMs: number;
  readonly shed: number;
  readonly queueFull: number;
  readonly share: Share & { readonly idle: number };
  readonly peakShare: number;
  readonly instructionsPerSecond: Record<string, number>;
  readonly weightBytes: number;
  readonly memory: { readonly used: number; readonly cap: number };
}

/** Where the time went, three numbers each: host-sim/cli/timeline/README.md. */
export interface SlicesRecord {
  readonly type: "slices";
  readonly slices: readonly number[];
  readonly steps: readonly number[];
  readonly leftOut: number;
}

/** Of a soak: a request begins to be said; the power was gone; memory and counters at a full hour. */
export interface SpokenRecord {
  readonly type: "spoken" | "restart";
  readonly second: number;
  readonly sound: number;
}

export interface MarkRecord {
  readonly type: "mark";
  readonly hour: number;
  readonly underruns: number;
  readonly microphoneLost: number;
  readonly framesLate: number;
  readonly shed: number;
  readonly queueFull: number;
  readonly slots: number;
  readonly slotsSize: number;
  readonly chunks: number;
  readonly chunksSize: number;
  readonly keys: number;
  readonly arena: number;
  readonly heapBytes: number;
}

export type HostRecord =
  | ReadyRecord
  | NamesRecord
  | TickRecord
  | SlicesRecord
  | SpokenRecord
  | MarkRecord
  | FaultRecord
  | ErrorRecord
  | SummaryRecord
  | { readonly type: "microphone"; readonly t: number; readonly on: boolean }
  | { readonly type: "begin"; readonly file: string }
  | { readonly type: "end"; readonly file: string; readonly stats: FileStats };

export type DeviceRecord = TraceEvent | HostRecord;

const HOST_TYPES = new Set([
  "names",
  "ready",
  "tick",
  "slices",
  "spoken",
  "restart",
  "mark",
  "fault",
  "error",
  "summary",
  "begin",
  "end",
  "microphone",
]);

export function isTraceEvent(record: DeviceRecord): record is TraceEvent {
  return !HOST_TYPES.has(record.type);
}
