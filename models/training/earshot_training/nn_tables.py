"""Writes native/nn/nn_tables.c: the sigmoid and tanh tables of the network (models/FORMAT.md, Numbers, 3).

    python3 -m earshot_training.nn_tables [--check]

Standard library only. `--check` compares instead of writing. `sigmoid_table` and `tanh_table` also serve reference.py.
"""

import math
import sys

from .generated import write_or_check

ENTRIES = 257  # one each 256 Q12 steps, from -8 to 8


def away(x: float) -> int:
    """Rounds to nearest, ties away from zero."""
    return int(math.copysign(math.floor(abs(x) + 0.5), x))


def sigmoid_table() -> list[int]:
    return [away(32767 / (1 + math.exp(-(k - 128) / 16))) for k in range(ENTRIES)]


def tanh_table() -> list[int]:
    return [away(32767 * math.tanh((k - 128) / 16)) for k in range(ENTRIES)]


def rows_of(values: list[int]) -> str:
    lines, line = [], "   "
    for value in values:
        word = f" {value},"
        if len(line) + len(word) > 116:
            lines.append(line)
            line = "   "
        line += word
    return "\n".join(lines + [line])


def source() -> str:
    return "\n".join([
        "/* Made by `python3 -m earshot_training.nn_tables` (models/training); do not edit. */",
        "/* clang-format off */",
        '#include "nn.h"',
        "",
        "/* round(32767 / (1 + exp(-(k - 128) / 16))) */",
        "const int16_t es_sigmoid_q15[257] = {",
        rows_of(sigmoid_table()),
        "};",
        "",
        "/* round(32767 tanh((k - 128) / 16)) */",
        "const int16_t es_tanh_q15[257] = {",
        rows_of(tanh_table()),
        "};",
        "",
    ])


def main(arguments: list[str]) -> int:
    return write_or_check({"native/nn/nn_tables.c": source()}, "nn_tables", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
