#!/usr/bin/env python3
"""The packaged piece of music: composed here, synthesised here, the same bytes for the same seed.

    tune.py --wav OUT.wav [--seed 1]

In: nothing but the notes below. Out: a stereo WAV of 48 kHz and 16 bits, 20 bars at 92 beats a minute, 52.2 s.
The last bar runs into the first: tails and reverberation wrap round the end, so a player may repeat it for ever.
`make.sh` beside this file encodes it. It may not read a sample, a recording or somebody's melody.
"""
import argparse
import wave

import numpy as np

RATE = 48000
BEAT = 60 / 92
EIGHTH = BEAT / 2
BARS = 20
LENGTH = round(BARS * 4 * BEAT * RATE)
SWING = 0.09  # an off-beat eighth comes this part of an eighth late

NOTE = {"C": 0, "C#": 1, "D": 2, "D#": 3, "E": 4, "F": 5, "F#": 6, "G": 7, "G#": 8, "A": 9, "A#": 10, "B": 11}

# One line a bar: bass note, then the chord from low to high.
CHORDS = {
    "Dmaj9": ("D2", "F#3 A3 C#4 E4"),
    "Bm7": ("B1", "F#3 A3 B3 D4"),
    "Bm9": ("B1", "F#3 A3 C#4 D4"),
    "Gmaj9": ("G1", "F#3 A3 B3 D4"),
    "Gmaj7": ("G1", "F#3 B3 D4 F#4"),
    "A9sus": ("A1", "E3 G3 B3 D4"),
    "A13": ("A1", "G3 C#4 E4 F#4"),
    "F#m7": ("F#1", "E3 A3 C#4 E4"),
    "Em9": ("E2", "F#3 G3 B3 D4"),
    "Em7": ("E2", "G3 B3 D4 E4"),
}
HARMONY = ("Dmaj9 Bm7 Gmaj9 A9sus F#m7 Bm9 Em9 A13 "
           "Gmaj7 F#m7 Em7 A9sus "
           "Dmaj9 Bm7 Gmaj9 A9sus F#m7 Bm9 Em9 A13").split()

# The tune: one string a bar, `note:eighths`, `-` is a rest. Bars 9 to 12 are the middle part.
MELODY = [
    "A4:1 D5:1 F#5:3 E5:1 D5:2", "-:1 C#5:1 D5:2 B4:2 A4:2", "B4:1 D5:1 A5:3 F#5:1 E5:2", "-:2 E5:1 D5:1 E5:4",
    "-:1 C#5:1 E5:2 A5:3 E5:1", "F#5:2 D5:1 C#5:1 D5:4", "-:1 B4:1 D5:1 F#5:2 E5:1 D5:1 B4:1", "C#5:2 E5:2 A4:4",
    "B5:3 A5:1 F#5:2 D5:2", "A5:3 F#5:1 E5:2 C#5:2", "G5:3 F#5:1 E5:1 D5:1 B4:2", "E5:2 F#5:1 G5:1 A5:4",
    "A4:1 D5:1 F#5:3 A5:1 F#5:2", "-:1 E5:1 D5:2 B4:2 F#5:2", "B4:1 D5:1 B5:3 A5:1 F#5:2", "-:2 E5:1 F#5:1 E5:4",
    "-:1 A5:1 E5:2 C#5:2 E5:2", "D5:3 C#5:1 D5:2 F#5:2", "-:1 G5:1 F#5:1 E5:2 D5:1 B4:1 D5:1", "E5:2 C#5:2 -:4",
]
# Which note of the chord the plucked voice takes on each eighth; 4 is the lowest note an octave up.
PICKING = [[0, 2, 1, 3, 2, 4, 3, 1], [0, 1, 2, 3, 4, 3, 2, 1]]


def hertz(name):
    return 440 * 2 ** ((NOTE[name[:-1]] + 12 * int(name[-1]) - 57) / 12)


def seconds(n):
    return np.arange(round(n * RATE)) / RATE


def edges(x, attack, release):
    """A soft start and a soft end, in place, so that no note clicks."""
    a, r = round(attack * RATE), round(release * RATE)
    x[:a] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(a) / a)
    x[-r:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(r) / r)
    return x


