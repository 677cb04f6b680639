"""A model of one's own: the released network trained a little further on a person's recordings and words.

In:  a folder in the data layout (<set>.jsonl with <set>-<split>.tar, or loose files), perhaps a list of words or
sentences, models/training/earshot.half.pt, models/earshot.esm. Out: a packed model beside the released one.
What was learnt is kept in two ways: the released network is the teacher, and the learning rate is small. Needs no
other data of the recipe, two cores and half an hour for an hour of recordings; a run that was cut goes on.
"""

import hashlib
import io
import json
import os
import pathlib
import shutil
import sys

import numpy as np
import torch

from . import corpus, esm, manifest, music, pieces, store, voices
from .settings import CACHE, CHECKPOINTS, FRAMES, REPOSITORY, Network, Settings, Stage

HALF = REPOSITORY / "models" / "training" / "earshot.half.pt"
RELEASED = REPOSITORY / "models" / "earshot.esm"
START = "start"  # the checkpoint that adaptation goes on from, and its teacher
LEAST_SECONDS = 30.0  # of usable sound
SAID_EACH = 6  # times that each line of the word list is spoken, each in another voice
MISFIT = 4.0  # nats a unit above the middle of all: the words are not those of the sound


def write_half(name: str, path: pathlib.Path = HALF) -> None:
    """A checkpoint in half precision with its word pieces: all that adaptation needs."""
    from .loop import configuration, read_checkpoint
    settings = Settings()
    state = read_checkpoint(name, settings)
    model = {k: v.half() if v.is_floating_point() else v for k, v in state["model"].items()}
    for key in list(model):
        if key.endswith("_blocks"):
            model[key] = model[key].to(torch.uint8)
    kept = {k: state[k] for k in ("stage", "update", "seconds", "cpu", "sparse", "quantize")}
    kept |= {"model": model, "bits": 8, "configuration": configuration(settings), "pieces": pieces.MODEL.read_bytes()}
    temporary = path.with_suffix(".new")
    torch.save(kept, temporary)
    temporary.rename(path)
    print(f"{path}: {path.stat().st_size} bytes")


def read_half(path: pathlib.Path = HALF) -> dict:
    """The half-precision checkpoint, as floats again; its word pieces go into the cache."""
    if not path.exists():
        raise RuntimeError(f"{path}: expected the released checkpoint, found nothing; get it with git")
    try:
        state = torch.load(io.BytesIO(path.read_bytes()), weights_only=False, map_location="cpu")
    except (RuntimeError, EOFError, ValueError, OSError) as error:
        raise RuntimeError(f"{path} cannot be read ({str(error).splitlines()[0][:100]}); get it with git again") from error
    state["model"] = {k: v.float() if v.dtype in (torch.float16, torch.uint8) else v for k, v in state["model"].items()}
    pieces.MODEL.parent.mkdir(parents=True, exist_ok=True)
    pieces.MODEL.write_bytes(state.pop("pieces"))
    return state


def word_list(path: pathlib.Path) -> list[str]:
    """Lines of a word list that can be said; each that cannot is named and left out."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RuntimeError(f"{path}: cannot be read as text ({error})") from error
    good = []
    for number, line in enumerate(lines, 1):
        text = " ".join(line.lower().split())
        if text and not text.startswith("#"):
            if manifest.TEXT.match(text) and len(text) <= 120:
                good.append(text)
            else:
                print(f"adapt: left out: {path.name}, line {number}: expected words and apostrophes, found {line[:60]!r}",
                      file=sys.stderr)
    return good


def speak(texts: list[str]) -> None:
    """The word list by espeak-ng's voices."""
    if not shutil.which("espeak-ng"):
        raise RuntimeError("the word list needs a voice: install the Debian package espeak-ng, or leave --words out")
    items = [(text, {"kind": "words"}) for text in texts for _ in range(SAID_EACH)]
    voices.espeak_shard(str(FRAMES), 0, items, "adapt")


