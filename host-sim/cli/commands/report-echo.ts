// report:echo: what the echo canceller buys in word errors, over the speaker's own music at equal loudness.

import { releasedModel } from "../device/model-file.ts";
import { type Condition, type Heard, hear } from "../echo/conditions.ts";
import { readRequests, rmsOf } from "../echo/requests.ts";
import { EXIT_OK } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { print, say } from "../output.ts";
import { userPath } from "../user-path.ts";
import { MUSIC_OPTIONS, musicOf } from "./music.ts";

const RT60 = 0.2;
/** Of the requests at the microphone, and of the music there: -26 dB below full scale. */
const RMS = 1640;
const ALL = 1000;

export const command: Command = {
  name: "report-echo",
  invocation: "npm run --silent report:echo --",
  summary:
    "Word errors of requests in a quiet room, and over the speaker's own music at equal loudness, without and with the echo canceller.",
  options: [
    { name: "json", help: "one JSON object a line" },
    { name: "count", value: "N", help: "the first N requests of the data folder's coffee dev set; else all" },
    { name: "rt60", value: "S", help: `reverberation time of the room, ${RT60} s by default` },
    { name: "model", value: "FILE", help: "this model in place of the released one" },
    ...MUSIC_OPTIONS,
  ],
  notes: [
    "Reads EARSHOT_DATA (../shared/data). The music is lowered by 18 dB from the first recognized word on, as always.",
  ],
};

/** Root mean square of what the device plays while nobody speaks, both channels together. */
async function playedRms(device: Parameters<typeof hear>[0], music: Condition["music"]): Promise<number> {
  const parts: Buffer[] = [];
  const still = { sound: new Int16Array(16_000 * 20), requests: [] };
  await hear(device, { name: "", music }, still, (sound) => parts.push(sound));
  const bytes = Buffer.concat(parts);
  return rmsOf(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1));
}

export async function run(args: Arguments, root: string): Promise<number> {
  const model = args.text("model");
  const device = { root, model: model === undefined ? releasedModel(root) : userPath(model) };
  const music = musicOf(args, root);
  const rt60 = args.number("rt60", 0, 5) ?? RT60;
  const requests = await readRequests(root, RMS, args.number("count", 1, ALL) ?? ALL);
  const db = 20 * Math.log10(RMS / Math.max(1, await playedRms(device, music)));
  const room = `${rt60},${db.toFixed(2)}`;
  const conditions: Condition[] = [
    { name: "quiet room" },
    { name: "over its own music, no canceller", room, noEchoCanceller: true, music },
    { name: "over its own music, canceller", room, music },
  ];
  const heard: Heard[] = [];
  for (const condition of conditions) {
    say(`${condition.name} …`);
    heard.push(await hear(device, condition, requests));
  }
  const print1 = args.flag("json") ? jsonLine : textLine;
  if (!args.flag("json"))
    await print(
      `${requests.requests.length} requests, ${heard[0]?.words ?? 0} words; room ${rt60} s, music at the microphone as loud as the request (${db.toFixed(1)} dB of what is played)\n`,
    );
  for (const one of heard) await print(print1(one));
  return EXIT_OK;
}

const jsonLine = (one: Heard): string => `${JSON.stringify(one)}\n`;

const textLine = ({ name, rate, low, high, captureMips }: Heard): string =>
  `${name.padEnd(34)} ${rate.toFixed(1).padStart(5)} % of words wrong (${low.toFixed(1)} to ${high.toFixed(1)}), capture ${captureMips.toFixed(1)} MIPS\n`;
