// What a skill answers.

export type SkillOutcome =
  | { readonly done: true }
  /** `code` is one word for programs, `reason` one clause for people. */
  | { readonly done: false; readonly code: string; readonly reason: string };

export const DONE: SkillOutcome = { done: true };

export function refuse(code: string, reason: string): SkillOutcome {
  return { done: false, code, reason };
}
