"""Manifests of a data folder, and where that folder is. Standard library only."""

import json
import os
import re

from . import generated

TEXT = re.compile(r"[a-z']+( [a-z']+)*\Z")  # what a transcript looks like


def default_data():
    """EARSHOT_DATA, or shared/data beside the repository."""
    return os.environ.get("EARSHOT_DATA") or os.path.normpath(os.path.join(generated.REPOSITORY, "..", "shared", "data"))


def read_manifest(path):
    """(rows, sentences about unusable lines) of a JSON Lines manifest; a byte order mark is fine."""
    rows, bad, seen = [], [], set()
    name = os.path.basename(path)
    with open(path, encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                if not isinstance(row, dict) or not isinstance(row.get("file"), str):
                    raise ValueError('has no "file"')
                if row["file"] in seen:
                    raise ValueError(f"names {row['file']} a second time")
            except ValueError as error:
                bad.append(f"{name}, line {number}: {error}")
                continue
            seen.add(row["file"])
            rows.append(row)
    return rows, bad
