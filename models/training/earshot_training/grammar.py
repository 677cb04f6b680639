"""The request grammar: every intent's phrasings (phrases.py) filled with names, numbers and times.

One corpus for the recogniser, the language model and understanding, as JSON Lines {text, intent, slots, split}:

    python3 -m earshot_training.grammar --out FILE [--data DATA] [--seed N] [--train N] [--dev N] [--test N]

The same seed gives the same bytes. Phrasings and names of dev and test occur in no training line.
"""

import argparse
import dataclasses
import functools
import gzip
import hashlib
import json
import os
import random
import re
import sys

from . import phrases, phrases_held, phrases_none, phrases_wider, spoken
from .manifest import TEXT, default_data

SPLITS = {
    "train": {name: lines + phrases_wider.WIDER.get(name, []) for name, lines in phrases.TRAIN.items()},
    "dev": phrases_held.DEV,
    "test": phrases_held.TEST,
}
NEIGHBOR_SHARE = 0.75  # of the training lines of "none"
# Intents of orders that people say often, or whose wording varies most, get more lines.
WEIGHTS = {
    "play": 3.0,
    "timerSet": 2.5,
    "orderDrink": 3.0,
    "alarmSet": 2.0,
    "deviceOn": 2.0,
    "deviceOff": 2.0,
    "deviceSet": 2.0,
    "weather": 1.8,
    "message": 1.6,
    "call": 1.3,
    "listAdd": 1.6,
    "stop": 0.6,
    "pause": 0.6,
    "resume": 0.6,
    "next": 0.6,
    "previous": 0.6,
    "time": 0.8,
    "date": 0.8,
    "none": 4.0,
    "question": 1.5,
}

