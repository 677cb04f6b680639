import { describe, expect, it } from "testing";
import { COMMANDS } from "../../../src/console/commands/index";
import { MAX_LINE_LENGTH } from "../../../src/console/console";
import { bench, FINAL, LISTEN, PARTIAL } from "../drivers";

const lastLine = (reply: string) => reply.split("\n").slice(-1)[0];
const parse = (reply: string) => JSON.parse(reply) as Record<string, unknown>;

const NAMES =
  "help status stats tasks play pause stop volume mute listen hyp bias model mem log time privacy settings history timers home".split(
    " ",
  );

describe("the console", () => {
  it("ends every reply with ok or error, on a line of its own", () => {
    const { type } = bench();
    for (const name of NAMES) {
      const last = lastLine(type(name)) as string;
      expect(last === "ok" || last.startsWith("error ")).toBe(true);
    }
    expect(type("")).toBe("ok");
    expect(type("  \t ")).toBe("ok");
    expect(lastLine(type("STATUS\r"))).toBe("ok");
  });

  it("replies in JSON with one object on one line", () => {
    const { type } = bench();
    for (const line of [...NAMES, "", "nonsense", "volume loud", "\u0000", "x".repeat(5000)]) {
      const reply = type(line, true);
      expect(reply.includes("\n")).toBe(false);
      const { type: kind, ok, code, reason } = parse(reply);
      expect(kind).toBe("reply");
      expect(ok === true || (typeof code === "string" && typeof reason === "string")).toBe(true);
    }
    expect(type("volume 40", true)).toBe('{"type":"reply","command":"volume","ok":true,"volume":40}');
    expect(type("volume loud", true)).toBe(
      '{"type":"reply","command":"volume","ok":false,"code":"bad-argument","reason":"expected 0 to 100, +N or -N, found \\"loud\\""}',
    );
  });

  it("gives a bad line one clear error and goes on", () => {
    const { type } = bench();
    expect(type("x".repeat(5000))).toBe(
      `error too-long a line holds at most ${MAX_LINE_LENGTH} characters, this one 5000`,
    );
    expect(type("st\u0000atus")).toBe("error not-text character 3 of the line is not text");
    expect(type("\ufffd\u0001\u0002")).toBe("error not-text character 1 of the line is not text");
    expect(type("dance")).toBe('error unknown there is no command "dance"; help lists them');
    expect(type("a".repeat(200))).toBe(`error unknown there is no command "${"a".repeat(32)}…"; help lists them`);
    expect(type("status now")).toBe('error bad-argument status takes no arguments; found "now"');
    expect(lastLine(type("status"))).toBe("ok");
  });

  it("turns a failure of a command into an error", () => {
    const speaker = bench();
    speaker.store.write = () => {
      throw new Error("the storage is full");
    };
    expect(speaker.type("volume 10")).toBe("error failed the storage is full");
    expect(speaker.type("log 1")).toBe("0 console: volume failed: the storage is full\nok");
  });

  it("lists every command in help, and explains each", () => {
    const { type } = bench();
    const lines = type("help").split("\n");
    const every = COMMANDS.map(({ name }) => name);
    expect(lines.length).toBe(every.length + 1);
    for (const name of every) {
      expect(lines.some((line) => line.startsWith(`${name} `))).toBe(true);
      expect(type(`help ${name}`).split("\n").length > 2).toBe(true);
    }
    expect(type("help dance")).toBe('error unknown there is no command "dance"; help lists them');
  });
});

