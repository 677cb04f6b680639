"""Writes native/features/tables.c: every table of the fixed-point front end, from its formula.

    python3 -m earshot_training.tables [--check]

Standard library only, so that a newcomer's Python is enough. `--check` compares instead of writing.
The same functions give the float reference of the tests (frontend.py).
"""

import math
import sys

from .generated import write_or_check

RATE = 16000
WINDOW = 400
FFT = 512
BINS = 40
LOW_HZ = 60.0
HIGH_HZ = 7600.0
LOG_ENTRIES = 64
# q = round(8 * (ln(power) - OFFSET)), power in units of one squared int16 step. See native/features/README.md.
OFFSET = 15.0


def half_up(value):
    """Round to nearest, ties away from zero."""
    return int(math.floor(abs(value) + 0.5)) * (1 if value >= 0 else -1)


def mel(hertz):
    """HTK mel scale."""
    return 2595.0 * math.log10(1.0 + hertz / 700.0)


def q31(value):
    """Q31 with the largest int32 for 1."""
    return max(-(2**31 - 1), min(2**31 - 1, half_up((1 << 31) * value)))


def window():
    """Periodic Hann of 400 samples, Q31."""
    return [q31(0.5 - 0.5 * math.cos(2 * math.pi * n / WINDOW)) for n in range(WINDOW)]


def sine():
    """sin(2 pi k / 512), Q31."""
    return [q31(math.sin(2 * math.pi * k / FFT)) for k in range(FFT)]


def mel_bins():
    """For each FFT bin inside the filters: (bin, edge, rise).

    Filter m is a triangle, linear in mel, from edge m over edge m + 1 to edge m + 2, with peak 1. A bin between edge
    e and edge e + 1 lies on the rising side of filter e with weight `rise` and on the falling side of filter e - 1
    with weight 1 - rise: one multiplication serves both.
    """
    low, high = mel(LOW_HZ), mel(HIGH_HZ)
    step = (high - low) / (BINS + 1)
    rows = []
    for k in range(FFT // 2 + 1):
        place = (mel(k * RATE / FFT) - low) / step
        if 0.0 < place < BINS + 1:
            edge = int(place)
            rows.append((k, edge, place - edge))
    return rows


def mel_weights():
    """Dense [40][257] float weights, for the reference."""
    weights = [[0.0] * (FFT // 2 + 1) for _ in range(BINS)]
    for k, edge, rise in mel_bins():
        if edge < BINS:
            weights[edge][k] = rise
        if edge >= 1:
            weights[edge - 1][k] = 1.0 - rise
    return weights


def log_table():
    """log2(1 + k / 64), Q16."""
    return [half_up(65536 * math.log2(1 + k / LOG_ENTRIES)) for k in range(LOG_ENTRIES + 1)]


def rows_of(values, indent="    "):
    """Comma-separated values broken at 110 columns."""
    lines, line = [], indent
    for value in values:
        word = f"{value}, "
        if len(line) + len(word) > 110:
            lines.append(line.rstrip())
            line = indent
        line += word
    lines.append(line.rstrip())
    return "\n".join(lines)


def source():
    """The text of tables.c."""
    bins = mel_bins()
    first = bins[0][0]
    # ln(power) in Q16 is log2 * ln 2; a step of the output is 1/8. The power that reaches the logarithm carries
    # 2^16 (see features.c), which is 16 in log2.
    slope = half_up(8 * math.log(2) * 65536)
    bias = half_up((8 * 16 * math.log(2) + 8 * OFFSET) * 65536)
    parts = [
        "/* Made by `python3 -m earshot_training.tables` (models/training); do not edit. Formulas: tables.py. */",
        "/* clang-format off */",
        '#include "tables.h"',
        "",
        "/* round(2^31 (0.5 - 0.5 cos(2 pi n / 400))) */",
        "const int32_t es_hann_q31[ES_FEATURE_WINDOW] = {",
        rows_of(window()),
        "};",
        "",
        "/* round(2^31 sin(2 pi k / 512)) */",
        "const int32_t es_sine_q31[512] = {",
        rows_of(sine()),
        "};",
        "",
        "/* FFT bin ES_MEL_FIRST + i lies between mel edges e and e + 1 (es_mel_edge), this far (Q12). */",
        "const uint8_t es_mel_edge[ES_MEL_COUNT] = {",
        rows_of(edge for _, edge, _ in bins),
        "};",
        "const uint16_t es_mel_rise_q12[ES_MEL_COUNT] = {",
        rows_of(half_up(4096 * rise) for _, _, rise in bins),
        "};",
        "",
        "/* round(65536 log2(1 + k / 64)) */",
        "const uint32_t es_log2_q16[65] = {",
        rows_of(log_table()),
        "};",
        "",
    ]
    header = [
        "/* Tables of the front end. Made by `python3 -m earshot_training.tables` (models/training); do not edit. */",
        "#ifndef ES_FEATURES_TABLES_H",
        "#define ES_FEATURES_TABLES_H",
        "",
        '#include "earshot/features.h"',
        "",
        f"#define ES_MEL_FIRST {first}",
        f"#define ES_MEL_COUNT {len(bins)}",
        "/* 8 ln 2 */",
        f"#define ES_LOG_SLOPE_Q16 {slope}",
        f"/* 8 (16 ln 2 + {OFFSET:g}) */",
        f"#define ES_LOG_BIAS_Q16 {bias}",
        "",
        "extern const int32_t es_hann_q31[ES_FEATURE_WINDOW];",
        "extern const int32_t es_sine_q31[512];",
        "extern const uint8_t es_mel_edge[ES_MEL_COUNT];",
        "extern const uint16_t es_mel_rise_q12[ES_MEL_COUNT];",
        "extern const uint32_t es_log2_q16[65];",
        "",
        "#endif",
        "",
    ]
    return "\n".join(parts), "\n".join(header)


def main(arguments: list[str]) -> int:
    body, header = source()
    return write_or_check({"native/features/tables.c": body, "native/features/tables.h": header}, "tables", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
