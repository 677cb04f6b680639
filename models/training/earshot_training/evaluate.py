"""A packed model on the sets of the data folder, through `npm run transcribe`: words heard, and the work it took.

In:  models/*.esm, recordings of the data folder. Out: CACHE/heard/<model digest>/<split>-<set>-<condition>.json, from
which every table and test is made (scoring.py, report.py). A file that is there is not made again.
Conditions: clean; music 5 dB and noise 12 dB under the voice (mixed here, seeded by the recording's name); and sound
without speech, in which every word is an error.
"""

import dataclasses
import hashlib
import io
import json
import pathlib
import random
import subprocess
import tarfile

import numpy as np

from . import corpus
from .manifest import read_manifest
from .scoring import Heard, summary
from .settings import CACHE, DATA, REPOSITORY

SETS = ("coffee", "wakewords", "speech-commands", "digits", "librispeech-testclean", "speechocean762")
SPOKEN_TO_IT = SETS[:4]  # what the product is for; the noisy conditions are measured on these
CONDITIONS = {"clean": None, "music5": ("music", 5.0), "noise12": ("noise", 12.0)}
ALONE_MINUTES = 30  # of sound without speech, from fewer minutes of distinct material, looped and mixed
CHUNK = 300  # files of one run of transcribe
RATE = 16000


def unpacked(name: str, split: str) -> list[tuple[pathlib.Path, dict]]:
    """WAV files (once into the cache) and manifest lines of one set and split."""
    import soundfile

    if not (DATA / f"{name}.jsonl").exists():
        return []
    rows = {row["file"]: row for row in read_manifest(DATA / f"{name}.jsonl")[0] if row.get("split") == split}
    folder = CACHE / "wav" / name / split
    folder.mkdir(parents=True, exist_ok=True)
    tars = [t for t in (DATA / f"{name}-{split}.tar", DATA / f"{name}.tar") if t.exists()]
    found = []
    for path in tars:
        with tarfile.open(path) as tar:
            for member in tar.getmembers():
                row = rows.pop(member.name, None)
                if row is None:
                    continue
                wav = folder / (pathlib.PurePosixPath(member.name).stem + ".wav")
                if not wav.exists():
                    sound, rate = soundfile.read(io.BytesIO(tar.extractfile(member).read()), dtype="int16",
                                                 always_2d=True)
                    mono = np.round(sound.mean(axis=1)).astype(np.int16)
                    soundfile.write(wav, corpus.resample(mono, rate), RATE, "PCM_16")
                found.append((wav, row))
    return found


def clips(kind: str, split: str) -> list[np.ndarray]:
    """Noise or music of one split as float samples."""
    import soundfile
    return [soundfile.read(path, dtype="float32")[0] for path, _ in unpacked(kind, split)]


