"""Golden vectors: what the PyTorch reference makes of one model and one stretch of frames, for test/native.

    python3 -m earshot_training.network_golden            remakes test/native/golden: random and puppet models

Format of NAME.bin, little-endian: 8 bytes `ESGOLD1\\n`; u32 CRC-32 of the model file; u32 frames F, steps T, units H of
the last layer, joint J, output rows R, labels L; u32 zero; i8 frames [F][40]; i8 h [T][H]; i16 je [T][J]; i16 logits
[T][R] (first look of each step, before the blank penalty); u16 label [L]; u16 step [L]. The search starts from a cleared
state and knows no end-pointer.
"""

import os
import struct
import zlib

import numpy as np

from . import esm, puppet_model, random_model, reference


def vectors(model_bytes: bytes, frames: np.ndarray) -> bytes:
    """The file's bytes for int8 frames [F, 40]; F is cut to a multiple of the stack."""
    network = reference.Network(esm.unpack_model(model_bytes))
    steps = len(frames) // network.stack
    frames = np.ascontiguousarray(frames[:steps * network.stack], np.int8)
    h = network.encode(frames)
    labels, je, logits = network.greedy(h)
    head = struct.pack("<8s8I", b"ESGOLD1\n", zlib.crc32(model_bytes), len(frames), steps, h.shape[1], je.shape[1],
                       logits.shape[1], len(labels), 0)
    arrays = [frames, h.numpy().astype(np.int8), je.numpy().astype("<i2"), logits.numpy().astype("<i2"),
              np.array([label for label, _ in labels], "<u2"), np.array([step for _, step in labels], "<u2")]
    return head + b"".join(array.tobytes() for array in arrays)


def random_frames(seed: int, count: int) -> np.ndarray:
    """Slowly moving noise with some limits reached."""
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.normal(size=(count, 40)) * 20, axis=0) * 0.3 + rng.normal(size=(count, 40)) * 50
    return np.clip(walk, -127, 127).round().astype(np.int8)


def write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)


def main() -> None:
    folder = os.path.abspath(os.path.join(os.path.dirname(__file__), *[".."] * 3, "test", "native", "golden"))
    os.makedirs(folder, exist_ok=True)
    for shape, seed, count in (("small", 7, 600), ("tiny", 8, 200)):
        data = esm.pack_model(random_model.random_model(seed, 0.5, shape))
        for name, content in ((f"{shape}.esm", data), (f"{shape}.bin", vectors(data, random_frames(seed, count)))):
            write(os.path.join(folder, name), content)
    heard = random_model.random_model(1, 0.5, "small") | random_model.with_language(1, 29)
    write(os.path.join(folder, "language.esm"), esm.pack_model(heard))
    ends = {"max_symbols": 1, "endpoint_frames_speculative": 4, "endpoint_frames_final": 9, "endpoint_eou": 2000,
            "timeout_frames": 30, "max_frames": 60, "finish_frames": 2}
    for name, stack, late in (("puppet", 1, False), ("puppet-late", 6, True)):
        write(os.path.join(folder, f"{name}.esm"), esm.pack_model(puppet_model.puppet_model(stack, late, ends)))


if __name__ == "__main__":
    main()
