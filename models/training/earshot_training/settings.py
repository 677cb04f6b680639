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
    pruning: str = "cubic"  # or "diverge": epoch by epoch, blocks that diverge least shrink until they are gone
    synthetic: float = 0.12  # share of sound by flite and espeak-ng; the rest follows Settings.mix
    quantize: bool = False  # int8 weights and layer outputs by straight-through rounding
    pull: float = 0.0  # strength at the stage's end of the regulariser that pulls weights to their grid
    bits: int = 8  # of the LSTM matrices' grid; fewer is an experiment, no packed model holds it
    teacher: str = ""  # checkpoint whose distributions the network also learns
    teacher_weight: float = 0.5


@dataclasses.dataclass
class Settings:
    seed: int = 20261125
    processes: int = 2
    network: Network = dataclasses.field(default_factory=Network)
    stages: tuple[Stage, ...] = (
        Stage("phones", 1200, 30, 3e-3, 1e-3),
        Stage("pieces", 800, 30, 2e-3, 1e-3),
        Stage("transducer", 8600, 50, 2e-3, 1e-3, warmup=300),
        Stage("dense", 4700, 56, 1.6e-3, 7e-4, warmup=300),
        Stage("prune", 2200, 58, 9e-4, 4e-4, sparsity=0.725, prune_share=0.7, synthetic=0.10, teacher="dense"),
        Stage("int8", 1700, 70, 4e-4, 2e-5, synthetic=0.10, quantize=True, pull=3e-4, teacher="dense"),
        Stage("polish", 750, 70, 3e-4, 1e-5, warmup=50, synthetic=0.10, quantize=True, pull=3e-4, teacher="dense"),
    )
    weight_decay: float = 1e-3
    clip: float = 5.0
    average_every: int = 10  # updates between two averages of the processes' weights; divides 50 and 100
    epoch: int = 200  # updates of an epoch of the pruning "diverge"
    window: int = 5  # label positions a frame in the pruned lattice
    simple_weight: float = 0.5  # of the factorised lattice that finds the windows
    ctc_weight: float = 0.2
    end_weight: float = 0.1  # of the end-of-utterance output
    fast_emit: float = 0.01
    checkpoint_seconds: int = 180
    leave_out: tuple[str, ...] = ()  # groups of augmentation that an ablation goes without (augment.GROUPS)
    # Parts of sound of each source beside the synthetic; sources that have no frames are left out.
    mix: dict[str, float] = dataclasses.field(default_factory=lambda: {
        "coffee": 0.11,
        "spliced-orders": 0.11,
        "spliced": 0.09,
        "neural": 0.14,
        "librispeech": 0.11,
        "speechocean762": 0.05,
        "speech-commands": 0.24,
        "digits": 0.04,
        "wakewords": 0.06,
        "unlabelled": 0.05,
        "noise": 0.05,
    })
