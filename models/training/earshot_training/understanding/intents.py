"""The intents' network: teachers, made lines, chosen n-grams, the student on the device's grid."""

import collections
import dataclasses
import hashlib
import os
import pickle
import random

import numpy as np

from ..frontend import cache_folder
from . import data, nets
from .data import INTENTS, NONE
from .settings import Settings

OTHER = "other kinds"


@dataclasses.dataclass
class Student:
    """hashes [rows] of the chosen n-grams; rows on the grid times `grid`; `classes`: kinds of "none" after INTENTS."""

    hashes: np.ndarray
    net: nets.Net
    kinds: list[str]
    refuse: float = 0.0  # added to the logarithm of "none" before the decision
    temperature: float = 1.0
    offset: float = 0.0

    def ids(self, offsets, hashes):
        order = np.argsort(self.hashes)
        at = np.searchsorted(self.hashes[order], hashes)
        at[at == len(order)] = 0
        return offsets, np.where(self.hashes[order][at] == hashes, order[at], -1).astype(np.int32)

    def intents(self, texts) -> np.ndarray:
        """Probabilities [lines, INTENTS], before refusing."""
        return fold(nets.softmax(self.net.logits(self.ids(*nets.features(texts)))))


def fold(shares):
    """Kinds of "none" summed: classes are INTENTS without "none", then kinds."""
    return np.concatenate([shares[:, :NONE], shares[:, NONE:].sum(1, keepdims=True)], 1)


def training_lines(folder: str, s: Settings, heard) -> list[data.Line]:
    lines = list(data.real(folder, "train", s.share_alike))
    lines += data.from_grammar(folder, s.grammar_lines, "train", s.seed)
    lines += data.read_speech(folder, s.speech_lines, s.seed)
    known = {line.text: line for line in lines}
    lines += data.dressed(lines, s.dressed, s.seed)
    misheard = [dataclasses.replace(known[pair["said"]], text=pair["heard"], set="heard") for pair in heard
                if pair["said"] in known and pair["heard"] != pair["said"] and pair["heard"]]
    held = {line.text for split in ("dev", "test") for line in data.real(folder, split, True)}
    lines = [line for line in lines + misheard if line.text not in held]
    data.weigh(lines, s.balance, {"heard": s.heard_weight, "grammar": s.grammar_weight})
    return lines


def classes_of(lines, least):
    """(label of each line, names of the kinds)."""
    sizes = collections.Counter(line.kind for line in lines if line.kind)
    kinds = sorted(kind for kind, size in sizes.items() if size >= least) + [OTHER]
    place = {kind: NONE + i for i, kind in enumerate(kinds)}
    labels = [place.get(line.kind, place[OTHER]) if line.intent == "none" else INTENTS.index(line.intent)
              for line in lines]
    return np.array(labels, np.int32), kinds


def made_lines(lines, count, held, seed):
    """The start of one line and the end of another, joined at a word that both have; or a line with words dropped, or
    cut off. Teachers say what they are."""
    rng = random.Random(f"made {seed}")
    tokens = [line.text.split() for line in lines]
    where = collections.defaultdict(list)
    for i, words in enumerate(tokens):
        for j, word in enumerate(words):
            where[word].append((i, j))
    by_intent = collections.defaultdict(list)
    for i, line in enumerate(lines):
        by_intent[line.intent].append(i)
    names, made = sorted(by_intent), []
    while len(made) < count:
        # Every second line begins with one of our intents, each as often.
        first = rng.choice(by_intent[rng.choice(names)]) if rng.random() < 0.5 else rng.randrange(len(lines))
        words, kind = tokens[first], rng.random()
        if kind < 0.75:
            at = rng.randrange(len(words))
            other, there = rng.choice(where[words[at]])
            words = words[:at] + tokens[other][there:]
        elif kind < 0.9:
            words = [word for word in words if rng.random() > 0.2]
        else:
            words = words[: rng.randint(1, len(words))]
        text = " ".join(words[:40])
        if text and text not in held:
            made.append(text)
    return made