@torch.no_grad()
def misfits(settings: Settings, state: dict) -> list[str]:
    """Ids of recordings whose words the released network finds far less likely than those of the others."""
    from . import losses
    from .dataset import make_batch, read_all
    from .network import Recognizer
    model = Recognizer(settings.network, state["model"]["phone_head.bias"].shape[0]).eval()
    model.load_state_dict(state["model"])
    model.sparse, model.quantize = state["sparse"], state["quantize"]
    own = [u for u in read_all(FRAMES, "train", pieces.Pieces()) if u.labels and not u.set.startswith("synth")]
    costs = []
    for u in own:
        steps = np.array([max(1, (len(u.frames) + 30) // settings.network.stack)])
        frames = np.zeros((1, int(steps[0]) * settings.network.stack, 40), np.float32)
        count = min(len(u.frames), frames.shape[1])
        frames[0, :count] = u.frames[:count]
        frames[0, count:] = np.quantile(u.frames, 0.1, axis=0)
        batch = make_batch(frames, steps, [u.labels], settings)
        costs.append(losses.transducer_loss(model, batch, settings, settings.stages[0])[1]["loss"])
    limit = np.median(costs) + MISFIT + 2 * np.median(np.abs(costs - np.median(costs))) if costs else 0
    return [u.id for u, cost in zip(own, costs) if cost > limit and len(own) >= 10]


def drop(ids: set[str]) -> None:
    """Takes utterances out of the frames' indices."""
    for path in FRAMES.glob("real-*.jsonl"):
        rows = [line for line in path.read_text().splitlines() if json.loads(line)["id"] not in ids]
        temporary = path.with_suffix(".new")
        temporary.write_text("".join(row + "\n" for row in rows))
        temporary.rename(path)


def hours_at_hand() -> float:
    """Hours of the person's own training recordings that are usable."""
    seconds = 0.0
    for path in FRAMES.glob("real-*.jsonl"):
        seconds += sum(row["seconds"] for row in map(json.loads, path.open()) if row["split"] == "train" and row["text"])
    if seconds < LEAST_SECONDS:
        raise RuntimeError(f"{seconds:.0f} s of recordings with words can be used for training, expected at least "
                           f"{LEAST_SECONDS:.0f} s; see what was left out above and models/training/README.md")
    return seconds / 3600


def plan(updates: int, sources: list[str]) -> Settings:
    settings = Settings(stages=(Stage("adapt", updates, 40, 2.5e-4, 1e-5, warmup=50, synthetic=0.15, quantize=True,
                                      teacher=START, teacher_weight=0.5),))
    settings.mix = {source: 0.04 if source == "noise" else 1.0 for source in sources}
    settings.checkpoint_seconds = 60
    return settings


def prepare(folder: pathlib.Path, words: pathlib.Path | None, state: dict) -> None:
    """Frames of the recordings and of the word list, without what does not fit."""
    corpus.frames_stage(str(folder), str(FRAMES))
    music.music_stage(str(FRAMES))
    if words:
        listed = word_list(words)
        if listed:
            speak(listed)
    marker = CACHE / "misfits.json"
    front = store.front_end_digest() + str(sorted((p.name, p.stat().st_size) for p in FRAMES.glob("real-*.frames")))
    if marker.exists() and json.loads(marker.read_text())["of"] == front:
        return
    found = misfits(Settings(network=network_of(state)), state)
    for name in found:
        print(f"adapt: left out: {name}: its sound does not fit its words", file=sys.stderr)
    drop(set(found))
    marker.write_text(json.dumps({"of": front, "ids": found}))


def network_of(state: dict) -> Network:
    names = Network.__dataclass_fields__
    return Network(**{k: v for k, v in state["configuration"].items() if k in names})


def errors_on_dev(model: pathlib.Path) -> str:
    """Word errors on the person's own dev recordings, or what is missing."""
    from .dataset import read_all
    from .native_decoder import errors
    dev = [u for u in read_all(FRAMES, "dev", pieces.Pieces()) if u.labels and not u.set.startswith("synth")]
    if not dev:
        return "not measured, no recording has the split dev"
    whole = list(errors(model.read_bytes(), dev).values())
    wrong = sum(e.substitutions + e.deletions + e.insertions for e in whole)
    return f"{100 * wrong / sum(e.words for e in whole):.1f} % of {sum(e.words for e in whole)} words wrong"


def adapt(folder: pathlib.Path, out: pathlib.Path, words: pathlib.Path | None, updates: int) -> None:
    """The whole way; every part that is there is not made again."""
    from . import loop
    from .export import integers, load_model
    torch.set_num_threads(1)  # small matrices: more threads only wait for each other
    if not folder.is_dir():
        raise RuntimeError(f"{folder}: expected a folder with <set>.jsonl manifests, found nothing")
    state = read_half()
    prepare(folder, words, state)
    hours = hours_at_hand()
    updates = updates or int(min(3000, 300 + 1500 * hours))
    sources = sorted({loop_source(path) for path in FRAMES.glob("real-*-train.jsonl")} | {"noise"})
    settings = plan(updates, sources)
    settings.network = network_of(state)
    CHECKPOINTS.mkdir(parents=True, exist_ok=True)
    phones = state["model"]["phone_head.bias"].shape[0]  # a head that only the first stage uses
    loop.PHONES.write_text(json.dumps([f"p{i}" for i in range(phones)]))
    torch.save(state | {"stage": -1, "update": 0}, CHECKPOINTS / f"{START}.pt")
    said = hashlib.sha256(json.dumps([updates, sources, [(p.name, p.stat().st_size) for p in sorted(FRAMES.glob("*.frames"))]])
                          .encode()).hexdigest()
    plan_file = CACHE / "plan"
    if not plan_file.exists() or plan_file.read_text() != said:  # other recordings than those of the run that was cut
        for name in ("current", "adapt"):
            (CHECKPOINTS / f"{name}.pt").unlink(missing_ok=True)
        plan_file.write_text(said)
    if not (CHECKPOINTS / "adapt.pt").exists():
        cut = (CHECKPOINTS / "current.pt").exists()
        print(f"adapt: {hours * 60:.1f} minutes of recordings, {updates} updates{', going on' if cut else ''}", flush=True)
        loop.train(settings, "current" if cut else START, at_end=not cut, check_every=0)
    model, _ = load_model("adapt", settings)
    packed = esm.read_model(RELEASED)
    packed |= integers(model, pieces.Pieces(), packed["thresholds"], packed.get("provenance", {}) | {"adapted": True})
    temporary = out.with_suffix(".new")
    esm.write_model(temporary, packed)
    print(f"released model: {errors_on_dev(RELEASED)}; adapted: {errors_on_dev(temporary)}")
    os.replace(temporary, out)
    print(f"{out}: {out.stat().st_size} bytes; try it with npm run transcribe -- --model {out} FILE")


def loop_source(path: pathlib.Path) -> str:
    from .dataset import source_of
    return source_of(path.name.removeprefix("real-").removesuffix("-train.jsonl"))
