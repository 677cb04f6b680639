// Slots that follow from single words rather than from a place in the sentence: what skills need to know and nobody says
// as a value. Pure.

import type { IntentName } from "./intent";
import { digitsOf } from "./values";

/** In order of what counts when two are said: "turn up the volume, it's too quiet". */
const DIRECTIONS =
  "unmute mute up down louder quieter softer raise lower increase decrease reduce boost more less loud quiet hear".split(
    " ",
  );
const STEPS =
  "dim brighten up down brighter darker warmer cooler hotter colder lower raise increase decrease reduce lighten darken more less cold warm hot dark bright".split(
    " ",
  );
const ALL = ["all", "every", "both", "everything"];

const firstOf = (wanted: readonly string[], words: readonly string[]): string | undefined =>
  wanted.find((word) => words.includes(word));

/** The digits with which the words end. */
function telephoneNumber(words: readonly string[]): string | undefined {
  let from = words.length;
  while (from > 0 && digitsOf(`${words[from - 1]} oh oh`) !== undefined) from--;
  const said = words.slice(from).join(" ");
  return digitsOf(said) === undefined ? undefined : said;
}

/** What an intent's words say beyond its slots. */
export function impliedSlots(
  intent: IntentName,
  words: string,
  slots: Readonly<Record<string, string>>,
): Record<string, string> {
  const list = words.split(" ");
  switch (intent) {
    case "timerCancel":
    case "alarmCancel":
      return firstOf(ALL, list) === undefined ? {} : { all: "all" };
    case "call": {
      const number = slots.contact === undefined ? telephoneNumber(list) : undefined;
      return number === undefined ? {} : { contact: number };
    }
    case "volumeChange": {
      const word = slots.direction === undefined ? firstOf(DIRECTIONS, list) : undefined;
      // "I can't hear you" asks for more.
      return word === undefined ? {} : { direction: word === "hear" ? "louder" : word };
    }
    case "deviceSet": {
      const step = slots.value === undefined ? firstOf(STEPS, list) : undefined;
      const here = slots.room === undefined && slots.device === undefined && list.includes("here");
      return { ...(step === undefined ? {} : { value: step }), ...(here ? { room: "here" } : {}) };
    }
    default:
      return {};
  }
}
