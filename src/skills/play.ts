// Music by voice: what to play, and the orders to what plays.

import type { Catalog } from "../catalog/catalog";
import { foldName } from "../catalog/entry";
import type { Music } from "./music";
import { type AnyIntent, act, failed, type Outcome, type Plan, type Skill } from "./skill";

/** Slots that name what to play, the most exact first. */
const NAMES = ["song", "album", "artist", "genre"] as const;

export class PlaySkill implements Skill {
  readonly name = "music";
  readonly intents = ["play", "pause", "resume", "next", "previous"] as const;
  readonly #music: Music;
  readonly #catalog: Catalog;

  constructor(music: Music, catalog: Catalog) {
    this.#music = music;
    this.#catalog = catalog;
  }

  plan(intent: AnyIntent): Plan {
    const music = this.#music;
    switch (intent.name) {
      case "pause":
        return act("pause", {}, (t) => music.pause(t));
      case "resume":
        return act("resume", {}, (t) => music.resume(t));
      case "next":
        return act("next", {}, (t) => music.skip(1, t));
      case "previous":
        return act("previous", {}, (t) => music.skip(-1, t));
      default:
        return this.#play(intent);
    }
  }

  #play({ slots }: AnyIntent): Plan {
    if (slots.playlist !== undefined) return this.#playlist(slots.playlist);
    const named = NAMES.filter((name) => slots[name] !== undefined);
    if (named.length === 0) return act("play", {}, (t) => anyMusic(this.#music, t));
    const words = named.map((name) => slots[name] as string);
    return act("play", { ...slots }, (t) => this.#named(words, t));
  }

  /** All words first; a piece's name may hold the song without its artist. */
  #named(words: readonly string[], t: number): Outcome {
    const { library } = this.#music;
    const everything = library.matching(words.join(" "));
    const pieces = everything.length > 0 ? everything : library.matching(words[0] as string);
    if (pieces.length > 0) return answered(this.#music.playAll(pieces, t), "playing");
    // What somebody calls an artist may be the name of a list of theirs.
    const [list] = this.#catalog.find("playlist", words[0] as string);
    return list === undefined ? failed("no-music", "i can't find that music") : this.#list(list.detail, t);
  }

  #playlist(words: string): Plan {
    const { text } = foldName(words);
    const [found] = this.#catalog.find("playlist", text);
    const favorites = found ?? this.#catalog.find("playlist", text.endsWith("s") ? text.slice(0, -1) : `${text}s`)[0];
    const playlist = favorites?.name ?? words;
    return act("play", { playlist }, (t) => {
      // Looked up anew: it may have gone since.
      const [list] = this.#catalog.find("playlist", playlist);
      return list === undefined ? failed("no-playlist", "i can't find that playlist") : this.#list(list.detail, t);
    });
  }

  #list(detail: string, t: number): Outcome {
    const names = detail.split(" ").filter((name) => name !== "");
    const pieces = names.filter((name) => this.#music.library.has(name));
    if (pieces.length === 0) return failed("empty-playlist", "that playlist is empty");
    return answered(this.#music.playAll(pieces, t), "playing");
  }
}

/** "Play music" while it plays is no mistake of the speaker's. */
function anyMusic(music: Music, t: number): Outcome {
  const outcome = music.start(t);
  return outcome.code === "already" ? { ...outcome, done: true, answer: "" } : outcome;
}

function answered(outcome: Outcome, answer: string): Outcome {
  return outcome.done ? { ...outcome, answer } : outcome;
}