describe("console commands", () => {
  it("status shows state, music, volume, mute and load", () => {
    const { music, type } = bench();
    music.frame = 600_000;
    expect(type("status")).toBe(
      "state: idle\nlistening: off\nmusic: playing default at 12.5 s\nvolume: 50\nmute: off\nload: full\nok",
    );
    expect(type("status", true)).toBe(
      '{"type":"reply","command":"status","ok":true,"state":"idle","listening":"off",' +
        '"music":{"state":"playing","piece":"default","positionMs":12500},"volume":50,"mute":false,"load":"full"}',
    );
  });

  it("play, pause and stop order music", () => {
    const { music, type } = bench();
    music.orders.length = 0;
    expect([type("pause"), type("play"), type("stop"), type("play default")]).toEqual(["ok", "ok", "ok", "ok"]);
    expect(music.orders.map((order) => order.split(" at ")[0])).toEqual([
      "pause true",
      "pause false",
      "stop",
      "play default 0",
    ]);
    expect(type("play")).toBe("error already music plays already");
    expect(type("play waltz")).toBe("error no-music there is no piece waltz");
  });

  it("volume shows, sets and changes, and is kept", () => {
    const { store, type } = bench();
    expect(type("volume")).toBe("volume: 50\nok");
    expect(type("volume 0")).toBe("volume: 0\nok");
    expect(type("volume +30")).toBe("volume: 30\nok");
    expect(type("volume -50")).toBe("volume: 0\nok");
    expect(type("volume +200")).toBe("volume: 100\nok");
    expect(type("volume 101")).toBe('error bad-argument expected 0 to 100, +N or -N, found "101"');
    expect(store.texts.get("volume")).toBe("100");
  });

  it("mute switches the microphone and leaves the volume alone", () => {
    const { mutes, store, type } = bench();
    expect(type("mute")).toBe("mute: off\nok");
    expect(type("mute on")).toBe("mute: on\nok");
    expect(type("volume")).toBe("volume: 50\nok");
    expect(type("listen")).toBe("error muted the microphone is muted; mute off first");
    expect(type("mute maybe")).toBe('error bad-argument expected on or off, found "maybe"');
    expect(mutes).toEqual([false, true]);
    expect(store.texts.get("mute")).toBe("on");
  });

  it("listen presses the button", () => {
    const { listens, raise, type } = bench();
    expect(type("listen")).toBe("listening: once\nok");
    raise(LISTEN, 1);
    expect(type("status")).toContain("state: listening\nlistening: once");
    raise(FINAL, 1, "stop");
    expect(type("listen on")).toBe("listening: on\nok");
    expect(type("listen")).toBe("listening: on\nok");
    expect(type("listen off")).toBe("listening: off\nok");
    expect(listens).toEqual([true, false, true, false]);
  });

  it("hyp shows what was heard and what is being heard", () => {
    const speaker = bench();
    expect(speaker.type("hyp")).toBe("ok");
    speaker.raise(LISTEN, 1);
    speaker.t = 16_000;
    speaker.raise(FINAL, 1, "stop the music");
    speaker.raise(LISTEN, 2);
    speaker.raise(PARTIAL, 2, "play");
    expect(speaker.type("hyp")).toBe("1 1000 ms: stop the music\n… play\nok");
    expect(speaker.type("hyp 1", true)).toBe(
      '{"type":"reply","command":"hyp","ok":true,"partial":"play","utterances":' +
        '[{"utterance":1,"finalMs":1000,"revision":0,"reason":"pause","text":"stop the music"}]}',
    );
    expect(speaker.type("hyp 0")).toBe('error bad-argument expected a number from 1 to 8, found "0"');
  });

  it("stats, mem and model show the engine's reports", () => {
    const { type } = bench();
    expect(type("stats")).toBe("underruns: 0\nok");
    expect(type("mem")).toBe("used: 10\nok");
    expect(type("model")).toBe("bytes: 1000\nunits: 320, 320\nlayers.first: 1\nok");
  });

  it("mem says so when the board does not report its memory", () => {
    expect(bench({ stats: {} }).type("mem")).toBe("error not-known this board does not report its memory");
  });

  it("log shows its last lines and switches debugging", () => {
    const { type } = bench();
    expect(type("log 2")).toContain("0 device: started; volume 50, mute off, music playing\n");
    expect(type("log 1")).toBe("0 catalog: 38 names; listens for 38\nok");
    expect(type("log debug")).toBe("debug: off\nok");
    expect(type("log debug on")).toBe("debug: on\nok");
    expect(type("log 1 2")).toBe('error bad-argument expected N or debug, found "1 2"');
    expect(type("log 65")).toBe('error bad-argument expected a number from 1 to 64, found "65"');
  });
});
