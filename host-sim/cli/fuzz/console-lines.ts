// Random console lines for the whole firmware in the real engine, with the device's memory. Each line gets one reply whose
// last line is ok or error; JavaScript is never restarted.

import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { COMMANDS } from "../../../src/console/commands/index.ts";
import { mutate, Random } from "./mutate.ts";
import type { FuzzScript } from "./scripts.ts";

const WORDS = (
  "on off erase add remove import cancel stop find set zone local lattice yes none list 1 2 10 -1 0 999 1e9 NaN + - , ; " +
  "kitchen light Lamp anna +44 Zoë BEGIN:VCARD FN:x END:VCARD 2026-03-29T02:30 CET-1CEST,M3.5.0,M10.5.0/3 volume privacy"
).split(" ");
const SAID = (
  "set a timer for ten minutes;stop;turn on the kitchen light;what time is it;add milk to my shopping list;cancel all timers;" +
  "set an alarm for seven am tomorrow;can i get a small latte;call anna;play music;turn it up;help"
).split(";");
/** They end the run's state on purpose; everything else must not. */
const NOT_HERE = ["reset", "factory"];

function lineOf(random: Random): string {
  const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)] as Item;
  const names = COMMANDS.map(({ name }) => name).filter((name) => !NOT_HERE.includes(name));
  const name = random.below(20) === 0 ? pick(WORDS) : pick(names);
  const rest =
    name === "say" || name === "nlu"
      ? pick(SAID)
      : Array.from({ length: random.below(5) }, () => pick(WORDS)).join(" ");
  const line = `${name} ${rest}`;
  if (random.below(4) > 0) return line;
  const bytes = mutate(Buffer.from(line), random);
  const text = Buffer.from(bytes).toString("latin1");
  return text.replaceAll(/[\r\n]/g, " ");
}

export function consoleLines(root: string): FuzzScript {
  return {
    name: "console",
    async run(count, seed) {
      const random = new Random(seed);
      const lines: string[] = [];
      // An empty line has no reply of its own at the serial console: it is not sent.
      while (lines.length < count) {
        const line = lineOf(random);
        if (line.trim() !== "" && !NOT_HERE.some((name) => line.trim().toLowerCase().startsWith(name)))
          lines.push(line);
      }
      const { replies, faults, code } = await converse(root, Buffer.from(`${lines.join("\n")}\n`, "latin1"));
      const good = code === 0 && faults.length === 0 && replies === count;
      const again = `npm run fuzz -- --count ${count} --seed ${seed} console`;
      const what = `${count} lines, seed ${seed}`;
      if (good) return { code: 0, output: `${what}: no fault` };
      return {
        code: 1,
        output: `${what} (${again}): code ${code}, ${replies} replies; ${faults.slice(0, 3).join("; ")}`,
      };
    },
  };
}

interface Conversation {
  readonly replies: number;
  readonly faults: readonly string[];
  readonly code: number | null;
}

async function converse(root: string, input: Buffer): Promise<Conversation> {
  const program = join(root, "build", "host", "earshot-host");
  const models = [
    "--model",
    join(root, "models", "earshot.esm"),
    "--understanding",
    join(root, "models/understanding.esu"),
  ];
  const args = [...models, "--console", "fd", "--json"];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore", "pipe", "pipe"] });
  const [records, replies] = [child.stdio[1], child.stdio[4]] as [Readable, Readable];
  const counted = { replies: 0, faults: [] as string[] };
  const reading = Promise.all([
    eachLine(records, (line) => {
      if (line.startsWith('{"type":"fault"')) counted.faults.push(line.slice(0, 300));
    }),
    eachLine(replies, (line) => {
      const { type, ok } = JSON.parse(line) as { type?: string; ok?: boolean };
      if (type === "reply" && typeof ok === "boolean") counted.replies++;
    }),
  ]);
  (child.stdio[3] as Writable).end(input);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  await reading;
  return { ...counted, code };
}

async function eachLine(stream: Readable, take: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") take(line);
  }
}
