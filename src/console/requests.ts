// Requests as lines for a person.

import type { AnyIntent } from "../skills/skill";
import type { Planned } from "../skills/skills";

export function intentLine({ name, slots, confidence, complete }: AnyIntent): string {
  const words = Object.entries(slots).map(([slot, value]) => `${slot}=${JSON.stringify(value)}`);
  const rest = complete ? "" : ", not complete";
  return [`intent: ${name}`, ...words, `(${Math.round(confidence * 100)} %${rest})`].join(" ");
}

export function planLine({ skill, plan }: Planned): string {
  if (plan.kind === "refuse") return `no action: ${plan.code}: ${plan.answer}`;
  return `action: ${skill} ${plan.name} ${JSON.stringify(plan.arguments)}`;
}
