import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bench } from "../drivers";

describe("the console, for every line", () => {
  const names = "help status stats play pause stop volume mute listen hyp model mem log debug on off +5 -5 7".split(
    " ",
  );
  const sentence = fc.array(fc.constantFrom(...names), { maxLength: 4 }).map((words) => words.join(" "));
  const line = fc.oneof(sentence, fc.string({ unit: "binary", maxLength: 400 }));

  it("replies with lines whose last is ok or error, and in JSON with one object", () => {
    const { type } = bench();
    fc.assert(
      fc.property(line, (text) => {
        expect(type(text).split("\n").at(-1)).toMatch(/^(ok|error [a-z-]+ .+)$/);
        const reply = JSON.parse(type(text, true));
        expect([reply.type, typeof reply.command, typeof reply.ok]).toEqual(["reply", "string", "boolean"]);
      }),
      { numRuns: 2000 },
    );
  });
});