def pluck(f, length, bright=1.0):
    """A plucked string as a sum of its partials: high ones start weaker and die sooner."""
    t, x = seconds(length), 0
    for k in range(1, max(2, min(24, int(9000 / f)))):
        stretched = f * k * np.sqrt(1 + 6e-5 * k * k)  # the stiffness of a real string
        level = np.sin(np.pi * k * 0.19) / k ** (1.3 / bright)
        x = x + level * np.exp(-t * (1.1 + 0.0022 * f + 0.16 * k * k ** 0.5)) * np.sin(2 * np.pi * stretched * t)
    return edges(x, 0.002, 0.05)


def bell(f, length):
    """A struck bar (vibraphone): the fourth partial, a little of the tenth, and a slow tremolo."""
    t = seconds(length)
    x = np.exp(-1.5 * t) * np.sin(2 * np.pi * f * t)
    x += 0.28 * np.exp(-5.0 * t) * np.sin(2 * np.pi * f * 3.984 * t)
    x += 0.05 * np.exp(-16 * t) * np.sin(2 * np.pi * f * 9.6 * t)
    return edges(x * (1 - 0.13 * np.cos(2 * np.pi * 4.6 * t)), 0.003, 0.12)


def keys(f, length):
    """An electric piano: one sine bends another, and the bend dies away."""
    t = seconds(length)
    bend = (0.9 * np.exp(-3.0 * t) + 0.12) * np.sin(2 * np.pi * f * t)
    tine = 0.10 * np.exp(-14 * t) * np.sin(2 * np.pi * f * 7 * t)
    return edges(np.exp(-0.85 * t) * (np.sin(2 * np.pi * f * t + bend) + tine), 0.004, 0.2)


def pad(f, length, rng):
    """Four voices a few cents apart that come and go slowly."""
    t, x = seconds(length), 0
    for cents in (-7, -2, 3, 8):
        g = f * 2 ** (cents / 1200)
        phase = rng.uniform(0, 2 * np.pi)
        for k in range(1, 6):
            x = x + np.sin(2 * np.pi * g * k * t + k * phase) / k ** 2.2
    return edges(x / 4, 0.7, 0.9)


def bass(f, length):
    t = seconds(length)
    x = np.sin(2 * np.pi * f * t) + 0.35 * np.exp(-4 * t) * np.sin(4 * np.pi * f * t)
    x += 0.12 * np.exp(-9 * t) * np.sin(6 * np.pi * f * t)
    return edges(np.tanh(1.3 * x) * np.exp(-0.9 * t), 0.006, 0.06)


def band(x, low, high):
    """Keep what lies between two frequencies, with soft slopes."""
    spectrum = np.fft.rfft(x)
    f = np.fft.rfftfreq(len(x), 1 / RATE) + 1e-9
    return np.fft.irfft(spectrum / np.sqrt((1 + (low / f) ** 4) * (1 + (f / high) ** 4)), len(x))


def kick():
    t = seconds(0.32)
    return edges(np.exp(-13 * t) * np.sin(2 * np.pi * (47 * t + 2.2 * (1 - np.exp(-30 * t)))), 0.002, 0.08)


def brush(rng, length, low, high, decay):
    t = seconds(length)
    return edges(band(rng.standard_normal(len(t)), low, high) * np.exp(-decay * t), 0.004, 0.03)


class Mix:
    """A stereo loop: what runs past the end comes round at the start."""

    def __init__(self):
        self.dry = np.zeros((2, LENGTH))
        self.wet = np.zeros((2, LENGTH))  # what the room hears

    def add(self, x, at, level, place=0.0, room=0.2):
        """`at` in seconds; `place` from -1 (left) to 1 (right)."""
        angle = (place + 1) * np.pi / 4
        where = (np.arange(len(x)) + round(at * RATE)) % LENGTH
        for side, gain in enumerate((np.cos(angle), np.sin(angle))):
            self.dry[side, where] += level * gain * x  # no note is as long as the loop, so no index comes twice
            self.wet[side, where] += level * gain * room * x

    def finish(self, rng):
        """The room (noise that dies away, wrapped round the loop), a gentle limit, and the last level."""
        t = seconds(2.2)
        out = self.dry.copy()
        for side in range(2):
            room = np.zeros(LENGTH)
            room[:len(t)] = band(rng.standard_normal(len(t)), 180, 5200) * np.exp(-3.0 * t) * (1 - np.exp(-60 * t))
            room /= np.sqrt((room ** 2).sum())
            out[side] += np.fft.irfft(np.fft.rfft(self.wet[side]) * np.fft.rfft(room), LENGTH)
        out /= np.abs(out).max()
        out = np.tanh(1.1 * out)
        return out * (10 ** (-3 / 20) / np.abs(out).max())


