// The skills of a device and who is asked for which intent.

import type { Intent, IntentName } from "../understanding/intent";
import { type Plan, refuse, type Skill } from "./skill";

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

  /** No side effects, and never throws. */
  plan(intent: Intent, t: number, failed: (skill: string, error: unknown) => void): Planned {
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

  #of(name: IntentName): Skill | undefined {
    return this.#skills.find((skill) => skill.intents.includes(name));
  }
}
