"""Ablations: the same short training with and without one thing, scored by the C recogniser on the dev recordings.

    python3 -m earshot_training ablate NAME [--updates N]     what there is: ablate --list

Each goes on from the dense checkpoint with equal updates, seed and batches, in a folder of its own; its figures go to
models/training/ablations/NAME.json, from which the report is made. A short run shows a difference of some points; the
intervals in the report say how sure it is. Learning curves train on parts of the real recordings.
"""

import dataclasses
import json
import pathlib
import time

from . import augment, esm, loop
from .dataset import read_all
from .export import integers, load_model
from .native_decoder import decode
from .pieces import Pieces
from .scoring import Heard, paired, summary
from .settings import CHECKPOINTS, FRAMES, REPOSITORY, Settings, Stage

RESULTS = pathlib.Path(__file__).resolve().parents[1] / "ablations"
RELEASED = REPOSITORY / "models" / "earshot.esm"
START = "dense"  # the checkpoint that all go on from
SETS = ("coffee", "wakewords", "speech-commands")
SHORT = dict(batch_seconds=40, rate=6e-4, rate_end=5e-5, warmup=50)


@dataclasses.dataclass
class Ablation:
    """What is changed: settings of the run, and what is left of the recordings."""

    about: str
    stage: dict = dataclasses.field(default_factory=dict)
    drop: tuple[str, ...] = ()  # sources of Settings.mix
    leave_out: tuple[str, ...] = ()  # groups of augmentation
    hours: float = 1.0  # share of the real utterances
    speakers: float = 1.0  # share of the real speakers
    from_nothing: bool = False
    units: int = 0  # of the LSTM layers, where it is another network


TABLE = {
    "float": Ablation("dense, float weights: the start of all others trained on as they are"),
    "int8-trained": Ablation("dense, int8 weights and outputs in training", dict(quantize=True)),
    "int8-pulled": Ablation("dense, int8 in training and pulled to the grid", dict(quantize=True, pull=3e-4)),
    "bits6-trained": Ablation("LSTM weights of 6 bits in training", dict(quantize=True, bits=6)),
    "bits6-pulled": Ablation("6 bits and pulled to the grid", dict(quantize=True, bits=6, pull=3e-4)),
    "bits4-trained": Ablation("LSTM weights of 4 bits in training", dict(quantize=True, bits=4)),
    "bits4-pulled": Ablation("4 bits and pulled to the grid", dict(quantize=True, bits=4, pull=3e-4)),
    "sparse50": Ablation("half of the blocks gone", dict(sparsity=0.5, prune_share=0.6)),
    "sparse75": Ablation("three quarters of the blocks gone", dict(sparsity=0.75, prune_share=0.6)),
    "sparse75-diverge": Ablation("three quarters gone, least diverging blocks first, epoch by epoch",
                                 dict(sparsity=0.75, prune_share=0.6, pruning="diverge")),
    "sparse75-teacher": Ablation("three quarters gone, the dense network as teacher",
                                 dict(sparsity=0.75, prune_share=0.6, teacher=START)),
    "without-splicing": Ablation("no spliced sentences", drop=("spliced", "spliced-orders")),
    "without-neural": Ablation("no neural voices", drop=("neural",)),
    "without-synthetic": Ablation("no flite and espeak-ng", drop=("synthetic",)),
    **{f"without-{group}": Ablation(f"augmentation without {group}", leave_out=(group,)) for group in augment.GROUPS},
    "dense160": Ablation("dense, 3 x 160 units: the bytes of 3 x 320 at 75 %, from nothing", from_nothing=True, units=160),
    **{f"hours-{share}": Ablation(f"{share} % of the real recordings, from nothing", hours=share / 100, from_nothing=True)
       for share in (25, 50, 100)},
    **{f"speakers-{share}": Ablation(f"{share} % of the real speakers, from nothing", speakers=share / 100,
                                     from_nothing=True) for share in (25, 50)},
}


