// Calls and messages, through whatever can make them.

import type { Catalog } from "../catalog/catalog";
import { type CatalogEntry, foldName } from "../catalog/entry";
import { digitsOf } from "../understanding/values";
import { type AnyIntent, ask, type Done, failed, ok, type Plan, refuse, type Skill } from "./skill";

/** null: done; else why not. */
export type PhoneReply = (problem: string | null) => void;

export interface PhoneDriver {
  readonly name: string;
  /** `number`: of the contact, or what was dialed; empty when the contact has none. */
  call(name: string, number: string, reply: PhoneReply): void;
  message(name: string, number: string, body: string, reply: PhoneReply): void;
}

type Person = { readonly name: string; readonly number: string } | { readonly problem: Plan };

const NO_ANSWER = "the phone does not answer";
const HEADS = ["my ", "the "];

export class PhoneSkill implements Skill {
  readonly name = "phone";
  readonly intents = ["call", "message"] as const;
  readonly #catalog: Catalog;
  readonly #driver: PhoneDriver | undefined;

  constructor(catalog: Catalog, driver: PhoneDriver | undefined) {
    this.#catalog = catalog;
    this.#driver = driver;
  }

  plan({ name, slots }: AnyIntent): Plan {
    const driver = this.#driver;
    if (driver === undefined) return refuse("no-phone", "there is no phone connected");
    const person = this.#person(slots);
    if ("problem" in person) return person.problem;
    const { name: contact, number } = person;
    if (name === "call") {
      return ask("call", { contact, number }, NO_ANSWER, (_t, done) =>
        driver.call(contact, number, reply(done, `calling ${foldName(contact).text}`)),
      );
    }
    const { body } = slots;
    if (body === undefined) return refuse("no-body", "what should the message say");
    return ask("message", { contact, number, body }, NO_ANSWER, (_t, done) =>
      driver.message(contact, number, body, reply(done, "message sent")),
    );
  }

  #person({ contact, number }: AnyIntent["slots"]): Person {
    const dialed = digitsOf(number ?? contact ?? "");
    if (dialed !== undefined) return { name: dialed, number: dialed };
    if (contact === undefined) return { problem: refuse("no-contact", "who should i call") };
    const found = this.#find(foldName(contact).text);
    const [first, second] = found;
    if (first === undefined) return { problem: refuse("unknown-contact", "i don't know that name") };
    if (second !== undefined && second.detail !== first.detail) {
      return { problem: refuse("several", "there are several people of that name please say the whole name") };
    }
    return { name: first.name, number: first.detail };
  }

  /** The whole name; then without "my"; then whoever has it as a first or last name. */
  #find(words: string): CatalogEntry[] {
    const whole = this.#catalog.find("contact", words);
    if (whole.length > 0) return whole;
    for (const head of HEADS) {
      const rest = words.startsWith(head) ? this.#catalog.find("contact", words.slice(head.length)) : [];
      if (rest.length > 0) return rest;
    }
    if (words.includes(" ") || words === "") return [];
    const found: CatalogEntry[] = [];
    for (const entry of this.#catalog.entries("contact")) {
      if (` ${entry.folded} `.includes(` ${words} `) && found.length < 2) found.push(entry);
    }
    return found;
  }
}

function reply(done: Done, answer: string): PhoneReply {
  return (problem) => done(problem === null ? ok(answer) : failed("phone", NO_ANSWER));
}

/** A phone that is not there: it takes every order. */
export class SimulatedPhone implements PhoneDriver {
  readonly name = "simulated";

  call(_name: string, _number: string, reply: PhoneReply): void {
    reply(null);
  }

  message(_name: string, _number: string, _body: string, reply: PhoneReply): void {
    reply(null);
  }
}
