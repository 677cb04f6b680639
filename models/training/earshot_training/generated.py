"""Writes a file of the repository that is made from formulas, or checks that it still is what they give."""

import os
import pathlib
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def write_or_check(texts: dict[str, str], module: str, arguments: list[str]) -> int:
    """`texts`: content of each file by its path in the repository; `module`: what makes them, for the sentence.

    Returns an exit code: with --check 1 when a file differs, which is said on standard error; else the files are written.
    """
    code = 0
    for name, text in texts.items():
        path = REPOSITORY / name
        if "--check" not in arguments:
            aside = path.with_name(path.name + ".new")
            aside.write_text(text, encoding="ascii")
            os.replace(aside, path)
        elif path.read_text(encoding="ascii") != text:
            print(f"{path}: differs from its formulas; run python3 -m earshot_training.{module}", file=sys.stderr)
            code = 1
    return code
