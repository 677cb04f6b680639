"""Writes native/decoder/log_tables.c: the tables of fixed-point logarithms (native/decoder/fixed_log.h), and holds the
same integer arithmetic for Python.

    python3 -m earshot_training.log_tables [--check]

Standard library only. `--check` compares instead of writing.
"""

import math
import sys

from .generated import write_or_check
from .nn_tables import rows_of

ONE = 1 << 30  # Q30
NEVER = 20480  # 20 nats, Q10: exp is taken as 0 from here on
LN2_Q16 = 45426


def nearest(x: float) -> int:
    return int(math.floor(x + 0.5))


EXP_HIGH = [nearest(ONE * math.exp(-k / 8)) for k in range(160)]
EXP_LOW = [nearest(ONE * math.exp(-k / 1024)) for k in range(128)]
LN = [nearest(65536 * math.log(1 + k / 128)) for k in range(129)]
LOG_ADD = [nearest(1024 * math.log(1 + math.exp(-k / 32))) for k in range(257)]


def exp_q30(d: int) -> int:
    """exp(-d / 1024) for d >= 0."""
    return 0 if d >= NEVER else (EXP_HIGH[d >> 7] * EXP_LOW[d & 127] + (1 << 29)) >> 30


def ln_q10(x: int) -> int:
    """1024 ln(x / 2^30) for x >= 1."""
    top = x.bit_length() - 1
    m = (x << 40 >> top) - (1 << 40)  # the part behind the leading one, Q40
    at, rest = m >> 33, m >> 23 & 1023
    ln = LN[at] + ((LN[at + 1] - LN[at]) * rest + 512 >> 10) + (top - 30) * LN2_Q16
    return (ln + 32) >> 6


def log_add(a: int, b: int) -> int:
    a, b = max(a, b), min(a, b)
    d = a - b
    if d >= 8192:
        return a
    at = d >> 5
    return a + LOG_ADD[at] + ((LOG_ADD[at + 1] - LOG_ADD[at]) * (d & 31) + 16 >> 5)


def log_softmax(logits: list[int], blank_penalty: int) -> list[int]:
    """Q10 log-probabilities of blank and pieces from their Q10 logits (the end of the utterance is not among them)."""
    values = [logits[0] - blank_penalty, *logits[1:]]
    best = max(values)
    total = best + ln_q10(sum(exp_q30(best - v) for v in values))
    return [v - total for v in values]


def source() -> str:
    return "\n".join([
        "/* Made by `python3 -m earshot_training.log_tables` (models/training); do not edit. */",
        "/* clang-format off */",
        '#include "fixed_log.h"',
        "",
        "/* round(2^30 exp(-k / 8)) */",
        "const uint32_t es_exp_high_q30[160] = {",
        rows_of(EXP_HIGH),
        "};",
        "",
        "/* round(2^30 exp(-k / 1024)) */",
        "const uint32_t es_exp_low_q30[128] = {",
        rows_of(EXP_LOW),
        "};",
        "",
        "/* round(2^16 ln(1 + k / 128)) */",
        "const uint16_t es_ln_q16[129] = {",
        rows_of(LN),
        "};",
        "",
        "/* round(2^10 ln(1 + exp(-k / 32))) */",
        "const uint16_t es_log_add_q10[257] = {",
        rows_of(LOG_ADD),
        "};",
        "",
    ])


def main(arguments: list[str]) -> int:
    return write_or_check({"native/decoder/log_tables.c": source()}, "log_tables", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
