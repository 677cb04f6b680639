// From words to one action. At the speculative end it understands and plans, without side effects; at the final it tells
// the intent, carries out the plan once and answers. A reset forgets. A driver that hangs or throws ends in an answer.

import { SAMPLES_PER_SECOND } from "../base/time";
import type { Hypothesis } from "../recognizer/hypothesis";
import { type AnyIntent, failed, type Outcome, type Plan } from "../skills/skill";
import type { Planned, Skills } from "../skills/skills";
import type { Understander } from "../understanding/intent";
import type { History, HistoryEntry } from "./history";

/** A driver that has not answered after this has no answer. */
export const DRIVER_TIMEOUT = 5 * SAMPLES_PER_SECOND;

/** Answers that a person at the button wants to hear, and a room that talks does not. */
const NOT_FOR_US = "not-understood";

export interface AssistantEvents {
  intent(t: number, utterance: number, intent: AnyIntent): void;
  action(t: number, utterance: number, skill: string, name: string, actionArguments: object): void;
  /** What the device tells a person: spoken as far as there are prompts, and printed. */
  answer(t: number, utterance: number, text: string): void;
  /** The words can't be the whole request: the end-pointer may wait. */
  hold(utterance: number, revision: number): void;
  log(message: string): void;
  /** With words, for debugging alone. */
  detail(message: string): void;
}

interface Prepared {
  readonly utterance: number;
  readonly text: string;
  readonly intent: AnyIntent;
  readonly planned: Planned;
}

interface Running {
  readonly started: number;
  settle(t: number, outcome: Outcome): void;
}

export class Assistant {
  readonly #understander: Understander;
  readonly #skills: Skills;
  readonly #history: History;
  readonly #events: AssistantEvents;
  readonly #now: () => number;
  readonly #running = new Set<Running>();
  #prepared: Prepared | undefined;
  /** Finals whose understanding was ready, and all; for `stats`. */
  readonly counts = { ready: 0, finals: 0, actions: 0, timeouts: 0 };

  constructor(
    understander: Understander,
    skills: Skills,
    history: History,
    events: AssistantEvents,
    now: () => number,
  ) {
    this.#understander = understander;
    this.#skills = skills;
    this.#history = history;
    this.#events = events;
    this.#now = now;
  }

  /** Actions that wait for a driver. */
  get running(): number {
    return this.#running.size;
  }

  /** At a speculative end. */
  prepare(t: number, utterance: number, revision: number, hypothesis: Hypothesis): void {
    const prepared = this.#consider(hypothesis.text, utterance, t, () => this.#understander.understand(hypothesis));
    this.#prepared = prepared;
    if (!prepared.intent.complete) this.#events.hold(utterance, revision);
  }

  /** The utterance goes on, or ended without words. */
  forget(): void {
    this.#prepared = undefined;
  }

  /** At the final; once for each utterance. */
  act(t: number, utterance: number, hypothesis: Hypothesis, quiet: boolean): void {
    const before = this.#prepared;
    const ready = before !== undefined && before.utterance === utterance && before.text === hypothesis.text;
    this.#prepared = undefined;
    this.counts.finals++;
    if (ready) this.counts.ready++;
    const prepared = ready
      ? before
      : this.#consider(hypothesis.text, utterance, t, () => this.#understander.understand(hypothesis));
    this.#carryOut(prepared, t, quiet);
  }

  /** Words that were typed, as if they had been spoken and had ended. */
  say(text: string, t: number): { readonly intent: AnyIntent; readonly entry: HistoryEntry; answer(): string } {
    const prepared = this.#consider(text, 0, t, () => this.#understander.understandText(text));
    return this.#carryOut(prepared, t, false);
  }

  /** What words would mean and do; nothing is done. */
  consider(text: string, t: number): { readonly intent: AnyIntent; readonly planned: Planned } {
    return this.#consider(text, 0, t, () => this.#understander.understandText(text));
  }

  /** To be called several times a second: ends what no driver answers. */
  tick(t: number): void {
    for (const running of [...this.#running]) {
      if (t - running.started < DRIVER_TIMEOUT) continue;
      this.counts.timeouts++;
      running.settle(t, failed("timeout", ""));
    }
  }

  #consider(text: string, utterance: number, t: number, understand: () => AnyIntent): Prepared {
    let intent: AnyIntent;
    try {
      intent = this.#skills.own(text) ?? understand();
    } catch (error) {
      this.#events.log(`understanding failed: ${describe(error)}`);
      intent = { name: "none", slots: {}, confidence: 0, complete: true };
    }
    const planned = this.#skills.plan(intent, t, (skill, error) =>
      this.#events.log(`${skill} can't plan: ${describe(error)}`),
    );
    return { utterance, text, intent, planned };
  }

  #carryOut({ utterance, text, intent, planned }: Prepared, t: number, quiet: boolean) {
    const { skill, plan } = planned;
    this.#events.intent(t, utterance, intent);
    const entry: HistoryEntry = {
      utterance,
      t,
      text,
      intent: intent.name,
      skill,
      action: plan.kind === "act" ? plan.name : "",
      result: "…",
    };
    this.#history.add(entry);
    let answer = "";
    const settled = (at: number, outcome: Outcome, fallback: string): void => {
      entry.result = outcome.code;
      answer = outcome.answer === "" && !outcome.done ? fallback : outcome.answer;
      if (!outcome.done) this.#events.log(`utterance ${utterance}: ${skill || "nobody"} did not act: ${outcome.code}`);
      if (answer !== "" && !(quiet && outcome.code === NOT_FOR_US)) this.#events.answer(at, utterance, answer);
    };
    if (plan.kind === "refuse") settled(t, failed(plan.code, plan.answer), "sorry i can't do that");
    else this.#run(plan, skill, utterance, t, settled);
    return { intent, entry, answer: () => answer };
  }

  #run(
    plan: Plan & { kind: "act" },
    skill: string,
    utterance: number,
    t: number,
    settled: (t: number, outcome: Outcome, fallback: string) => void,
  ): void {
    this.counts.actions++;
    this.#events.action(t, utterance, skill, plan.name, plan.arguments);
    const running: Running = {
      started: t,
      settle: (at, outcome) => {
        if (!this.#running.delete(running)) return; // too late, or told twice
        settled(at, outcome, plan.late === "" ? "sorry something went wrong" : plan.late);
      },
    };
    this.#running.add(running);
    let inside = true;
    try {
      // What a driver tells at once belongs to the request's own time; what it tells later, to that later time.
      plan.run(t, (outcome) => running.settle(inside ? t : this.#now(), outcome));
    } catch (error) {
      this.#events.log(`${skill} failed: ${describe(error)}`);
      running.settle(t, failed("failed", "sorry something went wrong"));
    }
    inside = false;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
