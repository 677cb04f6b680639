"""The slots' network: which words of a request are the value of which slot.

Rows of a word's features (the word, its first and last letters, whether it is a number) are summed; two layers look two
words and then one word to each side; the best sequence of tags is found under the intent's slots. Trained in float with
PyTorch, then rounded as native/understanding/tagger.c wants it.
"""

import dataclasses
import glob
import gzip
import json
import os
import random

import numpy as np
import torch

from .. import grammar, texts
from ..manifest import TEXT
from . import nets
from .data import INTENTS

TAG_SLOTS = (
    "song artist album playlist genre room level direction amount duration name time day device opening lock value "
    "contact body item list place"
).split()
COFFEE_SLOTS = "coffeeDrink size roast numberOfShots milkAmount sugarAmount".split()
SLOTS = TAG_SLOTS + COFFEE_SLOTS
INTENT_SLOTS = {
    "play": "song artist album playlist genre room",
    "volumeSet": "level",
    "volumeChange": "direction amount",
    "timerSet": "duration name",
    "timerCancel": "duration name",
    "timerQuery": "name duration",
    "alarmSet": "time day",
    "alarmCancel": "time day",
    "deviceOn": "device room opening lock",
    "deviceOff": "device room opening lock",
    "deviceSet": "device room value",
    "call": "contact",
    "message": "contact body",
    "listAdd": "item list",
    "listRemove": "item list",
    "listRead": "list item",
    "weather": "day place",
    "time": "place",
    "date": "day",
    "orderDrink": " ".join(COFFEE_SLOTS),
}
PLACES = 16  # features of a word, at most


@dataclasses.dataclass
class Tagged:
    text: str
    intent: str
    tags: list[str]


class Tagger(torch.nn.Module):
    def __init__(self, rows=4096, width=16, hidden=32):
        super().__init__()
        self.rows, self.width, self.hidden = rows, width, hidden
        self.table = torch.nn.Parameter(0.3 * torch.randn(rows, width))
        self.first = torch.nn.Linear(5 * width, hidden)
        self.intent = torch.nn.Embedding(len(INTENTS), hidden)
        self.second = torch.nn.Linear(3 * hidden, hidden)
        self.out = torch.nn.Linear(hidden, len(TAG_SLOTS) + 1)
        self.transition = torch.nn.Parameter(torch.zeros(len(TAG_SLOTS) + 2, len(TAG_SLOTS) + 1))
        self.grid = 0.0

    def rows_used(self):
        if not self.grid:
            return self.table
        step = self.grid
        held = torch.clamp(torch.round(self.table / step), -7, 7) * step
        return self.table + (held - self.table).detach()

    def forward(self, ids, mask, intents):
        """ids [lines, words, PLACES] (-1: none), mask [lines, words], intents [lines] -> [lines, words, tags]."""
        table = torch.cat([self.rows_used(), torch.zeros(1, self.width)])
        x = table[torch.where(ids < 0, self.rows, ids)].sum(2) * mask[..., None]
        h = torch.relu(self.first(beside(x, 2)) + self.intent(intents)[:, None]) * mask[..., None]
        return self.out(torch.relu(self.second(beside(h, 1))))


def beside(x, reach):
    """Each place with those `reach` to the left up to those `reach` to the right, zeros beyond the ends."""
    padded = torch.nn.functional.pad(x, (0, 0, reach, reach))
    return torch.cat([padded[:, i: i + x.shape[1]] for i in range(2 * reach + 1)], 2)


def allowed_of(intents):
    """[lines, tags]: 0 where a tag may stand, else a large negative number."""
    table = np.full((len(INTENTS), len(TAG_SLOTS) + 1), -1e4, np.float32)
    table[:, 0] = 0
    for name, slots in INTENT_SLOTS.items():
        for slot in slots.split():
            if slot in TAG_SLOTS:
                table[INTENTS.index(name), 1 + TAG_SLOTS.index(slot)] = 0
    return torch.tensor(table)[intents]


