"""Words for recordings that have none: the teacher listens, and only what it is sure of is kept.

In:  parts of the frames folder whose set begins with `unlabelled`, a checkpoint. Out: unlabelled-heard-train: the same
frames with the teacher's words, for the source `unlabelled` of the mix; the student then learns from the teacher's
distributions on them, as on all other sound. Gate: the mean log probability a label, and a sane length.
"""

import json

import numpy as np
import torch

from . import frontend, store
from .dataset import make_batch, read_part
from .export import load_model
from .pieces import Pieces
from .settings import FRAMES, Settings

GATE = -0.35  # nats a label at least
LABELS_A_SECOND = 8.0


@torch.no_grad()
def listen(model, frames: np.ndarray, settings: Settings) -> tuple[list[int], float]:
    """Labels of the greedy path and their mean log probability."""
    stack = settings.network.stack
    steps = np.array([max(1, len(frames) // stack)])
    x = np.zeros((1, int(steps[0]) * stack, frontend.BINS), np.float32)
    x[0, :len(frames)] = frames[:x.shape[1]]
    batch = make_batch(x, steps, [[]], settings)
    je = model.linear(model.joint_encoder, model.encode_float(batch.features))[:, 0]
    context, labels, sums = torch.zeros(1, 2, dtype=torch.int64), [], 0.0
    jp = model.linear(model.joint_predictor, model.predict(context))
    for t in range(je.shape[0]):
        for _ in range(3):
            odds = model.joint(je[t], jp[0])[:-1].log_softmax(0)
            label = int(odds.argmax())
            if label == 0:
                break
            labels.append(label)
            sums += float(odds[label])
            context = torch.tensor([[int(context[0, 1]), label]])
            jp = model.linear(model.joint_predictor, model.predict(context))
    return labels, sums / max(1, len(labels))


def label_stage(teacher: str, folder=None) -> tuple[int, int]:
    """Writes the part; returns (utterances kept, utterances heard)."""
    settings, pieces = Settings(), Pieces()
    model, _ = load_model(teacher, settings)
    folder, name, kept, heard = folder or FRAMES, "unlabelled-heard-train", 0, 0
    with store.Writer(str(folder), name, f"{store.front_end_digest()} {teacher}") as writer:
        for lines in sorted(folder.glob("real-unlabelled*.jsonl")):
            rows = [row for row in map(json.loads, lines.open()) if row["split"] == "train"]
            for row, u in zip(rows, read_part(lines, "train", pieces)):
                labels, sure = listen(model, u.frames, settings)
                heard += 1
                text = pieces.decode(labels)
                if text and sure >= GATE and len(labels) <= LABELS_A_SECOND * len(u.frames) / 100:
                    kept += 1
                    writer.add(u.frames, text=text, speaker=u.speaker, set="unlabelled-heard", split="train",
                               seconds=row["seconds"], source="teacher", id=row["id"], sure=round(sure, 3))
    return kept, heard
