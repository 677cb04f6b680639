"""The device's log-mel front end for Python, and its float reference.

The C of native/features is compiled into a shared library in the cache and called on whole int16 arrays, so that the
trainer sees the very bits that the firmware sees. `python3 -m earshot_training.frontend` measures the fixed-point
code against float arithmetic.
"""

import ctypes
import functools
import hashlib
import os
import subprocess
import sys

import numpy as np

from . import generated, tables

BINS = tables.BINS
HOP = 160
RATE = tables.RATE


def cache_folder(*parts):
    """A folder under EARSHOT_CACHE (default ~/.cache/earshot-training), made when it is missing."""
    base = os.environ.get("EARSHOT_CACHE") or os.path.expanduser("~/.cache/earshot-training")
    path = os.path.join(base, *parts)
    os.makedirs(path, exist_ok=True)
    return path


def build(name, sources, flags=(), shared=True):
    """Compiles C sources into the cache under a name that changes with their text; returns the path."""
    include = os.path.join(generated.REPOSITORY, "native", "include")
    digest = hashlib.sha256(repr(flags).encode())
    headers = [os.path.join(include, "earshot", h) for h in ("base.h", "features.h", "status.h")]
    for path in [*sources, *headers]:
        with open(path, "rb") as file:
            digest.update(file.read())
    target = os.path.join(cache_folder("lib"), f"{name}-{digest.hexdigest()[:16]}" + (".so" if shared else ""))
    if not os.path.exists(target):
        compiler = os.environ.get("CC", "cc")
        partial = f"{target}.{os.getpid()}"
        command = [compiler, "-std=c11", "-O2", *(["-shared", "-fPIC"] if shared else []), "-I", include]
        command += ["-o", partial, *sources, *flags]
        try:
            subprocess.run(command, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise RuntimeError(f"cannot build {name} with {compiler}: {error}; install a C compiler") from error
        os.replace(partial, target)
    return target


@functools.lru_cache(maxsize=1)
def library():
    """The compiled front end."""
    native = os.path.join(generated.REPOSITORY, "native")
    sources = [
        os.path.join(os.path.dirname(os.path.abspath(__file__)), "frontend_batch.c"),
        os.path.join(native, "features", "features.c"),
        os.path.join(native, "features", "tables.c"),
        os.path.join(native, "base", "arena.c"),
    ]
    lib = ctypes.CDLL(build("frontend", sources))
    lib.earshot_frames.restype = ctypes.c_int64
    lib.earshot_frames.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64]
    return lib


def log_mel(sound):
    """int16 samples at 16 kHz -> int8 [frames, 40]. Frame k covers samples 160 k to 160 k + 400."""
    sound = np.ascontiguousarray(sound, dtype=np.int16)
    room = max(0, (len(sound) + HOP - 1) // HOP)
    frames = np.empty((room, BINS), dtype=np.int8)
    count = library().earshot_frames(sound.ctypes.data, len(sound), frames.ctypes.data, room)
    if count < 0:
        raise MemoryError("no memory for the front end")
    return frames[:count]


def float_log_mel(sound):
    """The formula of native/features/README.md in float64, before rounding to steps: [frames, 40]."""
    sound = np.asarray(sound, dtype=np.float64)
    tail = (-len(sound)) % HOP
    sound = np.concatenate([sound, np.full(tail, sound[-1])])
    level = np.empty_like(sound)
    state, last = 0.0, sound[0]
    for n, value in enumerate(sound):
        state = value - last + (1 - 2.0**-8) * state
        last = value
        level[n] = state
    count = len(sound) // HOP - 2
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(tables.WINDOW) / tables.WINDOW)
    windows = np.lib.stride_tricks.sliding_window_view(level, tables.WINDOW)[::HOP][:count]
    power = np.abs(np.fft.rfft(windows * hann, tables.FFT)) ** 2
    mel = power @ np.array(tables.mel_weights()).T
    return 8 * (np.log(np.maximum(mel, 1e-30)) - tables.OFFSET)


def measure(sound, floor):
    """Largest and mean distance, in steps, where the float value is above `floor`; rounding alone gives 0.5."""
    exact = float_log_mel(sound)
    fixed = log_mel(sound).astype(np.float64)
    held = np.clip(exact, -127, 127)
    mask = exact > floor
    away = np.abs(fixed - held)[mask]
    return (float(away.max()), float(away.mean()), int(mask.sum())) if away.size else (0.0, 0.0, 0)


def signals(seed=1):
    """Named test sounds of two seconds."""
    rng = np.random.default_rng(seed)
    n = np.arange(2 * RATE)
    sweep = 20 * (7900 / 20) ** (n / len(n))
    phase = 2 * np.pi * np.cumsum(sweep) / RATE
    yield "sine sweep, amplitude 30000", 30000 * np.sin(phase)
    yield "sine sweep, amplitude 300", 300 * np.sin(phase)
    yield "white noise, rms 3000", 3000 * rng.standard_normal(len(n))
    yield "white noise, rms 30", 30 * rng.standard_normal(len(n))
    yield "white noise, rms 1", rng.standard_normal(len(n))
    yield "square wave at full scale, 50 Hz", np.where((n // 160) % 2, 32767, -32768)
    yield "offset 20000 with noise of rms 100", 20000 + 100 * rng.standard_normal(len(n))


def main():
    """Prints the table of native/features/README.md."""
    print(f"{'sound':40} {'bins':>6} {'max':>7} {'mean':>7}   (steps of 0.125 nat; rounding alone: 0.5, 0.25)")
    for name, sound in signals():
        worst, mean, count = measure(np.clip(np.round(sound), -32768, 32767).astype(np.int16), -127.0)
        print(f"{name:40} {count:6} {worst:7.3f} {mean:7.3f}")


if __name__ == "__main__":
    sys.exit(main())
