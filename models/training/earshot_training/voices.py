"""Speaks texts with Debian's flite and espeak-ng, as frames with phone and word times.

In:  lists of texts. Out: synth-<engine>-<number>.frames/.jsonl in the frames folder (store.py), one shard a call.
A shard depends on its number and the seed alone, so that several processes can share the numbers and a cut run goes on.
"""

import hashlib
import io
import os
import random
import subprocess
import sys
import wave

import numpy as np

from . import corpus, frontend, store
from .spoken import said

FLITE_LIBRARIES = (
    "-lflite_cmu_us_slt",
    "-lflite_cmu_us_rms",
    "-lflite_cmu_us_awb",
    "-lflite_cmu_us_kal16",
    "-lflite_usenglish",
    "-lflite_cmulex",
    "-lflite",
    "-lm",
)
TRAIN_VOICES = (("slt", 0.42), ("awb", 0.42), ("kal16", 0.16))
DEV_VOICES = (("rms", 1.0),)  # held out: never in training
ESPEAK_A = "[['eI]]"  # phonemes, in espeak-ng's notation
ACCENTS = (
    "en-us",
    "en-us",
    "en-us",
    "en-gb",
    "en-gb-x-rp",
    "en-gb-scotland",
    "en-029",
    "en-gb-x-gbcwmd",
    "en-gb-x-gbclan",
)
VARIANTS = (
    "",
    *(
        f"+{name}"
        for name in (
            "m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 Alex Alicia Andrea Andy Annie Denis Diogo Gene Henrique Hugo Jacky "
            "Lee Marco Mario Michael Mike adam anika antonio belinda benjamin boris caleb david edward gustave john "
            "linda max michel miguel paul pedro quincy rob robert sandro shelby steph travis victor zac"
        ).split()
    ),
)


class Flite:
    """A running flite_speak program."""

    def __init__(self):
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "flite_speak.c")
        program = frontend.build("flite_speak", [source], FLITE_LIBRARIES, shared=False)
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def speak(self, voice, stretch, pitch, text):
        """(int16 at 16 kHz, phones [[name, ms]], words [[index, begin ms, end ms]]) or None."""
        line = f"{voice}\t{stretch:.3f}\t{pitch:.3f}\t{text}\n"
        self.process.stdin.write(line.encode("ascii"))
        self.process.stdin.flush()
        answer = self.process.stdout.readline().decode("ascii").split()
        if len(answer) != 4:
            raise RuntimeError(f'flite_speak ended at "{line.strip()}"')
        rate, count = int(answer[0]), int(answer[1])
        if count == 0:
            return None
        sound = np.frombuffer(self.process.stdout.read(2 * count), dtype=np.int16)
        phones = [[p.rsplit(":", 1)[0], int(p.rsplit(":", 1)[1])] for p in answer[2].split(",")]
        words = [[int(n) for n in w.split(":")] for w in answer[3].split(",") if w]
        return corpus.resample(sound, rate), phones, words

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def frame_of(milliseconds, count):
    """Frame whose window is centred nearest to a time, bounded by the utterance: window centre = 10 k + 12.5 ms."""
    return max(0, min(count, round((milliseconds - 12.5) / 10)))


def timed_fields(text, tokens, phones, times, count):
    """`phones` and `words` in frames; no `words` when flite split the tokens otherwise than at their spaces."""
    fields = {"phones": [[name, frame_of(end, count)] for name, end in phones]}
    if [index for index, _, _ in times] == list(range(len(tokens))):
        words = []
        for (_, owner), (_, begin, end) in zip(tokens, times):
            if len(words) == owner:
                words.append([text.split()[owner], frame_of(begin, count), frame_of(end, count)])
            words[owner][2] = frame_of(end, count)
        fields["words"] = words
    return fields


def quiet_dither(rng, sound):
    """Gain so that peaks lie between 2,000 and 26,000, and noise of a third to two steps: no digital silence."""
    peak = max(1, int(np.abs(sound.astype(np.int32)).max()))
    level = np.exp(rng.uniform(np.log(2000), np.log(26000))) / peak
    noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(len(sound)) * rng.uniform(0.3, 2.0)
    return np.clip(np.round(sound * level + noise), -32768, 32767).astype(np.int16)


def flite_shard(folder, number, items, seed, voices=TRAIN_VOICES, split="train"):
    """items: [(text, extra fields)]. Returns seconds made."""
    rng = random.Random(f"flite {seed} {number} {split}")
    name = f"synth-flite-{split}-{number:03d}"
    key = f"{store.front_end_digest()} {seed} {number} {len(items)} {hash_of(items)}"
    if store.is_made(folder, name, key):
        return 0.0
    engine, total = Flite(), 0.0
    with store.Writer(folder, name, key) as writer:
        for text, extra in items:
            voice = rng.choices([v for v, _ in voices], [w for _, w in voices])[0]
            stretch, pitch = rng.uniform(0.8, 1.25), rng.uniform(0.85, 1.2)
            tokens = said(text)
            made = engine.speak(voice, stretch, pitch, " ".join(token for token, _ in tokens))
            if made is None:
                print(f'synth: flite says nothing for "{text}"', file=sys.stderr)
                continue
            sound, phones, times = made
            frames = frontend.log_mel(quiet_dither(rng, sound))
            seconds = len(sound) / frontend.RATE
            writer.add(
                frames,
                text=text,
                speaker=f"flite-{voice}",
                set="synth-flite",
                split=split,
                seconds=round(seconds, 3),
                source="flite",
                id=f"{name}-{len(writer.lines):05d}",
                **timed_fields(text, tokens, phones, times, len(frames)),
                **extra,
            )
            total += seconds
    engine.close()
    return total


def hash_of(items):
    """A short digest of the texts of a shard."""
    return hashlib.sha256("\n".join(text for text, _ in items).encode()).hexdigest()[:16]


def espeak(voice, speed, pitch, text):
    """int16 at 16 kHz, or None."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", text]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0 or len(done.stdout) < 1000:
        return None
    header = wave.open(io.BytesIO(done.stdout))
    sound = np.frombuffer(done.stdout[44:], dtype=np.int16)
    return corpus.resample(sound, header.getframerate())


def espeak_shard(folder, number, items, seed, split="train"):
    """As flite_shard, without times; each sentence in another accent and voice variant."""
    rng = random.Random(f"espeak {seed} {number} {split}")
    name = f"synth-espeak-{split}-{number:03d}"
    key = f"{store.front_end_digest()} {seed} {number} {len(items)} {hash_of(items)}"
    if store.is_made(folder, name, key):
        return 0.0
    total = 0.0
    with store.Writer(folder, name, key) as writer:
        for text, extra in items:
            voice = rng.choice(ACCENTS) + rng.choice(VARIANTS)
            sound = espeak(
                voice, rng.randint(120, 200), rng.randint(20, 80), " ".join(token for token, _ in said(text, ESPEAK_A))
            )
            if sound is None:
                print(f'synth: espeak-ng says nothing for "{text}" as {voice}', file=sys.stderr)
                continue
            frames = frontend.log_mel(quiet_dither(rng, sound))
            seconds = len(sound) / frontend.RATE
            writer.add(
                frames,
                text=text,
                speaker=f"espeak-{voice}",
                set="synth-espeak",
                split=split,
                seconds=round(seconds, 3),
                source="espeak",
                id=f"{name}-{len(writer.lines):05d}",
                **extra,
            )
            total += seconds
    return total
