import { describe, expect, it } from "testing";
import { bench, FINAL, LISTEN, PARTIAL, RESET, SPECULATIVE } from "../drivers";

const ORDER = "deviceOn device=kitchen light";
const typed = (line: string) => JSON.parse(line) as Record<string, unknown>;

describe("a request to the assistant", () => {
  it("is understood at the speculative end and carried out at the final, once", () => {
    const speaker = bench();
    speaker.raise(LISTEN, 1);
    speaker.raise(PARTIAL, 1, ORDER);
    speaker.raise(SPECULATIVE, 1, ORDER);
    expect(speaker.understander.asked).toEqual([ORDER]);
    expect(speaker.device.history.last()).toEqual([]);
    speaker.t = 16_000;
    speaker.raise(FINAL, 1, ORDER);
    expect(speaker.understander.asked.length).toBe(1);
    const [intent, action, say] = speaker.traced.slice(-3);
    expect(intent).toBe(
      '{"t":16000,"type":"intent","utterance":1,"name":"deviceOn","slots":{"device":"kitchen light"},"confidence":0.9}',
    );
    expect(action).toBe(
      '{"t":16000,"type":"action","utterance":1,"skill":"home","name":"switchOn","arguments":{"devices":["kitchen light"],"on":true}}',
    );
    expect(typed(say as string).text).toBe("the light in the kitchen is on");
    expect(speaker.spoken.slice(-1)).toEqual(["say the light in the kitchen is on at 20800"]);
  });

  it("is understood anew when its words changed, and forgotten when it was reset", () => {
    const speaker = bench();
    speaker.raise(LISTEN, 1);
    speaker.raise(SPECULATIVE, 1, "stop");
    speaker.raise(RESET, 1);
    speaker.raise(SPECULATIVE, 1, ORDER, { revision: 1 });
    speaker.raise(FINAL, 1, "what time is it", { revision: 1 });
    expect(speaker.understander.asked).toEqual(["stop", ORDER, "what time is it"]);
    expect(speaker.traced.filter((line) => line.includes('"type":"action"')).length).toBe(1);
    expect(speaker.device.assistant.counts).toEqual({ ready: 0, finals: 1, actions: 1, timeouts: 0 });
  });

  it("that is not complete holds the end back", () => {
    const speaker = bench();
    speaker.raise(LISTEN, 1);
    speaker.raise(SPECULATIVE, 1, "timerSet name=tea…", { revision: 0 });
    expect(speaker.holds).toEqual([[1, 0]]);
    speaker.raise(RESET, 1);
    speaker.raise(SPECULATIVE, 1, "stop", { revision: 1 });
    expect(speaker.holds.length).toBe(1);
  });

  it("that nobody understands is refused: aloud at the button, in silence in a room that talks", () => {
    const speaker = bench();
    speaker.type("listen");
    speaker.raise(LISTEN, 1);
    speaker.raise(FINAL, 1, "blah");
    expect(speaker.spoken.slice(-1)[0]).toContain("sorry i did not understand");
    speaker.type("listen on");
    const { length } = speaker.spoken;
    speaker.raise(LISTEN, 2);
    speaker.raise(FINAL, 2, "blah");
    expect(speaker.spoken.length).toBe(length);
    expect(speaker.type("history 1")).toContain("blah: none: not-understood");
  });

  it("waits for a driver, and says that it did not answer", () => {
    const replies: ((problem: string | null) => void)[] = [];
    const home = {
      name: "slow",
      order: (_device: unknown, _order: unknown, reply: (problem: string | null) => void) => void replies.push(reply),
      state: () => undefined,
    };
    const speaker = bench({ skills: { home } });
    speaker.type(`say ${ORDER}`);
    speaker.pass(4900);
    expect(speaker.device.assistant.running).toBe(1);
    speaker.pass(200);
    expect(speaker.device.assistant.running).toBe(0);
    expect(speaker.spoken.slice(-1)[0]).toContain("the home does not answer");
    const { length } = speaker.spoken;
    replies[0]?.(null);
    expect(speaker.spoken.length).toBe(length);
    expect(speaker.type("history 1")).toContain("home switchOn, timeout");
  });

  it("goes on when a driver throws, and so does the music", () => {
    const home = {
      name: "broken",
      order: () => {
        throw new Error("no bus");
      },
      state: () => undefined,
    };
    const speaker = bench({ skills: { home } });
    const orders = speaker.music.orders.length;
    expect(speaker.type(`say ${ORDER}`)).toContain("sorry something went wrong\nok");
    expect(speaker.music.orders.slice(orders).filter((order) => !order.startsWith("duck"))).toEqual([]);
    expect(speaker.type("say what time is it")).toContain("it is eight a m\nok");
  });

  it("without a driver is told so", () => {
    const speaker = bench({ skills: { home: undefined, phone: undefined, coffee: undefined } });
    expect(speaker.type(`say ${ORDER}`)).toContain("no action: no-home\nthere is no home connected");
    expect(speaker.type("say call contact=anna")).toContain("there is no phone connected");
    expect(speaker.type("say orderDrink coffeeDrink=latte")).toContain("there is no coffee machine connected");
    expect(speaker.type("say weather")).toContain("i can't look up the weather here");
  });

  it("for help is answered", () => {
    expect(bench().type("say what can you do")).toContain("you can ask for music timers alarms");
  });
});
