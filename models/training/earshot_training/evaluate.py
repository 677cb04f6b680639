"""Word errors of a packed model on the sets of the data folder, through the firmware's own decoder.

In:  models/earshot.esm, recordings of the data folder, the repository's `npm run --silent transcribe`. Out: a table,
and one JSON line a set. Figures on fewer than 300 words carry a 95 % interval (bootstrap over utterances).
"""

import io
import json
import pathlib
import random
import subprocess
import tarfile

from .decode import Errors
from .settings import CACHE, DATA, REPOSITORY

SETS = ("coffee", "wakewords", "speech-commands", "digits", "librispeech-testclean", "speechocean762")
CHUNK = 300  # files of one run of transcribe


def recordings(name: str, split: str) -> list[tuple[pathlib.Path, dict]]:
    """WAV files (unpacked once into the cache) and manifest lines of one set and split."""
    import soundfile

    rows = [json.loads(line) for line in (DATA / f"{name}.jsonl").open()]
    rows = {row["file"]: row for row in rows if row["split"] == split}
    archive = DATA / f"{name}-{split}.tar"
    folder = CACHE / "wav" / name / split
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    if not rows:
        return found
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            row = rows.get(member.name)
            if row is None:
                continue
            path = folder / (pathlib.PurePosixPath(member.name).stem + ".wav")
            if not path.exists():
                sound, rate = soundfile.read(io.BytesIO(tar.extractfile(member).read()), dtype="int16")
                soundfile.write(path, sound, rate, "PCM_16")
            found.append((path, row))
    return found


def transcribe(files: list[pathlib.Path], model: pathlib.Path) -> dict[str, dict]:
    """Transcript records by file, from the firmware."""
    records = {}
    for at in range(0, len(files), CHUNK):
        names = [str(path) for path in files[at:at + CHUNK]]
        command = ["npm", "run", "--silent", "transcribe", "--", "--json", "--model", str(model), *names]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
        for line in done.stdout.splitlines():
            record = json.loads(line)
            records[record["file"]] = record
        if done.returncode not in (0, 2):
            raise SystemExit(f"transcribe ended with {done.returncode}: {done.stderr[-500:]}")
    return records


def interval(pairs: list[tuple[str, str]]) -> tuple[float, float]:
    """95 % interval of the word error rate, by drawing utterances with replacement."""
    each = []
    for reference, heard in pairs:
        errors = Errors()
        errors.add(reference, heard)
        each.append((errors.substitutions + errors.deletions + errors.insertions, errors.words))
    rng = random.Random(1)
    rates = []
    for _ in range(1000):
        drawn = rng.choices(each, k=len(each))
        rates.append(100 * sum(e for e, _ in drawn) / max(1, sum(w for _, w in drawn)))
    rates.sort()
    return rates[25], rates[974]


def summary(name: str, split: str, pairs: list[tuple[str, str]]) -> dict:
    """One row of the result."""
    errors = Errors()
    for reference, heard in pairs:
        errors.add(reference, heard)
    row = {"set": name, "split": split, "utterances": errors.sentences, "words": errors.words,
           "wer": round(errors.rate, 1), "sentenceErrors": round(errors.sentence_rate, 1),
           "substitutions": errors.substitutions, "deletions": errors.deletions, "insertions": errors.insertions}
    if errors.words < 300:
        row["wer95"] = [round(value, 1) for value in interval(pairs)]
    return row


def work(records: list[dict]) -> dict:
    """Counted work of the recogniser, per second of sound."""
    stats = [record["stats"] for record in records if record.get("stats")]
    seconds = sum(s["audioMs"] for s in stats) / 1000
    if not seconds:
        return {}
    return {"audioSeconds": round(seconds, 1), "macsPerSecond": round(sum(s["macs"] for s in stats) / seconds),
            "weightBytesPerSecond": round(sum(s["weightBytes"] for s in stats) / seconds)}


def evaluate(model: pathlib.Path, split: str, names=SETS) -> list[dict]:
    """Rows of all sets that have this split."""
    rows = []
    for name in names:
        found = recordings(name, split)
        if not found:
            continue
        records = transcribe([path for path, _ in found], model)
        pairs = []
        for path, row in found:
            record = records.get(str(path), {})
            if "error" in record or not record:
                print(f"{path}: {record.get('error', 'no record')}")
            pairs.append((row["text"], record.get("text", "")))
        rows.append(summary(name, split, pairs) | work([records[str(path)] for path, _ in found if str(path) in records]))
        print(json.dumps(rows[-1]), flush=True)
    return rows


def table(rows: list[dict]) -> str:
    """The rows as a Markdown table."""
    lines = ["| set | utterances | words | WER % | utterances with an error % | sub / del / ins |",
             "| --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        wer = f"{row['wer']}" + (" ({}–{})".format(*row["wer95"]) if "wer95" in row else "")
        lines.append(f"| {row['set']} | {row['utterances']} | {row['words']} | {wer} | {row['sentenceErrors']} | "
                     f"{row['substitutions']} / {row['deletions']} / {row['insertions']} |")
    return "\n".join(lines)
