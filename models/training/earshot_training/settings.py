"""Every number that shapes a training run, in one place; printed at the start of each run.

Numbers of the network itself must agree with models/FORMAT.md and native/nn.
"""

import dataclasses
import pathlib

from .frontend import cache_folder
from .generated import REPOSITORY
from .manifest import default_data

CACHE = pathlib.Path(cache_folder())
DATA = pathlib.Path(default_data())
FRAMES = CACHE / "frames"
CHECKPOINTS = CACHE / "checkpoints"

BINS = 40
FRAME_MS = 10


@dataclasses.dataclass
class Network:
    """Shape of the first model (models/FORMAT.md)."""

    stack: int = 6  # feature frames of one encoder step: 60 ms
    layers: int = 3
    units: int = 320
    embedding: int = 64  # bytes of one label; the predictor sees two labels
    predictor: int = 128
    joint: int = 256
    pieces: int = 256  # labels 1..256; 0 is blank
    input_scale: float = 1.0 / 24  # a feature value q enters the float network as (q - input_mean) * input_scale
    input_mean: int = 0  # set from data; folded into the first layer's bias on export


@dataclasses.dataclass
class Stage:
    """One stage of training: what is minimised, for how long, how fast."""

    name: str
    updates: int
    batch_seconds: float  # of sound, a process
    rate: float  # learning rate at its start and end (cosine between)
    rate_end: float
    warmup: int = 100
    sparsity: float = 0.0  # share of blocks removed at the end of the stage
    prune_share: float = 0.0  # the sparsity grows during this first part of the stage; 0: masks stay as they are
    synthetic: float = 0.42  # share of sound that is synthetic; the rest follows Settings.mix
    quantize: bool = False  # int8 weights and layer outputs by straight-through rounding


@dataclasses.dataclass
class Settings:
    seed: int = 20261125
    processes: int = 2
    network: Network = dataclasses.field(default_factory=Network)
    stages: tuple[Stage, ...] = (
        Stage("phones", 1200, 30, 3e-3, 1e-3),
        Stage("pieces", 800, 30, 2e-3, 1e-3),
        Stage("transducer", 8600, 50, 2e-3, 1e-3, warmup=300),
        Stage("prune", 3200, 60, 1.2e-3, 6e-4, sparsity=0.7, prune_share=0.9, synthetic=0.36),
        Stage("int8", 1600, 80, 5e-4, 2e-5, synthetic=0.34, quantize=True),
    )
    weight_decay: float = 1e-3
    clip: float = 5.0
    average_every: int = 10  # updates between two averages of the processes' weights; divides 50 and 100
    window: int = 5  # label positions a frame in the pruned lattice
    simple_weight: float = 0.5  # of the factorised lattice that finds the windows
    ctc_weight: float = 0.2
    end_weight: float = 0.1  # of the end-of-utterance output
    fast_emit: float = 0.01
    checkpoint_seconds: int = 180
    # Parts of sound of each source beside the synthetic; sources that have no frames are left out.
    mix: dict[str, float] = dataclasses.field(default_factory=lambda: {
        "coffee": 0.14,
        "librispeech": 0.20,
        "speechocean762": 0.08,
        "speech-commands": 0.07,
        "digits": 0.015,
        "wakewords": 0.055,
        "noise": 0.02,
    })
