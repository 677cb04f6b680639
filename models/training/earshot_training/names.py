"""Requests with names, spoken by held-out voices, for measuring biasing: WAV files and a manifest.

    python3 -m earshot_training names [--folder FOLDER]

In:  the name lists' dev and test entries (no training line has them), made-up names, the neural voices that training
     never hears and flite's held-out one. Out: FOLDER/<split>/<id>.wav (16 kHz) and FOLDER/<split>.jsonl with text, name,
     class and kind ("known": from the lists; "made-up"). Used by host-sim/decoder/bias.mjs. Never for training.
"""

import gzip
import json
import os
import pathlib
import random
import wave

import numpy as np

from . import frontend, grammar, neural, voices

SEED = "names 20261125"
COUNTS = {"dev": 96, "test": 192}
FLITE_SHARE = 0.25
TEMPLATES = {
    "contact": ["call {}", "call {}", "text {}", "send a message to {}", "please call {}", "phone {}", "tell {} i'm late"],
    "device": ["turn on the {}", "turn off the {}", "switch on the {}", "dim the {}"],
    "playlist": ["play {}", "play my {} playlist", "shuffle {}"],
    "": ["{}"],
}
CLASSES = ("contact", "contact", "contact", "device", "playlist", "")
STARTS = "b bl br ch d dr f fl g gl gr h j k kr l m n p pl r s sh sk st t th tr v w y z".split()
MIDDLES = "a e i o u ai ee oa ou".split()
ENDS = "n l r m s t k x nd lt rn sh b d ".split(" ")
THINGS = "lamp light fan heater speaker plug".split()


def made_up(rng: random.Random, known: set[str]) -> str:
    """A word of two or three syllables that is in no list and no training text."""
    while True:
        word = "".join(
            rng.choice(STARTS) + rng.choice(MIDDLES) + (rng.choice(ENDS) if rng.random() < 0.6 else "")
            for _ in range(rng.choice((2, 2, 3)))
        )
        if 5 <= len(word) <= 10 and word not in known:
            return word


def known_words(data: str) -> set[str]:
    found = set()
    for line in all_lines(data):
        found.update(line.split())
    return found


def all_lines(data: str):
    """Name lists, requests, transcripts."""
    for packed in sorted(pathlib.Path(data, "text").rglob("*.gz")):
        with gzip.open(packed, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line).get("text", "") if line.startswith("{") else line.strip().lower()
    for manifest in sorted(pathlib.Path(data).glob("*.jsonl")):
        for line in manifest.open(encoding="utf-8"):
            yield json.loads(line).get("text") or ""


def compose(data: str, split: str, known: set[str]) -> list[dict]:
    """What is said: half the names are from the lists, half are made up."""
    rng, items = random.Random(f"{SEED} {split}"), []
    filler = grammar.Filler(rng, data, split)
    for number in range(COUNTS[split]):
        kind, group = ("made-up" if number % 2 else "known"), rng.choice(CLASSES)
        if group == "device":
            name = f"{made_up(rng, known) if kind == 'made-up' else filler.entry('surnames')} {rng.choice(THINGS)}"
        elif group == "playlist":
            name = made_up(rng, known) if kind == "made-up" else filler.entry("playlists").removeprefix("my ")
        else:
            name = made_up(rng, known) if kind == "made-up" else filler.contact()
            if kind == "made-up" and rng.random() < 0.35:
                name += " " + made_up(rng, known)
        text = rng.choice(TEMPLATES[group]).format(name)
        items.append({"id": f"names-{split}-{number:04d}", "text": text, "name": name, "class": group, "kind": kind})
    return items


def write_wav(path: pathlib.Path, sound: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(frontend.RATE)
        file.writeframes(sound.astype("<i2").tobytes())


def speak_split(data: str, split: str, folder: pathlib.Path, known: set[str], voice: neural.Voice) -> int:
    rng, flite = random.Random(f"{SEED} voices {split}"), voices.Flite()
    (folder / split).mkdir(parents=True, exist_ok=True)
    rows = []
    for item in compose(data, split, known):
        speed, synthetic = rng.uniform(0.85, 1.2), rng.random() < FLITE_SHARE
        who = rng.choice(neural.HELD_OUT)
        path = folder / split / f"{item['id']}.wav"
        if synthetic:
            who = "rms"
            said = flite.speak(who, 1 / speed, 1.0, item["text"])
            sound = said and said[0]
        else:
            sounds = neural.phonemes([neural.spelled(item["text"])], who[0] == "b")[0]
            sound = voice.speak(sounds, [(who, 1.0)], speed)
            if sound is not None and not neural.plausible(sound, sounds):
                sound = None
        if sound is None:
            continue
        write_wav(path, voices.quiet_dither(rng, sound))
        rows.append({**item, "speaker": who, "split": split, "seconds": round(len(sound) / frontend.RATE, 3)})
    flite.close()
    with open(folder / f"{split}.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return len(rows)


def names_stage(data: str, output: str) -> None:
    folder = pathlib.Path(output)
    model = frontend.cache_folder("neural")
    if not os.path.exists(os.path.join(model, "model.onnx")):
        neural.fetch(model)
    voice, known = neural.Voice(model), known_words(data)
    for split in COUNTS:
        print(f"{folder}/{split}: {speak_split(data, split, folder, known, voice)} requests with names")
