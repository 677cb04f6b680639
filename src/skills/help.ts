// What the speaker can do, for who asks. There is no intent for it: understanding refuses "what can you do", rightly, and
// these few wordings are looked at before the refusal is told.

import { fold } from "../catalog/fold";
import { ok, type Plan } from "./skill";

const HELP = "you can ask for music timers alarms lights lists calls messages and coffee";
const WORDINGS = ["help", "help me", "what can you do", "what can i say", "what can i ask", "what do you know"];

export function helpFor(text: string): Plan | undefined {
  if (!WORDINGS.includes(fold(text).text)) return undefined;
  return { kind: "act", name: "help", arguments: {}, late: "", run: (_t, done) => done(ok(HELP)) };
}
