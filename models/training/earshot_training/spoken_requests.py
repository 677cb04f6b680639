"""Held-out requests in a held-out voice, as recordings for host-sim/decoder/measure.mjs.

    python3 -m earshot_training.spoken_requests FOLDER [--count N]

Writes FOLDER/requests.jsonl and FOLDER/wav/requests/<id>.wav: phrasings and names of the grammar's dev split in the flite
voice that no training shard speaks. Same arguments, same bytes.
"""

import argparse
import json
import pathlib
import random
import wave

from . import frontend, grammar, voices
from .manifest import default_data
from .spoken import said

SEED = "requests 1"


def speak(folder: pathlib.Path, count: int) -> int:
    rng = random.Random(SEED)
    rows = grammar.generate(rng, default_data(), count, "dev")
    sounds = folder / "wav" / "requests"
    sounds.mkdir(parents=True, exist_ok=True)
    engine, lines = voices.Flite(), []
    for number, row in enumerate(rows):
        text = " ".join(token for token, _ in said(row["text"]))
        made = engine.speak(voices.DEV_VOICES[0][0], rng.uniform(0.8, 1.25), rng.uniform(0.85, 1.2), text)
        if made is None:
            continue
        name = f"requests-{number:04d}"
        with wave.open(str(sounds / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, frontend.RATE, 0, "NONE", ""))
            file.writeframes(voices.quiet_dither(rng, made[0]).tobytes())
        lines.append(json.dumps({"id": name, "set": "requests", "split": "dev", "speaker": "flite-rms",
                                 "text": row["text"], "intent": row["intent"]}))
    engine.close()
    (folder / "requests.jsonl").write_text("\n".join(lines) + "\n")
    return len(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Speaks held-out requests.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=250)
    arguments = parser.parse_args()
    print(f"{arguments.folder}: {speak(arguments.folder, arguments.count)} requests")


if __name__ == "__main__":
    main()