def teachers_shares(folder, s: Settings, lines, labels, classes, texts):
    """Mean of the teachers' probabilities for `texts`, from the cache or made now."""
    key = hashlib.sha256(repr((s, len(texts), texts[::97], labels[::97].tolist())).encode()).hexdigest()[:16]
    path = os.path.join(cache_folder("understanding"), f"teachers-{key}.pickle")
    if os.path.exists(path):
        with open(path, "rb") as file:
            return pickle.load(file)
    offsets, hashes = nets.features([line.text for line in lines])
    ids = (hashes % s.teacher_rows).astype(np.int32)
    weights = np.array([line.weight for line in lines], np.float32)
    toffsets, thashes = nets.features(texts)
    tids = (thashes % s.teacher_rows).astype(np.int32)
    total = np.zeros((len(texts), classes), np.float32)
    for teacher in range(s.teachers):
        net = nets.Net(s.teacher_rows, s.teacher_width, classes, s.seed + teacher)
        net.train((offsets, ids), nets.hard_targets(labels), weights, s.teacher_passes, s.rate, s.drop,
                  s.seed + teacher)
        for at in range(0, len(texts), 20000):
            end = min(len(texts), at + 20000)
            part = (toffsets[at: end + 1] - toffsets[at], tids[toffsets[at]: toffsets[end]])
            total[at:end] += nets.softmax(net.logits(part))
        print(f"  teacher {teacher + 1} of {s.teachers}", flush=True)
    total /= s.teachers
    with open(f"{path}.{os.getpid()}", "wb") as file:
        pickle.dump(total, file)
    os.replace(f"{path}.{os.getpid()}", path)
    return total


def choose(lines, labels, classes, s: Settings):
    """Hashes of the n-grams that matter most to a net that has all: norm of the row times the root of its count."""
    offsets, hashes = nets.features([line.text for line in lines])
    known, ids, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    often = counts >= 3
    place = np.where(often, np.cumsum(often) - 1, -1)
    ids = place[ids].astype(np.int32)
    net = nets.Net(int(often.sum()), s.width, classes, s.seed + 77)
    weights = np.array([line.weight for line in lines], np.float32)
    net.rows *= 0.2
    net.train((offsets, ids), nets.hard_targets(labels), weights, 6, s.rate, s.drop, s.seed + 77)
    score = np.linalg.norm(net.rows, axis=1) * np.sqrt(counts[often])
    best = np.argsort(-score)[: s.rows]
    return np.sort(known[often][best]), net, known[often]


def targets_of(labels, shares, made, s: Settings):
    """Labelled lines: `hard_share` of the label and the rest of the teachers; made lines: the teachers alone."""
    mixed = shares.copy()
    n = len(labels)
    mixed[:n] *= 1 - s.hard_share
    mixed[np.arange(n), labels] += s.hard_share
    return nets.soft_targets(mixed)


def train(folder: str, s: Settings, heard) -> Student:
    lines = training_lines(folder, s, heard)
    labels, kinds = classes_of(lines, s.least_kind)
    classes = NONE + len(kinds)
    held = {line.text for split in ("dev", "test") for line in data.real(folder, split, True)}
    held |= {line.text for split in ("dev", "test") for line in data.from_grammar(folder, 3000, split, 1)}
    made = made_lines(lines, s.made_lines, held, s.seed)
    texts = [line.text for line in lines] + made
    print(f"intents: {len(lines)} lines, {classes} classes, {len(made)} made lines", flush=True)
    shares = teachers_shares(folder, s, lines, labels, classes, texts)
    hashes, _, _ = choose(lines, labels, classes, s)
    student = Student(hashes, nets.Net(s.rows, s.width, classes, s.seed + 99), kinds)
    features = student.ids(*nets.features(texts))
    targets = targets_of(labels, shares, made, s)
    mean = float(np.mean([line.weight for line in lines]))
    weights = np.array([line.weight for line in lines] + [0.5 * mean] * len(made), np.float32)
    net = student.net
    squares = net.train(features, targets, weights, s.student_passes, s.rate, s.drop, s.seed + 99)
    net.grid = float(np.quantile(np.abs(net.rows), 0.995)) / net.most
    net.train(features, targets, weights, s.grid_passes, s.rate / 2, s.drop / 2, s.seed + 100, squares=squares)
    net.rows = np.clip(np.rint(net.rows / net.grid), -net.most, net.most).astype(np.float32) * np.float32(net.grid)
    return student
