// What the speaker can do, for who asks.

import { act, ok, type Plan, type Skill } from "./skill";

const ANSWER = "you can ask for music timers alarms lights lists calls messages and coffee";

export class HelpSkill implements Skill {
  readonly name = "help";
  readonly intents = ["help"];
  readonly phrases = {
    help: ["[please] help [me]", "what (can|do) (you|i) (do|say|know|ask) [for]", "how does this work"],
  };

  plan(): Plan {
    return act("help", {}, () => ok(ANSWER));
  }
}
