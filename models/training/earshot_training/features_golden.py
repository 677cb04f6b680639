"""Writes test/native/features_golden.h: float log-mel of integer-made sounds, for test/native/features_test.c.

    python3 -m earshot_training.features_golden [--check]

The sounds are made by the same integer arithmetic here and in the test; the values come from the float formula alone,
never from the C code.
"""

import sys

import numpy as np

from . import frontend, tables
from .generated import write_or_check

HOPS = 60
EVERY = 6  # frames kept
MASK = 0xFFFFFFFF


def sweep(amplitude):
    """From 30 Hz up to 7.9 kHz within 60 hops; phase in 2^-32 turns, sine from the table of 512."""
    sine, phase, step, out = tables.sine(), 0, 8053064, []
    for _ in range(HOPS * frontend.HOP):
        out.append((amplitude * sine[phase >> 23]) >> 31)
        phase = (phase + step) & MASK
        step += 220000
    return out


def noise(shift, offset=0):
    """Numerical Recipes' linear congruential generator; `shift` sets the loudness."""
    state, out = 12345, []
    for _ in range(HOPS * frontend.HOP):
        state = (state * 1664525 + 1013904223) & MASK
        signed = (state >> 16) - 32768
        out.append(offset + (signed >> shift))
    return out


def square():
    """Full scale, 50 Hz."""
    return [32767 if n // 160 % 2 else -32768 for n in range(HOPS * frontend.HOP)]


def cases():
    yield "sweep_loud", sweep(30000)
    yield "sweep_soft", sweep(300)
    yield "noise_loud", noise(2)
    yield "noise_soft", noise(11)
    yield "noise_offset", noise(7, 20000)
    yield "square", square()


def header():
    lines = [
        "/* Made by `python3 -m earshot_training.features_golden` (models/training); do not edit. Float log-mel, in",
        " * steps, of every sixth frame of the sounds of features_test.c, times 64, clipped to +-127 steps. */",
        "/* clang-format off */",
        "#ifndef ES_FEATURES_GOLDEN_H",
        "#define ES_FEATURES_GOLDEN_H",
        "",
        "#include <stdint.h>",
        "",
        f"#define GOLDEN_HOPS {HOPS}",
        f"#define GOLDEN_EVERY {EVERY}",
    ]
    for name, sound in cases():
        exact = frontend.float_log_mel(np.array(sound))[::EVERY]
        values = [tables.half_up(64 * v) for v in np.clip(exact, -127, 127).ravel()]
        if name == "sweep_loud":
            lines += [f"#define GOLDEN_FRAMES {len(exact)}", ""]
        lines += [f"static const int16_t golden_{name}[GOLDEN_FRAMES * 40] = {{", tables.rows_of(values), "};"]
    return "\n".join([*lines, "", "#endif", ""])


def main(arguments: list[str]) -> int:
    return write_or_check({"test/native/features_golden.h": header()}, "features_golden", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
