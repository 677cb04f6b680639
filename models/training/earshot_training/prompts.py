"""The packaged prompts: models/prompts/english.txt spoken by a Kokoro voice, earcons synthesised, as one file.

    python3 -m earshot_training prompts

Every clip is Ogg Opus, mono, 16 kHz in; the file's format is native/include/earshot/prompts.h. Rendered clips are kept
in the cache by text, so that a changed list costs only what is new. Needs onnxruntime, espeak-ng, npm and opusenc
(Debian packages espeak-ng, opus-tools).
"""

import hashlib
import os
import struct
import zlib

import numpy as np

from . import frontend, neural
from .settings import REPOSITORY

FOLDER = REPOSITORY / "models" / "prompts"
STYLE, SPEED = "af_heart", 1.12
RATE = 16000
BITRATE = "10"
LEVEL_DB = -20.0  # root mean square of the loud part
PEAK = 0.89
EDGE = 0.012  # seconds of quiet kept around the speech
# What the speaker says by another spelling than the one the firmware uses.
SPOKEN = {"a m": "A.M.", "p m": "P.M.", "tv": "T V", "the tv": "the T V"}
# Partials of an earcon: (start, length in seconds, frequency in Hz, amplitude).
EARCONS = {
    "=done": [(0.0, 0.16, 880.0, 0.5), (0.07, 0.22, 1318.5, 0.5)],
    "=error": [(0.0, 0.18, 330.0, 0.6), (0.13, 0.26, 247.0, 0.6)],
    "=listen": [(0.0, 0.14, 1046.5, 0.4), (0.05, 0.2, 1568.0, 0.3)],
    "=timer": [(at + late, 0.5, hz, 0.5) for at in (0.0, 0.55) for late, hz in ((0.0, 784.0), (0.12, 988.0), (0.24, 1175.0))],
    "=alarm": [(0.3 * n, 0.32, hz, 0.6) for n, hz in enumerate((659.3, 880.0, 659.3, 880.0, 1108.7))],
}


def texts():
    with open(FOLDER / "english.txt", encoding="utf-8") as file:
        rows = [line.strip() for line in file]
    rows = [row for row in rows if row and not row.startswith("#")]
    if len(set(rows)) != len(rows):
        raise RuntimeError(f"{FOLDER / 'english.txt'}: a text stands twice: {[r for r in rows if rows.count(r) > 1]}")
    return rows


def earcon(partials):
    """Struck tones: a fast attack, an exponential decay, a second partial an octave above."""
    wave = np.zeros(int(RATE * max(start + length for start, length, _, _ in partials)) + RATE // 50)
    for start, length, hz, amplitude in partials:
        t = np.arange(int(RATE * length)) / RATE
        shape = np.minimum(1.0, t / 0.006) * np.exp(-4.5 * t / length)
        tone = amplitude * shape * (np.sin(2 * np.pi * hz * t) + 0.3 * np.sin(4 * np.pi * hz * t))
        first = int(RATE * start)
        wave[first : first + len(tone)] += tone
    fade = np.minimum(1.0, np.arange(len(wave))[::-1] / (0.01 * RATE))
    return np.round(9000 * wave / np.abs(wave).max() * fade).astype(np.int16)


def trimmed(sound):
    """The loud part with short edges, at the level of all prompts."""
    wave = sound.astype(np.float64) / 32768
    hop = RATE // 100
    power = np.abs(wave[: len(wave) // hop * hop].reshape(-1, hop)).max(axis=1)
    loud = np.nonzero(power > 0.02 * power.max())[0]
    edge = int(EDGE * RATE)
    first, last = max(0, loud[0] * hop - edge), min(len(wave), (loud[-1] + 1) * hop + edge)
    wave = wave[first:last]
    rms = np.sqrt(np.mean(wave**2))
    wave *= min(10 ** (LEVEL_DB / 20) / rms, PEAK / np.abs(wave).max())
    ramp = np.minimum(1.0, np.arange(len(wave)) / edge)
    return np.round(32767 * wave * ramp * ramp[::-1]).astype(np.int16)


def encoded(sound):
    command = ["opusenc", "--quiet", "--raw", "--raw-rate", str(RATE), "--raw-chan", "1", "--bitrate", BITRATE]
    command += ["--framesize", "20", "--speech", "--discard-comments", "--padding", "0", "--serial", "1", "-", "-"]
    return neural.run(command, input=sound.astype("<i2").tobytes())


def sound_of(text, voice):
    """Samples of a text at 16 kHz, from the cache where they are."""
    key = f"{text}|{EARCONS.get(text) or (STYLE, SPEED, neural.MODEL_SHA256, LEVEL_DB, EDGE)}"
    path = os.path.join(frontend.cache_folder("prompts"), hashlib.sha256(key.encode()).hexdigest()[:24])
    if not os.path.exists(path):
        if text in EARCONS:
            sound = earcon(EARCONS[text])
        else:
            spoken = SPOKEN.get(text, text.replace("i'", "I'").replace(" i ", " I "))
            sound = voice().speak(neural.phonemes([spoken + "."], False)[0], [(STYLE, 1.0)], SPEED)
            if sound is None:
                raise RuntimeError(f"the voice can't say {text!r}")
            sound = trimmed(sound)
        sound.astype("<i2").tofile(path + ".new")
        os.replace(path + ".new", path)
    return np.fromfile(path, "<i2")


def clips():
    """{text: (Ogg Opus, samples at 16 kHz)} of all texts."""
    loaded = []

    def voice():
        model = frontend.cache_folder("neural")
        if not os.path.exists(os.path.join(model, "model.onnx")):
            neural.fetch(model)
        if not loaded:
            loaded.append(neural.Voice(model))
        return loaded[0]

    sounds = {text: sound_of(text, voice) for text in texts()}
    return {text: (encoded(sound), len(sound)) for text, sound in sounds.items()}


def pack(made):
    """The file: see native/include/earshot/prompts.h. Entries stand in the order of their texts' bytes."""
    order = sorted(made, key=lambda text: text.encode())
    entries, names, sounds = [], b"", b""
    head = 16 + 16 * len(order)
    for text in order:
        name = text.encode()
        entries.append([len(names), len(name), made[text][1], len(sounds), len(made[text][0])])
        names += name
        sounds += made[text][0]
    table = b"".join(
        struct.pack("<HBBIII", at, length, 0, samples, head + len(names) + offset, size)
        for at, length, samples, offset, size in entries
    )
    body = struct.pack("<HHI", len(order), 0, len(names)) + table + names + sounds
    return b"ESP1" + struct.pack("<I", zlib.crc32(body)) + body


def prompts_stage():
    made = clips()
    path = FOLDER / "english.prompts"
    data = pack(made)
    with open(f"{path}.new", "wb") as file:
        file.write(data)
    os.replace(f"{path}.new", path)
    seconds = sum(samples for _, samples in made.values()) / RATE
    return f"{path}: {len(made)} clips, {seconds:.0f} s, {len(data)} bytes"
