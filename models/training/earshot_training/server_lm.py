"""The re-ranking server's language model: an LSTM over the device's word pieces, larger than the device could hold.

In:  the request grammar, real people's requests (train lines), transcripts of the training recordings. Out:
models/server-lm.onnx, int8: `pieces` int64 [batch, steps] (0 = start and end of an utterance, padded with 0 behind the
end) to `log_probability` float32 [batch, steps - 1] of pieces[1:] given what stands before, natural logarithm.
Source: Meng and others 2020 (arXiv 2011.01991) for what the server does with it. Cut and started again, it goes on.
"""

import math
import pathlib
import random
import time

import torch
from torch import nn

from . import grammar, manifest, texts
from .pieces import Pieces
from .settings import CACHE, REPOSITORY, Settings

TARGET = REPOSITORY / "models" / "server-lm.onnx"
CHECKPOINT = CACHE / "checkpoints" / "server-lm.pt"
MOST_PIECES = 60
TOKENS_A_BATCH = 3000
UPDATES = 4000


class LanguageModel(nn.Module):
    def __init__(self, labels: int, embedding: int = 256, units: int = 384, layers: int = 2):
        super().__init__()
        self.embedding = nn.Embedding(labels, embedding)
        self.lstm = nn.LSTM(embedding, units, layers, batch_first=True)
        self.down = nn.Linear(units, embedding)
        self.output = nn.Linear(embedding, labels)
        self.output.weight = self.embedding.weight
        nn.init.normal_(self.embedding.weight, std=0.1)

    def logits(self, pieces: torch.Tensor) -> torch.Tensor:
        states, _ = self.lstm(self.embedding(pieces))
        return self.output(torch.tanh(self.down(states)))

    def forward(self, pieces: torch.Tensor) -> torch.Tensor:
        """Log-probabilities of pieces[:, 1:], [batch, steps - 1]."""
        logits = self.logits(pieces[:, :-1]).float()
        return torch.log_softmax(logits, 2).gather(2, pieces[:, 1:, None])[..., 0]


def sentences(data, count: int = 120000) -> list[str]:
    """Training text: the grammar, real requests of every kind, what was read or ordered aloud, and salads of words."""
    rng = random.Random(Settings().seed)
    found = [row["text"] for row in grammar.generate(rng, data, count)]
    found += [text for text, _, _ in texts.request_lines(data)]
    found += list(texts.transcripts(data)) * 2
    found += texts.salads(rng, data, 5000)
    return found


def batches(rows: list[list[int]], update: int):
    """The batch of an update, drawn by its number alone: sentences of like length, about TOKENS_A_BATCH pieces."""
    rng = random.Random(update)
    begin = rng.randrange(len(rows))  # rows are sorted by length
    count = max(8, TOKENS_A_BATCH // max(4, len(rows[begin])))
    begin = min(begin, len(rows) - count)
    chosen = rows[begin:begin + count]
    steps = max(len(row) for row in chosen) + 2
    table = torch.zeros(len(chosen), steps, dtype=torch.int64)
    known = torch.zeros(len(chosen), steps - 1)
    for i, row in enumerate(chosen):
        table[i, 1:len(row) + 1] = torch.tensor(row)
        known[i, :len(row) + 1] = 1
    return table, known


def perplexity(model: LanguageModel, rows: list[list[int]]) -> float:
    """Of a piece, ends included."""
    total, count = 0.0, 0.0
    with torch.no_grad():
        for row in rows:
            table = torch.tensor([[0, *row, 0]])
            total -= model(table).sum().item()
            count += len(row) + 1
    return math.exp(total / count)


def dev_rows(data, pieces: Pieces) -> dict[str, list[list[int]]]:
    """Development text, never trained on: orders, single words, read books, held-out phrasings of the grammar."""
    rows: dict[str, list[list[int]]] = {}
    for path in sorted(pathlib.Path(data).glob("*.jsonl")):
        for row in manifest.read_manifest(path)[0]:
            if row.get("split") == "dev" and row.get("text"):
                rows.setdefault(row["set"], []).append(pieces.encode(row["text"]))
    held_out = grammar.generate(random.Random(5), data, 300, "dev")
    rows["grammar"] = [pieces.encode(row["text"]) for row in held_out]
    return {name: found[:150] for name, found in rows.items()}


def train(data, updates: int = UPDATES) -> LanguageModel:
    torch.manual_seed(Settings().seed)
    torch.set_num_threads(1)
    pieces = Pieces()
    rows = [pieces.encode(text) for text in sentences(data)]
    rows = sorted((row for row in rows if 0 < len(row) <= MOST_PIECES), key=lambda row: (len(row), row))
    model = LanguageModel(len(pieces.texts))
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-3)
    begin = 0
    if CHECKPOINT.exists():
        state = torch.load(CHECKPOINT, weights_only=False)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        begin = state["update"]
    print(f"{len(rows)} sentences, {sum(map(len, rows))} pieces, from update {begin}", flush=True)
    started = time.time()
    for update in range(begin, updates):
        for group in optimizer.param_groups:
            group["lr"] = 2e-3 * min(1.0, (update + 1) / 200) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * update / updates)))
        table, known = batches(rows, update)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model.logits(table[:, :-1])
        each = nn.functional.cross_entropy(logits.float().flatten(0, 1), table[:, 1:].flatten(), reduction="none")
        loss = (each * known.flatten()).sum() / known.sum()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if (update + 1) % 200 == 0 or update + 1 == updates:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "update": update + 1}
            aside = CHECKPOINT.with_suffix(".tmp")
            torch.save(state, aside)
            aside.rename(CHECKPOINT)
            print(f"update {update + 1} loss {loss.item():.3f}, {time.time() - started:.0f} s", flush=True)
    for name, found in sorted(dev_rows(data, pieces).items()):
        print(f"dev perplexity of a piece, {name}: {perplexity(model, found):.1f}", flush=True)
    return model


def export(model: LanguageModel, target: pathlib.Path = TARGET) -> None:
    """Writes the int8 ONNX file aside, then renames it. Needs the packages onnx and onnxruntime."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    model.eval()
    full, small = target.with_suffix(".float.tmp"), target.with_suffix(".tmp")
    torch.onnx.export(
        model, (torch.zeros(2, 5, dtype=torch.int64),), str(full), dynamo=False, opset_version=17,
        input_names=["pieces"], output_names=["log_probability"],
        dynamic_axes={"pieces": {0: "batch", 1: "steps"}, "log_probability": {0: "batch", 1: "steps"}},
    )
    quantize_dynamic(str(full), str(small), weight_type=QuantType.QInt8)
    full.unlink()
    small.rename(target)
    print(f"{target}: {target.stat().st_size} bytes")


def server_lm_stage(data) -> None:
    export(train(data))
