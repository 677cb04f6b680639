"""Greedy transducer decoding of the float network for the training log.

Figures that anybody reports come from the C decoder (evaluate.py); these only steer the training.
"""

import numpy as np
import torch

from .dataset import Utterance, make_batch
from .scoring import Errors
from .settings import Settings


@torch.no_grad()
def greedy(model, je: torch.Tensor, counts: torch.Tensor, penalty: float, symbols: int = 3) -> list[list[int]]:
    """Labels of each utterance of a padded batch, from the encoder's part of the joint [T, B, joint]."""
    batch = je.shape[1]
    context = torch.zeros(batch, 2, dtype=torch.int64)
    jp = model.linear(model.joint_predictor, model.predict(context))
    heard: list[list[int]] = [[] for _ in range(batch)]
    for t in range(je.shape[0]):
        alive = t < counts
        for _ in range(symbols):
            logits = model.joint(je[t], jp)[:, :-1]
            logits[:, 0] -= penalty
            label = torch.where(alive, logits.argmax(1), 0)
            some = label.nonzero()[:, 0]
            if not len(some):
                break
            for b in some.tolist():
                heard[b].append(int(label[b]))
            context[some] = torch.stack([context[some, 1], label[some]], dim=1)
            jp[some] = model.linear(model.joint_predictor, model.predict(context[some]))
            alive = alive & (label > 0)
    return heard


@torch.no_grad()
def evaluate(model, utterances: list[Utterance], pieces, settings: Settings, penalties=(0.0,)) -> dict:
    """Errors per blank penalty and set, over clean frames with 300 ms of the recording's background as a tail."""
    stack = settings.network.stack
    result: dict[float, dict[str, Errors]] = {penalty: {} for penalty in penalties}
    ordered = sorted(utterances, key=lambda u: len(u.frames))
    for at in range(0, len(ordered), 40):
        group = ordered[at:at + 40]
        steps = np.array([(len(u.frames) + 30) // stack for u in group])
        frames = np.zeros((len(group), int(steps.max()) * stack, 40), np.float32)
        for b, u in enumerate(group):
            count = min(len(u.frames), frames.shape[1])
            frames[b, :count] = u.frames[:count]
            frames[b, count:] = np.quantile(u.frames, 0.1, axis=0)
        batch = make_batch(frames, steps, [u.labels for u in group], settings)
        je = model.linear(model.joint_encoder, model.encode_float(batch.features))  # [T, B, joint]
        for penalty in penalties:
            for u, labels in zip(group, greedy(model, je, batch.step_counts, penalty)):
                result[penalty].setdefault(u.set, Errors()).add(u.text, pieces.decode(labels))
    return result
