"""Real speech, noise and music of the data folder, as frames.

In:  <set>.jsonl manifests with <set>-<split>.tar (or <set>.tar, or loose files) of the data folder.
Out: real-<set>-<split>.frames/.jsonl in the frames folder (store.py).
Whatever cannot be used is named in one sentence and left out; the rest goes on.
"""

import functools
import glob
import io
import json
import math
import multiprocessing
import os
import sys
import tarfile
import time

import numpy as np

from . import frontend, store
from .manifest import TEXT, default_data, read_manifest

LONGEST_SECONDS = 40.0
LETTERS_A_SECOND = 32.0  # nobody speaks faster: the transcript is longer than its sound
SILENT_PEAK = 8  # int16 steps
CLIPPED_SHARE = 0.05  # of all samples at full scale
UNSPOKEN = ("noise", "music")  # sets without a transcript; those that begin with `unlabelled` have none either


class Unusable(Exception):
    """One sentence about one recording or line."""


def check_text(row, spoken):
    """The transcript, or Unusable."""
    if not spoken:
        return ""
    text = row.get("text")
    if not isinstance(text, str) or not TEXT.match(text):
        raise Unusable(f"its text is {text!r}, expected lower-case words and apostrophes")
    return text


def decode(data):
    """Bytes of a sound file to int16 mono at 16 kHz."""
    import soundfile

    try:
        sound, rate = soundfile.read(io.BytesIO(data), dtype="int16", always_2d=True)
    except (RuntimeError, TypeError, ValueError) as error:
        reason = str(error).rsplit(": ", 1)[-1]  # without the library's own name for the bytes
        raise Unusable(f"it cannot be decoded ({reason})") from error
    mono = sound[:, 0] if sound.shape[1] == 1 else np.round(sound.mean(axis=1)).astype(np.int16)
    return resample(mono, rate)


@functools.lru_cache(maxsize=8)
def phases(rate):
    """(up, down, filters [up, taps]) of a windowed-sinc low-pass that turns `rate` into 16 kHz."""
    common = math.gcd(rate, frontend.RATE)
    up, down = frontend.RATE // common, rate // common
    cut = min(1.0, frontend.RATE / rate) * 0.96
    half = int(24 / cut)
    place = (np.arange(up) * down % up)[:, None] / up  # of the output sample after the input sample before it
    away = place - np.arange(-half, half + 1)[None, :]
    filters = cut * np.sinc(cut * away) * (0.5 + 0.5 * np.cos(np.pi * np.clip(away / (half + 1), -1, 1)))
    return up, down, (filters / filters.sum(axis=1, keepdims=True)).astype(np.float32)


