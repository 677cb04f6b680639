"""From a checkpoint to the packed model (models/FORMAT.md).

In:  a trained Recognizer with output scales and block masks, the word pieces, thresholds. Out: a *.esm file.
Nothing is estimated here: scales come from the weights, as network.to_grid takes them while training.
"""

import json
import pathlib
import subprocess

import numpy as np
import torch

from . import esm
from .loop import read_checkpoint
from .network import Recognizer, expand_mask
from .pieces import Pieces
from .settings import REPOSITORY, Settings

Z_ONE = 4096  # Q12: gate sums, joint parts
LOGIT_ONE = 1024  # Q10: output logits
TANH_ONE = 127.0  # one real unit of an int8 tanh


def load_model(name: str, settings: Settings) -> tuple[Recognizer, dict]:
    """The network of a checkpoint, and the checkpoint itself."""
    state = read_checkpoint(name, settings)
    model = Recognizer(settings.network, state["model"]["phone_head.bias"].shape[0])
    model.load_state_dict(state["model"])
    model.sparse, model.quantize, model.bits = state["sparse"], state["quantize"], state.get("bits", 8)
    return model.eval(), state


def matrix(weight: torch.Tensor, input_scale: float, one: int, **more) -> dict:
    values, scale = esm.quantize_rows(weight.detach().double().numpy())
    factors, shift = esm.multipliers(scale * input_scale * one)
    return {"weights": values, "multipliers": factors, "shift": shift, **more}


def fixed(values: np.ndarray | torch.Tensor, one: int) -> np.ndarray:
    values = values.detach().double().numpy() if isinstance(values, torch.Tensor) else values
    return np.clip(esm.round_away(values * one), -32768, 32767).astype(np.int16)


def layer_integers(layer, input_scale: float, input_mean: float) -> dict:
    """One LSTM layer; the mean of the first layer's input goes into its bias."""

    def sparse(weight, blocks):
        kept = (weight * expand_mask(blocks)).detach()
        rows = torch.from_numpy(esm.unit_major(kept.numpy()))
        return rows, blocks.numpy().astype(bool)

    w, w_blocks = sparse(layer.input, layer.input_blocks)
    r, r_blocks = sparse(layer.recurrent, layer.recurrent_blocks)
    bias = esm.unit_major(layer.bias.detach().double().numpy())
    if input_mean:
        values, scale = esm.quantize_rows(w.double().numpy())
        bias = bias - (values * scale[:, None]).sum(axis=1) * input_mean * input_scale
    output_scale = int(layer.output_scale)
    return {"units": layer.units, "output_scale": output_scale, "bias": fixed(bias, Z_ONE),
            "input": matrix(w, input_scale, Z_ONE, blocks=w_blocks),
            "recurrent": matrix(r, 1 / output_scale, Z_ONE, blocks=r_blocks)}


def integers(model: Recognizer, pieces: Pieces, thresholds: dict, provenance: dict) -> dict:
    """The dictionary that esm.write_model takes."""
    shape = model.shape
    layers, scale, mean = [], shape.input_scale, shape.input_mean
    for layer in model.encoder:
        layers.append(layer_integers(layer, scale, mean))
        scale, mean = 1 / layers[-1]["output_scale"], 0
    table = model.embeddings.detach().double().numpy()
    table_scale = float(np.abs(table).max()) / 127.0
    return {
        "stack": shape.stack,
        "layers": layers,
        "joint_encoder": matrix(model.joint_encoder.weight, scale, Z_ONE),
        "joint_bias": fixed(model.joint_encoder.bias, Z_ONE),
        "embeddings": np.clip(esm.round_away(table / table_scale), -127, 127).astype(np.int8),
        "predictor": matrix(model.predictor.weight, table_scale, Z_ONE),
        "predictor_bias": fixed(model.predictor.bias, Z_ONE),
        "joint_predictor": matrix(model.joint_predictor.weight, 1 / TANH_ONE, Z_ONE),
        "output": matrix(model.output.weight, 1 / TANH_ONE, LOGIT_ONE),
        "output_bias": fixed(model.output.bias, LOGIT_ONE),
        "pieces": [""] + pieces.texts[1:],
        "thresholds": thresholds,
        "provenance": provenance,
    }


def commit() -> str:
    """The commit of the recipe, or 'unknown'."""
    done = subprocess.run(["git", "-C", str(REPOSITORY), "rev-parse", "HEAD"], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else "unknown"


TUNED = ("thresholds", "weights", "language", "confidence")


def export(checkpoint: str, path: pathlib.Path, thresholds: dict, tuned: str = "") -> dict:
    """Writes the packed model of a checkpoint; returns the dictionary. What was tuned, and the language model, are taken
    over from the packed model `tuned`, one of the same run."""
    settings = Settings()
    model, state = load_model(checkpoint, settings)
    if not model.quantize and float(model.encoder[0].output_scale) == 127.0:
        choose_scales(model, settings)
    provenance = {
        "recipe": "models/training: python3 -m earshot_training",
        "commit": commit(),
        "seed": settings.seed,
        "stage": settings.stages[min(state["stage"], len(settings.stages) - 1)].name,
        "updates": state["update"],
        "hoursShown": round(state["seconds"] / 3600, 1),
        "cpuMinutes": round(state["cpu"] / 60, 1),
        "density": round(model.density(), 4),
        "inputScale": settings.network.input_scale,
        "data": data_hours(),
    }
    made = integers(model, Pieces(), thresholds, provenance)
    if tuned:
        other = esm.read_model(tuned)
        made |= {name: other[name] for name in TUNED if name in other}
    esm.write_model(path, made)
    print(f"{path}: {path.stat().st_size} bytes, {json.dumps(provenance)}")
    return made


def data_hours() -> dict[str, float]:
    """Hours of each set that the frames folder holds for training."""
    from .settings import FRAMES
    hours: dict[str, float] = {}
    for lines in sorted(FRAMES.glob("*.jsonl")):
        for line in lines.open():
            row = json.loads(line)
            if row["split"] == "train":
                hours[row["set"]] = hours.get(row["set"], 0.0) + row["frames"] / 360000
    return {name: round(value, 2) for name, value in sorted(hours.items())}


def choose_scales(model: Recognizer, settings: Settings) -> None:
    """Output scales of a checkpoint from before the int8 stage, from one batch of training data."""
    from .dataset import Pool, read_all
    from .settings import FRAMES
    pool = Pool(read_all(FRAMES, "train", Pieces()), settings, ["pau"])
    batch = pool.batches(settings.stages[-1], 99, 0, 0, group=2)[0]
    print(f"output scales {model.choose_scales(batch.features, batch.step_counts)}")
