"""Music made here, so that the recogniser hears more of it than the five pieces of the data folder.

In:  a seed. Out: synth-music-train-000 of the frames folder: pieces of 20 s without a transcript. Each draws its own
key, tempo, chords, tune, instruments (plucked, blown, bent by a second sine, overdriven, a chorus of sung vowels) and
drums. Nobody's melody, no sample; for ears it would be poor, for training it has what confuses: steady pitch, onsets,
formants without words.
"""

import numpy as np

from . import frontend, store

RATE = frontend.RATE
SECONDS = 20
PIECES = 45
SEED = 20261125
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 7, 10), (0, 2, 3, 5, 7, 9, 10))
VOWELS = ((730, 1090, 2440), (530, 1840, 2480), (300, 870, 2240), (570, 840, 2410), (270, 2290, 3010))


def hertz(note):
    return 440 * 2 ** ((note - 69) / 12)


def shape(rng, count, kind):
    """Loudness over a note."""
    t = np.arange(count) / RATE
    if kind in ("pluck", "bent"):
        return np.exp(-t * rng.uniform(1.5, 9)) * np.minimum(1, t / 0.004)
    rise, fall = rng.uniform(0.02, 0.25), rng.uniform(0.03, 0.3)
    return np.minimum(1, t / rise) * np.minimum(1, (count / RATE - t) / fall)


def tone(rng, note, seconds, kind, color):
    """One note of an instrument; `color` holds what stays the same through a piece."""
    count = max(64, int(seconds * RATE))
    t, f = np.arange(count) / RATE, hertz(note)
    vibrato = color["vibrato"] * np.sin(2 * np.pi * color["speed"] * t) * np.minimum(1, t / 0.3)
    phase = 2 * np.pi * f * t + vibrato * f / 100
    if kind == "bent":
        x = np.sin(phase + color["bend"] * np.exp(-3 * t) * np.sin(phase * color["ratio"]))
    else:
        x = np.zeros(count)
        vowel = VOWELS[rng.integers(len(VOWELS))] if kind == "sung" else None
        for k in range(1, max(2, min(40, int(7400 / f)))):
            level = k ** -color["slope"]
            if vowel:
                level = 0.02 + sum(np.exp(-(((f * k - c) / (60 + 0.08 * c)) ** 2)) / (1 + i) for i, c in enumerate(vowel))
            x += level * np.sin(k * phase + color["phases"][k])
        if kind == "driven":
            x = np.tanh(color["drive"] * x)
    return x * shape(rng, count, kind)


def hit(rng, kind, drum):
    """A kick, a snare or a hat."""
    count = int(RATE * {"kick": 0.22, "snare": 0.2, "hat": 0.07}[kind])
    t, noise = np.arange(count) / RATE, rng.normal(0, 1, count)
    if kind == "kick":
        return 1.6 * np.sin(2 * np.pi * (45 * t + drum * (1 - np.exp(-t * 30)) / 12)) * np.exp(-t * 16)
    if kind == "snare":
        return (0.5 * noise + 0.6 * np.sin(2 * np.pi * (150 + drum) * t)) * np.exp(-t * 22)
    return 0.5 * np.diff(noise, prepend=0) * np.exp(-t * 60)


def add(out, at, x, level):
    begin = int(at * RATE)
    part = x[:max(0, len(out) - begin)]
    out[begin:begin + len(part)] += level * part


def color(rng):
    return {"slope": rng.uniform(0.7, 2.2), "phases": rng.uniform(0, 2 * np.pi, 64), "vibrato": rng.uniform(0, 1.2),
            "speed": rng.uniform(4, 7), "bend": rng.uniform(0.5, 4), "ratio": rng.choice([1, 2, 3, 7, 1.41]),
            "drive": rng.uniform(1, 6)}


def piece(rng):
    """int16 of one piece."""
    out = np.zeros(SECONDS * RATE)
    beat, root, scale = 60 / rng.uniform(60, 170), int(rng.integers(40, 57)), SCALES[rng.integers(len(SCALES))]

    def step(degree):
        return root + 12 * (degree // len(scale)) + scale[degree % len(scale)]

    kinds = ("pluck", "blown", "bent", "driven", "sung")
    lead, chords, low = (kinds[rng.integers(len(kinds))] for _ in range(3))
    colors = [color(rng) for _ in range(3)]
    drums, drum = rng.random() < 0.65, rng.uniform(20, 90)
    levels = rng.uniform(0.2, 1.0, 3)
    degree, bars = 7, int(SECONDS / (4 * beat)) + 1
    pattern = [int(d) for d in rng.integers(0, 7, 4)]
    for bar in range(bars):
        base, start = pattern[bar % 4], bar * 4 * beat
        for d in (0, 2, 4):
            add(out, start, tone(rng, step(base + d) + 12, 4 * beat, chords, colors[1]), 0.35 * levels[1])
        for n in range(4):
            add(out, start + n * beat, tone(rng, step(base), beat, low, colors[2]), 0.5 * levels[2])
        at = 0.0
        while at < 4:
            length = float(rng.choice([0.25, 0.5, 0.5, 1, 1, 2]))
            degree = int(np.clip(degree + rng.integers(-3, 4), 4, 18))
            if rng.random() < 0.8:
                add(out, start + at * beat, tone(rng, step(degree) + 12, length * beat, lead, colors[0]), levels[0])
            at += length
        for n in range(8 if drums else 0):
            add(out, start + n * beat / 2, hit(rng, "hat", drum), 0.3)
            if n % 2 == 0:
                add(out, start + n * beat / 2, hit(rng, "snare" if n % 4 == 2 else "kick", drum), 0.8)
    return np.round(out / np.abs(out).max() * 10 ** rng.uniform(3.2, 4.4)).astype(np.int16)


def music_stage(folder=None):
    """The part, unless it is there; returns its hours."""
    folder, name = folder or frontend.cache_folder("frames"), "synth-music-train-000"
    key = f"{store.front_end_digest()} {SEED} {PIECES} {SECONDS}"
    if store.is_made(folder, name, key):
        return 0.0
    with store.Writer(folder, name, key) as writer:
        for number in range(PIECES):
            frames = frontend.log_mel(piece(np.random.default_rng([SEED, number])))
            writer.add(frames, text="", speaker=f"music-{number}", set="synth-music", split="train",
                       seconds=float(SECONDS), source="synthetic", id=f"{name}-{number:05d}")
        return writer.rows / 360000
