"""models/understanding.esu from the data folder, in one command; every stage is kept in the cache."""

import dataclasses
import hashlib
import os
import pathlib
import pickle

import numpy as np
import torch

from ..frontend import cache_folder
from ..settings import REPOSITORY
from . import data, heard, intents, measure, menu, native, nets, pack, slots
from .settings import Settings

RELEASED = REPOSITORY / "models" / "understanding.esu"
LATER = ("lost", "question_doubt", "menu_trust", "menu_bonus", "menu_limit")
ACOUSTIC = REPOSITORY / "models" / "earshot.esm"


def kept(name, key, make):
    """What `make` gives, from the cache when its key is known."""
    digest = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
    path = os.path.join(cache_folder("understanding"), f"{name}-{digest}.pickle")
    if not os.path.exists(path):
        value = make()
        with open(f"{path}.{os.getpid()}", "wb") as file:
            pickle.dump(value, file)
        os.replace(f"{path}.{os.getpid()}", path)
    with open(path, "rb") as file:
        return pickle.load(file)


def sources_digest():
    """Changes with phrasings, features and the recipe itself."""
    here = pathlib.Path(__file__).resolve().parent
    paths = [*sorted(here.glob("*.[pc]*")), *sorted(here.parent.glob("phrases*.py")), here.parent / "grammar.py",
             here.parent / "spoken.py", REPOSITORY / "native" / "understanding" / "ngrams.c"]
    skipped = {"settings.py", "tiny.py", "recipe.py", "native.py", "pack.py", "measure.py", "menu.py", "report.py"}
    digest = hashlib.sha256()
    for path in paths:
        if path.suffix in (".py", ".c") and path.name not in skipped:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def largest_outputs(net, rows):
    """Largest outputs of the two layers of the slots' network on training lines."""
    first = second = 0.0
    with torch.no_grad():
        for ids, mask, kinds, _, _ in slots.batches(rows[:4000], 256, __import__("random").Random(1)):
            ids = torch.where(ids < 0, ids, ids % net.rows)
            table = torch.cat([net.rows_used(), torch.zeros(1, net.width)])
            x = table[torch.where(ids < 0, net.rows, ids)].sum(2) * mask[..., None]
            h = torch.relu(net.first(slots.beside(x, 2)) + net.intent(kinds)[:, None]) * mask[..., None]
            first = max(first, float(h.max()))
            second = max(second, float(torch.relu(net.second(slots.beside(h, 1))).max()))
    return first, second


def calibrate(lines, shares, weights, refuse):
    """(slope, offset) of a logistic line over the log-odds of the decision, by weighted maximum likelihood on dev."""
    truth = np.array([data.INTENTS.index(line.intent) for line in lines])
    decided = measure.decide(shares, refuse)
    own = np.clip(shares[np.arange(len(lines)), decided], 1e-7, 1 - 1e-7)
    odds, right = np.log(own / (1 - own)), (decided == truth).astype(np.float64)
    line = np.array([1.0, 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-(line[0] * odds + line[1])))
        gradient = np.array([(weights * (p - right) * odds).sum(), (weights * (p - right)).sum()])
        w = weights * p * (1 - p) + 1e-9
        hessian = np.array([[(w * odds * odds).sum(), (w * odds).sum()], [(w * odds).sum(), w.sum()]])
        line = line - np.linalg.solve(hessian + 1e-6 * np.eye(2), gradient)
    return float(max(0.05, line[0])), float(line[1])


def question_bias(student, lines, shares, s: Settings):
    """A constant on "question": answered only where it is likely, since what is asked there is answered by others."""
    student.net.bias[measure.QUESTION] -= s.question_doubt
    return student.intents([line.text for line in lines])


def student_of(folder, s: Settings, sources, pairs):
    """Settings of what comes later are no part of the key."""
    key = {name: value for name, value in dataclasses.asdict(s).items() if name not in LATER and "slot" not in name}
    return kept("student", (key, sources, len(pairs)), lambda: intents.train(folder, s, pairs))


def tagger_of(folder, s: Settings, sources, say=print):
    def make():
        rows = slots.from_grammar(folder, s.slot_lines, "train", s.seed) + slots.from_real(folder)
        words = slots.common_words(folder, rows)
        return slots.train(rows, s.seed, words, s.slot_passes, s.slot_rows, say=say)
    return kept("tagger", (s.slot_lines, s.slot_passes, s.slot_rows, s.seed, sources), make)


def understand_stage(folder: str, s: Settings, out: pathlib.Path = RELEASED, say=print) -> bytes:
    say(f"understanding: {s}")
    pairs = heard.heard_stage(ACOUSTIC)
    sources = sources_digest()
    student = student_of(folder, s, sources, pairs)

    net = tagger_of(folder, s, sources, say)
    packed = finish(folder, s, student, net, say)
    aside = out.with_suffix(".new")
    aside.write_bytes(packed)
    os.replace(aside, out)
    say(f"{out}: {len(packed)} bytes")
    return packed


ROWS = 5050  # so that the file stays below 150 KB


def pruned(student, rows=ROWS):
    """Without the n-grams whose rows are nearest to nothing."""
    keep = np.sort(np.argsort(-np.linalg.norm(student.net.rows, axis=1))[:rows])
    student.hashes, student.net.rows = student.hashes[keep], np.ascontiguousarray(student.net.rows[keep])


def finish(folder, s: Settings, student, net, say=print) -> bytes:
    """Constants chosen on dev, and the packed file."""
    pruned(student)
    lines, test = list(data.real(folder, "dev", True)), data.real(folder, "test", True)
    shares = question_bias(student, lines, None, s)
    weights = measure.dev_weights(lines, test)
    refuse = measure.choose_refusal(lines, shares, weights, s.lost)
    slope, offset = calibrate(lines, shares, weights, refuse)
    say(f"refuse {refuse:.2f}, confidence {slope:.2f} x + {offset:.2f}")
    policy = pack.Policy(refuse, slope, offset, s.menu_trust, s.menu_bonus, s.menu_limit)
    rows = slots.from_grammar(folder, 6000, "train", s.seed)
    numbers = {name: i + 1 for i, name in enumerate(slots.SLOTS)}
    return pack.pack(student, net, largest_outputs(net, rows), menu.coffee(numbers), policy, s.bucket_bits)


def native_decisions(packed, texts):
    """(intent of each, slots of each) as the device decides; texts that are no request are none."""
    found = native.understand(packed, texts, ACOUSTIC)
    decided, own = [], []
    for row in found:
        u = row.get("understood")
        refused = u is None or u["refused"]
        decided.append(data.NONE if refused else data.INTENTS.index(u["intent"]))
        own.append([] if refused else [tuple(slot) for slot in u["slots"]])
    return np.array(decided), own, found