def crf_loss(scores, transition, tags, mask, allowed):
    """Negative log-likelihood of the right sequence among the allowed ones, summed over lines."""
    scores = scores + allowed[:, None]
    lines = torch.arange(len(tags))
    right = transition[0][tags[:, 0]] + scores[lines, 0, tags[:, 0]]
    alpha = transition[0] + scores[:, 0]
    for i in range(1, tags.shape[1]):
        live = mask[:, i]
        step = torch.logsumexp(alpha[:, :, None] + transition[1:][None], 1) + scores[:, i]
        alpha = torch.where(live[:, None] > 0, step, alpha)
        right = right + live * (transition[1:][tags[:, i - 1], tags[:, i]] + scores[lines, i, tags[:, i]])
    return (torch.logsumexp(alpha, 1) - right).sum()


def from_grammar(folder, count, split, seed):
    """Lines with slots, each text once; an order's slots are the menu's."""
    rng, seen, rows = random.Random(f"slots {seed} {split}"), set(), []
    for row in grammar.make(rng, folder, count, split, [name for name in INTENT_SLOTS if name != "orderDrink"]):
        if row.text not in seen:
            seen.add(row.text)
            rows.append(Tagged(row.text, row.intent, row.tags))
    return rows


# Slots of other people's labels that mean what ours mean, where their labels are complete: (corpus, intent) -> names.
REAL_SLOTS = {
    ("snips", "play"): {"artist": "artist", "track": "song", "album": "album", "playlist": "playlist",
                        "genre": "genre"},
    ("snips", "weather"): {"city": "place", "state": "place", "country": "place", "geographic_poi": "place",
                           "timeRange": "day"},
    ("slurp", "weather"): {"place_name": "place", "date": "day", "timeofday": "day"},
    ("slurp", "time"): {"place_name": "place"},
    ("nlu-evaluation", "weather"): {"place_name": "place", "date": "day", "timeofday": "day"},
    ("nlu-evaluation", "time"): {"place_name": "place"},
    ("botframework", "call"): {"contactName": "contact"},
    ("botframework", "listAdd"): {"TaskContent": "item", "ListType": "list"},
    ("botframework", "listRemove"): {"TaskContent": "item", "ListType": "list"},
    ("botframework", "listRead"): {"ListType": "list"},
}


def from_real(folder):
    """Train lines of data/text whose labels are ours by REAL_SLOTS."""
    rows = []
    for path in sorted(glob.glob(os.path.join(folder, "text", "*.jsonl.gz"))):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                names = REAL_SLOTS.get((row["set"], row["intent"]))
                if names is None or row["split"] != "train" or "slots" not in row or not TEXT.match(row["text"]):
                    continue
                tags = tags_of(row["text"].split(), row["slots"], names)
                if tags:
                    rows.append(Tagged(row["text"], row["intent"], tags))
    return rows


def tags_of(words, slots, names):
    """Tags where each value stands once in the words, else None."""
    tags = [""] * len(words)
    for name, values in slots.items():
        if name not in names:
            continue
        for value in values if isinstance(values, list) else [values]:
            own = value.split()
            places = [i for i in range(len(words) - len(own) + 1) if words[i: i + len(own)] == own]
            if len(places) != 1:
                return None
            tags[places[0]: places[0] + len(own)] = [names[name]] * len(own)
    return tags


def batches(rows, size, rng):
    """Rows of like length together: (ids, mask, intents, tags)."""
    words, features = nets.tag_features([row.text for row in rows], PLACES)
    ends = np.cumsum(words)
    order = sorted(range(len(rows)), key=lambda i: (words[i], rng.random()))
    groups = [order[i: i + size] for i in range(0, len(order), size)]
    rng.shuffle(groups)
    for group in groups:
        longest = max(words[i] for i in group)
        ids = np.full((len(group), longest, PLACES), -1, np.int64)
        mask = np.zeros((len(group), longest), np.float32)
        tags = np.zeros((len(group), longest), np.int64)
        for place, i in enumerate(group):
            own = features[ends[i] - words[i]: ends[i]].astype(np.int64)
            ids[place, : words[i]] = np.where(own > 0, own, -1)
            mask[place, : words[i]] = 1
            tags[place, : words[i]] = [0 if tag == "" else 1 + TAG_SLOTS.index(tag) for tag in rows[i].tags]
        intents = torch.tensor([INTENTS.index(rows[i].intent) for i in group])
        yield torch.tensor(ids), torch.tensor(mask), intents, torch.tensor(tags), group


