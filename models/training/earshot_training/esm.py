"""Writer and reader of the packed model (*.esm). The bytes are described in models/FORMAT.md.

In:  a dictionary of numpy arrays (docstring of `write_model`). Out: the same from a file. Numpy and the standard
library only. The reader checks what the device's reader checks and raises EsmError with the same status name.
"""

import json
import os
import struct
import zlib

import numpy as np

MAGIC = b"\x89ESM\r\n\x1a\n"
VERSION = 1
HEADER = 32
CRC_AT = 20
BINS = 40
BLOCK_ROWS, BLOCK_COLUMNS = 8, 4
ALIGN = 64  # bytes; sections and the arrays of a matrix begin at multiples of it

CONFIG, LAYER, MATRIX, BIAS, EMBEDDINGS, PIECES, THRESHOLDS, PROVENANCE, WEIGHTS, LANGUAGE, CONFIDENCE = range(1, 12)
JOINT_ENCODER, PREDICTOR, JOINT_PREDICTOR, OUTPUT = 16, 17, 18, 19

# Values of a model that nobody has calibrated yet; models/FORMAT.md, section 7.
DEFAULT_THRESHOLDS = {
    "blank_penalty": 0,
    "max_symbols": 4,
    "endpoint_frames_final": 13,
    "endpoint_frames_speculative": 7,
    "timeout_frames": 100,
    "max_frames": 334,
    "endpoint_eou": 0,
    "finish_frames": 5,
    "endpoint_least_final": 0,
    "endpoint_least_speculative": 0,
    "endpoint_eou_speculative": 0,
    "endpoint_rest": 0,
    "endpoint_sound": 0,
    "endpoint_step": 0,
    "endpoint_frames_held": 0,
    "endpoint_one_word": 0,
}
THRESHOLD_FORMAT = "<hHHHHHhHBBhhHHHh2x"
CONFIDENCE_BYTES = 112
# What a file without section 9 has; Q8, the reward Q10.
DEFAULT_WEIGHTS = {"language_weight": 0, "internal_weight": 0, "bias_weight": 256, "label_reward": 0}
WEIGHT_FORMAT = "<HHHh8x"
LANGUAGE_HEAD = "<HHHHHH8H36x"
LEVELS = 8
ASK_BACK = 255


class EsmError(Exception):
    """A file that is not a model: `status` is the device's name for it, `offset` the first byte that is wrong."""

    def __init__(self, status: str, offset: int, what: str):
        super().__init__(f"{status} at byte {offset}: {what}")
        self.status = status
        self.offset = offset


def round_away(x) -> np.ndarray:
    """Rounds to nearest, ties away from zero."""
    x = np.asarray(x, np.float64)
    return np.trunc(x + np.copysign(0.5, x)).astype(np.int64)


