"""Word errors, their uncertainty, and whether one model is better than another. Every system is scored by this.

In:  pairs of words said and words heard. Out: rates with 95 % intervals. Intervals and tests draw speakers, then
their utterances, with replacement: utterances of one person are not independent. The draws are seeded.
"""

import dataclasses
import random

DRAWS = 2000


@dataclasses.dataclass
class Errors:
    """Word errors of a set of utterances."""

    words: int = 0
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0
    sentences: int = 0
    wrong_sentences: int = 0

    @property
    def rate(self) -> float:
        return 100.0 * (self.substitutions + self.deletions + self.insertions) / max(1, self.words)

    @property
    def sentence_rate(self) -> float:
        return 100.0 * self.wrong_sentences / max(1, self.sentences)

    def add(self, reference: str, heard: str) -> None:
        s, d, i = align(reference.split(), heard.split())
        self.words += len(reference.split())
        self.substitutions += s
        self.deletions += d
        self.insertions += i
        self.sentences += 1
        self.wrong_sentences += (s + d + i) > 0


def align(reference: list[str], heard: list[str]) -> tuple[int, int, int]:
    """Substitutions, deletions and insertions of the cheapest alignment."""
    row = [(i, 0, 0, i) for i in range(len(heard) + 1)]  # cost, substitutions, deletions, insertions
    for r, word in enumerate(reference, 1):
        last, row = row, [(r, 0, r, 0)]
        for h, other in enumerate(heard, 1):
            c, s, d, i = last[h - 1]
            best = (c, s, d, i) if word == other else (c + 1, s + 1, d, i)
            c, s, d, i = last[h]
            best = min(best, (c + 1, s, d + 1, i))
            c, s, d, i = row[h - 1]
            row.append(min(best, (c + 1, s, d, i + 1)))
    return row[-1][1:]


@dataclasses.dataclass
class Heard:
    """One utterance: who said what, what was heard."""

    id: str
    speaker: str
    reference: str
    text: str

    def errors(self) -> int:
        return sum(align(self.reference.split(), self.text.split()))

    def words(self) -> int:
        return len(self.reference.split())


def total(heard: list[Heard]) -> Errors:
    errors = Errors()
    for one in heard:
        errors.add(one.reference, one.text)
    return errors


def by_speaker(rows: list[tuple]) -> list[list[tuple]]:
    """Rows (speaker, ...) gathered by speaker."""
    speakers: dict[str, list[tuple]] = {}
    for row in rows:
        speakers.setdefault(row[0], []).append(row[1:])
    return [speakers[name] for name in sorted(speakers)]


def draws(rows: list[tuple], seed: int = 1):
    """Bootstrap samples of rows (speaker, ...): speakers, then utterances of each."""
    rng, groups = random.Random(seed), by_speaker(rows)
    for _ in range(DRAWS):
        yield [row for group in rng.choices(groups, k=len(groups)) for row in rng.choices(group, k=len(group))]


def middle(values: list[float]) -> tuple[float, float]:
    """The middle 95 %."""
    ordered = sorted(values)
    return ordered[int(0.025 * len(ordered))], ordered[int(0.975 * len(ordered)) - 1]


def interval(heard: list[Heard]) -> tuple[float, float]:
    """95 % interval of the word error rate."""
    rows = [(one.speaker, one.errors(), one.words()) for one in heard]
    return middle([100 * sum(e for e, _ in some) / max(1, sum(w for _, w in some)) for some in draws(rows)])


def paired(one: list[Heard], other: list[Heard]) -> dict:
    """How much worse `other` is than `one` on the same utterances, with the share of draws that say the opposite."""
    second = {h.id: h for h in other}
    rows = [(h.speaker, second[h.id].errors() - h.errors(), h.words()) for h in one if h.id in second]
    if not rows:
        return {}
    differences = [100 * sum(d for d, _ in some) / max(1, sum(w for _, w in some)) for some in draws(rows)]
    whole = 100 * sum(row[1] for row in rows) / max(1, sum(row[2] for row in rows))
    against = sum((d <= 0) if whole > 0 else (d >= 0) for d in differences) / len(differences)
    return {"difference": round(whole, 2), "difference95": [round(v, 2) for v in middle(differences)],
            "p": round(min(1.0, 2 * against), 4)}


def summary(heard: list[Heard]) -> dict:
    """One row of a result."""
    errors = total(heard)
    return {"utterances": errors.sentences, "words": errors.words, "speakers": len({h.speaker for h in heard}),
            "wer": round(errors.rate, 1), "wer95": [round(v, 1) for v in interval(heard)],
            "sentenceErrors": round(errors.sentence_rate, 1), "substitutions": errors.substitutions,
            "deletions": errors.deletions, "insertions": errors.insertions}
