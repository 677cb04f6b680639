// Weather and questions: somebody else knows the answers. Without such a driver the speaker says so.

import { type AnyIntent, ask, failed, ok, type Plan, refuse, type Skill } from "./skill";

export interface InformationDriver {
  readonly name: string;
  /** A sentence, or null when it does not know. `slots`: what was asked, in words. */
  weather(slots: Readonly<Record<string, string>>, reply: (sentence: string | null) => void): void;
  answer(slots: Readonly<Record<string, string>>, reply: (sentence: string | null) => void): void;
}

const NO_WEATHER = "the weather service does not answer";
const NO_ANSWER = "i don't know the answer to that";

export class InformationSkill implements Skill {
  readonly name = "information";
  readonly intents = ["weather", "question"] as const;
  readonly #driver: InformationDriver | undefined;

  constructor(driver: InformationDriver | undefined) {
    this.#driver = driver;
  }

  plan({ name, slots }: AnyIntent): Plan {
    const driver = this.#driver;
    if (name === "weather") {
      if (driver === undefined) return refuse("no-service", "i can't look up the weather here");
      return ask("weather", { ...slots }, NO_WEATHER, (_t, done) =>
        driver.weather(slots, (sentence) => done(sentence === null ? failed("no-answer", NO_WEATHER) : ok(sentence))),
      );
    }
    if (driver === undefined) return refuse("no-service", "i can't look that up here");
    return ask("answer", { ...slots }, NO_ANSWER, (_t, done) =>
      driver.answer(slots, (sentence) => done(sentence === null ? failed("no-answer", NO_ANSWER) : ok(sentence))),
    );
  }
}
