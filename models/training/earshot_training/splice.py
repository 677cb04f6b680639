"""New sentences from the words of real speakers: an audio dictionary, cut at aligned times and put together again.

In:  real-*-train parts of the frames folder and their word times (align.py). Out: synth-splice-* parts.
Orders are recombined from the words of one speaker of orders, with words of another where he never said them; requests
of our grammar take any speaker's words for what the chosen one lacks; strings of digits and commands come from the
single-word sets; single words are cut out of sentences. A foreign word is brought to the level and the long-term
spectrum of the voice it joins. Sentences of the dev and test sets are never put together.
"""

import collections
import dataclasses
import glob
import json
import os
import random
import sys

import numpy as np

from . import align, frontend, grammar, store, texts
from .manifest import read_manifest

FAMILIES = ("orders", "requests", "strings", "words")
COUNTS = {"orders": 4000, "requests": 2500, "strings": 1500, "words": 1600}
ORDERS = ("coffee",)
SINGLES = ("digits", "speech-commands", "speech-commands-more")
SENTENCES = ("librispeech-train", "librispeech-more", "speechocean762", "coffee")
LONGEST_RUN = 4  # words taken over from one place
WORD_FRAMES = 22  # a word shorter than this is too reduced to stand alone
SEED = "splice 2026-11-25"


@dataclasses.dataclass
class Clip:
    """One aligned utterance."""

    speaker: str
    frames: np.ndarray  # int8 [n, 40]
    words: list  # [word, start frame, end frame]

    def mean(self):
        """Long-term spectrum of its speech."""
        begin, end = self.words[0][1], self.words[-1][2]
        return self.frames[begin:end].astype(np.float32).mean(axis=0)


class Dictionary:
    """Where each word was said: word -> [(clip, place in it)], for all clips and for each speaker."""

    def __init__(self, clips):
        self.clips = clips
        self.places = collections.defaultdict(list)
        self.voices = collections.defaultdict(lambda: collections.defaultdict(list))
        self.said = collections.Counter()
        for clip in clips:
            self.said[clip.speaker] += len(clip.words)
            for place, (word, _, _) in enumerate(clip.words):
                self.places[word].append((clip, place))
                self.voices[clip.speaker][word].append((clip, place))

    def choose_voice(self, rng, least):
        """A speaker of at least `least` words, by the square root of what he said."""
        names = sorted(name for name, count in self.said.items() if count >= least)
        return rng.choices(names, [self.said[name] ** 0.5 for name in names])[0]


def run_length(clip, place, words, longest):
    """How many of `words` follow each other from this place of the clip."""
    count = 0
    while count < min(longest, len(words)) and place + count < len(clip.words) and \
            clip.words[place + count][0] == words[count]:
        count += 1
    return count


def cut(clip, place, count):
    """Frames of `count` words from a place, with up to 40 ms of the pause before and after where there is one."""
    begin, end = clip.words[place][1], clip.words[place + count - 1][2]
    before = clip.words[place - 1][2] if place else 0
    after = clip.words[place + count][1] if place + count < len(clip.words) else len(clip.frames)
    return clip.frames[max(before, begin - 4):min(after, end + 4)].astype(np.float32)


def matched(piece, mean, target):
    """A piece with another long-term spectrum, the difference smoothed over five bins."""
    change = np.pad(target - mean, 2, mode="edge")
    return piece + np.convolve(change, np.full(5, 0.2), mode="valid").astype(np.float32)


def put_together(rng, words, voice, own, wide, foreign):
    """Frames of a sentence by one voice, or None when more than `foreign` of its words come from nobody near.

    own: places of the voice; wide: places of everybody."""
    parts, base, target, at, strange = [], None, None, 0, 0
    while at < len(words):
        places = own.get(words[at])
        if not places:
            places = wide.get(words[at])
            strange += 1
        if not places or strange > foreign:
            return None
        some = rng.sample(places, min(12, len(places)))
        longest = rng.randint(1, LONGEST_RUN)
        runs = [run_length(clip, place, words[at:], longest) for clip, place in some]
        best = max(runs) if rng.random() < 0.6 else rng.choice(runs)
        clip, place = some[runs.index(best)]
        piece = cut(clip, place, best)
        if target is None and clip.speaker == voice:
            base, target = clip, clip.mean()
        parts.append((piece, clip))
        at += best
    if target is None:
        base, target = parts[0][1], parts[0][1].mean()
    pieces = [piece if clip is base else
              piece + (target - clip.mean()).mean() if clip.speaker == voice else matched(piece, clip.mean(), target)
              for piece, clip in parts]
    lead = base.frames[max(0, base.words[0][1] - rng.randint(5, 30)):max(0, base.words[0][1] - 4)].astype(np.float32)
    return joined([lead] * (len(lead) > 0) + pieces)


