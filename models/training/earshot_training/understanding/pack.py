"""The packed file (models/UNDERSTANDING.md), and the float, string-keyed form whose size it is compared with."""

import dataclasses
import struct
import zlib

import numpy as np

from .data import INTENTS, NONE
from .slots import INTENT_SLOTS, SLOTS, TAG_SLOTS

MAGIC = b"\x89ESU\r\n\x1a\n"
HEADER = 128


@dataclasses.dataclass
class Policy:
    """Numbers tuned on dev."""

    refuse: float = 0.0  # nats added to "none"
    slope: float = 1.0  # of the log-odds, to a calibrated confidence
    offset: float = 0.0
    trust: float = 16.0  # sixteenths of menu cost for a nat less likely reading
    menu_bonus: int = 60  # times likelier is an order that the menu has almost word for word
    menu_limit: int = 10  # sixteenths of cost a word up to which it has


def scale_of(value: float) -> tuple[int, int]:
    """(multiplier, shift) with multiplier / 2^shift = value, 16 bits of multiplier."""
    shift = 1
    while value * 2**shift < 32768 and shift < 40:
        shift += 1
    return round(value * 2**shift), shift


def nibbles(values) -> bytes:
    flat = (np.asarray(values, np.int64).reshape(-1) & 15).astype(np.uint8)
    return (flat[0::2] | flat[1::2] << 4).tobytes()


def int8(weights):
    """(int8 values, step)."""
    step = float(np.abs(weights).max()) / 127 or 1.0
    return np.clip(np.rint(weights / step), -127, 127).astype(np.int8), step


def int32(values) -> bytes:
    return np.clip(np.rint(values), -(1 << 27), 1 << 27).astype("<i4").tobytes()


def intents_sections(student, bits):
    """(numbers, {section: bytes}) of the intents' network."""
    net = student.net
    order = np.argsort(student.hashes)
    hashes = student.hashes[order]
    buckets = np.searchsorted(hashes >> np.uint32(32 - bits), np.arange((1 << bits) + 1))
    matrix, step = int8(net.matrix)
    return scale_of(4 * step * net.grid), {
        "class_intent": bytes(min(c, NONE) for c in range(net.classes)),
        "bias": int32(net.bias * 1024),
        "matrix": matrix.tobytes(),
        "buckets": buckets.astype("<u2").tobytes(),
        "keys": (hashes & np.uint32(0xFFFF)).astype("<u2").tobytes(),
        "rows": nibbles(np.rint(net.rows[order] / net.grid)),
    }


def tagger_sections(net, largest):
    """`largest`: of the two layers' outputs, seen on training lines."""
    array = {name: value.detach().numpy().astype(np.float64) for name, value in net.state_dict().items()}
    first, step1 = int8(array["first.weight"])
    second, step2 = int8(array["second.weight"])
    out, step3 = int8(array["out.weight"])
    unit1, unit2 = largest[0] / 24000, largest[1] / 24000
    in1, in2, in3 = step1 * net.grid, step2 * unit1, step3 * unit2
    bias = array["first.bias"][None] + array["intent.weight"]
    numbers = (*scale_of(in1 / unit1), *scale_of(in2 / unit2))
    return numbers, {
        "tag_rows": nibbles(np.clip(np.rint(array["table"] / net.grid), -7, 7)),
        "first": first.tobytes(), "first_bias": int32(bias / in1),
        "second": second.tobytes(), "second_bias": int32(array["second.bias"] / in2),
        "out": out.tobytes(), "out_bias": int32(array["out.bias"] / in3),
        "transition": int32(array["transition"] / (4 * in3)),
    }


def texts(names) -> bytes:
    return b"".join(name.encode() + b"\0" for name in names)


def pack(student, net, largest, menu, policy: Policy, bits: int) -> bytes:
    logit, words = intents_sections(student, bits)
    tagger, tags = tagger_sections(net, largest)
    masks = [sum(1 << SLOTS.index(slot) for slot in INTENT_SLOTS.get(name, "").split()) for name in INTENTS]
    names, menu_text = texts([*INTENTS, *SLOTS]), texts(menu.words)
    sections = [
        names, words["class_intent"], words["bias"], words["matrix"], words["buckets"], words["keys"], words["rows"],
        np.array(masks, "<u4").tobytes(), tags["tag_rows"], tags["first"], tags["first_bias"], tags["second"],
        tags["second_bias"], tags["out"], tags["out_bias"], tags["transition"], menu_text, bytes(menu.missing),
        b"".join(bytes(arc) for arc in menu.arcs), b"".join(bytes(state) for state in menu.states),
    ]
    counts = [len(INTENTS), student.net.classes, student.net.width, len(student.hashes), bits, len(SLOTS),
              len(TAG_SLOTS), net.rows, net.width, net.hidden, len(menu.states), len(menu.arcs), len(menu.words),
              len(names), len(menu_text)]
    numbers = [*logit, round(1024 * policy.refuse), round(1024 * policy.slope), round(1024 * policy.offset),
               round(64 * policy.trust), *tagger, policy.menu_bonus, policy.menu_limit, INTENTS.index("orderDrink")]
    body = b"".join(section + bytes(-len(section) % 16) for section in sections)
    head = MAGIC + struct.pack("<HHIII", 1, HEADER, HEADER + len(body), 0, 0)
    head += struct.pack(f"<{len(counts)}H", *counts) + bytes(2) + struct.pack(f"<{len(numbers)}i", *numbers)
    data = bytearray(head + bytes(HEADER - len(head)) + body)
    struct.pack_into("<I", data, 16, zlib.crc32(data))
    return bytes(data)


def sizes(student, net, menu) -> dict[str, int]:
    """Bytes of the parts of the packed file, roughly in order."""
    return {"n-grams": len(student.hashes) * (2 + student.net.width // 2), "matrix": student.net.matrix.size,
            "slots": net.rows * net.width // 2 + 5 * net.width * net.hidden + 3 * net.hidden**2, "menu": 4 * len(menu.arcs)}
