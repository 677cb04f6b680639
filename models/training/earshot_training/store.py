"""Frames on disk: NAME.frames holds int8 rows of 40 bins one after another, NAME.jsonl one utterance a line.

A line has: offset and frames (rows of NAME.frames), text, speaker, set, split, seconds, source, id; synthetic speech
also phones [[name, end frame]] and words [[word, start frame, end frame]]. Both files are written aside and renamed,
the index last: an index that is there is whole. NAME.key says what it was made from; a part whose key still holds is
not made again.
"""

import functools
import hashlib
import json
import os

import numpy as np

from . import frontend


@functools.lru_cache(maxsize=1)
def front_end_digest():
    """Changes whenever the device's front end gives other frames: a digest of its output on a sound made here."""
    place = np.arange(16000)
    sound = 9000 * np.sin(place * place * 2e-4) + (place * 7919 % 10007 - 5003) * (place / 16000) ** 3
    return hashlib.sha256(frontend.log_mel(np.round(sound).astype(np.int16)).tobytes()).hexdigest()[:16]


def is_made(folder, name, key):
    """True when the part is complete and was made from the same things."""
    try:
        with open(os.path.join(folder, f"{name}.key"), encoding="utf-8") as file:
            same = file.read() == key
    except OSError:
        return False
    return same and os.path.exists(os.path.join(folder, f"{name}.jsonl"))


class Writer:
    """Writes one part; use as a context manager, which publishes it only when no exception passed."""

    def __init__(self, folder, name, key):
        self.folder, self.name, self.key = folder, name, key
        self.rows = 0
        self.lines = []
        os.makedirs(folder, exist_ok=True)
        self.partial = self._path("frames") + f".{os.getpid()}"
        self.file = open(self.partial, "wb")

    def _path(self, ending):
        return os.path.join(self.folder, f"{self.name}.{ending}")

    def add(self, frames, **fields):
        """Appends int8 [n, 40] and its line."""
        frames = np.ascontiguousarray(frames, dtype=np.int8)
        self.file.write(frames.tobytes())
        self.lines.append({"offset": self.rows, "frames": len(frames), **fields})
        self.rows += len(frames)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.file.close()
        if kind is not None or not self.lines:
            os.remove(self.partial)
            return
        for ending in ("jsonl", "key"):
            if os.path.exists(self._path(ending)):
                os.remove(self._path(ending))
        os.replace(self.partial, self._path("frames"))
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in self.lines)
        for ending, content in (("jsonl", text), ("key", self.key)):
            partial = self._path(ending) + f".{os.getpid()}"
            with open(partial, "w", encoding="utf-8") as file:
                file.write(content)
            os.replace(partial, self._path(ending))