FAMILY = (
    (
        "mom mum dad grandma grandpa my wife my husband my brother my sister my son my daughter the office "
        "the doctor my boss home work aunt mary uncle bob"
    )
    .replace("my ", "my_")
    .replace("the ", "the_")
    .replace("aunt ", "aunt_")
    .replace("uncle ", "uncle_")
    .split()
)
DEVICES = (
    "light lights lamp fan tv television heater heating radio kettle oven coffee_machine vacuum air_conditioner "
    "plug speaker christmas_tree dishwasher washing_machine humidifier floor_lamp table_lamp night_light "
    "ceiling_light desk_lamp ceiling_fan"
).split()
ROOMS = (
    "kitchen bedroom living_room bathroom hallway office garage dining_room kids_room nursery basement attic hall "
    "guest_room garden porch study den laundry_room"
).split()
TASKS = (
    "call the dentist;pay the rent;wash the car;clean the garage;water the plants;walk the dog;return the books;"
    "book a flight;fix the door;feed the cat;buy a present;mow the lawn;do the laundry;take out the trash;"
    "pick up the kids;write the report;iron the shirts;change the bulb;renew the passport;empty the dishwasher"
)
BODIES = (
    "i'm on my way;i'll be late;i'm running late;dinner is ready;see you soon;call me back;happy birthday;"
    "i love you;i'm at home;where are you;i'll be there in ten minutes;can you pick up some milk;thank you;"
    "good luck tomorrow;the meeting is moved to three;i'm stuck in traffic;don't forget the keys;good night;"
    "the food is here;we're leaving now;i got the job;please buy bread;are you coming tonight;let's meet at noon"
)
HOLIDAYS = (
    "christmas;easter;new year's eve;thanksgiving;halloween;valentine's day;mother's day;father's day;"
    "independence day;my birthday;the weekend;labor day"
)
COLORS = "red blue green yellow white purple orange pink warm_white cool_white turquoise daylight".split()
CHOICES = {
    "updown": ["up", "down"],
    "louder": ["louder", "quieter", "softer", "louder", "quieter"],
    "timer": "egg eggs pasta pizza tea laundry oven rice cookie bread chicken potatoes workout nap coffee cake".split(),
    "list": "shopping shopping grocery to_do christmas packing hardware wish groceries".split(),
    "opening": "garage_door blinds curtains front_door gate window shutters".split(),
    "lock": "front_door back_door door garage".split(),
    "fan": ["fan", "ceiling fan", "tower fan", "desk fan"],
    "speed": ["low", "medium", "high", "full speed", "level two", "level three"],
    "heat": ["heating", "heat", "thermostat"],
    # A room's name is a slot of its own, never a part of the device.
    "light": "light lights lamp floor_lamp desk_lamp ceiling_light reading_light table_lamp ceiling_lights night_light "
    "spotlight bedside_lamp lamps".split(),
    "color": COLORS,
    "task": TASKS.split(";"),
    "body": BODIES.split(";"),
    "asked": "where she is;what time dinner is;when he is coming;to call me back;to buy bread;what she wants to eat;"
    "if he is coming tonight;how the meeting went;to pick up the kids".split(";"),
    "asked_if": "he is home;she is ready;they are coming;dinner is ready;he got my letter;we can meet at noon".split(";"),
    "holiday": HOLIDAYS.split(";"),
    "devices": ["everything", "all the lights", "the lights", "both lamps"],
    "thing": "hamlet;the telephone;the mona lisa;penicillin;the light bulb;america;the bible;star wars;radium;"
    "the radio;moby dick;gravity".split(";"),
}
LISTS = {
    "song": "songs",
    "artist": "artists",
    "album": "albums",
    "playlist": "playlists",
    "genre": "genres",
    "item": "groceries",
    "country": "countries",
    "given": "given-names",
    "surname": "surnames",
}
PLACES = ("us-cities", "us-cities", "countries", "us-states", "english-towns", "canadian-towns")
ORDER = {
    "train": [
        "get me",
        "i'd like",
        "i would like",
        "can i get",
        "can i have",
        "may i have",
        "could i have",
        "make me",
        "brew",
        "give me",
        "i want",
        "i'll have",
        "i'll take",
        "please make me",
        "can you make me",
        "could i get",
        "",
    ],
    "dev": ["i'm going to have", "do me", "let me have"],
    "test": ["could you do me", "i feel like having", "fix me"],
}
ORDER_WIDER = (
    "i'd love|i need|i want to order|i'd like to order|order|order me|can you brew|could you make me|please brew|"
    "brew me|make|pour me|fix us|prepare|can you get me|get us|bring me|let's have|how about|one|just|i will have|"
    "i will take|may i get|would you make me|start|i could use|make us|please give me|hey can i get|okay i want"
).split("|")
SIZES = ["small", "medium", "large", "eight ounce", "twelve ounce", "sixteen ounce", "twenty ounce"]
ROASTS = ["light roast", "medium roast", "dark roast"]
SHOTS = ["single shot", "double shot", "triple shot"]
DRINKS = [
    "coffee",
    "latte",
    "mocha",
    "cappuccino",
    "americano",
    "espresso",
    "drip coffee",
    "house coffee",
    "iced coffee",
    "iced mocha",
]
MILKS = ["milk", "cream", "whole milk", "skim milk", "soy milk", "almond milk"]
SUGARS = ["sugar", "brown sugar", "sweetener"]
AMOUNTS = ["", "", "", "", "some ", "a bit of ", "a little bit of ", "lots of ", "a lot of "]


@functools.lru_cache(maxsize=128)
def entries(data, name, split):
    """Entries of a list of data/text/lists that belong to a split: 84 % train, 8 % dev, 8 % test, by hash."""
    with gzip.open(os.path.join(data, "text", "lists", f"{name}.txt.gz"), "rt", encoding="utf-8") as file:
        rows = [line.strip() for line in file]
    rows = [row for row in rows if TEXT.match(row) and len(row.split()) <= 5]
    place = {"dev": range(0, 8), "test": range(8, 16)}.get(split, range(16, 100))
    return tuple(row for row in rows if int(hashlib.sha256(row.encode()).hexdigest(), 16) % 100 in place)


