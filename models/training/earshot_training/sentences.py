"""How much the recipe can say: distinct sentences of the grammar, the text sets and salads, and none held out among them.

Held-out phrasings and names live in splits of their own (grammar.py); a sentence of the dev or test side may still be
made of two training parts when it is short ("stop"), so what both sides share is counted and shown.
"""

import random

from . import grammar, texts
from .splice import held_out

SEED = "sentences 2026-11-25"


def check(data: str, count: int) -> str:
    """One paragraph of figures, or RuntimeError when the grammar cannot make `count` distinct sentences."""
    made: set[str] = set()
    for number in range(24):
        rng = random.Random(f"{SEED} {number}")
        made |= {row["text"] for row in grammar.generate(rng, data, count // 4, "train")}
        if len(made) >= count:
            break
    if len(made) < count:
        raise RuntimeError(f"the grammar made {len(made)} distinct sentences of {24 * (count // 4)}, expected {count}")
    lines = {text for text, _, _ in texts.request_lines(data)}
    salads = set(texts.salads(random.Random(SEED), data, count // 4))
    away = {row["text"] for split in ("dev", "test")
            for row in grammar.generate(random.Random(f"{SEED} {split}"), data, 5000, split)}
    both = sorted(made & away, key=len)
    spoken = made & {text for text in held_out(data) if text and len(text.split()) > 3}
    return (f"{len(made)} distinct sentences of the grammar, {len(lines)} of people's requests, {len(salads)} salads; of "
            f"{len(away)} held-out sentences {len(both)} can also be made of training parts"
            + (f", the longest {both[-1]!r}" if both else "")
            + f"; {len(spoken)} sentences of dev or test recordings longer than three words are among them")
