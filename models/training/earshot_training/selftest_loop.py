"""Quick check of the training loop, half a minute on one core: python3 -m earshot_training.selftest_loop

In a cache of its own, on noise with made-up words: every kind of stage, both ways of pruning, the pull to the grid, a
teacher, a cut in the middle and its resumption, a checkpoint of another shape, a broken one, a full disk.
"""

import os
import resource
import sys
import tempfile

if "EARSHOT_SELFTEST" not in os.environ:  # the processes that training starts read this file too
    CACHE_FOLDER = tempfile.TemporaryDirectory(prefix="earshot-selftest-")
    os.environ["EARSHOT_SELFTEST"] = os.environ["EARSHOT_CACHE"] = CACHE_FOLDER.name

import numpy as np  # noqa: E402
import torch  # noqa: E402

from . import loop, pieces, store  # noqa: E402
from .settings import CHECKPOINTS, FRAMES, Network, Settings, Stage  # noqa: E402


def invent(rng, name: str, count: int, timed: bool) -> list[str]:
    """A part of noise with random words; returns its texts."""
    words = ["".join(rng.choice(list("abcdefghijklmnoprstuvw"), rng.integers(2, 7))) for _ in range(300)]
    texts = []
    with store.Writer(str(FRAMES), name, "test") as writer:
        for i in range(count):
            said = [str(w) for w in rng.choice(words, rng.integers(1, 5))]
            frames = rng.integers(-60, 60, (60 * len(said), 40))
            times = {"phones": [["aa", 30 * (n + 1)] for n in range(2 * len(said))],
                     "words": [[w, 60 * n, 60 * n + 60] for n, w in enumerate(said)]} if timed else {}
            writer.add(frames, text=" ".join(said), speaker=f"s{i % 5}", set="synth-test" if timed else "coffee",
                       split="dev" if "dev" in name else "train", seconds=len(frames) / 100, id=f"{name}-{i}", **times)
            texts.append(" ".join(said))
    return texts


def settings(processes: int = 1, **network) -> Settings:
    shape = Network(**{"units": 32, "predictor": 16, "joint": 32, "embedding": 8, "pieces": 120, **network})
    tiny = dict(updates=6, batch_seconds=8, rate=1e-3, rate_end=1e-4, synthetic=0.5)
    return Settings(processes=processes, network=shape, average_every=2, epoch=2, checkpoint_seconds=0, stages=(
        Stage("phones", **tiny), Stage("pieces", **tiny), Stage("transducer", **tiny),
        Stage("prune", **tiny, sparsity=0.5, prune_share=0.5),
        Stage("int8", **tiny, sparsity=0.75, prune_share=0.6, pruning="diverge", quantize=True, pull=1e-4,
              teacher="transducer")))


def refused(run, part: str) -> None:
    """`run` ends with one sentence that has `part` in it."""
    try:
        run()
    except RuntimeError as error:
        assert part in str(error) and "\n" not in str(error), f"{error!r} does not say {part!r}"
    else:
        raise AssertionError(f"nothing refused: {part}")


def check_stages() -> None:
    """From nothing to a sparse int8 network, in two processes and across a cut."""
    whole = settings(2)
    first = settings(2)
    first.stages = whole.stages[:3]
    loop.train(first, check_every=0)
    loop.train(whole, "transducer", at_end=True, check_every=3)
    state = loop.read_checkpoint("int8", whole)
    zeros = [float((state["model"][name] == 0).float().mean()) for name in state["model"] if name.endswith("_blocks")]
    assert state["quantize"] and all(abs(share - 0.75) < 0.1 for share in zeros), f"blocks gone: {zeros}"


def check_refusals() -> None:
    refused(lambda: loop.read_checkpoint("int8", settings(layers=2)), "layers 3, these settings have 2")
    (CHECKPOINTS / "broken.pt").write_bytes((CHECKPOINTS / "int8.pt").read_bytes()[:5000])
    refused(lambda: loop.read_checkpoint("broken", settings()), "cannot be read")
    run = loop.Run(settings(), 0, 1)
    before = (CHECKPOINTS / "int8.pt").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, limits[1]))  # the disk is full
    try:
        refused(lambda: run.save("int8"), "free some space")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (CHECKPOINTS / "int8.pt").read_bytes() == before and not list(CHECKPOINTS.glob("*.tmp")), "half a checkpoint"


def check_pull() -> None:
    """The regulariser alone moves weights to the levels of their grid."""
    from .network import grid_pull, grid_step
    torch.manual_seed(3)
    weight = torch.nn.Parameter(torch.randn(8, 64))
    step = grid_step(weight, bits=6)

    def near() -> float:
        place = (weight.detach() / step) % 1
        return float(((place < 0.1) | (place > 0.9)).float().mean())

    before = near()
    for _ in range(150):
        grid_pull(weight, 6).backward()
        with torch.no_grad():
            weight -= 0.002 * weight.grad
            weight.grad = None
    assert near() > 2 * before, f"{before} of the weights near a level, then {near()}"


def main() -> int:
    rng = np.random.default_rng(5)
    loop.log = lambda text: None
    spoken = invent(rng, "synth-test-train-000", 60, True) + invent(rng, "real-coffee-train", 40, False)
    invent(rng, "real-coffee-dev", 4, False)
    pieces.train(spoken * 20, settings())
    for check in (check_stages, check_refusals, check_pull):
        check()
        print(f"{check.__name__}: ok", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
