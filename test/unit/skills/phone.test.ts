import { describe, expect, it } from "testing";
import { bench } from "../drivers";
import { said } from "./said";

describe("calls and messages by voice", () => {
  it("find people by whole name, by first name, and ask when there are two", () => {
    const speaker = bench();
    speaker.type("contacts add Mary Smith, +1 555");
    speaker.type("contacts add mom, 2");
    expect(said(speaker, "call contact=mary smith")).toContain("calling mary smith");
    expect(said(speaker, "call contact=mary")).toContain("calling mary smith");
    expect(said(speaker, "call contact=my mom")).toContain("calling mom");
    speaker.type("contacts add Mary Jones, 3");
    expect(said(speaker, "call contact=mary")).toContain("there are several people of that name");
    expect(said(speaker, "call contact=nobody")).toBe("no action: unknown-contact | i don't know that name");
    expect(said(speaker, "call contact=five five five one two")).toContain("action: phone call, done");
    expect(said(speaker, "message contact=mom")).toContain("what should the message say");
    expect(said(speaker, "message contact=mom;body=i am late")).toContain("message sent");
    expect(speaker.traced.slice(-2)[0]).toContain('"arguments":{"contact":"mom","number":"2","body":"i am late"}');
  });
});
