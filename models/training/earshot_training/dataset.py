"""Utterances as int8 frames on disk, and the batches drawn from them.

In:  NAME.frames (int8 [N][40]) and NAME.jsonl (one utterance a line) in the frames folder. Out: Batch objects.
A batch depends only on (seed, stage, number, process), never on what was drawn before, so a run can be cut anywhere.
"""

import collections
import dataclasses
import json
import pathlib

import numpy as np
import torch

from . import align, augment
from .settings import BINS, Settings, Stage

LATE_STEPS = 1  # frame-wise targets stand this many encoder steps late, so that the net has heard the frame


@dataclasses.dataclass
class Utterance:
    source: str  # key of Settings.mix, or synthetic
    speaker: str
    text: str
    split: str
    frames: np.ndarray  # int8 view [n, 40]
    labels: list[int]
    phones: list | None  # [name, end frame]
    words: list | None  # [word, start frame, end frame]
    word_pieces: list[int] = dataclasses.field(default_factory=list)  # pieces of each word
    set: str = ""
    id: str = ""


@dataclasses.dataclass
class Batch:
    features: torch.Tensor  # [T, B, stack * 40]
    step_counts: torch.Tensor  # int32 [B]
    labels: torch.Tensor  # int64 [B, U]
    label_counts: torch.Tensor  # int32 [B]
    phones: torch.Tensor  # int64 [T, B], -100 unknown
    spikes: torch.Tensor  # int64 [T, B], 0 blank, -100 unknown
    seconds: float

    def to(self, device):
        """The same batch on another device."""
        moved = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return Batch(**{name: t.to(device) if isinstance(t, torch.Tensor) else t for name, t in moved.items()})


SOURCES = {"synth-music": "music", "synth-splice-orders": "spliced-orders", "synth-splice": "spliced",
           "synth-neural": "neural", "synth": "synthetic", "librispeech": "librispeech", "unlabelled": "unlabelled",
           "speech-commands": "speech-commands", "wakewords": "wakewords"}  # by how the name of a set begins, the first that fits
MADE = ("synthetic", "neural")  # their pauses are digital silence
MARGIN = 40  # frames of silence that stay before and after the words of an aligned recording


def source_of(name: str) -> str:
    """Key of Settings.mix of a set."""
    return next((source for start, source in SOURCES.items() if name.startswith(start)), name)


def trimmed(view: np.ndarray, words: list | None, whole: bool) -> np.ndarray:
    """A recording without most of the silence around its words: half of an order's file is silence."""
    if not words or whole:
        return view
    return view[max(0, words[0][1] - MARGIN):words[-1][2] + MARGIN]


def read_part(lines: pathlib.Path, split: str, pieces) -> list[Utterance]:
    frames = np.memmap(lines.with_suffix(".frames"), dtype=np.int8, mode="r").reshape(-1, BINS)
    found = []
    times = align.words_of(lines.name.removeprefix("real-").removesuffix("-train.jsonl")) if split == "train" else {}
    for number, line in enumerate(lines.open()):
        row = json.loads(line)
        if row["split"] != split:
            continue
        view = frames[row["offset"]:row["offset"] + row["frames"]]
        view = trimmed(view, times.get(row.get("id")), number % 8 == 0)
        text = row.get("text") or ""
        labels = pieces.encode(text) if text else []
        found.append(Utterance(source_of(row["set"]), row.get("speaker", ""), text, split, view, labels,
                               row.get("phones"), row.get("words"), pieces.word_counts(labels), row["set"],
                               row.get("id", "")))
    return found


def read_all(folder: pathlib.Path, split: str, pieces) -> list[Utterance]:
    found = []
    for lines in sorted(folder.glob("*.jsonl")):
        found += read_part(lines, split, pieces)
    return found


