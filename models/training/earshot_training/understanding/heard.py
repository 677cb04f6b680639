"""What the recogniser makes of training speech: pairs of what was said and what was heard, kept in the cache.

Synthetic requests, and real orders and commands of the `train` split, through the released model and the firmware's own
search. Understanding learns from the pairs, so that a word that is often misheard still counts.
"""

import glob
import hashlib
import json
import os
import pathlib

import numpy as np

from .. import native_decoder
from ..frontend import BINS, cache_folder
from ..settings import FRAMES

HOURS = 5.0  # of each kind, at most


def parts():
    """Names of the training parts, spread over the kinds."""
    names = sorted(os.path.basename(path)[:-6] for path in glob.glob(str(FRAMES / "*.jsonl")))
    kinds = {"synth": [], "neural": [], "real": []}
    for name in names:
        kind = name.split("-")[0]
        if kind == "real" and not (name.endswith("-train") and ("coffee" in name or "speech-commands" in name)):
            continue
        if kind in kinds:
            kinds[kind].append(name)
    return kinds


def heard_stage(model: pathlib.Path) -> list[dict]:
    """[{said, heard}], from the cache or made now."""
    packed = model.read_bytes()
    key = hashlib.sha256(packed + repr(parts()).encode()).hexdigest()[:16]
    path = os.path.join(cache_folder("understanding"), f"heard-{key}.jsonl")
    if not os.path.exists(path):
        rows = []
        for names in parts().values():
            seconds = 0.0
            for name in names:
                if seconds > HOURS * 3600:
                    break
                seconds += decode_part(name, packed, rows)
        with open(f"{path}.{os.getpid()}", "w", encoding="utf-8") as file:
            file.write("".join(json.dumps(row) + "\n" for row in rows))
        os.replace(f"{path}.{os.getpid()}", path)
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def decode_part(name, packed, rows) -> float:
    frames = np.memmap(FRAMES / f"{name}.frames", np.int8, "r").reshape(-1, BINS)
    seconds = 0.0
    with open(FRAMES / f"{name}.jsonl", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if not row.get("text"):
                continue
            sound = np.array(frames[row["offset"]: row["offset"] + row["frames"]])
            # A second of quiet, so that the end-pointer may decide as on the device.
            quiet = np.repeat(sound[-3:-2], 100, axis=0)
            rows.append({"said": row["text"], "heard": native_decoder.decode(packed, np.concatenate([sound, quiet]))[0]})
            seconds += row["frames"] / 100
    return seconds
