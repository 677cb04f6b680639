"""The firmware's C recogniser for Python: frames of a recording in, words out. The model file is used as it is.
"""

import ctypes
import functools
import pathlib

import numpy as np

from . import frontend
from .scoring import Errors
from .settings import REPOSITORY


class Report(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int32) for name in ("finals", "timeouts", "resets", "bytes", "end_step_sum")]


@functools.lru_cache(maxsize=1)
def library():
    sources = [str(pathlib.Path(__file__).with_name("decode_batch.c"))]
    for part in ("base", "nn", "model", "decoder"):
        sources += sorted(str(path) for path in (REPOSITORY / "native" / part).glob("*.c"))
    lib = ctypes.CDLL(frontend.build("decoder", sources))
    lib.earshot_decode.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p,
                                   ctypes.c_int64, ctypes.c_void_p]
    return lib


def decode(model: bytes, frames: np.ndarray) -> tuple[str, Report]:
    """Words of all utterances in int8 frames [n, 40]."""
    frames = np.ascontiguousarray(frames, np.int8)
    text, report = ctypes.create_string_buffer(8192), Report()
    status = library().earshot_decode(model, len(model), frames.ctypes.data, len(frames),
                                      text, len(text), ctypes.byref(report))
    if status:
        raise RuntimeError(f"the model does not open: status {status}")
    return text.value.decode(), report


def errors(model: bytes, utterances) -> dict[str, Errors]:
    """Word errors per set."""
    result: dict[str, Errors] = {}
    for u in utterances:
        result.setdefault(u.set, Errors()).add(u.text, decode(model, u.frames)[0])
    return result