def joined(pieces):
    """Pieces one after the other; the frames at a joint go half way to each other."""
    for left, right in zip(pieces, pieces[1:]):
        middle = (left[-1] + right[0]) / 2
        left[-1], right[0] = (left[-1] + middle) / 2, (right[0] + middle) / 2
    return np.clip(np.rint(np.concatenate(pieces)), -127, 127).astype(np.int8)


def read_clips(folder, names):
    """Aligned training utterances of the named sets."""
    clips = []
    for name in names:
        times = align.words_of(name)
        path = os.path.join(folder, f"real-{name}-train.jsonl")
        if not times or not os.path.exists(path):
            continue
        frames = np.memmap(path[:-6] + ".frames", dtype=np.int8, mode="r").reshape(-1, frontend.BINS)
        with open(path, encoding="utf-8") as file:
            for row in map(json.loads, file):
                words = times.get(row["id"])
                if words and words[-1][2] <= row["frames"] and row.get("check", 1) >= 0.6:
                    clips.append(Clip(row["speaker"], frames[row["offset"]:row["offset"] + row["frames"]], words))
    return clips


def held_out(data):
    """Sentences of all dev and test recordings."""
    found = set()
    for path in glob.glob(os.path.join(data, "*.jsonl")):
        found |= {row.get("text") for row in read_manifest(path)[0] if row.get("split") in ("dev", "test")}
    return found


def sentences(rng, family, data, banned):
    """Endless sentences of one family, as word lists."""
    kept = {word for word in texts.SINGLE + texts.COMMANDS}
    while True:
        if family == "orders":
            made = [row["text"] for row in grammar.generate(rng, data, 200, "train", ["orderDrink"])]
        elif family == "requests":
            intents = [name for name in grammar.phrases.TRAIN if name != "orderDrink"]
            made = [row["text"] for row in grammar.generate(rng, data, 150, "train", intents)]
            made += texts.requests(rng, data, 50)
        elif family == "strings":
            pools = (texts.DIGITS, texts.SINGLE[:21], sorted(kept))
            made = [" ".join(rng.choices(rng.choice(pools), k=rng.randint(2, 5))) for _ in range(200)]
        else:
            made = sorted(kept)
            rng.shuffle(made)
        yield from (text.split() for text in made if family in ("words", "strings") or text not in banned)


def lone_word(rng, word, dictionary):
    """One word cut out of a sentence where it was said slowly, or None."""
    places = [(clip, place) for clip, place in dictionary.places.get(word, ())
              if clip.words[place][2] - clip.words[place][1] >= WORD_FRAMES]
    if not places:
        return None, None
    clip, place = rng.choice(places)
    return clip.speaker, np.clip(np.rint(cut(clip, place, 1)), -127, 127).astype(np.int8)


def splice_part(family, near, everybody, folder, data, key, count):
    """One family's part; returns hours and how many sentences lacked a word."""
    name, rng, lacking, made = f"synth-splice-{family}-train-000", random.Random(f"{SEED} {family}"), 0, 0
    least, foreign = {"orders": (20, 3), "requests": (60, 99), "strings": (1, 99), "words": (0, 0)}[family]
    with store.Writer(folder, name, key) as writer:
        for words in sentences(rng, family, data, held_out(data)):
            if made >= count or lacking > 20 * count:
                break
            if family == "words":
                voice, frames = lone_word(rng, words[0], near)
            else:
                voice = near.choose_voice(rng, least)
                wide = near.places if family != "orders" or rng.random() < 0.7 else everybody.places
                frames = put_together(rng, words, voice, near.voices[voice], wide, foreign)
            if frames is None:
                lacking += 1
                continue
            writer.add(frames, text=" ".join(words), speaker=f"splice-{voice}", set=f"synth-splice-{family}",
                       split="train", seconds=len(frames) / 100, source="splice", kind=family,
                       id=f"{name}-{len(writer.lines):05d}")
            made += 1
        return writer.rows / 360000, lacking


def splice_stage(data, folder=None, counts=None, seed=SEED):
    """All families that are not made yet from these recordings."""
    folder, counts = folder or frontend.cache_folder("frames"), counts or COUNTS
    everybody = Dictionary(read_clips(folder, SENTENCES))
    sources = {"orders": ORDERS, "requests": SENTENCES, "strings": SINGLES, "words": SENTENCES}
    for family in FAMILIES:
        near = Dictionary(read_clips(folder, sources[family]))
        if not near.clips:
            print(f"splice: no aligned recordings for {family}; run align first", file=sys.stderr)
            continue
        key = f"{store.front_end_digest()} {seed} {family} {counts[family]} {len(near.clips)} {len(everybody.clips)}"
        if store.is_made(folder, f"synth-splice-{family}-train-000", key):
            continue
        hours, lacking = splice_part(family, near, everybody, folder, data, key, counts[family])
        print(f"splice: {family}: {hours:.2f} h from {len(near.clips)} recordings; {lacking} sentences lacked a word",
              file=sys.stderr, flush=True)