def place(bar, eighth, rng):
    """When an eighth sounds: swung, and a few milliseconds off as a hand would be."""
    late = SWING * EIGHTH if eighth % 2 else 0
    return (bar * 8 + eighth) * EIGHTH + late + abs(rng.normal(0, 0.004))


def accompany(mix, bar, rng):
    root, chord = CHORDS[HARMONY[bar]]
    notes = [hertz(n) for n in chord.split()]
    middle = 8 <= bar < 12
    for i, f in enumerate(notes):
        mix.add(pad(f, 4 * BEAT + 0.9, rng), bar * 4 * BEAT - 0.15, 0.066, (-0.7, 0.5, -0.3, 0.8)[i], 0.5)
        for eighth, level in ((0, 0.100), (3, 0.068)) if not middle else ((0, 0.105),):
            mix.add(keys(f, 2.2), place(bar, eighth, rng) + 0.012 * i, level, 0.25, 0.3)
    for eighth, pick in enumerate(PICKING[bar % 2]):
        f = notes[pick] if pick < 4 else 2 * notes[0]
        level = 0.20 * (1.0 if eighth % 4 == 0 else 0.72) * rng.uniform(0.85, 1.1) * (0.75 if middle else 1)
        mix.add(pluck(f, 1.6, 0.9), place(bar, eighth, rng), level, -0.45, 0.25)
    fifth = hertz(root) * (1.5 if HARMONY[bar] != "F#m7" else 2)
    for eighth, f, length in ((0, hertz(root), 1.5), (3, hertz(root), 0.5), (5, fifth, 0.55), (7, hertz(root) * 2, 0.3)):
        if not (middle and eighth in (3, 7)):
            mix.add(bass(f, length * BEAT * 1.25), place(bar, eighth, rng), 0.27 if eighth == 0 else 0.20, 0, 0.03)


def drums(mix, bar, rng):
    quiet = 0.55 if 8 <= bar < 12 else 1.0
    for eighth in (0, 5) if bar % 4 != 3 else (0, 3, 5):
        mix.add(kick(), place(bar, eighth, rng), 0.42 * quiet, 0, 0.05)
    for eighth in (2, 6):
        mix.add(brush(rng, 0.22, 900, 5200, 17), place(bar, eighth, rng), 0.085 * quiet, 0.1, 0.3)
    for eighth in range(8):
        level = (0.030 if eighth % 2 else 0.018) * rng.uniform(0.7, 1.15) * quiet
        mix.add(brush(rng, 0.09, 6000, 13000, 55), place(bar, eighth, rng), level, 0.4, 0.1)
    if bar in (11, 19):  # a soft fill into the next part
        for i in range(4):
            mix.add(brush(rng, 0.16, 500, 3200, 22), (bar * 8 + 6 + i / 2) * EIGHTH, 0.04 + 0.016 * i, -0.1, 0.3)


def sing(mix, bar, rng):
    eighth = 0
    for token in MELODY[bar].split():
        name, length = token.split(":")
        if name != "-":
            x = bell(hertz(name), int(length) * EIGHTH + 1.1)
            mix.add(x, place(bar, eighth, rng), 0.17 * rng.uniform(0.88, 1.08), 0.18, 0.40)
            if bar >= 12:  # the second time an octave of plucked string joins in
                mix.add(pluck(hertz(name) / 2, 1.4), place(bar, eighth, rng) + 0.01, 0.10, 0.5, 0.35)
        eighth += int(length)
    if eighth != 8:
        raise SystemExit(f"tune.py: bar {bar + 1} has {eighth} eighths")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wav", required=True)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    rng = np.random.default_rng(a.seed)
    mix = Mix()
    for bar in range(BARS):
        accompany(mix, bar, rng)
        drums(mix, bar, rng)
        sing(mix, bar, rng)
    sound = mix.finish(rng)
    pcm = np.round(sound * 32767).astype("<i2").T
    with wave.open(a.wav, "wb") as w:
        w.setnchannels(2)
        w.setsampwidth(2)
        w.setframerate(RATE)
        w.writeframes(pcm.tobytes())
    level = 20 * np.log10(np.sqrt((sound ** 2).mean()))
    print(f"{a.wav}: {len(pcm) / RATE:.2f} s, {level:.1f} dB, seed {a.seed}")


if __name__ == "__main__":
    main()
