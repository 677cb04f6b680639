"""The training loop: stages in order, two processes with averaged weights, checkpoints that any run goes on from.

In:  settings, frames, pieces. Out: CHECKPOINTS/<stage>.pt (ends of stages), current.pt (every three minutes), log.txt.
"""

import copy
import dataclasses
import datetime
import hashlib
import json
import math
import os
import sys
import time

import torch
import torch.distributed as dist

from .dataset import Pool, read_all
from .decode import evaluate
from .losses import LOSSES, transducer_loss
from .network import Recognizer
from .pieces import MODEL, Pieces
from .settings import CHECKPOINTS, FRAMES, Settings, Stage

PHONES = CHECKPOINTS / "phones.json"


def log(text: str) -> None:
    line = f"{datetime.datetime.now():%H:%M:%S} {text}"
    print(line, flush=True)
    with (CHECKPOINTS / "log.txt").open("a") as out:
        out.write(line + "\n")


def phone_names(utterances) -> list[str]:
    """Names of the synthesiser's phones, fixed at the first run."""
    if not PHONES.exists():
        names = sorted({name for u in utterances for name, _ in (u.phones or [])})
        PHONES.parent.mkdir(parents=True, exist_ok=True)
        temporary = PHONES.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(names or ["pau"]))
        temporary.rename(PHONES)
    return json.loads(PHONES.read_text())


def rate_at(stage: Stage, update: int) -> float:
    if update < stage.warmup:
        return stage.rate * (update + 1) / stage.warmup
    share = (update - stage.warmup) / max(1, stage.updates - stage.warmup)
    return stage.rate_end + 0.5 * (stage.rate - stage.rate_end) * (1 + math.cos(math.pi * min(1.0, share)))


def average_weights(model, world: int) -> None:
    """One flat vector, averaged over the processes. Each makes some updates of its own between two averages: on a
    shared machine they would otherwise wait for each other at every update."""
    if world == 1:
        return
    with torch.no_grad():
        flat = torch.cat([p.view(-1) for p in model.parameters()])
        dist.all_reduce(flat)
        flat /= world
        at = 0
        for p in model.parameters():
            p.copy_(flat[at:at + p.numel()].view_as(p))
            at += p.numel()


def configuration(settings: Settings) -> dict:
    """What a checkpoint must agree with: the network's shape and the word pieces."""
    return {**dataclasses.asdict(settings.network), "piecesDigest": hashlib.sha256(MODEL.read_bytes()).hexdigest()[:16]}


def read_checkpoint(name: str, settings: Settings) -> dict:
    """A checkpoint of the same configuration, or one sentence that says why not."""
    path = CHECKPOINTS / f"{name}.pt"
    try:
        state = torch.load(path, weights_only=False, map_location="cpu")
    except (OSError, RuntimeError, EOFError, ValueError) as error:
        raise RuntimeError(f"{path} cannot be read ({str(error).splitlines()[0][:120]}); resume from another") from error
    if not isinstance(state, dict) or not {"model", "stage", "update"} <= state.keys():
        raise RuntimeError(f"{path} is no checkpoint of this recipe; resume from another")
    ours = configuration(settings)
    for key, value in state.get("configuration", {}).items():
        if ours.get(key) != value:
            raise RuntimeError(f"{path} was made with {key} {value}, these settings have {ours.get(key)}: resume from "
                               "another checkpoint, or move it away to start anew")
    return state


