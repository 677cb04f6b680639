"""Lines that understanding learns from and is measured on.

Real people's requests (data/text), our grammar, transcripts of read speech as what is not for us, and what the
recogniser made of training speech. Corpora whose licence is share-alike teach nothing (../texts.py); their dev lines
choose constants and their test lines are reported, as with the others.
"""

import collections
import dataclasses
import functools
import glob
import gzip
import json
import os
import random

from .. import grammar, texts
from ..manifest import TEXT

INTENTS = (
    "play pause resume stop next previous volumeSet volumeChange timerSet timerCancel timerQuery alarmSet alarmCancel "
    "deviceOn deviceOff deviceSet call message listAdd listRemove listRead weather time date orderDrink question none"
).split()
NONE = len(INTENTS) - 1
# Source intents that hold requests of ours and requests of nobody's (data/text/README.md, "How far to trust the
# labels"): left out where refusing is measured.
PARTLY = {
    "volume", "play_music", "play_radio", "play_podcasts", "play_audiobook", "datetime_query", "lists_createoradd",
    "lists_remove", "shopping_list_update", "todo_list_update", "AddToDo", "DeleteToDo", "smart_home", "HassTurnOn",
    "HassTurnOff", "iot_hue_lighton", "iot_wemo_on", "iot_wemo_off", "general_commandstop", "timer", "alarm",
    "next_song", "player_pause",
}


@dataclasses.dataclass
class Line:
    text: str
    intent: str  # one of INTENTS
    kind: str  # of a line that is none: its source intent
    set: str
    weight: float = 1.0


@functools.lru_cache(maxsize=4)
def real(data: str, split: str, share_alike: bool) -> tuple[Line, ...]:
    """Lines of data/text of a split; those without a label are left out."""
    rows = []
    for path in sorted(glob.glob(os.path.join(data, "text", "*.jsonl.gz"))):
        name = os.path.basename(path).split(".")[0]
        if name in texts.SHARE_ALIKE and not share_alike:
            continue
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                if row["split"] != split or row["intent"] == "unlabelled" or not TEXT.match(row["text"]):
                    continue
                other = row["intent"].startswith("other:")
                rows.append(Line(row["text"], "none" if other else row["intent"],
                                 row["intent"][6:] if other else "", name))
    return tuple(rows)


def partly(line: Line) -> bool:
    """True for a line of a kind that is mapped in part only."""
    return line.kind in PARTLY


def from_grammar(data: str, count: int, split: str, seed: int) -> list[Line]:
    """Lines of our grammar, each text once."""
    rng, seen, lines = random.Random(f"understanding {seed} {split}"), set(), []
    for row in grammar.make(rng, data, count, split):
        if row.text not in seen:
            seen.add(row.text)
            lines.append(Line(row.text, row.intent, f"grammar: {row.kind}" if row.kind else "", "grammar"))
    if split == "train":
        lines += [Line(row["text"], row["intent"], "", "grammar") for row in grammar.every_number()]
    return lines


BEFORE = (
    "please|can you|could you|would you|can you please|could you please|hey|okay|okay now|hi|hello|i want you to|"
    "i need you to|i'd like you to|would you please|will you|now|so|alexa|computer|hey computer|jarvis|olly|siri|"
    "hey google|okay google|go ahead and|just|and|um|uh|well"
).split("|")
BEHIND = "please|now|for me|thanks|thank you|right now|okay|again please|if you can|will you|would you|for me please".split("|")


def dressed(lines: list[Line], share: float, seed: int) -> list[Line]:
    """Copies of a share of the lines with words of courtesy or a wake name around them."""
    rng, made = random.Random(f"dressed {seed}"), []
    for line in lines:
        if rng.random() >= share:
            continue
        text = line.text
        if rng.random() < 0.75:
            text = f"{rng.choice(BEFORE)} {text}"
        if rng.random() < 0.45:
            text = f"{text} {rng.choice(BEHIND)}"
        made.append(dataclasses.replace(line, text=text))
    return made


def read_speech(data: str, count: int, seed: int) -> list[Line]:
    """Sentences of audiobooks, whole or in part: nobody asked anything."""
    rng = random.Random(f"speech {seed}")
    known = {line.text for line in real(data, "train", True)}
    rows = []
    for text in texts.transcripts(data):
        words = text.split()
        if len(words) < 4 or text in known:
            continue
        at = rng.randrange(max(1, len(words) - 6))
        rows.append(" ".join(words[at: at + rng.randint(3, 14)]))
    rng.shuffle(rows)
    return [Line(text, "none", "read speech", "speech") for text in rows[:count]]


def weigh(lines: list[Line], power: float = 0.35, sets: dict[str, float] | None = None) -> None:
    """(largest intent / intent) ^ power, and a factor for each set."""
    sizes = collections.Counter(line.intent for line in lines if line.intent != "none")
    largest = max(sizes.values())
    for line in lines:
        line.weight = (sets or {}).get(line.set, 1.0)
        if line.intent != "none":
            line.weight *= (largest / sizes[line.intent]) ** power