def resample(sound, rate):
    """Any common rate to 16 kHz; int16 in and out."""
    if rate == frontend.RATE or len(sound) == 0:
        return sound
    if not 4000 <= rate <= 192000:
        raise Unusable(f"its sample rate is {rate} Hz, expected 8000 to 96000")
    up, down, filters = phases(rate)
    half, count = filters.shape[1] // 2, int(len(sound) * frontend.RATE / rate)
    padded = np.pad(sound.astype(np.float32), (half, half + down))
    windows = np.lib.stride_tricks.sliding_window_view(padded, filters.shape[1])
    out = np.empty(count, np.float32)
    for phase in range(min(up, count)):
        part = out[phase::up]
        part[:] = windows[phase * down // up :: down][: len(part)] @ filters[phase]
    return np.clip(np.round(out), -32768, 32767).astype(np.int16)


def check_sound(sound, text):
    """Seconds, or Unusable."""
    seconds = len(sound) / frontend.RATE
    if len(sound) < 3 * frontend.HOP:
        raise Unusable(f"it holds {len(sound)} samples of sound, expected at least {3 * frontend.HOP}")
    if int(np.abs(sound.astype(np.int32)).max()) < SILENT_PEAK:
        raise Unusable("it is silent")
    clipped = float((np.abs(sound.astype(np.int32)) >= 32700).mean())
    if clipped > CLIPPED_SHARE:
        raise Unusable(f"it is clipped: {100 * clipped:.0f} % of its samples are at full scale")
    if text and seconds > LONGEST_SECONDS:
        raise Unusable(f"it lasts {seconds:.1f} s, expected at most {LONGEST_SECONDS:g} s")
    if len(text.replace(" ", "")) > LETTERS_A_SECOND * seconds:
        raise Unusable(f"its transcript of {len(text)} letters is longer than its {seconds:.2f} s of sound")
    return seconds


def sounds(data, rows, tars):
    """(row, bytes or None) in the order of the tars, then loose files."""
    waiting = {row["file"]: row for row in rows}
    for path in tars:
        try:
            with tarfile.open(path) as tar:
                for member in tar:
                    if member.isfile() and member.name in waiting:
                        yield waiting.pop(member.name), tar.extractfile(member).read()
        except (OSError, tarfile.TarError) as error:
            print(f"{os.path.basename(path)}: is broken from here on ({error})", file=sys.stderr, flush=True)
    for name, row in waiting.items():
        loose = os.path.join(data, name)
        if os.path.isfile(loose):
            with open(loose, "rb") as file:
                yield row, file.read()
        else:
            yield row, None


def make_part(job):
    """One set and split to frames; returns (name, hours, utterances, sentences about what was left out)."""
    data, folder, set_name, split, rows, tars, key = job
    name, bad, total, began = f"real-{set_name}-{split}", [], 0.0, time.time()
    with store.Writer(folder, name, key) as writer:
        for row, content in sounds(data, rows, tars):
            try:
                text = check_text(row, not set_name.startswith((*UNSPOKEN, "unlabelled")))
                if content is None:
                    raise Unusable("it is not in the data folder")
                sound = decode(content)
                seconds = check_sound(sound, text)
            except Unusable as reason:
                bad.append(f"{row['file']}: {reason}")
                continue
            frames = frontend.log_mel(sound)
            kept = {k: row[k] for k in ("check", "age", "kind", "intent", "slots") if k in row}
            writer.add(
                frames,
                text=text,
                speaker=row.get("speaker", ""),
                set=set_name,
                split=split,
                seconds=round(seconds, 3),
                source="real",
                id=row.get("id", row["file"]),
                **kept,
            )
            total += seconds
    return name, total / 3600, len(writer.lines), bad, time.time() - began


def plan(data, folder):
    """Jobs for every set and split whose frames are missing or out of date, longest first."""
    jobs, bad = [], []
    front_end = store.front_end_digest()
    frontend.library()
    manifests = sorted(glob.glob(os.path.join(data, "*.jsonl")))
    for path in manifests:
        set_name = os.path.basename(path)[: -len(".jsonl")]
        if set_name == "baseline":  # hypotheses of another recogniser, no recordings
            continue
        rows, sentences = read_manifest(path)
        bad += sentences
        for split in sorted({str(row.get("split", "train")) for row in rows}):
            part = [row for row in rows if row.get("split", "train") == split]
            tars = [
                t
                for t in (os.path.join(data, f"{set_name}-{split}.tar"), os.path.join(data, f"{set_name}.tar"))
                if os.path.exists(t)
            ]
            stamps = [[os.path.basename(p), os.path.getsize(p), int(os.path.getmtime(p))] for p in [path, *tars]]
            key = json.dumps([front_end, stamps])
            if not store.is_made(folder, f"real-{set_name}-{split}", key):
                jobs.append((data, folder, set_name, split, part, tars, key))
    jobs.sort(key=lambda job: -sum(float(row.get("seconds", 1) or 1) for row in job[4]))
    return jobs, bad, len(manifests)


def frames_stage(data, folder=None, processes=2):
    """Makes the frames of all real sound; returns the sentences about what was left out."""
    folder = folder or frontend.cache_folder("frames")
    if not os.path.isdir(data):
        raise RuntimeError(f"{data}: expected the data folder (set EARSHOT_DATA), found nothing")
    jobs, bad, manifests = plan(data, folder)
    if manifests == 0:
        raise RuntimeError(f"{data}: expected <set>.jsonl manifests, found none")
    print(f"frames: {len(jobs)} parts to make in {folder}", file=sys.stderr, flush=True)
    with multiprocessing.Pool(min(processes, max(1, len(jobs)))) as pool:
        for name, hours, count, sentences, took in pool.imap_unordered(make_part, jobs):
            print(f"frames: {name}: {count} utterances, {hours:.2f} h, {took:.0f} s", file=sys.stderr, flush=True)
            bad += sentences
    for sentence in bad:
        print(f"frames: left out: {sentence}", file=sys.stderr, flush=True)
    return bad


if __name__ == "__main__":
    frames_stage(default_data())
