"""Figures on lines with known intents."""

import numpy as np

from . import data
from .data import INTENTS, NONE

QUESTION = INTENTS.index("question")


def decide(shares, refuse):
    """Intent of each line: the likeliest, "none" helped by `refuse`."""
    held = shares.copy()
    held[:, NONE] *= np.exp(refuse)
    return held.argmax(1)


def dev_weights(lines, test_lines):
    """Weights that bring each corpus to its share in test, apart for covered lines and others."""
    def key(line):
        return line.set, line.intent == "none"
    def shares(rows):
        count = {}
        for line in rows:
            count[key(line)] = count.get(key(line), 0) + 1
        return count
    here, there = shares(lines), shares(test_lines)
    return np.array([there.get(key(line), 0) / here[key(line)] for line in lines])


def choose_refusal(lines, shares, weights, lost):
    """The largest constant with which no more than `lost` of the covered lines (question apart) are refused."""
    ours = np.array([line.intent not in ("none", "question") for line in lines])
    margin = np.log(np.maximum(shares[:, :NONE].max(1), 1e-12)) - np.log(np.maximum(shares[:, NONE], 1e-12))
    order = np.argsort(margin[ours])
    mass = np.cumsum(weights[ours][order]) / weights[ours].sum()
    return float(margin[ours][order][np.searchsorted(mass, lost)])


def figures(lines, decided):
    """right, macro, lost over covered lines; out, out_clean over the others (a question answered counts as kept out,
    as nothing is done), refused alone in `none_clean`."""
    truth = np.array([INTENTS.index(line.intent) for line in lines])
    partly = np.array([data.partly(line) for line in lines])
    ours, others = truth < QUESTION, truth == NONE

    def share(of, what):
        return float(100 * what[of].mean()) if of.any() else float("nan")
    return {
        "ours": int(ours.sum()), "others": int(others.sum()),
        "right": share(ours, decided == truth),
        "macro": float(np.mean([100 * (decided[truth == i] == i).mean() for i in range(QUESTION) if (truth == i).any()]
                               or [np.nan])),
        "lost": share(ours, decided == NONE),
        "out": share(others, decided >= QUESTION), "out_clean": share(others & ~partly, decided >= QUESTION),
        "none_clean": share(others & ~partly, decided == NONE),
        "question": share(truth == QUESTION, decided == QUESTION),
    }


def by_set(lines, decided):
    """Figures of all lines, and of each corpus."""
    table = {"all": figures(lines, decided)}
    for name in sorted({line.set for line in lines}):
        keep = [i for i, line in enumerate(lines) if line.set == name]
        table[name] = figures([lines[i] for i in keep], decided[keep])
    return table
