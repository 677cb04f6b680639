// The skills of a device and who is asked for which intent.

import { fold } from "../catalog/fold";
import { matchPhrase } from "./phrases";
import { type AnyIntent, type Plan, refuse, type Skill } from "./skill";

export interface Planned {
  /** Name of the skill; empty when none was asked. */
  readonly skill: string;
  readonly plan: Plan;
}

export class Skills {
  readonly #skills: readonly Skill[];

  /** Of two skills that know an intent the first is asked. */
  constructor(skills: readonly Skill[]) {
    this.#skills = skills;
  }

  get all(): readonly Skill[] {
    return this.#skills;
  }

  /** The intent of a skill's own wording that the text is; undefined: understanding is asked. */
  own(text: string): AnyIntent | undefined {
    const words = fold(text).text;
    for (const { phrases } of this.#skills) {
      for (const name of Object.keys(phrases ?? {})) {
        for (const phrase of phrases?.[name] ?? []) {
          const slots = matchPhrase(phrase, words);
          if (slots !== undefined) return { name, slots, confidence: 1, complete: true };
        }
      }
    }
    return undefined;
  }

  /** No side effects, and never throws. */
  plan(intent: AnyIntent, t: number, failed: (skill: string, error: unknown) => void): Planned {
    const skill = this.#of(intent.name);
    if (skill === undefined) return { skill: "", plan: refuse("not-understood", "sorry i did not understand") };
    try {
      return { skill: skill.name, plan: skill.plan(intent, t) };
    } catch (error) {
      failed(skill.name, error);
      return { skill: skill.name, plan: refuse("failed", "sorry something went wrong") };
    }
  }

  tick(t: number): void {
    for (const skill of this.#skills) skill.tick?.(t);
  }

  #of(name: string): Skill | undefined {
    return this.#skills.find((skill) => skill.intents.includes(name));
  }
}
