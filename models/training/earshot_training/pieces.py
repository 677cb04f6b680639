"""Word pieces: a unigram sentencepiece model whose piece k is the network's label k (label 0 is blank).

In:  transcripts of the training split, and real people's requests as text. Out: pieces.model in the cache folder, encoder and decoder. All single letters and the
apostrophe are pieces, so that every word can be written.
"""

import gzip
import json
import pathlib
import string

import sentencepiece

from .settings import CACHE, DATA, FRAMES, Settings

MODEL = CACHE / "pieces.model"
OPEN = "\u2581"  # opens a word


SHARE_ALIKE = ("top", "sgd")  # corpora whose licence would bind the model's: left out


OTHER = ("other:", "unlabelled")  # requests that no intent of ours means


def sentences() -> list[str]:
    """Training transcripts of all frames at hand and the training lines of the request corpora with our intents.

    Recorded requests (the orders) count five times: they are few, and nearest to what the product hears."""
    found = []
    for lines in sorted(FRAMES.glob("real-*.jsonl")):
        rows = [json.loads(line) for line in lines.open()]
        texts = [row["text"] for row in rows if row["split"] == "train" and row["text"]]
        found += texts * (5 if "coffee" in lines.name else 1)
    for packed in sorted((DATA / "text").glob("*.jsonl.gz")):
        if packed.name.split(".")[0] in SHARE_ALIKE:
            continue
        with gzip.open(packed, "rt") as lines:
            rows = [json.loads(line) for line in lines]
        found += [row["text"] for row in rows if row["split"] == "train" and not row["intent"].startswith(OTHER)]
    letters = set(string.ascii_lowercase + "' ")
    return [text for text in found if set(text) <= letters]


def train(sentences: list[str], settings: Settings, path: pathlib.Path = MODEL) -> None:
    """Unigram pieces over the sentences; identifiers are 1..pieces, 0 is the unknown symbol that never occurs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_prefix=str(path.with_suffix("")),
        model_type="unigram",
        vocab_size=settings.network.pieces + 1,
        unk_id=0, bos_id=-1, eos_id=-1, pad_id=-1,
        character_coverage=1.0,
        required_chars=string.ascii_lowercase + "'",
        normalization_rule_name="identity",
        max_sentencepiece_length=8,
        num_threads=1,
        minloglevel=2,
    )


class Pieces:
    def __init__(self, path: pathlib.Path = MODEL):
        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        self.texts = [self._processor.id_to_piece(i) for i in range(self._processor.get_piece_size())]

    def encode(self, text: str) -> list[int]:
        return self._processor.encode(text)

    def decode(self, labels: list[int]) -> str:
        return "".join(self.texts[label] for label in labels).replace(OPEN, " ").strip()

    def word_counts(self, labels: list[int]) -> list[int]:
        """How many pieces each word has."""
        counts: list[int] = []
        for label in labels:
            if self.texts[label].startswith(OPEN) or not counts:
                counts.append(0)
            counts[-1] += 1
        return counts
