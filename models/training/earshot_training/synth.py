"""What the synthetic shards say: grammar requests, real people's requests, salads of words.

Shard 0 needs no grammar and is made first: phone cross-entropy can begin on it while the rest is being spoken.
"""

import random
import sys
import time

from . import frontend, texts, voices
from .manifest import default_data

SEED = "2026-11-25"
SHARD_ITEMS = 1500  # about one hour
SHARES = (("grammar", 0.60), ("request", 0.15), ("salad", 0.25))
ESPEAK_EACH = 3  # every third shard is espeak-ng's


def compose(data, number, seed=SEED, count=SHARD_ITEMS, split="train"):
    """[(text, {"kind": …})] of one shard, from its number alone."""
    rng = random.Random(f"compose {seed} {number} {split}")
    if number == 0 and split == "train":
        spoken = [text for text in texts.transcripts(data) if 2 <= len(text.split()) <= 14]
        parts = [
            ("request", texts.requests(rng, data, count * 2 // 5)),
            ("salad", texts.salads(rng, data, count // 3)),
            ("transcript", rng.choices(spoken, k=count - count * 2 // 5 - count // 3)),
        ]
    else:
        from . import grammar

        made = [row["text"] for row in grammar.generate(rng, data, round(count * SHARES[0][1]), split)]
        parts = [("grammar", made)]
        if split == "train":
            parts += [
                ("request", texts.requests(rng, data, round(count * SHARES[1][1]))),
                ("salad", texts.salads(rng, data, round(count * SHARES[2][1]))),
            ]
    items = [(text, {"kind": kind}) for kind, made in parts for text in made]
    rng.shuffle(items)
    return items


def make_shard(data, folder, number, seed=SEED):
    """One training shard, flite's or espeak-ng's by its number; resumes by doing nothing when it is there."""
    begin = time.time()
    items = compose(data, number, seed)
    engine = voices.espeak_shard if number % ESPEAK_EACH == 2 else voices.flite_shard
    seconds = engine(folder, number, items, seed)
    print(f"synth: shard {number}: {seconds / 3600:.2f} h in {time.time() - begin:.0f} s", file=sys.stderr, flush=True)
    return seconds


def synth_stage(data, folder=None, shards=16, process=0, processes=1, seed=SEED):
    """Shards process, process + processes, … below `shards`; process 0 also makes the held-out voice's shard."""
    folder = folder or frontend.cache_folder("frames")
    total = 0.0
    for number in range(process, shards, processes):
        total += make_shard(data, folder, number, seed)
        if number == process == 0:
            total += voices.flite_shard(folder, 0, compose(data, 0, seed, 150, "dev"), seed, voices.DEV_VOICES, "dev")
    return total / 3600


if __name__ == "__main__":
    arguments = [int(a) for a in sys.argv[1:4]]
    print(f"{synth_stage(default_data(), None, *arguments):.2f} h")
