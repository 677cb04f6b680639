// wyoming: a speech-to-text server for Home Assistant's voice pipeline.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { EnginePool } from "../../wyoming/engine.ts";
import { createWyomingServer } from "../../wyoming/server.ts";
import { releasedModel } from "../device/model-file.ts";
import { EXIT_OK, inputFailure, systemReason } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { print, say } from "../output.ts";
import { userPath } from "../user-path.ts";

const PORT = 10_300;
const HOST = "127.0.0.1";

export const command: Command = {
  name: "wyoming",
  invocation: "npm run wyoming --",
  summary: "Serves speech to text to clients of the Wyoming protocol, such as Home Assistant's voice pipeline.",
  options: [
    { name: "port", value: "PORT", help: `TCP port, ${PORT} by default; 0 takes a free one` },
    { name: "host", value: "HOST", help: `address to listen at, ${HOST} by default; 0.0.0.0 lets others in` },
    { name: "model", value: "FILE", help: "this model in place of the released one" },
  ],
  notes: [
    "Prints its address when clients may come, and serves until it is stopped. Sound is kept no longer than its request lasts; nothing is sent anywhere but to the client that asked.",
    "In Home Assistant: Settings, Devices & services, Add integration, Wyoming Protocol, then this PC's address and port.",
  ],
};

const LANGUAGES = ["en"];

function infoOf(root: string, model: string): Record<string, unknown> {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const artifact = { attribution: { name: "Earshot", url: "" }, installed: true, version };
  const program = {
    name: "earshot",
    description: "Short requests in English, understood on this machine",
    ...artifact,
    models: [
      { name: model, description: "RNN transducer for smart-speaker requests", ...artifact, languages: LANGUAGES },
    ],
    supports_transcript_streaming: true,
    requires_external_vad: false,
    prefers_auto_gain_enabled: false,
    prefers_noise_reduction_enabled: false,
  };
  return { asr: [program], tts: [], handle: [], intent: [], wake: [], mic: [], snd: [] };
}

export async function run(args: Arguments, root: string): Promise<number> {
  const port = args.number("port", 0, 65_535) ?? PORT;
  const host = args.text("host") ?? HOST;
  const named = args.text("model");
  const path = named === undefined ? releasedModel(root) : userPath(named);
  const model = basename(path).replace(/\.esm$/, "");
  const pool = new EnginePool(root, path);
  try {
    await pool.prove();
    const server = createWyomingServer({
      pool,
      info: infoOf(root, model),
      model,
      languages: LANGUAGES,
      now: () => performance.now(),
      log: say,
    });
    server.listen({ port, host });
    await Promise.race([
      once(server, "listening"),
      once(server, "error").then(([error]) => Promise.reject(error)),
    ]).catch((error) => {
      const code = (error as NodeJS.ErrnoException).code;
      const reason = code === "EADDRINUSE" ? "another program listens there" : systemReason(error);
      throw inputFailure(`port ${port} of ${host} can't be used: ${reason}.`);
    });
    const address = server.address() as AddressInfo;
    await print(`tcp://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}\n`);
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM"), once(process, "SIGHUP")]);
    server.close();
    return EXIT_OK;
  } finally {
    pool.close();
    // Clients that are still connected don't keep a server that was stopped.
    setImmediate(() => process.exit());
  }
}