def disturbed(rows, words, rng):
    """Copies with other common words around the slots: else every word that no phrasing has would look like a name."""
    made = []
    for row in rows:
        text, tags = row.text.split(), list(row.tags)
        for _ in range(rng.choice((0, 0, 0, 1, 1))):
            if rng.random() < 0.5:
                outside = [i for i, tag in enumerate(tags) if not tag]
                if outside:
                    text[rng.choice(outside)] = rng.choice(words)
                continue
            at = rng.randint(0, len(text))
            if at == 0 or at == len(text) or not tags[at - 1] or tags[at - 1] != tags[at]:
                text.insert(at, rng.choice(words))
                tags.insert(at, "")
        made.append(Tagged(" ".join(text), row.intent, tags))
    return made


def common_words(folder, rows, count=2500):
    """Frequent words of real requests that stand in no slot of ours."""
    inside = {word for row in rows for word, tag in zip(row.text.split(), row.tags) if tag}
    return [word for word, _ in texts.frequent_words(folder, count) if word not in inside]


def train(rows, seed, words, passes=8, rows_count=4096, rate=1e-2, batch=160, say=print):
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = random.Random(seed)
    net = Tagger(rows_count)
    optimizer = torch.optim.Adam(net.parameters(), rate)
    for number in range(passes):
        if number == passes - 2:  # the last two on the device's grid
            net.grid = float(np.quantile(np.abs(net.table.detach().numpy()), 0.995)) / 7
        for group in optimizer.param_groups:
            group["lr"] = rate * (1 - number / passes) ** 1.0
        total = 0.0
        for ids, mask, intents, tags, _ in batches(disturbed(rows, words, rng), batch, rng):
            ids = torch.where(ids < 0, ids, ids % net.rows)
            # A word that is new is known by its letters alone: names above all.
            drop = torch.rand(ids.shape[:2]) < torch.where(tags > 0, 0.3, 0.05)
            ids[..., 0] = torch.where(drop, -1, ids[..., 0])
            loss = crf_loss(net(ids, mask, intents), net.transition, tags, mask, allowed_of(intents))
            optimizer.zero_grad()
            (loss / len(ids)).backward()
            optimizer.step()
            total += float(loss.detach())
        say(f"slots: pass {number + 1} of {passes}, loss {total / len(rows):.3f}")
    return net


def viterbi(scores, transition, allowed):
    best = transition[0] + scores[0] + allowed
    back = []
    for row in scores[1:]:
        step = best[:, None] + transition[1:]
        back.append(step.argmax(0))
        best = step.max(0) + row + allowed
    tags = [int(best.argmax())]
    for pointers in reversed(back):
        tags.append(int(pointers[tags[-1]]))
    return tags[::-1]


def tag(net, rows):
    """Tags of each row, given its intent; in float."""
    result = [None] * len(rows)
    with torch.no_grad():
        for ids, mask, intents, _, group in batches(rows, 256, random.Random(1)):
            ids = torch.where(ids < 0, ids, ids % net.rows)
            scores = net(ids, mask, intents).numpy()
            allowed = allowed_of(intents).numpy()
            transition = net.transition.numpy()
            for place, i in enumerate(group):
                length = int(mask[place].sum())
                result[i] = viterbi(scores[place, :length], transition, allowed[place])
    return [["" if t == 0 else TAG_SLOTS[t - 1] for t in tags] for tags in result]


def spans(text, tags):
    """{(slot, words)} of runs of one tag."""
    words, found, i = text.split(), [], 0
    while i < len(words):
        end = i
        while end < len(words) and tags[end] == tags[i]:
            end += 1
        if tags[i]:
            found.append((tags[i], " ".join(words[i:end])))
        i = end
    return set(found)


def f1(rows, tags):
    """(F1, precision, recall) of slots with their values."""
    right = given = there = 0
    for row, own in zip(rows, tags):
        a, b = spans(row.text, row.tags), spans(row.text, own)
        right, given, there = right + len(a & b), given + len(b), there + len(a)
    return 2 * right / max(1, given + there), right / max(1, given), right / max(1, there)