def level(sound: np.ndarray) -> float:
    """Mean power of the part that is within 30 dB of the loudest 20 ms: silence around a voice does not count."""
    power = np.square(sound[:len(sound) // 320 * 320].reshape(-1, 320)).mean(axis=1)
    return float(power[power > power.max() * 1e-3].mean()) if len(power) and power.max() > 0 else 0.0


def stretch(rng: random.Random, sources: list[np.ndarray], count: int) -> np.ndarray:
    """`count` samples of one clip from a random place, looped when it is shorter."""
    clip = rng.choice(sources)
    return np.take(clip, range(begin := rng.randrange(len(clip)), begin + count), mode="wrap")


def mixed(files: list[tuple[pathlib.Path, dict]], condition: str, split: str) -> list[tuple[pathlib.Path, dict]]:
    """The same recordings with a background; the files themselves for `clean`."""
    import soundfile

    if CONDITIONS[condition] is None:
        return files
    kind, decibels = CONDITIONS[condition]
    sources, made = clips(kind, "test" if split == "test" else "train"), []
    for path, row in files:
        out = CACHE / "mixed" / condition / split / path.parent.parent.name / path.name
        if not out.exists():
            out.parent.mkdir(parents=True, exist_ok=True)
            voice = soundfile.read(path, dtype="float32")[0]
            back = stretch(random.Random(f"{condition} {path.name}"), sources, len(voice))
            back *= np.sqrt(level(voice) / max(level(back), 1e-12) * 10 ** (-decibels / 10))
            both = voice + back
            soundfile.write(out, both / max(1.0, np.abs(both).max() / 0.98), RATE, "PCM_16")
        made.append((out, row))
    return made


def alone(kind: str, split: str) -> tuple[list[pathlib.Path], float]:
    """Half an hour of noise or music without speech in files of five minutes: stretches of two clips at a time at
    levels from quiet to loud; and the minutes of distinct material."""
    import soundfile

    sources, rng = clips(kind, split), random.Random(f"alone {kind} {split}")
    folder = CACHE / "mixed" / "alone" / split
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(ALONE_MINUTES // 5):
        path = folder / f"{kind}-{number}.wav"
        made.append(path)
        parts = []
        for _ in range(20):  # of 15 s
            part = stretch(rng, sources, 15 * RATE) + rng.choice((0, 0.5, 1)) * stretch(rng, sources, 15 * RATE)
            parts.append(part / max(np.abs(part).max(), 1e-6) * 10 ** rng.uniform(-1.7, -0.05))
        if not path.exists():
            soundfile.write(path, np.concatenate(parts), RATE, "PCM_16")
    return made, sum(len(clip) for clip in sources) / RATE / 60


def transcribe(files: list[pathlib.Path], model: pathlib.Path) -> dict[str, list[dict]]:
    """Transcript records by file, from the firmware."""
    records: dict[str, list[dict]] = {}
    for at in range(0, len(files), CHUNK):
        names = [str(path) for path in files[at:at + CHUNK]]
        command = ["npm", "run", "--silent", "transcribe", "--", "--json", "--model", str(model), *names]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
        for line in done.stdout.splitlines():
            record = json.loads(line)
            records.setdefault(record["file"], []).append(record)
        if done.returncode not in (0, 2):
            raise RuntimeError(f"transcribe ended with {done.returncode}: {done.stderr[-500:]}")
    return records


def work(records: list[dict]) -> dict:
    """Counted work of the recogniser, per second of sound."""
    stats = [record["stats"] for record in records if record.get("stats")]
    seconds = sum(s["audioMs"] for s in stats) / 1000
    if not seconds:
        return {}
    return {"audioSeconds": round(seconds, 1), "macsPerSecond": round(sum(s["macs"] for s in stats) / seconds),
            "weightBytesPerSecond": round(sum(s["weightBytes"] for s in stats) / seconds)}


def digest(model: pathlib.Path) -> str:
    return hashlib.sha256(model.read_bytes()).hexdigest()[:12]


def kept(model: pathlib.Path, name: str, make) -> dict:
    """A result from the cache, or made now and written whole."""
    path = CACHE / "heard" / digest(model) / f"{name}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps(make()))
        temporary.rename(path)
    return json.loads(path.read_text())


def result(model: pathlib.Path, name: str, split: str, condition: str = "clean") -> dict:
    """{"heard": [...], "work": {...}} of one set under one condition; empty when the set has no such split."""
    def make() -> dict:
        files = mixed(unpacked(name, split), condition, split)
        records = transcribe([path for path, _ in files], model)
        heard = []
        for path, row in files:
            texts = [record.get("text", "") for record in records.get(str(path), [])]
            heard.append(dataclasses.asdict(Heard(row.get("id", path.stem), row.get("speaker", ""), row["text"],
                                                  " ".join(" ".join(texts).split())))
                         | {key: row[key] for key in ("age", "gender") if key in row})
        return {"heard": heard, "work": work([r for group in records.values() for r in group])}

    return kept(model, f"{split}-{name}-{condition}", make)


def heard_of(found: dict) -> list[Heard]:
    names = [field.name for field in dataclasses.fields(Heard)]
    return [Heard(**{name: row[name] for name in names}) for row in found["heard"]]


def words_without_speech(model: pathlib.Path, kind: str, split: str = "test") -> dict:
    """Words heard in half an hour of noise or music."""
    def make() -> dict:
        files, distinct = alone(kind, split)
        records = transcribe(files, model)
        texts = [r.get("text", "") for path in files for r in records.get(str(path), [])]
        return {"kind": kind, "minutes": ALONE_MINUTES, "distinctMinutes": round(distinct, 1),
                "words": sum(len(text.split()) for text in texts), "heard": [t for t in texts if t]}

    return kept(model, f"{split}-alone-{kind}", make)


def groups(name: str, found: dict) -> dict[str, list[Heard]]:
    """Parts of a set for which the labels allow it."""
    parts: dict[str, list[Heard]] = {}
    for row, heard in zip(found["heard"], heard_of(found)):
        labels = []
        if "age" in row:
            labels.append("under 16" if row["age"] < 16 else "16 and older")
        if "gender" in row:
            labels.append({"m": "men and boys", "f": "women and girls"}.get(row["gender"], row["gender"]))
        if name in ("speech-commands", "digits", "wakewords"):
            labels.append(heard.reference)
        if name == "coffee":
            labels.append(f"speaker {heard.speaker}")
        for label in labels:
            parts.setdefault(label, []).append(heard)
    return parts


def evaluate(model: pathlib.Path, split: str, names=SETS, conditions=("clean",)) -> list[dict]:
    """Rows of all sets that have this split."""
    rows = []
    for name in names:
        for condition in conditions:
            if condition != "clean" and name not in SPOKEN_TO_IT:
                continue
            found = result(model, name, split, condition)
            if found["heard"]:
                rows.append({"set": name, "split": split, "condition": condition} | summary(heard_of(found)) | found["work"])
                print(json.dumps(rows[-1]), flush=True)
    return rows


def table(rows: list[dict]) -> str:
    """The rows as a Markdown table."""
    lines = ["| set | condition | utterances | words | WER % (95 %) | utterances with an error % | sub / del / ins |",
             "| --- | --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        lines.append("| {set} | {condition} | {utterances} | {words} | {wer} ({wer95[0]}–{wer95[1]}) | {sentenceErrors} | "
                     "{substitutions} / {deletions} / {insertions} |".format(**row))
    return "\n".join(lines)