class Filler:
    """Makes the words of slots for one split."""

    def __init__(self, rng, data, split):
        self.rng, self.data, self.split = rng, data, split

    def entry(self, name):
        """Well-known entries stand first in the lists and come more often."""
        rows = entries(self.data, name, self.split)
        return rows[int(len(rows) * self.rng.random() ** 1.7)]

    def pick(self, rows):
        return self.rng.choice(rows).replace("_", " ")

    def contact(self):
        if self.split == "train" and self.rng.random() < 0.25:
            return self.pick(FAMILY)
        name = self.entry("given-names")
        return f"{name} {self.entry('surnames')}" if self.rng.random() < 0.35 else name

    def person(self):
        return (
            self.entry("artists")
            if self.rng.random() < 0.5
            else f"{self.entry('given-names')} {self.entry('surnames')}"
        )

    def two_items(self):
        return f"{self.entry('groceries')} and {self.entry('groceries')}"

    def order(self, openings):
        """(words, slots) of an order at the coffee machine; adjectives in any order, milk and sugar too."""
        rng = self.rng
        slots = {"coffeeDrink": rng.choice(DRINKS)}
        for name, values, share in (("size", SIZES, 0.5), ("roast", ROASTS, 0.5), ("numberOfShots", SHOTS, 0.55)):
            if rng.random() < share:
                slots[name] = rng.choice(values)
        before = [slots[k] for k in ("size", "roast", "numberOfShots") if k in slots]
        rng.shuffle(before)
        after = []
        for name, values, share in (("milkAmount", MILKS, 0.5), ("sugarAmount", SUGARS, 0.5)):
            if rng.random() < share:
                slots[name] = rng.choice(AMOUNTS) + rng.choice(values)
                after.append(slots[name])
        rng.shuffle(after)
        words = " ".join([*before, slots["coffeeDrink"]])
        if rng.random() < 0.85:
            words = ("an " if words.startswith(("eight", "americano", "espresso", "iced")) else "a ") + words
        tail = rng.choice((" and ", " and ", " and ", " ")).join(after)
        text = f"{rng.choice(openings)} {words}" + (f" {'with ' + tail if tail else ''}")
        return " ".join(text.split()), slots

    def order_spoken(self):
        """An order with other words around it than the recordings have."""
        words, slots = self.order(ORDER_WIDER)
        if self.rng.random() < 0.3:
            words += self.rng.choice((" please", " thanks", " to go", " for me", " now"))
        return words, slots

    def degrees(self):
        high = self.rng.random() < 0.5
        return spoken.number(self.rng, 60 if high else 15, 80 if high else 27) + self.rng.choice(
            (" degrees", " degrees", "")
        )

    def number(self):
        return spoken.number(self.rng, 1, self.rng.choice((12, 100, 1000)))

    def make(self, kind):
        """(words, slots of its own)."""
        if kind == "order_spoken":
            return self.order_spoken()
        if kind.startswith("order"):
            return self.order(ORDER[self.split])
        own = {
            "contact": self.contact,
            "person": self.person,
            "degrees": self.degrees,
            "number": self.number,
            "two_items": self.two_items,
            "place": lambda: self.entry(self.pick(PLACES)),
            "device": lambda: self.pick(DEVICES),
            "room": lambda: self.pick(ROOMS),
            "word": lambda: self.entry("groceries"),
            "time": lambda: spoken.clock(self.rng),
            "duration": lambda: spoken.span(self.rng),
        }
        if kind in own:
            return own[kind](), {}
        if kind in LISTS:
            words = self.entry(LISTS[kind])
            return words.removeprefix("my ") if kind == "playlist" else words, {}
        if kind in CHOICES:
            return self.pick(CHOICES[kind]), {}
        return getattr(spoken, kind)(self.rng), {}


MARKS = re.compile(r"[()|\[\]]|\{[a-z A-Z]*(?::[a-z_]+)?\}|[^()|\[\]{}]+")


def expand(phrase, filler):
    """(text, slots, slot of each word or "") of one random reading of a phrasing."""
    marks, slots = MARKS.findall(phrase), {}

    def sequence(at, close):
        """Readings of alternatives until `close`; returns (chosen marks, next place)."""
        options, current = [], []
        while at < len(marks) and marks[at] != close:
            if marks[at] in "([":
                inner, at_end = sequence(at + 1, ")" if marks[at] == "(" else "]")
                keep = marks[at] == "(" or filler.rng.random() < 0.45
                current += inner if keep else []
                at = at_end
            elif marks[at] == "|":
                options.append(current)
                current = []
            else:
                current.append(marks[at])
            at += 1
        options.append(current)
        return filler.rng.choice(options), at

    text, tags = "", []
    for mark in sequence(0, None)[0]:
        if not mark.startswith("{"):
            text, tags = text + mark, tags + [""] * len(mark)
            continue
        name, _, kind = mark[1:-1].partition(":")
        value, own = filler.make(kind or name)
        slots.update(own)
        if name:
            slots[name] = value
        text, tags = text + value, tags + own_tags(value, name, own)
    words = [(match.group(), tags[match.start()]) for match in re.finditer(r"\S+", text)]
    return " ".join(word for word, _ in words), slots, [tag for _, tag in words]


