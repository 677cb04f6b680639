"""Word-piece n-gram models with back-off: counts, smoothing, pruning by entropy, the automaton of the packed model.

In:  sentences as label lists with weights. Out: the dictionary that esm.write_model packs as section 10, and costs of
sentences by it, as the device computes them. Numpy only.

Smoothing is Witten and Bell's, interpolated: p(w | h) = (c(h w) + t(h) p(w | h')) / (c(h) + t(h)), where t(h) counts the
kinds of labels seen after h. Unlike Kneser and Ney's it stands up to pruning, because its lower orders are the real
shares of all text, and it takes fractional counts. Pruning is Stolcke's (1998): what goes is what changes the model's
entropy least.
"""

import numpy as np

END = 0  # as an event; no label has this number
UNIT = 8.0  # costs are -8 ln p
MAX_COST, MAX_END = 127, 254
BITS = 10  # of one label in a key


def count(sentences: list[list[int]], weights: list[float], order: int, labels: int) -> list[tuple]:
    """Per order n = 1..order: (keys, counts). A key holds n labels of BITS bits, the oldest highest; label labels + 1 is
    the start of a sentence, which is never an event."""
    start = labels + 1
    lengths = np.array([len(s) + 2 for s in sentences])
    flat = np.concatenate([[start, *s, END] for s in sentences]).astype(np.uint64)
    place = np.arange(len(flat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    weight = np.repeat(np.asarray(weights, float), lengths)
    keys, result = flat.copy(), []
    for n in range(1, order + 1):
        if n > 1:
            older = np.zeros_like(flat)
            older[n - 1:] = flat[:len(flat) - n + 1]
            keys |= older << np.uint64(BITS * (n - 1))
        valid = place >= max(1, n - 1)
        unique, inverse = np.unique(keys[valid], return_inverse=True)
        result.append((unique, np.bincount(inverse, weight[valid])))
    return result


class Estimate:
    """Smoothed probabilities of every n-gram that was seen, and what pruning left of them."""

    def __init__(self, counts: list[tuple], labels: int):
        self.labels = labels
        self.keys = [keys for keys, _ in counts]
        self.p, self.lower, self.context, self.contexts, self.weight = [], [], [], [], []
        total = counts[0][1].sum()
        for n, (keys, number) in enumerate(counts, 1):
            heads, context = np.unique(keys >> np.uint64(BITS), return_inverse=True)
            mass, kinds = np.bincount(context, number), np.bincount(context)
            if n == 1:
                lower = np.full(len(keys), 1.0 / (labels + 1))
            else:
                suffix = keys & np.uint64((1 << (BITS * (n - 1))) - 1)
                lower = self.p[-1][np.searchsorted(self.keys[n - 2], suffix)]
            self.p.append((number + kinds[context] * lower) / (mass + kinds)[context])
            self.lower.append(lower)
            self.context.append(context)
            self.contexts.append(heads)
            self.weight.append(mass / total)
        self.kept = [np.ones(len(keys), bool) for keys in self.keys]

    def prune(self, least: float) -> None:
        """Drops n-grams whose loss would change the entropy by less than `least`, longest first. What a longer one needs
        as its context stays."""
        needed = None
        for n in range(len(self.keys), 1, -1):
            p, lower, context = self.p[n - 1], self.lower[n - 1], self.context[n - 1]
            seen = 1 - np.bincount(context, p)
            behind = 1 - np.bincount(context, lower)
            seen, behind = np.maximum(seen, 1e-9)[context], np.maximum(behind, 1e-9)[context]
            before, after = np.log(seen / behind), np.log((seen + p) / (behind + lower))
            loss = -self.weight[n - 1][context] * (p * (np.log(lower) + after - np.log(p)) + seen * (after - before))
            kept = loss >= least
            if needed is not None:
                kept |= np.isin(self.keys[n - 1], needed)
            self.kept[n - 1] = kept
            needed = np.unique(self.contexts[n - 1][context[kept]])

    def size(self) -> int:
        """Bytes of section 10, about."""
        states = 2 + sum(len(np.unique(c[k])) for c, k in zip(self.context[1:], self.kept[1:]))
        return 6 * states + 4 * (self.labels + sum(int(k.sum()) for k in self.kept[1:]))


def fit(estimate: Estimate, size: int) -> float:
    """Prunes until the model has at most `size` bytes; returns the threshold."""
    low, high = -22.0, -6.0
    for _ in range(18):
        middle = (low + high) / 2
        estimate.prune(np.exp(middle))
        low, high = (middle, high) if estimate.size() > size else (low, middle)
    estimate.prune(np.exp(high))
    return float(np.exp(high))


def cost_of(p: float, most: int) -> int:
    return int(min(most, max(0, round(-UNIT * np.log(max(p, 1e-9))))))


class Automaton:
    """States and arcs as the device walks them (native/decoder/ngram.c)."""

    def __init__(self, estimate: Estimate):
        self.labels, self.order = estimate.labels, len(estimate.keys)
        start = self.labels + 1
        explicit: dict[tuple, dict[int, float]] = {(): {}, (start,): {}}
        mask = (1 << BITS) - 1
        for n, (keys, p, kept) in enumerate(zip(estimate.keys, estimate.p, estimate.kept), 1):
            for key, value in zip(keys[kept].tolist(), p[kept].tolist()):
                gram = tuple(key >> (BITS * (n - 1 - i)) & mask for i in range(n))
                explicit.setdefault(gram[:-1], {})[gram[-1]] = value
        root, floor = explicit[()], min(explicit[()].values())
        for label in range(self.labels + 1):
            root.setdefault(label, floor / 2)
        contexts = sorted(explicit, key=lambda context: (len(context), context))
        self.number = {context: state for state, context in enumerate(contexts)}
        self.levels = [sum(len(context) < k for context in contexts) for k in range(self.order)]
        self.start = self.number[(start,)]
        self.back = [0] + [self.longest(context[1:]) for context in contexts[1:]]
        self.weight, self.end = [0] * len(contexts), [255] * len(contexts)
        self.arcs = [{} for _ in contexts]
        for state, context in enumerate(contexts):
            self.fill(state, context, explicit[context])

    def longest(self, context: tuple) -> int:
        """The longest end of a context that is a state."""
        while context not in self.number:
            context = context[1:]
        return self.number[context]

    def fill(self, state: int, context: tuple, known: dict[int, float]) -> None:
        """Arcs in whole costs, then the back-off weight that makes the rounded probabilities sum to one."""
        seen = behind = 0.0
        for label, p in known.items():
            cost = cost_of(p, MAX_END if label == END else MAX_COST)
            if state:
                behind += np.exp(-self.cost(self.back[state], label) / UNIT)
            seen += np.exp(-cost / UNIT)
            if label == END:
                self.end[state] = cost
            else:
                self.arcs[state][label] = cost
        if state:
            ratio = max(1 - seen, 1e-3) / max(1 - behind, 1e-3)
            self.weight[state] = int(min(127, max(-128, round(UNIT * np.log(ratio)))))

    def cost(self, state: int, label: int) -> int:
        """Of a label, or of the end, after a state."""
        total = 0
        while True:
            found = self.arcs[state].get(label) if label != END else self.end[state]
            if found is not None and found != 255:
                return total + found
            total -= self.weight[state]
            state = self.back[state]

    def packed(self) -> dict:
        """The dictionary of section 10."""
        contexts = sorted(self.number, key=self.number.get)
        first, arc = [0], []
        for state, context in enumerate(contexts):
            for label, cost in sorted(self.arcs[state].items()):
                after = (*context, label)[-(self.order - 1):] if self.order > 1 else ()
                arc.append(self.longest(after) << 16 | cost << 9 | label - 1)
            first.append(len(arc))
        return {"order": self.order, "levels": self.levels, "start": self.start, "first": np.array(first),
                "back": np.array(self.back), "weight": np.array(self.weight), "end": np.array(self.end),
                "arc": np.array(arc, np.uint32)}


class Walk:
    """Costs by the packed form, step by step as the device does it."""

    def __init__(self, language: dict):
        self.l = {name: np.asarray(language[name]).tolist() for name in ("first", "back", "weight", "end", "arc")}
        self.start = language["start"]
        self.table = [{word & 511: word for word in self.l["arc"][a:b]}
                      for a, b in zip(self.l["first"], self.l["first"][1:])]

    def step(self, state: int, label: int) -> tuple[int, int]:
        """(cost in eighths of a nat, next state)."""
        cost = 0
        while True:
            word = self.table[state].get(label - 1)
            if word is not None:
                return cost + (word >> 9 & 127), word >> 16
            cost -= self.l["weight"][state]
            state = self.l["back"][state]

    def end(self, state: int) -> int:
        cost = 0
        while self.l["end"][state] == 255:
            cost -= self.l["weight"][state]
            state = self.l["back"][state]
        return cost + self.l["end"][state]

    def sentence(self, labels: list[int]) -> int:
        state, total = self.start, 0
        for label in labels:
            cost, state = self.step(state, label)
            total += cost
        return total + self.end(state)


def perplexity(walk: Walk, sentences: list[list[int]]) -> float:
    """Per piece, the end of each sentence counted as one."""
    total = sum(walk.sentence(s) for s in sentences)
    return float(np.exp(total / UNIT / sum(len(s) + 1 for s in sentences)))
