"""The firmware's scorer for Python: host-sim/understanding/understand.c as a filter."""

import json
import pathlib
import struct
import subprocess
import tempfile

from ..frontend import build
from ..generated import REPOSITORY


def program() -> str:
    root = pathlib.Path(REPOSITORY)
    sources = [str(root / "host-sim" / "understanding" / "understand.c")]
    for part in ("base", "model", "understanding"):
        sources += sorted(str(path) for path in (root / "native" / part).glob("*.c"))
    lattice = ("lattice", "lattice_code", "lattice_paths", "fixed_log", "log_tables")
    sources += [str(root / "native" / "decoder" / f"{name}.c") for name in lattice]
    return build("understand", sources, ("-D_POSIX_C_SOURCE=200809L",), shared=False)


def understand(packed: bytes, items, model: pathlib.Path) -> list[dict]:
    """`items`: texts (str) or coded lattices (bytes) of the acoustic model. What was understood of each."""
    with tempfile.NamedTemporaryFile(suffix=".esu") as file:
        file.write(packed)
        file.flush()
        frames = b"".join(struct.pack("<cI", b"T", len(item.encode())) + item.encode() if isinstance(item, str)
                          else struct.pack("<cI", b"L", len(item)) + item for item in items)
        result = subprocess.run([program(), file.name, str(model)], input=frames, stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in result.stdout.splitlines()]
