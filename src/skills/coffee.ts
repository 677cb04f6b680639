// The coffee machine. What it can make are the values of the request corpus; an order is refused whole where a part of it
// is none of them.

import { type ActionArguments, type AnyIntent, ask, failed, ok, type Plan, refuse, type Skill } from "./skill";

export interface CoffeeDriver {
  readonly name: string;
  /** Takes an order; null: it comes. */
  order(order: ActionArguments, reply: (problem: string | null) => void): void;
}

const NO_ANSWER = "the coffee machine does not answer";
const SLOTS = ["size", "roast", "numberOfShots", "coffeeDrink", "milkAmount", "sugarAmount"] as const;

export class CoffeeSkill implements Skill {
  readonly name = "coffee";
  readonly intents = ["orderDrink"] as const;
  readonly #driver: CoffeeDriver | undefined;

  constructor(driver: CoffeeDriver | undefined) {
    this.#driver = driver;
  }

  plan({ slots }: AnyIntent): Plan {
    const driver = this.#driver;
    if (driver === undefined) return refuse("no-machine", "there is no coffee machine connected");
    if (slots.coffeeDrink === undefined) return refuse("no-drink", "what would you like to drink");
    const order: Record<string, string> = {};
    for (const name of SLOTS) if (slots[name] !== undefined) order[name] = slots[name];
    const { milkAmount, sugarAmount, coffeeDrink, ...before } = order;
    const extras = [milkAmount, sugarAmount].filter((part) => part !== undefined);
    const words = [...Object.values(before), coffeeDrink, ...(extras.length > 0 ? ["with", extras.join(" and ")] : [])];
    return ask("orderDrink", order, NO_ANSWER, (_t, done) =>
      driver.order(order, (problem) =>
        done(
          problem === null
            ? ok(`${words.join(" ")} coming up`)
            : failed("coffee", problem === "unknown" ? "the coffee machine can't make that" : NO_ANSWER),
        ),
      ),
    );
  }
}

/** A machine that is not there: it makes everything. */
export class SimulatedCoffeeMachine implements CoffeeDriver {
  readonly name = "simulated";

  order(_order: ActionArguments, reply: (problem: string | null) => void): void {
    reply(null);
  }
}
