"""Sentences to speak that no grammar of ours made: real people's requests, transcripts, and salads of frequent words.

Only `train` lines are read. Everything is lower case, words and apostrophes.
"""

import collections
import functools
import glob
import gzip
import json
import os

from .manifest import TEXT, read_manifest

SINGLE = (
    "yes no up down left right on off stop go zero one two three four five six seven eight nine ten oh "
    "play pause next back louder quieter mute cancel okay please thanks again repeat help "
    "alexa computer jarvis snowboy amelia athena"
).split()
DIGITS = SINGLE[10:20]
COMMANDS = (
    "backward forward follow learn visual happy house cat dog bird bed tree wow marvin sheila louder quieter shuffle "
    "unmute snooze eleven twelve thirteen fifteen twenty thirty forty fifty"
).split()
SHARE_ALIKE = ("top", "sgd")  # corpora whose licence would bind a model trained on them: left out
WAKE = (
    "alexa",
    "computer",
    "jarvis",
    "smart mirror",
    "snowboy",
    "view glass",
    "hey computer",
    "hey chatterbox",
    "amelia",
    "athena",
)


@functools.lru_cache(maxsize=4)
def request_lines(data):
    """((text, intent, set), ...) of the train lines of data/text, in file order."""
    rows = []
    for path in sorted(glob.glob(os.path.join(data, "text", "*.jsonl.gz"))):
        if os.path.basename(path).split(".")[0] in SHARE_ALIKE:
            continue
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                if row.get("split") == "train" and TEXT.match(row.get("text", "")):
                    rows.append((row["text"], row["intent"], row["set"]))
    return tuple(rows)


def requests(rng, data, count):
    """Real requests, each intent with the square root of its lines, so that no intent drowns the rest."""
    rows = [row for row in request_lines(data) if len(row[0].split()) <= 16]
    sizes = collections.Counter(intent.split(":")[0] for _, intent, _ in rows)
    weights = [sizes[intent.split(":")[0]] ** -0.5 for _, intent, _ in rows]
    return [row[0] for row in rng.choices(rows, weights, k=count)]


@functools.lru_cache(maxsize=4)
def transcripts(data):
    """(text, ...) of the train utterances of the spoken sets."""
    found = []
    for path in sorted(glob.glob(os.path.join(data, "*.jsonl"))):
        if os.path.basename(path) == "baseline.jsonl":
            continue
        rows, _ = read_manifest(path)
        found += [row["text"] for row in rows if row.get("split") == "train" and TEXT.match(row.get("text") or "")]
    return tuple(found)


@functools.lru_cache(maxsize=4)
def frequent_words(data, count=6000):
    """((word, weight), ...): the most frequent words of requests and transcripts, flattened to the power 0.6."""
    tally = collections.Counter()
    for text, _, _ in request_lines(data):
        tally.update(text.split())
    for text in transcripts(data):
        tally.update(text.split())
    words = sorted(tally.items(), key=lambda item: (-item[1], item[0]))[:count]
    return tuple((word, number**0.6) for word, number in words)


def salads(rng, data, count):
    """Random words in a row: nothing for the predictor to learn by heart. One in four is a single word, a digit
    string or a wake phrase."""
    words, weights = zip(*frequent_words(data))
    found = []
    for _ in range(count):
        kind = rng.random()
        if kind < 0.10:
            found.append(rng.choice(SINGLE))
        elif kind < 0.15:
            found.append(" ".join(rng.choices(SINGLE[10:21], k=rng.randint(1, 6))))
        elif kind < 0.20:
            found.append(rng.choice(WAKE))
        elif kind < 0.27:
            found.append(rng.choices(words, weights)[0])
        else:
            found.append(" ".join(rng.choices(words, weights, k=rng.randint(2, 9))))
    return found
