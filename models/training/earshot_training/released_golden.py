"""Golden vectors of the released model: test/native/golden/earshot.bin, in the format of network_golden.py.

In:  models/earshot.esm and three seconds of our own synthetic speech (the held-out voice's shard; noise where no shard
has been made). Out: what the PyTorch reference computes, which the C test must meet bit for bit.
"""

import json
import pathlib

import numpy as np

from . import network_golden
from .settings import BINS, FRAMES, REPOSITORY

SPOKEN = FRAMES / "synth-flite-dev-000.jsonl"
FRAMES_HELD = 300


def spoken_frames() -> np.ndarray:
    """The first utterances of the held-out synthetic voice, one after the other."""
    if not SPOKEN.exists():
        return network_golden.random_frames(9, FRAMES_HELD)
    rows = [json.loads(line) for line in SPOKEN.open()]
    frames = np.memmap(SPOKEN.with_suffix(".frames"), np.int8, mode="r").reshape(-1, BINS)
    return np.concatenate([frames[r["offset"]:r["offset"] + r["frames"]] for r in rows[:8]])[:FRAMES_HELD]


def write(model: pathlib.Path = REPOSITORY / "models" / "earshot.esm") -> pathlib.Path:
    path = REPOSITORY / "test" / "native" / "golden" / "earshot.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(network_golden.vectors(model.read_bytes(), spoken_frames()))
    return path
