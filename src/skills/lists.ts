// Shopping, to-do and other lists, kept in the store: one value a list.

import { fold } from "../catalog/fold";
import type { Store } from "../settings/store";
import { itemsOf } from "../understanding/values";
import { type AnyIntent, act, failed, type Outcome, ok, type Plan, refuse, type Skill } from "./skill";
import { numberWords } from "./words";

const MAX_LISTS = 8;
const MAX_ITEMS = 50;
const MAX_ITEM_LENGTH = 64;
const NAMES_KEY = "lists";
const DEFAULT_LIST = "shopping";

export class ListSkill implements Skill {
  readonly name = "lists";
  readonly intents = ["listAdd", "listRemove", "listRead"] as const;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Names of the lists that hold something, or did. */
  get names(): readonly string[] {
    const text = this.#store.read(NAMES_KEY) ?? "";
    return text === "" ? [] : text.split("\n");
  }

  read(list: string): readonly string[] {
    const text = this.#store.read(this.#key(list)) ?? "";
    return text === "" ? [] : text.split("\n");
  }

  erase(): void {
    for (let i = 0; i < MAX_LISTS; i++) this.#store.delete(`list${i}`);
    this.#store.delete(NAMES_KEY);
  }

  plan({ name, slots }: AnyIntent): Plan {
    const list = listName(slots.list);
    if (name === "listRead") return act("read", { list }, () => this.#tell(list));
    const wanted = itemsOf(slots.item ?? "")
      .map((item) => fold(item).text)
      .filter((item) => item !== "");
    if (wanted.length === 0) return refuse("no-item", "i did not get what to add");
    const actionArguments = { list, items: wanted };
    if (name === "listRemove") return act("remove", actionArguments, () => this.#remove(list, wanted));
    return act("add", actionArguments, () => this.#add(list, wanted));
  }

  #add(list: string, wanted: readonly string[]): Outcome {
    const present = this.read(list);
    const added = wanted.filter((item) => !present.includes(item));
    const fits = this.names.includes(list) || this.names.length < MAX_LISTS;
    const short = wanted.every((item) => item.length <= MAX_ITEM_LENGTH);
    if (!fits || !short || present.length + added.length > MAX_ITEMS) return failed("full", "your list is full");
    this.#write(list, [...present, ...added]);
    return ok("added to your list");
  }

  #remove(list: string, wanted: readonly string[]): Outcome {
    const present = this.read(list);
    const left = present.filter((item) => !wanted.includes(item));
    if (left.length === present.length) return failed("nothing", "that is not on your list");
    this.#write(list, left);
    return ok("removed from your list");
  }

  #tell(list: string): Outcome {
    const present = this.read(list);
    if (present.length === 0) return ok("your list is empty");
    const count = `${numberWords(present.length)} ${present.length === 1 ? "thing" : "things"} on your list`;
    return ok(`${count} ${present.join(" and ")}`);
  }

  #key(list: string): string {
    return `list${this.names.indexOf(list)}`;
  }

  /** The name first: a list without its name would not be found, a name without its list is an empty one. */
  #write(list: string, content: readonly string[]): void {
    if (!this.names.includes(list)) this.#store.write(NAMES_KEY, [...this.names, list].join("\n"));
    this.#store.write(this.#key(list), content.join("\n"));
  }
}

/** "the groceries", "grocery" and "shopping" are one list. */
function listName(words: string | undefined): string {
  const { text } = fold(words ?? "");
  const bare = text.endsWith(" list") ? text.slice(0, -5) : text;
  if (bare === "" || bare === "list" || bare === "grocery" || bare === "groceries") return DEFAULT_LIST;
  return bare === "todo" || bare === "task" || bare === "tasks" ? "to do" : bare;
}
