"""Models whose labels follow the input by hand-set weights: tests of end-pointers and words pull their strings.

Bin k above the threshold in any frame of a step makes label k (k 1..6) or the end-of-utterance output (k = 7) win, in
that step or, with `late`, in the one after. Frames: every bin LOW, but the pulled one HIGH.
"""

import numpy as np

from . import esm

LOW, HIGH = -60, 100
UNITS, JOINT, LABELS = 16, 16, 6
PIECES = ["", "\u2581play", "\u2581mu", "sic", "\u2581", "\u2581stop", "s"]


def matrix(weights: np.ndarray, factor: float) -> dict:
    factors, shift = esm.multipliers(np.full(len(weights), factor))
    return {"weights": weights.astype(np.int8), "multipliers": factors, "shift": shift}


def puppet_model(stack: int, late: bool, thresholds: dict) -> dict:
    """A dictionary for esm.write_model."""
    inputs, recurrent = np.zeros((4 * UNITS, 40 * stack)), np.zeros((4 * UNITS, UNITS))
    bias = np.zeros((UNITS, 4), np.int64)
    bias[:, 0] = bias[:, 3] = 32767  # input and output gates open
    bias[:, 1] = -32768  # nothing remembered but through the recurrent weights
    for k in range(8):
        inputs[4 * k + 2, k::40] = 127
        # Half way between no frame and one frame pulled.
        bias[k, 2] = -int((stack * LOW + (HIGH - LOW) / 2) * 127 * 1.2) if stack > 1 else 0
        recurrent[4 * (8 + k) + 2, k] = 127  # units 8..15 are units 0..7 of the step before
    output = np.zeros((LABELS + 2, JOINT))
    for row in range(1, LABELS + 2):
        output[row, row + 8 * late] = 127
    none = {"shift": 20, "dense": True}
    return {
        "stack": stack,
        "layers": [{"units": UNITS, "output_scale": 127, "input": matrix(inputs, 1.2),
                    "recurrent": matrix(recurrent, 1.4), "bias": np.clip(bias, -32768, 32767).reshape(-1)}],
        "joint_encoder": matrix(127 * np.eye(JOINT), 1.0), "joint_bias": np.zeros(JOINT, np.int64),
        "embeddings": np.zeros((LABELS + 1, 4), np.int8),
        "predictor": {"weights": np.zeros((8, 8), np.int8), "multipliers": np.zeros(8, np.int32)} | none,
        "predictor_bias": np.zeros(8, np.int64),
        "joint_predictor": {"weights": np.zeros((JOINT, 8), np.int8), "multipliers": np.zeros(JOINT, np.int32)} | none,
        "output": matrix(output, 0.5), "output_bias": np.array([2000] + [0] * (LABELS + 1)),
        "pieces": PIECES, "thresholds": thresholds,
        "provenance": {"recipe": "earshot_training.puppet_model", "stack": stack, "late": late},
    }
