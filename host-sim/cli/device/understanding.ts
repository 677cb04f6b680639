// The firmware's understanding on texts and lattices without a device: the native scorer as a process, the policy of
// src/understanding here. In: items in any number. Out: an intent each, in order.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Intent } from "../../../src/understanding/intent.ts";
import { normalize } from "../../../src/understanding/normalize.ts";
import { Understanding } from "../../../src/understanding/understanding.ts";
import { buildScripts } from "../checks/build.ts";
import { EXIT_INPUT, EXIT_OK, fault, inputFailure } from "../failure.ts";
import { say } from "../output.ts";
import { releasedModel, releasedUnderstanding } from "./model-file.ts";

export interface Understood {
  readonly intent: Intent;
  /** Counted instructions of the native scorer; 0 when it was not asked. */
  readonly instructions: number;
  /** The likeliest intent but none, and by how many nats it was not refused; below 0 it was. */
  readonly best: string;
  readonly margin: number;
}

interface Scored {
  readonly intent: string;
  readonly margin: number;
}

const NOTHING = { instructions: 0, best: "none", margin: Number.NEGATIVE_INFINITY };
const Q10 = 1024;
const FRAME_HEAD = 5;
const WORDS = 0x54;
const LATTICE = 0x4c;

function frameOf(item: string | Uint8Array): Buffer | undefined {
  const payload = typeof item === "string" ? Buffer.from(normalize(item)) : Buffer.from(item);
  if (payload.length === 0) return undefined;
  const frame = Buffer.alloc(FRAME_HEAD + payload.length);
  frame.writeUInt8(typeof item === "string" ? WORDS : LATTICE, 0);
  frame.writeUInt32LE(payload.length, 1);
  payload.copy(frame, FRAME_HEAD);
  return frame;
}

/** Answers one question of the policy with what the process said. */
class Answer {
  text = "";
  readonly scoreText = (): string => this.text;
  readonly scoreLattice = (): string => this.text;
}

/** `models`: the packed file for words, and the acoustic model that made the lattices. */
export async function* understandAll(
  root: string,
  items: AsyncIterable<string | Uint8Array>,
  models: { readonly words?: string; readonly sounds?: string } = {},
): AsyncGenerator<Understood> {
  const { buildUnderstand } = await buildScripts(root);
  const program = await buildUnderstand({ log: say });
  const files = [models.words ?? releasedUnderstanding(root), models.sounds ?? releasedModel(root)];
  const child = spawn(program, files, { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {});
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  const answer = new Answer();
  const policy = new Understanding(answer);
  const waiting: (string | Uint8Array)[] = [];
  /** So many are on their way at once that neither side waits, and so few that no pipe fills up. */
  const most = 16;
  for await (const item of items) {
    waiting.push(item);
    const frame = frameOf(item);
    if (frame !== undefined) child.stdin.write(frame);
    if (waiting.length >= most) yield await next();
  }
  while (waiting.length > 0) yield await next();
  child.stdin.end();
  await goodEnd();

  /** The scorer says in a sentence which file it can't use. */
  async function goodEnd(): Promise<void> {
    const [code] = (await ended) as [number | null];
    if (code === EXIT_INPUT && said !== "") throw inputFailure(said.trim());
    if (code !== EXIT_OK) throw fault(`the scorer of understanding ended before its time. ${said}`.trim());
  }

  async function next(): Promise<Understood> {
    const item = waiting.shift() as string | Uint8Array;
    if (frameOf(item) === undefined) return { intent: policy.understandText(""), ...NOTHING };
    const line = await lines.next();
    if (line.done) {
      await goodEnd();
      throw fault("the scorer of understanding ended before its time.");
    }
    const { instructions, understood } = JSON.parse(line.value) as { instructions?: number; understood?: Scored };
    answer.text = JSON.stringify(understood ?? {});
    const hypothesis = { text: "", words: [] };
    const intent =
      typeof item === "string" ? policy.understandText(item) : policy.understand({ ...hypothesis, lattice: item });
    if (understood === undefined) return { intent, ...NOTHING };
    return { intent, instructions: instructions ?? 0, best: understood.intent, margin: understood.margin / Q10 };
  }
}
