"""Packed models with random weights, for tests, benchmarks and fuzzing.

    python3 -m earshot_training.random_model OUT.esm [--seed N] [--density D] [--small | --tiny] [--language]

Same arguments, same bytes. The sums reach the curved parts of the tables and now and then a limit, and labels come
often, so that golden vectors of such a model exercise what a trained one exercises rarely.
"""

import argparse

import numpy as np

from . import esm, ngram

SHAPES = {
    "full": {"stack": 6, "units": [320, 320, 320], "embedding": 64, "predictor": 128, "joint": 256, "pieces": 256},
    "small": {"stack": 6, "units": [32, 24], "embedding": 8, "predictor": 16, "joint": 24, "pieces": 29},
    "tiny": {"stack": 1, "units": [4], "embedding": 2, "predictor": 8, "joint": 8, "pieces": 5},
}


BLANK = 1700  # Q10; blank then wins more often than not, and labels still come


def random_matrix(rng, rows: int, columns: int, gain: float, density: float = 1.0) -> dict:
    """Normal weights whose sum over random int8 input is about `gain` in Q12."""
    weights, scale = esm.quantize_rows(rng.normal(size=(rows, columns)))
    result = {"weights": weights, "dense": True}
    if density < 1:
        kept = rng.random((rows // 8, columns // 4)) < density
        if rows >= 24:
            kept[1] = False  # a row group without a block
            kept[2] = True
        result = {"weights": weights * np.kron(kept, np.ones((8, 4), np.int8)), "blocks": kept}
    factor = gain * 4096 / (np.sqrt(max(columns * density, 1.0)) * 40) * rng.uniform(0.5, 1.5, rows)
    result["multipliers"], result["shift"] = esm.multipliers(scale * factor)
    return result


def random_model(seed: int = 1, density: float = 0.5, shape: str = "small", thresholds: dict | None = None) -> dict:
    """A dictionary for esm.write_model."""
    rng = np.random.default_rng(seed)
    s = SHAPES[shape]

    def bias(size, spread):
        return np.clip(esm.round_away(rng.normal(size=size) * spread), -32768, 32767).astype(np.int16)

    layers, columns = [], 40 * s["stack"]
    for units in s["units"]:
        layers.append({
            "units": units, "output_scale": int(rng.integers(100, 300)),
            "input": random_matrix(rng, 4 * units, columns, 2.0, density),
            "recurrent": random_matrix(rng, 4 * units, units, 1.5, density),
            "bias": bias(4 * units, 2000)})
        columns = units
    count, width = s["pieces"], 2 * s["embedding"]
    output = random_matrix(rng, count + 2, s["joint"], 0.2) if (count + 2) % 8 == 0 else None
    if output is None:
        output = random_matrix(rng, -(-(count + 2) // 8) * 8, s["joint"], 0.2)
        output = {**output, "weights": output["weights"][:count + 2], "multipliers": output["multipliers"][:count + 2]}
    output["multipliers"][0] //= 4  # blank's logit stays near its bias
    output_bias = bias(count + 2, 300)
    output_bias[0] += int(BLANK * np.sqrt(2 * np.log(count)))
    letters = "abcdefghijklmnopqrstuvwxyz'"
    pieces = ["", "\u2581"] + ["\u2581" * (k % 3 == 0) + letters[k % 27] + (letters[k // 27 % 27] if k >= 27 else "")
                              for k in range(count - 1)]
    return {
        "stack": s["stack"], "layers": layers,
        "joint_encoder": random_matrix(rng, s["joint"], columns, 1.0), "joint_bias": bias(s["joint"], 1000),
        "embeddings": rng.integers(-127, 128, (count + 1, s["embedding"])).astype(np.int8),
        "predictor": random_matrix(rng, s["predictor"], width, 1.0), "predictor_bias": bias(s["predictor"], 1000),
        "joint_predictor": random_matrix(rng, s["joint"], s["predictor"], 1.0),
        "output": output, "output_bias": output_bias, "pieces": pieces, "thresholds": thresholds or {},
        "provenance": {"recipe": "earshot_training.random_model", "seed": seed, "shape": shape, "density": density},
    }


def with_language(seed: int, labels: int, order: int = 4, sentences: int = 60) -> dict:
    """`language` and `weights` of a model: from sentences in which a label likes to follow the one before."""
    rng, made = np.random.default_rng(seed), []
    for _ in range(sentences):
        steps = rng.integers(0, 3, rng.integers(1, 9))
        made.append([int(label) + 1 for label in (rng.integers(labels) + np.cumsum(steps)) % labels])
    estimate = ngram.Estimate(ngram.count(made, [1.0] * len(made), order, labels), labels)
    estimate.prune(1e-3)
    return {"language": ngram.Automaton(estimate).packed(),
            "weights": {"language_weight": 80, "internal_weight": 40, "label_reward": 300}}


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes a packed model with random weights.")
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--density", type=float, default=0.5)
    parser.add_argument("--small", dest="shape", action="store_const", const="small", default="full")
    parser.add_argument("--tiny", dest="shape", action="store_const", const="tiny")
    parser.add_argument("--language", action="store_true")
    arguments = parser.parse_args()
    model = random_model(arguments.seed, arguments.density, arguments.shape)
    if arguments.language:
        model |= with_language(arguments.seed, len(model["pieces"]) - 1)
    esm.write_model(arguments.out, model)


if __name__ == "__main__":
    main()