class Run:
    """State of a training run in one process."""

    def __init__(self, settings: Settings, rank: int, world: int):
        torch.manual_seed(settings.seed)
        self.settings, self.rank, self.world = settings, rank, world
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", rank))) if torch.cuda.is_available() \
            else torch.device("cpu")
        self.pieces = Pieces()
        self.load_data()
        self.model = Recognizer(settings.network, len(self.phones)).to(self.device)
        self.teacher = None
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-3, betas=(0.9, 0.98),
                                           weight_decay=settings.weight_decay)
        self.stage, self.update = 0, 0
        self.seconds, self.cpu = 0.0, 0.0

    def load_data(self) -> None:
        """Reads all parts that are finished; synthesis may still be adding to them."""
        self.parts = sorted(FRAMES.glob("*.jsonl"))
        utterances = read_all(FRAMES, "train", self.pieces)
        self.phones = phone_names(utterances)
        self.pool = Pool(utterances, self.settings, self.phones)
        self.dev = self.read_dev()
        hours = {name: sum(len(u.frames) for u in members) / 360000 for name, members in self.pool.sources.items()}
        if self.rank == 0:
            log("data, hours: " + ", ".join(f"{name} {value:.2f}" for name, value in sorted(hours.items())))

    def read_dev(self) -> list:
        """Development utterances, at most 60 a set: they steer, they do not report."""
        count: dict[str, int] = {}
        chosen = []
        for u in read_all(FRAMES, "dev", self.pieces):
            count[u.set] = count.get(u.set, 0) + 1
            if u.labels and count[u.set] <= 60:
                chosen.append(u)
        return chosen

    def save(self, name: str) -> None:
        if self.rank:
            return
        temporary = CHECKPOINTS / f"{name}.tmp"
        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "stage": self.stage,
                 "update": self.update, "seconds": self.seconds, "cpu": (self.cpu + time.process_time()) * self.world,
                 "sparse": self.model.sparse, "quantize": self.model.quantize, "bits": self.model.bits,
                 "configuration": configuration(self.settings)}
        try:
            torch.save(state, temporary)
            temporary.rename(CHECKPOINTS / f"{name}.pt")
        except (OSError, RuntimeError) as error:
            temporary.unlink(missing_ok=True)
            raise RuntimeError(f"{CHECKPOINTS}: the checkpoint {name} cannot be written ({str(error)[:100]}); free some "
                               "space and start again, training goes on from the one before") from error

    def load(self, name: str, at_end: bool = False) -> None:
        """Goes on from a checkpoint; `at_end` begins the stage after it instead."""
        state = read_checkpoint(name, self.settings)
        self.model.load_state_dict(state["model"])
        if "optimizer" in state:
            self.optimizer.load_state_dict(state["optimizer"])
        self.stage, self.update = state["stage"], state["update"]
        self.seconds, self.cpu = state["seconds"], state["cpu"] / self.world - time.process_time()
        self.model.sparse, self.model.quantize = state["sparse"], state["quantize"]
        self.model.bits = state.get("bits", 8)
        if at_end:
            self.stage, self.update = self.stage + 1, 0

    def begin_stage(self, stage: Stage) -> None:
        """What changes at the start of a stage, once."""
        self.optimizer.state.clear()
        self.model.bits = stage.bits
        if stage.quantize and not self.model.quantize:
            batch = self.pool.batches(stage, 99, 0, 0, group=2)[0]
            batch = batch.to(self.device)
            scales = self.model.choose_scales(batch.features, batch.step_counts)
            self.model.quantize = True
            if self.rank == 0:
                log(f"output scales {scales}")

    def load_teacher(self, stage: Stage) -> None:
        """The stage's teacher: a network of this shape or another, as its checkpoint says."""
        self.teacher = None
        if stage.teacher:
            settings = copy.deepcopy(self.settings)
            state = torch.load(CHECKPOINTS / f"{stage.teacher}.pt", weights_only=False, map_location="cpu")
            kept = {f.name for f in dataclasses.fields(settings.network)}
            shape = {k: v for k, v in state.get("configuration", {}).items() if k in kept}
            settings.network = dataclasses.replace(settings.network, **shape)
            read_checkpoint(stage.teacher, settings)
            teacher = Recognizer(settings.network, state["model"]["phone_head.bias"].shape[0])
            teacher.load_state_dict(state["model"])
            teacher.sparse, teacher.quantize = state["sparse"], state["quantize"]
            self.teacher = teacher.to(self.device).eval()

    def prune(self, stage: Stage) -> None:
        """Sparsity over the first part of the stage: along a cubic curve with masks anew every 50 updates, or the
        blocks that diverge least shrink epoch by epoch until they are gone."""
        if not stage.prune_share or self.update % (self.settings.epoch if stage.pruning == "diverge" else 50):
            return
        share = min(1.0, self.update / (stage.prune_share * stage.updates))
        if stage.pruning == "diverge":
            self.model.diverge(stage.sparsity, share)
        else:
            self.model.prune(stage.sparsity * (1 - (1 - share) ** 3))

    def step(self, stage: Stage, batch) -> dict[str, float]:
        self.prune(stage)
        for group in self.optimizer.param_groups:
            group["lr"] = rate_at(stage, self.update)
        loss, figures = LOSSES.get(stage.name, transducer_loss)(self.model, batch.to(self.device), self.settings, stage,
                                                                self.teacher)
        if stage.pull:  # rises over the last half of the stage
            strength = stage.pull * max(0.0, 2 * self.update / stage.updates - 1)
            loss = loss + strength * self.model.pull() if strength else loss
        self.optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.settings.clip)
        if torch.isfinite(norm):
            self.optimizer.step()
        self.seconds += batch.seconds * self.world
        if (self.update + 1) % self.settings.average_every == 0:
            average_weights(self.model, self.world)
        return figures

    def report(self, stage: Stage, sums: dict, count: int, wall: float) -> None:
        cpu = (self.cpu + time.process_time()) * self.world / 60
        text = " ".join(f"{name} {value / count:.3f}" for name, value in sums.items())
        log(f"{stage.name} {self.update} rate {rate_at(stage, self.update):.2e} {text} density "
            f"{self.model.density():.3f} shown {self.seconds / 3600:.2f} h, {cpu:.1f} CPU min, {wall:.0f} s audio/s")

    def check(self, stage: Stage) -> None:
        """Word errors on the development sets, in the log."""
        if self.rank or stage.name in ("phones", "pieces"):
            return
        began = time.time()
        self.model.eval().cpu()
        for penalty, sets in evaluate(self.model, self.dev, self.pieces, self.settings, (0.0, 1.0)).items():
            log(f"  dev, blank penalty {penalty}: " + ", ".join(
                f"{name} {e.rate:.1f} (s{e.substitutions} d{e.deletions} i{e.insertions} of {e.words})"
                for name, e in sorted(sets.items())) + f" [{time.time() - began:.0f} s]")
        self.model.train().to(self.device)


