// One run of the virtual board over the requests. In: the sound, the room. Out: what was heard of each request.

import { wordErrorRate } from "../../peers/errors.mjs";
import type { Utterance } from "../device/transcript.ts";
import type { Microphone } from "../session/microphone.ts";
import { Session, type SessionOptions } from "../session/session.ts";
import { CAPTURE_RATE } from "../sound/capture.ts";
import type { Request, Requests } from "./requests.ts";

const BLOCK = CAPTURE_RATE / 10;
const SAMPLES_A_MS = CAPTURE_RATE / 1000;

export interface Condition {
  readonly name: string;
  readonly room?: string;
  readonly noEchoCanceller?: boolean;
  readonly music?: { readonly file: string; readonly path: string } | undefined;
}

export interface Heard {
  readonly name: string;
  /** Word error rate, per cent, and its 95 % interval. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  readonly words: number;
  /** Capture's counted work, millions of instructions a second: echo canceller and features. */
  readonly captureMips: number;
}

function microphoneOf({ sound }: Requests): Microphone {
  return {
    name: "requests",
    seconds: sound.length / CAPTURE_RATE,
    stop: () => {},
    async *blocks() {
      for (let at = 0; at < sound.length; at += BLOCK) yield sound.subarray(at, at + BLOCK);
    },
  };
}

/** Words of the utterances whose middle lies between this request's start and the next one's. */
function pairsOf(requests: readonly Request[], utterances: readonly Utterance[]) {
  return requests.map(({ text, start }, index) => {
    const end = requests[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    const words = utterances.flatMap((utterance) => utterance.words);
    const inside = words.filter(({ startMs, endMs }) => {
      const middle = ((startMs + endMs) / 2) * SAMPLES_A_MS;
      return middle >= (index === 0 ? 0 : start) && middle < end;
    });
    return { words: text, heard: inside.map(({ word }) => word).join(" ") };
  });
}

export async function hear(
  device: SessionOptions["device"],
  condition: Condition,
  requests: Requests,
  played?: (sound: Buffer) => void,
): Promise<Heard> {
  const session = new Session({
    device: { ...device, room: condition.room, noEchoCanceller: condition.noEchoCanceller ?? false },
    microphone: microphoneOf(requests),
    music: condition.music,
    played,
  });
  const { summary } = await session.run({ record: () => {} });
  const { rate, low, high, words } = wordErrorRate(pairsOf(requests.requests, summary.utterances));
  const { capture = 0 } = summary.instructionsPerSecond;
  return { name: condition.name, rate, low, high, words, captureMips: capture / 1e6 };
}