class Pool:
    """Draws training batches in the mix of the settings."""

    def __init__(self, utterances: list[Utterance], settings: Settings, phone_names: list[str]):
        self.settings = settings
        self.phone_index = {name: i for i, name in enumerate(phone_names)}
        families = ([u.frames for u in utterances if u.source == source] for source in ("noise", "music"))
        self.clips = [[one for i, frames in enumerate(family) for one in augment.variants(frames, 3, i)]
                      for family in families if family]
        self.sources: dict[str, list[Utterance]] = {}
        for u in utterances:
            if u.source == "unlabelled" and not u.labels:
                continue  # before a teacher has listened (label.py)
            if u.source != "music" and 15 <= len(u.frames) <= 1700 and len(u.labels) <= 0.8 * len(u.frames) / 6:
                self.sources.setdefault(u.source, []).append(u)
        if self.clips:
            self.sources["noise"] = [u for u in utterances if u.source in ("noise", "music")]
        self.timed = [u for u in self.sources.get("synthetic", []) if u.phones]
        self.tables = {name: self._table(members) for name, members in self.sources.items()}

    @staticmethod
    def _table(members: list[Utterance]) -> np.ndarray:
        """Cumulative weights: a speaker, and a text, counts by the square root of its utterances."""
        speakers = collections.Counter(u.speaker for u in members)
        said = collections.Counter(u.text for u in members)
        weights = np.array([(speakers[u.speaker] * said[u.text]) ** -0.5 for u in members])
        return np.cumsum(weights / weights.sum())

    def _draw_one(self, rng, name: str) -> list[Utterance]:
        table, members = self.tables[name], self.sources[name]
        first = members[min(int(np.searchsorted(table, rng.random())), len(members) - 1)]
        if name == "noise" or len(first.frames) > 250 or rng.random() > 0.25:
            return [first]
        second = members[min(int(np.searchsorted(table, rng.random())), len(members) - 1)]
        return [first, second] if len(second.frames) < 400 else [first]

    def shares(self, synthetic: float) -> dict[str, float]:
        """Share of sound of each source that has frames."""
        real = {n: part for n, part in self.settings.mix.items() if n in self.sources}
        whole = sum(real.values())
        if "synthetic" not in self.sources:
            synthetic = 0.0
        shares = {n: (1 - synthetic) * part / whole for n, part in real.items()}
        return shares | ({"synthetic": synthetic} if synthetic else {})

    def draw(self, rng, seconds: float, timed: bool, synthetic: float) -> list[list[Utterance]]:
        """Utterances (some joined in twos) of about `seconds` of sound in all."""
        drawn, total = [], 0.0
        shares = self.shares(synthetic)
        names = list(shares)
        mean = np.array([np.mean([len(u.frames) for u in self.sources[n]]) + 80 for n in names])
        share = np.array(list(shares.values())) / mean
        share /= share.sum()
        while total < seconds:
            if timed:
                item = [self.timed[rng.integers(len(self.timed))]]
            else:
                item = self._draw_one(rng, names[rng.choice(len(names), p=share)])
            drawn.append(item)
            total += sum(len(u.frames) for u in item) / 100 + 0.8
        return drawn

    def batches(self, stage: Stage, index: int, number: int, process: int, group: int = 8) -> list[Batch]:
        """Group `number` of a stage for one process: about `group` batches, short and long ones in mixed order.

        All processes draw the same utterances, cut them into batches by length and take neighbours, so that batches
        of the same turn cost the same and no process waits long for another."""
        world = self.settings.processes
        shared = np.random.default_rng([self.settings.seed, index, number])
        rng = np.random.default_rng([self.settings.seed, index, number, process])
        timed = stage.name in ("phones", "pieces")
        items = self.draw(shared, stage.batch_seconds * group * world, timed, stage.synthetic)
        lengths = [sum(min(len(u.frames), 500 if u.source in ("noise", "music") else 10000) for u in item) + 80  # and pauses
                   for item in items]
        groups, current = [], []
        for i in np.argsort(lengths, kind="stable"):
            if current and lengths[i] * (len(current) + 1) > stage.batch_seconds * 100:
                groups.append(current)
                current = []
            current.append(items[i])
        turns = [groups[at:at + world] for at in range(0, len(groups) - world + 1, world)]
        mine = [turns[i][process] for i in shared.permutation(len(turns))]
        return [self._collate(rng, [self._prepare(rng, item, timed) for item in members]) for members in mine]

    def _prepare(self, rng, item: list[Utterance], timed: bool):
        """Frames, labels and frame-wise targets of one (perhaps joined) utterance, with pauses around it."""
        frames, phones, spikes, labels = [], [], [], []

        def add_pause(floor, count):
            frames.append(augment.pause(rng, floor, count))
            phones.append(np.full(count, self.phone_index.get("pau", -100)))
            spikes.append(np.zeros(count, np.int64))

        tempo, tract = rng.uniform(0.86, 1.16), rng.uniform(0.84, 1.18)
        if "warp" in self.settings.leave_out:
            tempo, tract = 1.0, 1.0
        for k, u in enumerate(item):
            source = u.frames
            if u.source in ("noise", "music"):
                length = int(min(len(source), rng.integers(100, 500)))
                begin = int(rng.integers(0, len(source) - length + 1))
                source = source[begin:begin + length]
            warped, origin = augment.warp(source.astype(np.float32), tempo, tract)
            floor = augment.floor_of(warped)
            lead = rng.integers(50, 250) if rng.random() < 0.06 else rng.integers(0, 50)
            add_pause(floor, int(lead) if k == 0 else int(rng.integers(10, 80)))
            frames.append(warped.astype(np.float32))
            phones.append(self._phone_frames(u, timed)[origin])
            spikes.append(self._spike_frames(u, len(source), timed, origin))
            labels += u.labels
        tail = int(rng.integers(15, 100)) if rng.random() < 0.6 else int(rng.integers(0, 15))
        add_pause(floor, tail)
        start = int(rng.integers(0, self.settings.network.stack))
        joined = [np.concatenate(parts)[start:] for parts in (frames, phones, spikes)]
        return joined[0], joined[1], joined[2], labels, item[0].source in MADE

    def _phone_frames(self, u: Utterance, timed: bool) -> np.ndarray:
        out = np.full(len(u.frames), -100, np.int64)
        if timed and u.phones:
            begin = 0
            for name, end in u.phones:
                out[begin:end] = self.phone_index.get(name, -100)
                begin = end
            out[begin:] = self.phone_index.get("pau", -100)
        return out

    @staticmethod
    def _spike_frames(u: Utterance, count: int, timed: bool, origin: np.ndarray) -> np.ndarray:
        """Each piece at its place inside its word, counted from the word's times; warped like the frames."""
        out = np.zeros(len(origin), np.int64)
        if not (timed and u.words):
            return out
        pieces = u.labels
        at = 0
        for parts, (_, begin, end) in zip(u.word_pieces, u.words):
            for i, piece in enumerate(pieces[at:at + parts]):
                source = begin + (end - begin) * (i + 1) / parts
                place = min(int(np.searchsorted(origin, min(source, count - 1))), len(out) - 1)
                while place + 1 < len(out) and out[place]:
                    place += 1
                out[place] = piece
            at += parts
        return out

    def _collate(self, rng, items) -> Batch:
        stack = self.settings.network.stack
        lengths = np.array([len(i[0]) for i in items])
        steps = np.maximum(1, lengths // stack)
        padded = int(steps.max()) * stack
        frames = np.zeros((len(items), padded, BINS), np.float32)
        for b, item in enumerate(items):
            cut = item[0][:padded]
            frames[b, :len(cut)] = cut
            frames[b, len(cut):] = cut[-1]
        clean = np.array([i[4] for i in items])
        frames = augment.disturb(rng, frames, np.minimum(lengths, padded), self.clips, clean,
                                 self.settings.leave_out)
        return make_batch(frames, steps, [i[3] for i in items], self.settings,
                          phones=[i[1] for i in items], spikes=[i[2] for i in items])


def _frame_targets(rows, steps: np.ndarray, stack: int, spiky: bool) -> torch.Tensor:
    """Frame targets to step targets, LATE_STEPS late: the middle frame's phone, or the one piece inside the step."""
    out = np.full((int(steps.max()), len(rows)), -100, np.int64)
    for b, row in enumerate(rows):
        whole = row[:len(row) // stack * stack].reshape(-1, stack)
        value = whole.max(axis=1) if spiky else whole[:, stack // 2]
        count = min(int(steps[b]), len(value)) - LATE_STEPS
        if count > 0:
            out[LATE_STEPS:LATE_STEPS + count, b] = value[:count]
        if spiky:
            out[:LATE_STEPS, b] = 0
    return torch.from_numpy(out)


def make_batch(frames: np.ndarray, steps: np.ndarray, labels: list[list[int]], settings: Settings,
               phones=None, spikes=None) -> Batch:
    """frames: float [B, T * stack, 40] with int8 values."""
    network = settings.network
    batch, padded, _ = frames.shape
    x = (frames - network.input_mean) * network.input_scale
    x = torch.from_numpy(x.reshape(batch, padded // network.stack, network.stack * BINS)).transpose(0, 1).contiguous()
    width = max(1, max(len(l) for l in labels))
    table = torch.zeros(batch, width, dtype=torch.int64)
    for b, l in enumerate(labels):
        table[b, :len(l)] = torch.tensor(l, dtype=torch.int64)
    empty = torch.full(x.shape[:2], -100, dtype=torch.int64)
    return Batch(
        features=x.float(),
        step_counts=torch.tensor(steps, dtype=torch.int32),
        labels=table,
        label_counts=torch.tensor([len(l) for l in labels], dtype=torch.int32),
        phones=_frame_targets(phones, steps, network.stack, False) if phones is not None else empty,
        spikes=_frame_targets(spikes, steps, network.stack, True) if spikes is not None else empty,
        seconds=float(steps.sum()) * network.stack / 100,
    )