def train_stage(run: Run, stage: Stage, check_every: int) -> None:
    saved = reported = time.time()
    sums: dict[str, float] = {}
    count, shown = 0, run.seconds
    number = run.update  # which batches come next; a resumed stage never sees the old ones again
    while run.update < stage.updates:
        for batch in run.pool.batches(stage, run.stage, number, run.rank):
            if run.update >= stage.updates:
                break
            for name, value in run.step(stage, batch).items():
                sums[name] = sums.get(name, 0.0) + value
            run.update += 1
            count += 1
            if run.update % 100 == 0 and run.rank == 0:
                now = time.time()
                run.report(stage, sums, count, (run.seconds - shown) / (now - reported))
                sums, count, reported, shown = {}, 0, now, run.seconds
                if now - saved > run.settings.checkpoint_seconds:
                    run.save("current")
                    saved = now
            if check_every and run.update % check_every == 0:
                run.check(stage)
        number += 1
        if number % 100 == 0 and sorted(FRAMES.glob("*.jsonl")) != run.parts:
            run.load_data()
    if stage.prune_share and run.model.density() > 1.001 - stage.sparsity:
        run.model.prune(stage.sparsity)  # an epoch of "diverge" may end after the stage
    run.save(stage.name)
    run.check(stage)


def worker(rank: int, settings: Settings, rendezvous: str, resume: str, at_end: bool, check_every: int) -> None:
    """One process of a run; a failure that has one sentence ends it with that sentence."""
    torch.set_num_threads(1)
    world = settings.processes
    if world > 1:
        method = {"init_method": f"file://{rendezvous}", "rank": rank, "world_size": world} if rendezvous else {}
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo",
                                timeout=datetime.timedelta(minutes=30), **method)
    try:
        stages(Run(settings, rank, world), resume, at_end, check_every)
    except RuntimeError as error:
        if type(error) is not RuntimeError:
            raise
        print(error, file=sys.stderr, flush=True)
        sys.exit(2)


def stages(run: Run, resume: str, at_end: bool, check_every: int) -> None:
    """All stages from where the checkpoint stands."""
    settings = run.settings
    if resume:
        run.load(resume, at_end)
    while run.stage < len(settings.stages):
        stage = settings.stages[run.stage]
        if run.rank == 0:
            log(f"stage {stage}")
        run.load_teacher(stage)
        if run.update == 0:
            run.begin_stage(stage)
        train_stage(run, stage, check_every)
        run.stage, run.update = run.stage + 1, 0
    if run.rank == 0:
        log("training is complete")


def train(settings: Settings, resume: str = "", at_end: bool = False, check_every: int = 1500) -> None:
    """Under torchrun (RANK and WORLD_SIZE are set) this process is one of the run; else it starts them all."""
    CHECKPOINTS.mkdir(parents=True, exist_ok=True)
    if "RANK" in os.environ and "WORLD_SIZE" in os.environ:
        settings.processes = int(os.environ["WORLD_SIZE"])
        worker(int(os.environ["RANK"]), settings, "", resume, at_end, check_every)
        return
    rendezvous = CHECKPOINTS / f"rendezvous-{os.getpid()}"
    log(f"settings {settings}")
    if settings.processes == 1:
        worker(0, settings, "", resume, at_end, check_every)
        return
    try:
        torch.multiprocessing.spawn(worker, (settings, str(rendezvous), resume, at_end, check_every),
                                    nprocs=settings.processes)
    except torch.multiprocessing.ProcessExitedException as error:  # it has said why
        raise SystemExit(error.exit_code if error.exit_code and error.exit_code > 0 else 1) from error
    finally:
        rendezvous.unlink(missing_ok=True)