class Part(loop.Run):
    """A run on a part of the data."""

    def __init__(self, settings: Settings, ablation: Ablation):
        self.ablation = ablation
        super().__init__(settings, 0, 1)

    def load_data(self) -> None:
        super().load_data()
        a, real = self.ablation, [n for n in self.pool.sources if n in self.settings.mix]
        for name in list(self.pool.sources):
            members = self.pool.sources[name]
            if name in real and (a.hours < 1 or a.speakers < 1):
                speakers = sorted({u.speaker for u in members})
                some = set(speakers[:max(1, round(len(speakers) * a.speakers))])
                members = [u for u in members if u.speaker in some]
                self.pool.sources[name] = members[:max(1, round(len(members) * a.hours))]
                self.pool.tables[name] = self.pool._table(self.pool.sources[name])
            if name in a.drop:
                del self.pool.sources[name], self.pool.tables[name]


def settings_of(ablation: Ablation, updates: int) -> Settings:
    settings = Settings(processes=1, leave_out=ablation.leave_out)
    if ablation.from_nothing:
        settings.stages = tuple(dataclasses.replace(s, updates=max(100, round(s.updates * updates / 8600)))
                                for s in settings.stages[:3])
    else:
        settings.stages = (Stage("ablation", updates, **SHORT, **ablation.stage),)
    return settings


def heard_on_dev(model: bytes) -> dict[str, list[Heard]]:
    """What the C recogniser hears of the dev recordings."""
    heard: dict[str, list[Heard]] = {}
    for u in read_all(FRAMES, "dev", Pieces()):
        if u.set in SETS and u.labels:
            heard.setdefault(u.set, []).append(Heard(u.id, u.speaker, u.text, decode(model, u.frames)[0]))
    return heard


def packed(model, settings: Settings) -> bytes:
    """The network as a packed model with the released thresholds; fewer bits than 8 are on the int8 grid of their own
    levels already, since the rows' largest value is the same."""
    from .network import to_grid
    released = esm.read_model(RELEASED)
    if model.bits != 8:
        for layer in model.encoder:
            for matrix in (layer.input, layer.recurrent):
                matrix.data = to_grid(matrix.data, bits=model.bits)
    return esm.pack_model(integers(model, Pieces(), released["thresholds"], {}))


def run(name: str, updates: int) -> dict:
    """Trains, packs, hears, writes the result."""
    ablation, began = TABLE[name], time.time()
    settings = settings_of(ablation, updates)
    if ablation.units:
        settings.network = dataclasses.replace(settings.network, units=ablation.units)
    part = Part(settings, ablation)
    stage_names = [stage.name for stage in settings.stages]
    if not ablation.from_nothing:
        part.load(START)
        part.stage, part.update = 0, 0
    kept_folder = loop.CHECKPOINTS
    loop.CHECKPOINTS = CHECKPOINTS / "ablations" / name
    loop.CHECKPOINTS.mkdir(parents=True, exist_ok=True)
    try:
        for index, stage in enumerate(settings.stages):
            loop.CHECKPOINTS, folder = kept_folder, loop.CHECKPOINTS  # the teacher lies beside the start
            part.load_teacher(stage)
            loop.CHECKPOINTS = folder
            part.stage, part.update = index, 0
            part.begin_stage(stage)
            loop.train_stage(part, stage, 0)
    finally:
        loop.CHECKPOINTS = kept_folder
    model, _ = load_model(f"ablations/{name}/{stage_names[-1]}", settings)
    if not model.quantize:
        from .export import choose_scales
        choose_scales(model, settings)
    heard = heard_on_dev(packed(model, settings))
    result = {"name": name, "about": ablation.about, "updates": updates, "seconds": round(time.time() - began),
              "density": round(model.density(), 3), "sets": {s: summary(h) for s, h in heard.items()},
              "heard": {s: [dataclasses.asdict(h) for h in rows] for s, rows in heard.items()}}
    RESULTS.mkdir(exist_ok=True)
    temporary = RESULTS / f"{name}.new"
    temporary.write_text(json.dumps(result))
    temporary.rename(RESULTS / f"{name}.json")
    return result


def results() -> dict[str, dict]:
    """All results that are there, in the table's order."""
    found = {path.stem: json.loads(path.read_text()) for path in RESULTS.glob("*.json")}
    return {name: found[name] for name in TABLE if name in found}


def compared(one: dict, other: dict) -> dict[str, dict]:
    """Paired tests of `other` against `one`, set by set."""
    return {s: paired([Heard(**row) for row in one["heard"][s]], [Heard(**row) for row in other["heard"][s]])
            for s in one["heard"] if s in other["heard"]}
