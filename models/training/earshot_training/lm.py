"""The language model of the search: a pruned word-piece n-gram, written into a packed model as section 10.

In:  the grammar's requests, the train lines of the data folder's request corpora and of its transcripts; the model's own
word pieces. Out: the same model file with sections 9 and 10. Nothing of dev or test is counted; dev texts give the
perplexities that are printed.
"""

import collections
import json
import pathlib
import random

from . import esm, grammar, ngram, texts
from .manifest import TEXT, read_manifest
from .pieces import Pieces
from .settings import DATA

ORDER = 5
BYTES = 145_000  # of the section; design: 0.15 MB
REQUESTS = 60_000  # lines of the grammar

# How often one line of a source counts. The grammar's lines are many and alike, orders and single words are few and near
# to what is heard; prose keeps the model from being worse where it does not belong.
SHARES = {"grammar": 1.0, "requests": 1.0, "coffee": 20.0, "single": 4.0, "prose": 2.0}
SOURCES = {"coffee": "coffee", "speech-commands": "single", "speech-commands-more": "single", "digits": "single",
           "wakewords": "single", "wakewords-more": "single", "librispeech-train": "prose", "librispeech-more": "prose",
           "librispeech-testclean": "prose", "speechocean762": "prose"}
# Weights of a model that nobody has calibrated (`npm run calibrate`): good for two models on dev, 2026-11-25.
WEIGHTS = {"language_weight": 0.25, "internal_weight": 0.2, "label_reward": 0.0}


def transcripts(data: pathlib.Path, split: str) -> dict[str, list[str]]:
    """Texts of the spoken sets."""
    found = {}
    for name in SOURCES:
        path = data / f"{name}.jsonl"
        if path.exists():
            rows, _ = read_manifest(str(path))
            lines = [row["text"] for row in rows if row.get("split") == split and TEXT.match(row.get("text") or "")]
            if lines:
                found[name] = lines
    return found


def gather(data: pathlib.Path, seed: int) -> dict[str, list[str]]:
    """Training lines by source, each text once a source but for transcripts, which are as they were said."""
    rows = grammar.generate(random.Random(f"language {seed}"), str(data), REQUESTS) + grammar.every_number()
    lines = {"grammar": [row["text"] for row in rows],
             "requests": [row[0] for row in texts.request_lines(str(data))],
             "single": list(texts.SINGLE) * 3 + list(texts.WAKE) * 10}
    for name, found in transcripts(data, "train").items():
        lines.setdefault(SOURCES[name], []).extend(found)
    return lines


def held_out(data: pathlib.Path, seed: int) -> dict[str, list[str]]:
    """Dev texts, to look at."""
    rows = grammar.generate(random.Random(f"language {seed} dev"), str(data), 1000, "dev")
    return {"grammar": [row["text"] for row in rows], **transcripts(data, "dev")}


def encoder(pieces: list[str]):
    """The segmentation that the network was trained with; refuses pieces that are not the model's."""
    own = Pieces()
    if own.texts[1:] != pieces[1:]:
        raise RuntimeError("the word pieces of the cache are not those of the model: run the recipe's `pieces` for it")
    return own.encode


def build(pieces: list[str], data: pathlib.Path = DATA, seed: int = 1, order: int = ORDER, size: int = BYTES,
          shares: dict | None = None) -> tuple[dict, dict]:
    """(section 10, report)."""
    encode, shares = encoder(pieces), SHARES | (shares or {})
    sentences, weights, report = [], [], {}
    for source, lines in gather(data, seed).items():
        tally = collections.Counter(lines)
        for text, number in sorted(tally.items()):
            # A line that a template makes again and again says nothing new; a transcript does.
            times = number ** 0.5 if source in ("grammar", "requests") else number
            sentences.append(encode(text))
            weights.append(times * shares[source])
        report[source] = {"lines": len(lines), "distinct": len(tally)}
    estimate = ngram.Estimate(ngram.count(sentences, weights, order, len(pieces) - 1), len(pieces) - 1)
    report["seen"] = [len(keys) for keys in estimate.keys]
    ngram.fit(estimate, size)
    report["kept"] = [int(kept.sum()) for kept in estimate.kept]
    language = ngram.Automaton(estimate).packed()
    walk = ngram.Walk(language)
    report["perplexity"] = {name: round(ngram.perplexity(walk, [encode(text) for text in lines]), 2)
                            for name, lines in held_out(data, seed).items()}
    return language, report


def write(path: pathlib.Path, **options) -> None:
    """Adds or renews sections 9 and 10. Weights that are there stay."""
    model = esm.read_model(path)
    language, report = build(model["pieces"], **options)
    model["language"] = language
    if model.get("weights", {}).get("language_weight", 0) == 0:
        kept = model.get("weights", {})
        model["weights"] = kept | {name: round(value * (1024 if name == "label_reward" else 256))
                                   for name, value in WEIGHTS.items()}
    esm.write_model(path, model)
    size = len(esm.pack_language(language, len(model["pieces"]) - 1))
    print(json.dumps(report))
    print(f"{path}: {size} bytes of language model, {len(language['back'])} states, {len(language['arc'])} arcs, "
          f"weights {model['weights']}")
