"""The intents' network over hashed n-grams: one float form for teachers and student, trained in C (train_batch.c)."""

import ctypes
import functools
import os

import numpy as np

from ..frontend import build
from ..generated import REPOSITORY


class _Net(ctypes.Structure):
    _fields_ = [("width", ctypes.c_int32), ("classes", ctypes.c_int32)]
    _fields_ += [(name, ctypes.c_void_p) for name in ("rows", "matrix", "bias", "rows2", "matrix2", "bias2")]
    _fields_ += [("grid", ctypes.c_float), ("most", ctypes.c_float)]


@functools.lru_cache(maxsize=1)
def library():
    here = os.path.dirname(os.path.abspath(__file__))
    native = os.path.join(REPOSITORY, "native")
    sources = [os.path.join(here, "train_batch.c"), os.path.join(native, "understanding", "ngrams.c")]
    lib = ctypes.CDLL(build("understanding", sources, ("-O3", "-march=native", "-ffast-math", "-lm")))
    for name in ("text_features", "tag_features"):
        getattr(lib, name).restype = ctypes.c_int64
    lib.train_pass.restype = ctypes.c_double
    return lib


def _pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


def _joined(texts):
    data = [text.encode() for text in texts]
    return b"".join(data), np.cumsum([len(d) for d in data]).astype(np.int64)


def features(texts) -> tuple[np.ndarray, np.ndarray]:
    """(offsets [n + 1], hashes): features of line i are hashes[offsets[i]:offsets[i + 1]]."""
    bytes_, ends = _joined(texts)
    offsets = np.zeros(len(texts) + 1, np.int64)
    room = 40 * len(bytes_) + 64 * len(texts)
    out = np.empty(room, np.uint32)
    count = library().text_features(ctypes.c_int64(len(texts)), bytes_, _pointer(ends), _pointer(offsets),
                                    _pointer(out), ctypes.c_int64(room))
    assert count >= 0
    return offsets, out[:count].copy()


def tag_features(texts, places=16) -> tuple[np.ndarray, np.ndarray]:
    """(words of each text, hashes [words, 16], 0 where a word has fewer)."""
    bytes_, ends = _joined(texts)
    words = np.zeros(len(texts), np.int64)
    room = len(bytes_) + len(texts)
    out = np.zeros((room, places), np.uint32)
    count = library().tag_features(ctypes.c_int64(len(texts)), bytes_, _pointer(ends), _pointer(words), _pointer(out),
                                   ctypes.c_int64(room))
    assert count >= 0
    return words, out[:count].copy()


class Net:
    """rows [n, width], matrix [classes, width], bias [classes]."""

    def __init__(self, rows: int, width: int, classes: int, seed: int):
        rng = np.random.default_rng(seed)
        self.width, self.classes = width, classes
        self.rows = rng.normal(0, 0.1, (rows, width)).astype(np.float32)
        self.matrix = rng.normal(0, 0.1, (classes, width)).astype(np.float32)
        self.bias = np.zeros(classes, np.float32)
        self.grid, self.most = 0.0, 7.0

    def _struct(self, squares):
        arrays = [self.rows, self.matrix, self.bias, *squares]
        return _Net(self.width, self.classes, *[array.ctypes.data for array in arrays], self.grid, self.most)

    def train(self, data, targets, weights, passes, rate=0.1, drop=0.2, seed=1, subset=None, squares=None):
        """`data`: (offsets, ids), -1: no row. `targets`: (offsets, classes, shares). Returns the squares for more."""
        offsets, ids = data
        toff, tclass, tshare = targets
        if squares is None:
            squares = [np.zeros_like(a) for a in (self.rows, self.matrix, self.bias)]
        struct = self._struct(squares)
        rng = np.random.default_rng(seed)
        lines = np.arange(len(offsets) - 1) if subset is None else np.asarray(subset)
        for i in range(passes):
            order = rng.permutation(lines).astype(np.int64)
            begin, end = rate * (1 - i / passes), rate * (1 - (i + 1) / passes)
            library().train_pass(
                ctypes.byref(struct), ctypes.c_int64(len(order)), _pointer(order), _pointer(offsets), _pointer(ids),
                _pointer(toff), _pointer(tclass), _pointer(tshare), _pointer(weights), ctypes.c_float(begin),
                ctypes.c_float(end), ctypes.c_float(drop), ctypes.c_uint64(seed * 1000 + i))
        return squares

    def logits(self, data) -> np.ndarray:
        offsets, ids = data
        out = np.empty((len(offsets) - 1, self.classes), np.float32)
        squares = [np.zeros(1, np.float32)] * 3
        struct = self._struct(squares)
        library().predict(ctypes.byref(struct), ctypes.c_int64(len(out)), _pointer(offsets), _pointer(ids),
                          _pointer(out))
        return out


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def hard_targets(labels):
    n = len(labels)
    return np.arange(n + 1, dtype=np.int64), np.asarray(labels, np.int32), np.ones(n, np.float32)


def soft_targets(shares, keep=12):
    """The `keep` largest of each line, scaled to sum to 1."""
    n = len(shares)
    top = np.argpartition(-shares, keep, 1)[:, :keep]
    values = np.take_along_axis(shares, top, 1)
    values /= values.sum(1, keepdims=True)
    offsets = np.arange(0, n * keep + 1, keep, dtype=np.int64)
    return offsets, np.ascontiguousarray(top.reshape(-1).astype(np.int32)), \
        np.ascontiguousarray(values.reshape(-1).astype(np.float32))
