"""The device's integer network in PyTorch, bit for bit native/nn and native/decoder (models/FORMAT.md, Numbers).

In:  the dictionary that esm.read_model gives, int8 feature frames. Out: int64 tensors of the same integers as in C, and
the greedy labels. Slow and plain on purpose: it is read beside the formulas. Shapes carry an optional batch in front:
a step takes [..., stack, 40].
"""

import numpy as np
import torch

from .nn_tables import sigmoid_table, tanh_table

SIGMOID = torch.tensor(sigmoid_table())
TANH = torch.tensor(tanh_table())


def mul_shift(a: torch.Tensor, m: torch.Tensor, s: int) -> torch.Tensor:
    """(a m + 2^(s - 1)) >> s on 64 bits."""
    return (a * m + (1 << (s - 1))) >> s


def sat16(v: torch.Tensor) -> torch.Tensor:
    return torch.clamp(v, -32768, 32767)


def sat8(v: torch.Tensor) -> torch.Tensor:
    return torch.clamp(v, -127, 127)


def look_up(table: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
    """Q12 to Q15 with straight lines between the entries."""
    u = z + 32768
    low, high = table[u >> 8], table[(u >> 8) + 1]
    return low + (((high - low) * (u & 255) + 128) >> 8)


def tanh8(z: torch.Tensor) -> torch.Tensor:
    return sat8((look_up(TANH, z) * 127 + (1 << 14)) >> 15)


class Matrix:
    """int8 matrix with its requantisation. Sums are below 2^24, so float64 holds them exactly and is far faster."""

    def __init__(self, matrix: dict):
        self.weights = torch.tensor(np.asarray(matrix["weights"]), dtype=torch.float64)
        self.multipliers = torch.tensor(np.asarray(matrix["multipliers"]), dtype=torch.int64)
        self.shift = int(matrix["shift"])

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Requantised, not yet saturated, int64 [..., rows]."""
        sums = (x.to(torch.float64) @ self.weights.T).to(torch.int64)
        return mul_shift(sums, self.multipliers, self.shift)


def integers(values) -> torch.Tensor:
    return torch.tensor(np.asarray(values), dtype=torch.int64)


class Layer:
    def __init__(self, layer: dict):
        self.input, self.recurrent = Matrix(layer["input"]), Matrix(layer["recurrent"])
        self.bias = integers(layer["bias"])
        self.units, self.scale = int(layer["units"]), int(layer["output_scale"])

    def step(self, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """h (int8 values) and c (Q11) after one step."""
        z = sat16(self.input(x) + self.recurrent(h) + self.bias).unflatten(-1, (self.units, 4))
        i, f, o = (look_up(SIGMOID, z[..., gate]) for gate in (0, 1, 3))
        g = look_up(TANH, z[..., 2])
        c = sat16(((f * c + (1 << 14)) >> 15) + ((i * g + (1 << 18)) >> 19))
        p = (o * look_up(TANH, sat16(2 * c)) + (1 << 14)) >> 15
        return sat8((p * self.scale + (1 << 14)) >> 15), c


class Network:
    """The network of one model file. `batch` utterances go side by side when reset(batch) says so."""

    def __init__(self, model: dict):
        self.stack = int(model["stack"])
        self.layers = [Layer(layer) for layer in model["layers"]]
        self._joint_encoder, self.joint_bias = Matrix(model["joint_encoder"]), integers(model["joint_bias"])
        self.embeddings = integers(model["embeddings"])
        self.predictor, self.predictor_bias = Matrix(model["predictor"]), integers(model["predictor_bias"])
        self._joint_predictor = Matrix(model["joint_predictor"])
        self.output = Matrix(model["output"])
        bias = integers(model["output_bias"])
        self.output_bias = torch.nn.functional.pad(bias, (0, len(self.output.weights) - len(bias)))
        self.vocabulary = len(model["pieces"]) - 1
        self.blank_penalty = int(model["thresholds"]["blank_penalty"])
        self.max_symbols = int(model["thresholds"]["max_symbols"])
        self.reset()

    def reset(self, *batch: int) -> None:
        """Clears the encoder's state."""
        self.h = [torch.zeros(*batch, layer.units, dtype=torch.int64) for layer in self.layers]
        self.c = [torch.zeros(*batch, layer.units, dtype=torch.int64) for layer in self.layers]

    def step(self, frames) -> torch.Tensor:
        """Feature frames [..., stack, 40] to h of the last layer [..., units]."""
        x = integers(frames).flatten(-2)
        for index, layer in enumerate(self.layers):
            x, self.c[index] = layer.step(x, self.h[index], self.c[index])
            self.h[index] = x
        return x

    def encode(self, frames) -> torch.Tensor:
        """Frames [..., F, 40] from a cleared state to h [..., F // stack, units]; what does not fill a step is left."""
        frames = np.asarray(frames)
        steps = frames.shape[-2] // self.stack
        self.reset(*frames.shape[:-2])
        cut = frames[..., :steps * self.stack, :].reshape(*frames.shape[:-2], steps, self.stack, frames.shape[-1])
        return torch.stack([self.step(cut[..., t, :, :]) for t in range(steps)], dim=-2)

    def joint_encoder(self, h: torch.Tensor) -> torch.Tensor:
        """Encoder's part of the joint, Q12."""
        return sat16(self._joint_encoder(h) + self.joint_bias)

    def predict(self, before_last, last) -> torch.Tensor:
        """Predictor's part of the joint for the last two labels, Q12."""
        context = torch.cat([self.embeddings[before_last], self.embeddings[last]], dim=-1)
        return sat16(self._joint_predictor(tanh8(sat16(self.predictor(context) + self.predictor_bias))))

    def logits(self, je: torch.Tensor, jp: torch.Tensor) -> torch.Tensor:
        """Q10 of every output row: blank, pieces, end of utterance, zero rows."""
        return sat16(self.output(tanh8(sat16(je + jp))) + self.output_bias)

    def best(self, logits: torch.Tensor) -> int:
        """Label with the largest logit, the first of equals; 0 is blank, its penalty taken off."""
        scores = logits[:self.vocabulary + 1].clone()
        scores[0] -= self.blank_penalty
        return int((scores == scores.max()).nonzero()[0, 0])

    def greedy(self, h: torch.Tensor) -> tuple[list[tuple[int, int]], torch.Tensor, torch.Tensor]:
        """[T, units] to (label, step) pairs, je [T, joint], and the logits of each step's first look [T, rows]."""
        je = self.joint_encoder(h)
        context, labels, looks = (0, 0), [], []
        jp = self.predict(*context)
        for t in range(len(h)):
            for symbol in range(self.max_symbols):
                logits = self.logits(je[t], jp)
                if symbol == 0:
                    looks.append(logits)
                label = self.best(logits)
                if label == 0:
                    break
                labels.append((label, t))
                context = (context[1], label)
                jp = self.predict(*context)
        return labels, je, torch.stack(looks)
