// The Wyoming server, asked by the protocol's own client and by clients that behave badly.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EventReader, encodeEvent, type WyomingEvent } from "../../host-sim/wyoming/framing.ts";
import { jsonLines, ROOT, run } from "./command.ts";
import { samples, withSpeech } from "./data.ts";
import { python, withPython } from "./others.ts";

let server: ChildProcess;
let port = 0;

beforeAll(async () => {
  server = spawn(process.execPath, [join(ROOT, "host-sim", "setup.cjs"), "wyoming", "--port", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = (await once(server.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  port = Number(/^tcp:\/\/127\.0\.0\.1:(\d+)\n$/.exec(line.toString())?.[1]);
});
afterAll(async () => {
  server.kill("SIGTERM");
  const [code] = await once(server, "exit");
  expect(code).toBe(0);
});

/** A client that sends what it is told to. */
class Client {
  readonly socket: Socket = createConnection(port, "127.0.0.1");
  readonly #events: WyomingEvent[] = [];
  readonly closed: Promise<unknown> = once(this.socket, "close");
  #woken: () => void = () => {};

  constructor() {
    const reader = new EventReader();
    this.socket.on("error", () => {});
    this.socket.on("data", (bytes: Buffer) => {
      this.#events.push(...reader.push(bytes));
      this.#woken();
    });
  }

  send(type: string, data = {}, payload?: Buffer): this {
    this.socket.write(encodeEvent(type, data, payload));
    return this;
  }

  async next(): Promise<WyomingEvent> {
    while (this.#events.length === 0) {
      await new Promise<void>((resolve) => {
        this.#woken = resolve;
      });
    }
    return this.#events.shift() as WyomingEvent;
  }
}

const FORMAT = { rate: 16_000, width: 2, channels: 1 };
const silence = (seconds: number): Buffer => Buffer.alloc(32_000 * seconds);

describe("the Wyoming server", () => {
  it("says what it is", async () => {
    const client = new Client().send("describe");
    const info = await client.next();
    expect(info.type).toBe("info");
    const [program] = info.data.asr as Record<string, unknown>[];
    expect(program).toMatchObject({
      name: "earshot",
      requires_external_vad: false,
      supports_transcript_streaming: true,
    });
    client.send("ping", { text: "still there?" });
    expect(await client.next()).toMatchObject({ type: "pong", data: { text: "still there?" } });
    client.socket.end();
  });

  it("answers with nothing where nothing was said, and goes on with the same client", async () => {
    const client = new Client();
    expect((await client.send("transcribe").send("audio-stop").next()).data.text).toBe("");
    for (let request = 0; request < 2; request++) {
      client.send("transcribe").send("audio-start", FORMAT).send("audio-chunk", FORMAT, silence(1)).send("audio-stop");
      expect(await client.next()).toMatchObject({ type: "transcript", data: { text: "" } });
    }
    client.socket.end();
  });

  it("refuses in one sentence what it can't take, and serves the next request", async () => {
    const client = new Client();
    const refused = async (): Promise<unknown> => {
      const { type, data } = await client.next();
      expect(type).toBe("error");
      return data.text;
    };
    client.send("transcribe", { language: "de" }).send("audio-start", FORMAT).send("audio-stop");
    expect(await refused()).toBe('expected language en; found "de".');
    client
      .send("transcribe")
      .send("audio-start", { ...FORMAT, rate: 100 })
      .send("audio-stop");
    expect(await refused()).toBe("expected a rate of 8000 to 192000 Hz; found 100.");
    client.send("transcribe").send("audio-start", FORMAT);
    client.send("audio-chunk", { ...FORMAT, rate: 44_100 }, silence(1)).send("audio-stop");
    expect(await refused()).toContain("expected sound of 16000 Hz, 16 bit, 1 channels, as the request began");
    client.send("audio-start", FORMAT).send("audio-chunk", FORMAT, silence(1)).send("audio-stop");
    expect((await client.next()).type).toBe("transcript");
    client.socket.end();
  });

  it("lets go of a client that speaks another protocol or announces too much, and of nobody else", async () => {
    const other = new Client().send("transcribe").send("audio-start", FORMAT).send("audio-chunk", FORMAT, silence(1));
    for (const bytes of ["GET / HTTP/1.1\r\n\r\n", '{"type":"audio-chunk","payload_length":1e12}\n', "[]\n"]) {
      const client = new Client();
      client.socket.write(bytes);
      expect(await client.next()).toMatchObject({ type: "error", data: { code: "bad-event" } });
      await client.closed;
    }
    const hangsUp = new Client().send("transcribe").send("audio-start", FORMAT).send("audio-chunk", FORMAT, silence(1));
    hangsUp.socket.destroy();
    expect((await other.send("audio-stop").next()).type).toBe("transcript");
    other.socket.end();
  });

  it("names a port that is taken", async () => {
    const { code, stderr } = await run("wyoming", ["--port", String(port)]);
    expect(code).toBe(2);
    expect(stderr).toContain(`port ${port} of 127.0.0.1 can't be used: another program listens there.`);
  });
});

const CLIENT = `
import asyncio, json, sys, wave
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.info import Describe, Info

async def transcribe(client, path):
    with wave.open(path) as file:
        form = file.getframerate(), file.getsampwidth(), file.getnchannels()
        await client.write_event(Transcribe(language="en").event())
        await client.write_event(AudioStart(*form).event())
        while sound := file.readframes(1024):
            await client.write_event(AudioChunk(*form, sound).event())
        await client.write_event(AudioStop().event())
    while event := await asyncio.wait_for(client.read_event(), 60):
        assert not Error.is_type(event.type), event.data
        if Transcript.is_type(event.type):
            return Transcript.from_event(event).text

async def one(port, paths):
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Describe().event())
        assert Info.from_event(await client.read_event()).asr[0].models[0].languages == ["en"]
        return [await transcribe(client, path) for path in paths]

async def main(port, paths):
    # Eight clients at once; each asks for the same files, every other one in the opposite order.
    orders = [paths if n % 2 else paths[::-1] for n in range(8)]
    heard = await asyncio.gather(*(one(port, order) for order in orders))
    print(json.dumps([dict(zip(order, texts)) for order, texts in zip(orders, heard)]))

asyncio.run(main(int(sys.argv[1]), sys.argv[2:]))
`;

withSpeech("the Wyoming server with speech", () => {
  withPython("asked by the protocol's own client", () => {
    it("hears what transcribe hears, for eight clients at once", async () => {
      const files = samples().map(({ path }) => path);
      const { stdout } = await run("transcribe", ["--json", ...files]);
      const expected = Object.fromEntries(jsonLines(stdout).map(({ file, text }) => [file, text]));
      const heard = JSON.parse(await python(CLIENT, [String(port), ...files])) as Record<string, string>[];
      expect(heard.length).toBe(8);
      for (const texts of heard) expect(texts).toEqual(expected);
    });
  });

  it("answers a live stream at the end-point, before the client tells an end", async () => {
    const path = samples().find(({ path: file }) => file.endsWith("set-a-timer.wav"))?.path as string;
    const sound = Buffer.concat([readFileSync(path).subarray(44), silence(3)]);
    const client = new Client().send("transcribe", { language: "en", vad_sensitivity: "default" });
    client.send("audio-start", FORMAT);
    for (let at = 0; at < sound.length; at += 3200) client.send("audio-chunk", FORMAT, sound.subarray(at, at + 3200));
    expect((await client.next()).type).toBe("transcript-start");
    const chunk = await client.next();
    const transcript = await client.next();
    expect([chunk.type, transcript.type]).toEqual(["transcript-chunk", "transcript"]);
    expect(transcript.data.text).toBe(chunk.data.text);
    expect((await client.next()).type).toBe("transcript-stop");
    // What was left of that request is nobody's; the next one is heard.
    client.send("audio-stop").send("transcribe").send("audio-stop");
    expect((await client.next()).data.text).toBe("");
    client.socket.end();
  });
});
