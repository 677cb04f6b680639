import { describe, expect, it } from "testing";
import { STALL_SAMPLES } from "../../../src/request/request";
import { LEGAL } from "../../../src/request/states";
import { begin, done, effectsOf, fault, final, listen, partial, reset, speculative, timeout, trial } from "./orders";

describe("a request", () => {
  it("goes from idle over listening, speculative, final and acting back to idle", () => {
    const { request } = trial();
    const names = [listen(1), partial(1), speculative(1), final(1), begin(1), done(1)].map((event) => {
      request.handle(event);
      return request.state.name;
    });
    expect(names).toEqual(["listening", "listening", "speculative", "final", "acting", "idle"]);
  });

  it("acts once, at final, with the final's words", () => {
    expect(effectsOf(listen(1), partial(1), speculative(1), final(1, "stop it"), final(1), begin(1), done(1))).toEqual([
      "speech",
      "prepare 1.0 stop",
      "silence",
      "act 1 stop it",
    ]);
  });

  it("acts although no speculative end came first", () => {
    expect(effectsOf(listen(1), final(1))).toEqual(["silence", "act 1 stop"]);
  });

  it("forgets a revision that was reset", () => {
    const events = [listen(1), partial(1), speculative(1, 0), reset(1, 0), partial(1, "stop that"), speculative(1, 1)];
    const before = ["speech", "prepare 1.0 stop", "forget", "prepare 1.1 stop"];
    expect(effectsOf(...events)).toEqual(before);
    expect(effectsOf(...events, final(1, "stop that", 1))).toEqual([...before, "silence", "act 1 stop that"]);
  });

  it("takes a reset of the revision that stands only", () => {
    const { request, refused } = trial();
    for (const event of [listen(1), speculative(1, 1), reset(1, 0)]) request.handle(event);
    expect(request.state.name).toBe("speculative");
    expect(refused).toEqual([reset(1, 0)]);
  });

  it("brings the music back after a time-out, a fault, an empty final and the next listening", () => {
    const spoken = [listen(1), partial(1)];
    expect(effectsOf(...spoken, timeout(1))).toEqual(["speech", "forget", "silence", "dropped 1 timeout"]);
    expect(effectsOf(...spoken, timeout(1, "input"))).toEqual(["speech", "forget", "silence", "dropped 1 input"]);
    expect(effectsOf(...spoken, fault())).toEqual(["speech", "forget", "silence", "dropped 1 broken"]);
    expect(effectsOf(...spoken, speculative(1), fault())).toEqual([
      "speech",
      "prepare 1.0 stop",
      "forget",
      "silence",
      "dropped 1 broken",
    ]);
    expect(effectsOf(...spoken, final(1, ""))).toEqual(["speech", "forget", "silence", "dropped 1 empty"]);
    expect(effectsOf(...spoken, listen(2))).toEqual(["speech", "forget", "silence", "dropped 1 overtaken"]);
  });

  it("makes way for a voice only when there are words", () => {
    expect(effectsOf(listen(1), partial(1, ""), partial(1), partial(1, "stop it"))).toEqual(["speech"]);
  });

  it("refuses events of another utterance, and an utterance that was open before", () => {
    expect(effectsOf(listen(2), partial(1), final(1), timeout(3))).toEqual([]);
    const { request } = trial();
    for (const event of [listen(1), timeout(1), listen(1)]) request.handle(event);
    expect(request.state.name).toBe("idle");
  });

  it("begins with the next utterance while the last action is under way", () => {
    expect(effectsOf(listen(1), final(1), begin(1), listen(2), done(1), partial(2), final(2))).toEqual([
      "silence",
      "act 1 stop",
      "speech",
      "silence",
      "act 2 stop",
    ]);
  });

  it("ends as a fault when its end never comes", () => {
    const stalled = trial();
    for (const event of [listen(1), partial(1)]) stalled.request.handle(event);
    stalled.now = STALL_SAMPLES;
    stalled.request.guard();
    expect(stalled.request.state.name).toBe("listening");
    stalled.now = STALL_SAMPLES + 1;
    stalled.request.guard();
    expect(stalled.request.state.name).toBe("idle");
    expect(stalled.effects[3]).toEqual({ type: "dropped", t: STALL_SAMPLES + 1, utterance: 1, reason: "stalled" });
  });

  it("may wait for the first word as long as the engine does", () => {
    const waiting = trial();
    waiting.request.handle(listen(1));
    waiting.now = 100 * STALL_SAMPLES;
    waiting.request.guard();
    expect(waiting.request.state.name).toBe("listening");
  });

  it("has a way back to idle in every state", () => {
    for (const row of Object.values(LEGAL)) {
      expect(row === LEGAL.idle || row.fault === "idle").toBe(true);
    }
  });
});
