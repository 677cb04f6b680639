// Requests as lines for a person.

import type { Planned } from "../skills/skills";
import type { Intent } from "../understanding/intent";

export function intentLine({ name, slots, confidence, complete }: Intent): string {
  const words = Object.entries(slots).map(([slot, value]) => `${slot}=${JSON.stringify(value)}`);
  const rest = complete ? "" : ", not complete";
  return [`intent: ${name}`, ...words, `(${Math.round(confidence * 100)} %${rest})`].join(" ");
}

export function planLine({ skill, plan }: Planned): string {
  if (plan.kind === "refuse") return `no action: ${plan.code}: ${plan.answer}`;
  return `action: ${skill} ${plan.name} ${JSON.stringify(plan.arguments)}`;
}
