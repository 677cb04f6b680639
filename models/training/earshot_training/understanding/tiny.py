"""A small packed file with random weights, for tests of the reader and the scorer (test/native/golden/tiny.esu)."""

import sys

import numpy as np
import torch

from ..settings import REPOSITORY
from . import intents, menu, nets, pack, slots

PATH = REPOSITORY / "test" / "native" / "golden" / "tiny.esu"


def main() -> int:
    rng = np.random.default_rng(5)
    torch.manual_seed(5)
    offsets, hashes = nets.features(["set a timer for ten minutes", "play some jazz", "get me a small latte"])
    known = np.unique(hashes)[:96]
    net = nets.Net(len(known), 8, 30, 5)
    net.grid = 0.05
    net.rows = (rng.integers(-7, 8, net.rows.shape) * net.grid).astype(np.float32)
    tagger = slots.Tagger(64, 4, 8)
    tagger.grid = 0.1
    numbers = {name: i + 1 for i, name in enumerate(slots.SLOTS)}
    student = intents.Student(known.astype(np.uint32), net, [])
    PATH.write_bytes(pack.pack(student, tagger, (4.0, 4.0), menu.coffee(numbers), pack.Policy(), 4))
    print(f"{PATH}: {PATH.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
