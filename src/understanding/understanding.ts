// From what was heard, or from any text, to one intent with its slots. The scorer is native; what is refused, what is
// complete and what the owner's names are is decided here.

import type { Hypothesis } from "../recognizer/hypothesis";
import { isComplete } from "./complete";
import { impliedSlots } from "./implied";
import { type Intent, type NameLookup, NO_INTENT, type Understander, type UnderstandingDriver } from "./intent";
import { nameSlots, type Slots } from "./names";
import { normalize } from "./normalize";
import { readScored, type Scored } from "./scored";

export class Understanding implements Understander {
  readonly #driver: UnderstandingDriver;
  readonly #names: NameLookup | undefined;

  constructor(driver: UnderstandingDriver, names?: NameLookup) {
    this.#driver = driver;
    this.#names = names;
  }

  /** Over all readings of the lattice where there is one: a right second hypothesis can win. */
  understand(hypothesis: Hypothesis): Intent {
    const { lattice } = hypothesis;
    const scored = lattice === undefined ? undefined : readScored(this.#driver.scoreLattice(lattice));
    return scored === undefined ? this.understandText(hypothesis.text) : this.#decide(scored);
  }

  /** Capitals, digits, signs and accents are welcome; what is too long for a request, or has no words, is none. */
  understandText(text: string): Intent {
    const words = normalize(text);
    if (words === "") return NO_INTENT;
    const scored = readScored(this.#driver.scoreText(words));
    return scored === undefined ? { ...NO_INTENT, complete: true } : this.#decide(scored);
  }

  #decide(scored: Scored): Intent {
    const { text, confidence } = scored;
    if (scored.refused) return { name: "none", slots: {}, confidence, complete: isComplete("none", text, {}) };
    const name = scored.intent;
    let slots: Slots = {};
    // Where a slot was said twice ("turn on the lamp the reading lamp") the first counts.
    for (const [slot, words] of scored.slots) slots[slot] ??= words;
    slots = { ...slots, ...impliedSlots(name, text, slots) };
    if (this.#names !== undefined) slots = nameSlots(name, text, slots, this.#names);
    return { name, slots, confidence, complete: isComplete(name, text, slots) };
  }
}