def own_tags(value, name, own):
    """The slot of each letter of a generator's words."""
    tags = [name] * len(value)
    for slot, words in sorted(own.items(), key=lambda item: -len(item[1])):
        for match in re.finditer(rf"\b{words}\b", value):
            if not any(tags[match.start(): match.end()]):
                tags[match.start(): match.end()] = [slot] * len(words)
                break
    return tags


def weighed(phrasings):
    """(phrasings, weights)."""
    lines, weights = [], []
    for line in phrasings:
        weight, mark, rest = line.partition("* ")
        held = mark and weight.isdigit()
        lines.append(rest if held else line)
        weights.append(int(weight) if held else 1)
    return lines, weights


@functools.lru_cache(maxsize=128)
def weighted(split, intent):
    return weighed(SPLITS[split][intent])


@functools.lru_cache(maxsize=128)
def neighbors(kind):
    return weighed(phrases_none.NEIGHBORS[kind])


@dataclasses.dataclass
class Made:
    """A line of the grammar; `kind` tells sorts of "none" apart, `tags` has the slot of each word or ""."""

    text: str
    intent: str
    slots: dict
    tags: list
    kind: str


def make(rng, data, count, split="train", intents=None):
    """Lines in random order, intents by WEIGHTS."""
    filler, rows = Filler(rng, data, split), []
    names = sorted(intents or phrases.TRAIN)
    shares = [WEIGHTS.get(name, 1.0) if split == "train" or name != "none" else 1.5 for name in names]
    for intent in rng.choices(names, shares, k=count):
        lines, weights = weighted(split, intent)
        kind = "our grammar" if intent == "none" else ""
        if kind and split == "train" and rng.random() < NEIGHBOR_SHARE:
            kind = rng.choice(sorted(phrases_none.NEIGHBORS))
            lines, weights = neighbors(kind)
        text, slots, tags = expand(rng.choices(lines, weights)[0], filler)
        if not TEXT.match(text):
            raise ValueError(f"phrasing of {intent} gave {text!r}")
        rows.append(Made(text, intent, slots, tags, kind))
    return rows


def generate(rng, data, count, split="train", intents=None):
    """[{text, intent, slots, split}], as make."""
    return [
        {"text": row.text, "intent": row.intent, "slots": row.slots, "split": split}
        for row in make(rng, data, count, split, intents)
    ]


def every_number():
    """Training lines that chance might miss: every number from 1 to 90 with every unit, every level and percentage."""
    rows = []
    for n in range(1, 91):
        for unit in ("second", "minute", "hour"):
            length = spoken.counted(n, unit)
            rows.append((f"set a timer for {length}", "timerSet", {"duration": length}))
    for n in range(101):
        level, share = spoken.cardinal(n), f"{spoken.cardinal(n)} percent"
        rows.append((f"volume {level}", "volumeSet", {"level": level}))
        rows.append((f"set the volume to {share}", "volumeSet", {"level": share}))
        rows.append((f"set the light to {share}", "deviceSet", {"device": "light", "value": share}))
    return [{"text": t, "intent": i, "slots": s, "split": "train"} for t, i, s in rows]


def corpus_stage(out, data, seed=1, train=60000, dev=3000, test=3000):
    """Writes the request corpus: no text twice, none of dev or test in train."""
    seen, lines = set(), []
    for split, count in (("test", test), ("dev", dev), ("train", train)):
        rng = random.Random(f"grammar {seed} {split}")
        rows = generate(rng, data, count, split)
        for row in rows + (every_number() if split == "train" else []):
            if row["text"] not in seen:
                seen.add(row["text"])
                lines.append(json.dumps(row))
    partial = f"{out}.{os.getpid()}"
    with open(partial, "w", encoding="utf-8") as file:
        file.write("\n".join(reversed(lines)) + "\n")
    os.replace(partial, out)
    return len(lines)


def main(arguments):
    parser = argparse.ArgumentParser(prog="earshot_training.grammar", description="Writes the request corpus.")
    parser.add_argument("--out", required=True)
    parser.add_argument("--data", default=default_data())
    for name, value in (("seed", 1), ("train", 60000), ("dev", 3000), ("test", 3000)):
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args(arguments)
    count = corpus_stage(options.out, options.data, options.seed, options.train, options.dev, options.test)
    print(f"{options.out}: {count} lines", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