def quantize_rows(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Float [rows, columns] to int8 and a scale per row: weights is about int8 * scale[:, None]."""
    top = np.abs(weights).max(axis=1)
    scale = np.where(top > 0, top / 127.0, 1.0)
    return np.clip(round_away(weights / scale[:, None]), -127, 127).astype(np.int8), scale


def multipliers(scales: np.ndarray) -> tuple[np.ndarray, int]:
    """Positive factors (scale of weights x scale of input x 2^q) to (int32 multipliers, shift)."""
    scales = np.asarray(scales, np.float64)
    top = float(scales.max(initial=0.0))
    if not np.all(np.isfinite(scales)) or scales.min(initial=0.0) < 0:
        raise ValueError("multipliers must be finite and not negative")
    shift = 62
    while shift > 1 and round(top * 2.0 ** shift) >= 2 ** 31:
        shift -= 1
    values = round_away(scales * 2.0 ** shift)
    if values.max(initial=0) >= 2 ** 31:
        raise ValueError(f"a multiplier of {top:g} does not fit")
    return values.astype(np.int32), shift


def unit_major(gate_major: np.ndarray) -> np.ndarray:
    """Rows gate * units + unit (PyTorch, gates i f g o) to rows 4 * unit + gate. Also for a bias vector."""
    units = gate_major.shape[0] // 4
    return np.ascontiguousarray(gate_major.reshape(4, units, *gate_major.shape[1:]).swapaxes(0, 1)
                                .reshape(gate_major.shape))


def rounded(size: int) -> int:
    return size + -size % ALIGN


def pad(data: bytes) -> bytes:
    return data + bytes(rounded(len(data)) - len(data))


def whole(array, kind, low: int, high: int, what: str, shape=None) -> np.ndarray:
    """The array as integers of `kind`, refused when a value is outside low..high."""
    array = np.asarray(array)
    if array.dtype.kind not in "iub":
        raise ValueError(f"{what}: integers expected, found {array.dtype}")
    if shape is not None and array.shape != tuple(shape):
        raise ValueError(f"{what}: shape {tuple(shape)} expected, found {array.shape}")
    if array.size and (array.min() < low or array.max() > high):
        raise ValueError(f"{what}: values {low}..{high} expected, found {array.min()}..{array.max()}")
    return np.ascontiguousarray(array, kind)


def pack_matrix(matrix: dict, rows: int, columns: int, what: str) -> bytes:
    """One matrix section. Rows that are missing up to `rows` are zero."""
    weights = whole(matrix["weights"], np.int8, -127, 127, what)
    given = weights.shape[0]
    if weights.ndim != 2 or weights.shape[1] != columns or not rows - 7 <= given <= rows:
        raise ValueError(f"{what}: shape ({rows}, {columns}) expected, found {weights.shape}")
    factors = whole(matrix["multipliers"], "<i4", 0, 2 ** 31 - 1, f"{what} multipliers", (given,))
    weights = np.pad(weights, ((0, rows - given), (0, 0)))
    factors = np.pad(factors, (0, rows - given))
    tiles = weights.reshape(rows // BLOCK_ROWS, BLOCK_ROWS, columns // BLOCK_COLUMNS, BLOCK_COLUMNS).transpose(0, 2, 1, 3)
    if "blocks" in matrix:
        kept = np.asarray(matrix["blocks"], bool)
        if kept.shape != tiles.shape[:2]:
            raise ValueError(f"{what}: block mask {tiles.shape[:2]} expected, found {kept.shape}")
        if np.any(tiles[~kept]):
            raise ValueError(f"{what}: a removed block holds a weight that is not zero")
    elif matrix.get("dense"):
        kept = np.ones(tiles.shape[:2], bool)
    else:
        kept = np.any(tiles, axis=(2, 3))
    count = int(kept.sum())
    head = struct.pack("<HHBBBBII", rows, columns, BLOCK_ROWS, BLOCK_COLUMNS, int(matrix["shift"]), 0, count, 0)
    return b"".join([
        pad(head),
        pad(kept.sum(axis=1).astype("<u2").tobytes()),
        pad(np.nonzero(kept)[1].astype(np.uint8).tobytes()),
        pad(factors.astype("<i4").tobytes()),
        tiles[kept].tobytes(),
    ])


def pack_pieces(pieces: list[str], vocabulary: int) -> bytes:
    if len(pieces) != vocabulary + 1 or pieces[0] != "":
        raise ValueError("pieces: one text for each label expected, the blank's (label 0) empty")
    texts = [piece.encode() for piece in pieces]
    for text in texts[1:]:
        if not 1 <= len(text) <= 64 or any(byte <= 32 or byte == 127 for byte in text):
            raise ValueError(f"piece {text!r}: 1..64 bytes without space or control characters expected")
    offsets = np.concatenate([[0], np.cumsum([len(text) for text in texts])])
    if offsets[-1] > 65535:
        raise ValueError("pieces: more than 65535 bytes of text")
    return pad(offsets.astype("<u2").tobytes()) + b"".join(texts)


def pack_language(language: dict, vocabulary: int) -> bytes:
    """The n-gram automaton; `unpack_language` checks what it says."""
    levels = list(language["levels"])
    states, arcs = len(language["back"]), len(language["arc"])
    levels += [states] * (LEVELS - len(levels))
    head = struct.pack(LANGUAGE_HEAD, language["order"], vocabulary, states, arcs, language["start"], 0, *levels)
    return b"".join([
        head,
        pad(whole(language["first"], "<u2", 0, 65535, "first arcs", (states + 1,)).tobytes()),
        pad(whole(language["back"], "<u2", 0, 65535, "states behind", (states,)).tobytes()),
        pad(whole(language["weight"], "i1", -128, 127, "back-off weights", (states,)).tobytes()),
        pad(whole(language["end"], "u1", 0, 255, "ends", (states,)).tobytes()),
        whole(language["arc"], "<u4", 0, 2 ** 32 - 1, "arcs", (arcs,)).tobytes(),
    ])


def sections(model: dict) -> dict[tuple[int, int], bytes]:
    """Every section of the file by (kind, index)."""
    layers = model["layers"]
    embeddings = whole(model["embeddings"], np.int8, -127, 127, "embeddings")
    vocabulary, embedding = embeddings.shape[0] - 1, embeddings.shape[1]
    predictor = np.asarray(model["predictor"]["weights"]).shape[0]
    joint = np.asarray(model["joint_encoder"]["weights"]).shape[0]
    stack = int(model["stack"])
    rows = -(-(vocabulary + 2) // 8) * 8
    result = {(CONFIG, 0): struct.pack("<10H12x", 1, BINS, 160, 400, stack, len(layers), vocabulary, embedding,
                                       predictor, joint)}
    columns = BINS * stack
    for index, layer in enumerate(layers):
        units = int(layer["units"])
        bias = whole(layer["bias"], "<i2", -32768, 32767, f"bias of layer {index}", (4 * units,))
        result[LAYER, index] = struct.pack("<HH12x", units, int(layer["output_scale"])) + bias.tobytes()
        result[MATRIX, 2 * index] = pack_matrix(layer["input"], 4 * units, columns, f"input matrix {index}")
        result[MATRIX, 2 * index + 1] = pack_matrix(layer["recurrent"], 4 * units, units, f"recurrent matrix {index}")
        columns = units
    dense = [(JOINT_ENCODER, "joint_encoder", joint, columns), (PREDICTOR, "predictor", predictor, 2 * embedding),
             (JOINT_PREDICTOR, "joint_predictor", joint, predictor), (OUTPUT, "output", rows, joint)]
    for index, name, height, width in dense:
        result[MATRIX, index] = pack_matrix({"dense": True} | model[name], height, width, name)
    output_bias = np.asarray(model["output_bias"])
    biases = [model["joint_bias"], model["predictor_bias"], np.pad(output_bias, (0, rows - len(output_bias)))]
    for index, (bias, size) in enumerate(zip(biases, [joint, predictor, rows])):
        result[BIAS, index] = whole(bias, "<i2", -32768, 32767, f"bias {index}", (size,)).tobytes()
    result[EMBEDDINGS, 0] = embeddings.tobytes()
    result[PIECES, 0] = pack_pieces(list(model["pieces"]), vocabulary)
    thresholds = DEFAULT_THRESHOLDS | dict(model.get("thresholds", {}))
    if set(thresholds) != set(DEFAULT_THRESHOLDS):
        raise ValueError(f"thresholds: unknown {sorted(set(thresholds) - set(DEFAULT_THRESHOLDS))}")
    result[THRESHOLDS, 0] = struct.pack(THRESHOLD_FORMAT, *(int(thresholds[name]) for name in DEFAULT_THRESHOLDS))
    if "confidence" in model:
        result[CONFIDENCE, 0] = bytes(model["confidence"])
    if "weights" in model:
        weights = DEFAULT_WEIGHTS | dict(model["weights"])
        check_weights(weights, 0)
        result[WEIGHTS, 0] = struct.pack(WEIGHT_FORMAT, *(int(weights[name]) for name in DEFAULT_WEIGHTS))
    if "language" in model:
        result[LANGUAGE, 0] = pack_language(model["language"], vocabulary)
    provenance = json.dumps(model.get("provenance", {}), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    result[PROVENANCE, 0] = provenance.encode() + b"\0"
    return result


def seal(parts: dict[tuple[int, int], bytes]) -> bytes:
    """Header, table, checksum around the sections."""
    ordered = sorted(parts.items())
    start = at = rounded(HEADER + 16 * len(ordered))
    table, body = [], []
    for (kind, index), data in ordered:
        table.append(struct.pack("<HHIII", kind, index, at, len(data), 0))
        body.append(pad(data))
        at += len(body[-1])
    rest = b"".join(table).ljust(start - HEADER, b"\0") + b"".join(body)
    head = MAGIC + struct.pack("<HHIIIII", VERSION, HEADER, at, len(ordered), 0, 0, 0)
    crc = zlib.crc32(head + rest)
    return head[:CRC_AT] + struct.pack("<I", crc) + head[CRC_AT + 4:] + rest


def pack_model(model: dict) -> bytes:
    """The file's bytes; the same dictionary gives the same bytes. `write_model` describes the dictionary."""
    data = seal(sections(model))
    unpack_model(data)
    return data


def write_model(path, model: dict) -> None:
    """Writes a model aside, then renames it into place.

    model = {
      "stack": int,                      feature frames of one encoder step
      "layers": [{
         "units": int,                   multiple of 4
         "output_scale": int,            64..2047; h8 = h * output_scale
         "input": M, "recurrent": M,     rows 4 * unit + gate (i f g o): see unit_major()
         "bias": int16 [4 * units],      Q12, same row order
      }, ...],
      "joint_encoder": M [J, units],     "joint_bias": int16 [J] Q12
      "embeddings": int8 [V + 1, E],     row 0 is the start of an utterance
      "predictor": M [P, 2 E],           "predictor_bias": int16 [P] Q12; columns: label before last, last
      "joint_predictor": M [J, P],
      "output": M [V + 2, J],            "output_bias": int16 [V + 2] Q10; rows blank, pieces, end of utterance
      "pieces": [str] * (V + 1),         label 0 is ""; U+2581 opens a word
      "thresholds": {...},               optional, see DEFAULT_THRESHOLDS; missing ones take the default
      "confidence": bytes,               optional: section 11, as `npm run calibrate` wrote it
      "weights": {...},                  optional, of the search, see DEFAULT_WEIGHTS
      "language": {...},                 optional: order, levels, start, first, back, weight, end, arc (section 10)
      "provenance": {...},               JSON
    }
    M = {"weights": int8 [rows, columns], "multipliers": int32 [rows], "shift": int,
         "blocks": bool [rows / 8, columns / 4]   optional: which blocks are kept; removed ones must hold zeros
         "dense": True                            optional: keep every block}
    Without both, blocks that hold only zeros are left out of LSTM matrices; the other four matrices are dense.
    `quantize_rows` and `multipliers` make weights, multipliers and shift:
        w8, scale = quantize_rows(w); m, shift = multipliers(scale * input_scale * 2 ** 12)
    where input_scale is the real value of one step of the incoming int8: 1 / 127 for tanh outputs, 1 / output_scale
    for the h of a layer, the embedding table's own scale for the predictor; 2 ** 10 for the output matrix.
    """
    data = pack_model(model)
    aside = f"{path}.new"
    with open(aside, "wb") as file:
        file.write(data)
    os.replace(aside, path)


class Reader:
    """Bounded access to the sections of a file."""

    def __init__(self, data: bytes):
        if data[:8] != MAGIC[:len(data[:8])]:
            raise EsmError("MAGIC", 0, "not an Earshot model")
        if len(data) < HEADER:
            raise EsmError("SHORT", len(data), "shorter than its header")
        version, header, length, count, crc = struct.unpack_from("<HHIII", data, 8)
        if version != VERSION:
            raise EsmError("VERSION", 8, f"version {VERSION} expected, found {version}")
        if length > len(data):
            raise EsmError("SHORT", len(data), f"{length} bytes expected, found {len(data)}")
        if length < len(data):
            raise EsmError("CORRUPT", 12, f"{length} bytes expected, found {len(data)}")
        if zlib.crc32(data[:CRC_AT] + bytes(4) + data[CRC_AT + 4:]) != crc:
            raise EsmError("CHECKSUM", CRC_AT, "the checksum does not hold")
        if header != HEADER or not 1 <= count <= 64 or rounded(HEADER + 16 * count) > len(data):
            raise EsmError("CORRUPT", 10, "header")
        self.data = data
        self.table: dict[tuple[int, int], tuple[int, int]] = {}
        end, last = rounded(HEADER + 16 * count), (0, -1)
        for entry in range(count):
            place = HEADER + 16 * entry
            kind, index, at, size = struct.unpack_from("<HHII", data, place)
            if (kind, index) <= last or at != end or at + size > length:
                raise EsmError("CORRUPT", place, "section table")
            if not CONFIG <= kind <= CONFIDENCE and kind < 0x8000:
                raise EsmError("UNSUPPORTED", place, f"section kind {kind}")
            self.table[kind, index] = (at, size)
            end, last = at + rounded(size), (kind, index)
        if end != length:
            raise EsmError("CORRUPT", 12, "bytes after the last section")

    def section(self, kind: int, index: int) -> bytes:
        if (kind, index) not in self.table:
            raise EsmError("CORRUPT", HEADER, f"section {kind}.{index} is missing")
        at, size = self.table[kind, index]
        return self.data[at:at + size]

    def array(self, kind: int, index: int, dtype: str, shape: tuple, skip: int = 0) -> np.ndarray:
        data = self.section(kind, index)[skip:]
        if len(data) != int(np.prod(shape)) * np.dtype(dtype).itemsize:
            raise EsmError("CORRUPT", self.table[kind, index][0], f"length of section {kind}.{index}")
        return np.frombuffer(data, dtype).reshape(shape).astype(np.dtype(dtype).newbyteorder("="))

    def matrix(self, index: int, shape: tuple[int, int]) -> dict:
        data, place = self.section(MATRIX, index), self.table[MATRIX, index][0]
        if len(data) < 16:
            raise EsmError("CORRUPT", place, "matrix header")
        rows, columns, tall, wide, shift, _, count = struct.unpack_from("<HHBBBBI", data)
        if (rows, columns) != shape or (tall, wide) != (BLOCK_ROWS, BLOCK_COLUMNS) or not 1 <= shift <= 62:
            raise EsmError("CORRUPT", place, f"matrix {index}: shape {shape} expected")
        starts = [ALIGN]
        for size in (rows // 8 * 2, count, rows * 4):
            starts.append(starts[-1] + rounded(size))
        if len(data) != starts[3] + count * 32:
            raise EsmError("CORRUPT", place, f"matrix {index}: length")
        counts = np.frombuffer(data, "<u2", rows // 8, starts[0]).astype(np.int64)
        places = np.frombuffer(data, np.uint8, count, starts[1]).astype(np.int64)
        factors = np.frombuffer(data, "<i4", rows, starts[2]).astype(np.int32)
        tiles = np.frombuffer(data, np.int8, count * 32, starts[3]).reshape(count, 8, 4)
        groups = np.repeat(np.arange(rows // 8), counts)
        falls = (np.diff(places) <= 0) & (np.diff(groups) == 0) if counts.sum() == count else np.ones(1, bool)
        if falls.any() or (count and places.max() >= columns // 4) or factors.min() < 0 or (tiles == -128).any():
            raise EsmError("CORRUPT", place, f"matrix {index}: counts, columns, multipliers or weights")
        kept = np.zeros((rows // 8, columns // 4), bool)
        kept[groups, places] = True
        whole_tiles = np.zeros((rows // 8, columns // 4, 8, 4), np.int8)
        whole_tiles[groups, places] = tiles
        return {"weights": np.ascontiguousarray(whole_tiles.transpose(0, 2, 1, 3).reshape(rows, columns)),
                "multipliers": factors, "shift": shift, "blocks": kept}


def unpack_model(data: bytes) -> dict:
    """The dictionary of `write_model` from a file's bytes; matrices always carry their block mask."""
    reader = Reader(data)
    config = reader.section(CONFIG, 0)
    place = reader.table[CONFIG, 0][0]
    if len(config) != 32:
        raise EsmError("CORRUPT", place, "length of the config")
    revision, bins, hop, window, stack, layers, vocabulary, embedding, predictor, joint = struct.unpack_from("<10H", config)
    if revision != 1:
        raise EsmError("UNSUPPORTED", place, f"feature revision {revision}")
    sizes = [1 <= stack <= 16, 1 <= layers <= 6, 1 <= vocabulary <= 4000, 2 <= embedding <= 512, embedding % 2 == 0,
             8 <= predictor <= 1024, predictor % 8 == 0, 8 <= joint <= 1024, joint % 8 == 0]
    if (bins, hop, window) != (BINS, 160, 400) or not all(sizes):
        raise EsmError("CORRUPT", place, "config")
    model: dict = {"stack": stack, "layers": []}
    columns = BINS * stack
    for index in range(layers):
        head = reader.section(LAYER, index)
        units, scale = struct.unpack_from("<HH", head) if len(head) >= 16 else (0, 0)
        if not 4 <= units <= 1024 or units % 4 or not 64 <= scale <= 2047:
            raise EsmError("CORRUPT", reader.table[LAYER, index][0], f"layer {index}")
        model["layers"].append({
            "units": units, "output_scale": scale, "bias": reader.array(LAYER, index, "<i2", (4 * units,), 16),
            "input": reader.matrix(2 * index, (4 * units, columns)),
            "recurrent": reader.matrix(2 * index + 1, (4 * units, units))})
        columns = units
    rows = -(-(vocabulary + 2) // 8) * 8
    model["joint_encoder"] = reader.matrix(JOINT_ENCODER, (joint, columns))
    model["joint_bias"] = reader.array(BIAS, 0, "<i2", (joint,))
    model["embeddings"] = reader.array(EMBEDDINGS, 0, "i1", (vocabulary + 1, embedding))
    model["predictor"] = reader.matrix(PREDICTOR, (predictor, 2 * embedding))
    model["predictor_bias"] = reader.array(BIAS, 1, "<i2", (predictor,))
    model["joint_predictor"] = reader.matrix(JOINT_PREDICTOR, (joint, predictor))
    model["output"] = reader.matrix(OUTPUT, (rows, joint))
    model["output_bias"] = reader.array(BIAS, 2, "<i2", (rows,))
    model["pieces"] = unpack_pieces(reader, vocabulary)
    thresholds = reader.section(THRESHOLDS, 0)
    if len(thresholds) != 32:
        raise EsmError("CORRUPT", reader.table[THRESHOLDS, 0][0], "length of the thresholds")
    model["thresholds"] = dict(zip(DEFAULT_THRESHOLDS, struct.unpack(THRESHOLD_FORMAT, thresholds)))
    check_thresholds(model["thresholds"], reader.table[THRESHOLDS, 0][0])
    if (CONFIDENCE, 0) in reader.table:
        model["confidence"] = reader.section(CONFIDENCE, 0)
        if len(model["confidence"]) != CONFIDENCE_BYTES:
            raise EsmError("CORRUPT", reader.table[CONFIDENCE, 0][0], "length of the confidence")
    if (WEIGHTS, 0) in reader.table:
        weights, place = reader.section(WEIGHTS, 0), reader.table[WEIGHTS, 0][0]
        if len(weights) != 16:
            raise EsmError("CORRUPT", place, "length of the search weights")
        model["weights"] = dict(zip(DEFAULT_WEIGHTS, struct.unpack(WEIGHT_FORMAT, weights)))
        check_weights(model["weights"], place)
    if (LANGUAGE, 0) in reader.table:
        model["language"] = unpack_language(reader.section(LANGUAGE, 0), reader.table[LANGUAGE, 0][0], vocabulary)
    model["provenance"] = json.loads(reader.section(PROVENANCE, 0).rstrip(b"\0").decode())
    return model


def check_thresholds(t: dict, place: int) -> None:
    good = (1 <= t["max_symbols"] <= 8 and 1 <= t["endpoint_frames_speculative"] <= t["endpoint_frames_final"] <= 1000
            and 1 <= t["timeout_frames"] <= 60000 and 1 <= t["max_frames"] <= 60000 and t["finish_frames"] <= 50
            and (t["endpoint_frames_held"] == 0 or t["endpoint_frames_final"] <= t["endpoint_frames_held"] <= 1000))
    if not good:
        raise EsmError("CORRUPT", place, f"thresholds {t}")


def check_weights(w: dict, place: int) -> None:
    good = (set(w) == set(DEFAULT_WEIGHTS) and 0 <= w["language_weight"] <= 1024 and 0 <= w["internal_weight"] <= 1024
            and 0 <= w["bias_weight"] <= 4096 and -8192 <= w["label_reward"] <= 8192)
    if not good:
        raise EsmError("CORRUPT", place, f"search weights {w}")


def unpack_language(data: bytes, place: int, vocabulary: int) -> dict:
    if len(data) < 64:
        raise EsmError("CORRUPT", place, "length of the language model")
    order, labels, states, arcs, start, _, *levels = struct.unpack_from(LANGUAGE_HEAD, data)
    at, parts = 64, {}
    for name, kind, count in (("first", "<u2", states + 1), ("back", "<u2", states), ("weight", "i1", states),
                              ("end", "u1", states), ("arc", "<u4", arcs)):
        size = count * np.dtype(kind).itemsize
        if at + size > len(data):
            raise EsmError("CORRUPT", place, "length of the language model")
        parts[name] = np.frombuffer(data, kind, count, at)
        at += size if name == "arc" else rounded(size)
    first, back, arc = parts["first"].astype(int), parts["back"].astype(int), parts["arc"]
    level = np.searchsorted(levels, np.arange(states), "right") - 1
    label, state = (arc & 511).astype(int), np.repeat(np.arange(states), np.diff(first)) if states else 0
    good = (at == len(data) and 1 <= order <= LEVELS and labels == vocabulary <= 512 and states >= 1 and start < states
            and levels[:2] == [0, 1] and sorted(levels) == levels and levels[-1] <= states
            and first[0] == 0 and first[-1] == arcs and (np.diff(first) >= 0).all() and first[1] == labels
            and back[0] == 0 and (back[1:] < np.array(levels)[level[1:]]).all() and parts["end"][0] != ASK_BACK
            and len(state) == arcs and (label < labels).all() and (arc >> 16 < states).all()
            and (np.diff(state * 512 + label) > 0).all())
    if not good:
        raise EsmError("CORRUPT", place, "language model")
    return {"order": order, "levels": levels, "start": start, **parts}


def unpack_pieces(reader: Reader, vocabulary: int) -> list[str]:
    data, place = reader.section(PIECES, 0), reader.table[PIECES, 0][0]
    start = rounded((vocabulary + 2) * 2)
    if len(data) < start:
        raise EsmError("CORRUPT", place, "length of the pieces")
    offsets = np.frombuffer(data, "<u2", vocabulary + 2).astype(int)
    sizes = np.diff(offsets)
    if offsets[0] or sizes[0] or (sizes[1:] < 1).any() or (sizes[1:] > 64).any() or offsets[-1] != len(data) - start:
        raise EsmError("CORRUPT", place, "offsets of the pieces")
    return [data[start + a:start + b].decode() for a, b in zip(offsets[:-1], offsets[1:])]


def read_model(path) -> dict:
    """Reads and checks a file."""
    with open(path, "rb") as file:
        return unpack_model(file.read())
