// The order of the recogniser's events, as test/native/fixtures/event-order.txt has it: every walk through it that the C
// test holds the engine to is one that a request takes without refusing anything, and acts on once where it ends in
// words. So no order of native events gives two actions for one request, or none.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RequestEvent } from "../../../src/request/states";
import { begin, done, final, listen, partial, reset, speculative, timeout, trial } from "../request/orders";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

interface Transition {
  readonly from: string;
  readonly event: string;
  readonly to: string;
}

const legal: Transition[] = read("test/native/fixtures/event-order.txt")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [from = "", event = "", to = ""] = line.split(" ");
    return { from, event, to };
  });

/** Events of utterance `n`: a walk from `open` to `over`, chosen by numbers; none left, it goes to its end. */
function walk(n: number, choices: readonly number[]): RequestEvent[] {
  const events: RequestEvent[] = [listen(n)];
  let [state, revision] = ["open", 0];
  for (let i = 0; state !== "over"; i++) {
    const ways = legal.filter(({ from, to }) => from === state && (i < choices.length || to === "over"));
    const { event, to } = ways[(choices[i] ?? 0) % ways.length] as Transition;
    if (event === "partial") events.push(partial(n));
    if (event === "speculative") events.push(speculative(n, revision));
    if (event === "reset") events.push(reset(n, revision++));
    if (event === "final") events.push(final(n, "stop", revision));
    if (event === "timeout") events.push(timeout(n, choices.length % 2 === 0 ? "pause" : "unsure"));
    state = to;
  }
  return events;
}

const walks = fc.array(fc.array(fc.nat(20), { maxLength: 12 }), { minLength: 1, maxLength: 4 });

describe("the recogniser's events in every legal order", () => {
  it("lead to one action for each utterance that ends in words, and to none for another", () => {
    fc.assert(
      fc.property(walks, fc.boolean(), (choices, slow) => {
        const { request, effects, refused } = trial();
        const utterances = choices.map((numbers, i) => walk(i + 1, numbers));
        for (const event of utterances.flat()) {
          request.handle(event);
          // A slow action is overtaken by the next utterance; it was begun all the same.
          if (request.state.name !== "final" || slow) continue;
          request.handle(begin(request.state.utterance));
          request.handle(done(request.state.utterance));
        }
        const due = utterances.flatMap((events, i) => (events.at(-1)?.type === "final" ? [i + 1] : []));
        expect(effects.flatMap((effect) => (effect.type === "act" ? [effect.utterance] : []))).toEqual(due);
        expect(refused).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it("are drawn on their page as they are", () => {
    const page = read("docs/end-pointing.md");
    for (const { from, event, to } of legal)
      expect(page).toMatch(new RegExp(`\\| ${from} \\| \`${event}\` \\| ${to} \\|`));
    expect(page.match(/^\| (open|heard|frozen|over) \| `/gm)?.length).toBe(legal.length);
  });
});
