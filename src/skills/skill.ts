// What a skill is: it turns an intent into a plan, without side effects, and the plan, when its time has come, is carried
// out once. Skills know nothing of the console, of words that were said, or of sound.

import type { Intent } from "../understanding/intent";

/** An intent of understanding, or one of a skill's own wordings. */
export type AnyIntent = Omit<Intent, "name"> & { readonly name: string };

/** Values of an action's arguments: what a program needs to repeat it. */
export type ArgumentValue = string | number | boolean | readonly string[];
export type ActionArguments = Readonly<Record<string, ArgumentValue>>;

export interface Outcome {
  readonly done: boolean;
  /** One word for programs: "done", or why not. */
  readonly code: string;
  /** For people: what the speaker says and the console prints; empty: the effect speaks for itself. */
  readonly answer: string;
}

/** Told exactly once, now or later. A driver that never tells is timed out by the caller. */
export type Done = (outcome: Outcome) => void;

export type Plan =
  /** Something to do. `run` may throw. */
  | {
      readonly kind: "act";
      readonly name: string;
      readonly arguments: ActionArguments;
      /** What is answered when nobody tells how it ended. */
      readonly late: string;
      run(t: number, done: Done): void;
    }
  /** Nothing can be done: why, as an answer. */
  | { readonly kind: "refuse"; readonly code: string; readonly answer: string };

export interface Skill {
  /** As in the trace's `action` events. */
  readonly name: string;
  readonly intents: readonly string[];
  /** Wordings of intents that understanding does not know, by name (phrases.ts). They come before everything else. */
  readonly phrases?: Readonly<Record<string, readonly string[]>>;
  /** `t`: capture time of the request. No side effects: it is called for words that may be taken back. */
  plan(intent: AnyIntent, t: number): Plan;
  /** After a start and then several times a second; for what happens without a request. */
  tick?(t: number): void;
}

export function ok(answer = ""): Outcome {
  return { done: true, code: "done", answer };
}

export function failed(code: string, answer: string): Outcome {
  return { done: false, code, answer };
}

export function refuse(code: string, answer: string): Plan {
  return { kind: "refuse", code, answer };
}

/** A plan whose effect is there when `run` returns. */
export function act(name: string, actionArguments: ActionArguments, run: (t: number) => Outcome): Plan {
  return { kind: "act", name, arguments: actionArguments, late: "", run: (t, done) => done(run(t)) };
}

/** A plan that waits for a driver; `late`: the answer when it does not reply. */
export function ask(
  name: string,
  actionArguments: ActionArguments,
  late: string,
  run: (t: number, done: Done) => void,
): Plan {
  return { kind: "act", name, arguments: actionArguments, late, run };
}
