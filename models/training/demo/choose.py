#!/usr/bin/env python3
"""Choose the requests that ship from the candidates, by what the released model makes of them.

    npm run --silent transcribe -- --json CANDIDATES/*.wav CANDIDATES/shift-*/*.wav > heard.jsonl
    choose.py --candidates CANDIDATES --heard heard.jsonl --out host-sim/demo

In: candidates.jsonl of speak.py and transcript records (`file`, `text`), one or more for each candidate. Out: the chosen WAVs
under OUT/requests and OUT/requests.jsonl, in the order in which they are played. It prints how many candidates of
each voice were heard without an error every time, so that nobody takes the chosen ones for a measurement.

The rule: one request of each kind, then a second of a kind, up to --count and --bytes; those without an error before
all others, which fill up to --least. Fewest word errors wins; among equals the sentence that most voices got through, then the voice used least
so far, then the shorter file.
"""
import argparse
import collections
import json
import os
import shutil
import sys

ORDER = ["music", "timer", "home", "volume", "coffee", "question", "list", "alarm"]


def word_errors(reference, heard):
    """Substitutions, deletions and insertions of the best alignment."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(reference, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def read(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def score(candidates, heard, folder):
    """Each candidate with its word errors and its size."""
    texts = collections.defaultdict(list)
    for r in heard:
        texts[os.path.basename(r["file"])].append(r.get("text") or "")
    for c in candidates:
        if not texts[c["file"]]:
            sys.exit(f"choose.py: no transcript of {c['file']} in --heard")
        c["heard"] = texts[c["file"]]
        c["errors"] = sum(word_errors(c["text"].split(), text.split()) for text in c["heard"])
        c["bytes"] = os.path.getsize(os.path.join(folder, c["file"]))


def choose(candidates, least, count, limit):
    used, chosen, size = collections.Counter(), [], 0
    right = collections.Counter(c["text"] for c in candidates if c["errors"] == 0)
    for allowed, kind in [(e, k) for e in (0, 10**6) for _ in range(2) for k in ORDER]:
        taken = {c["text"] for c in chosen}
        left = [c for c in candidates if c["kind"] == kind and c["errors"] <= allowed
                and c["text"] not in taken and size + c["bytes"] <= limit]
        if left and len(chosen) < (least if allowed else count):
            best = min(left, key=lambda c: (c["errors"], -right[c["text"]], used[c["voice"]], c["bytes"], c["file"]))
            chosen.append(best)
            used[best["voice"]] += 1
            size += best["bytes"]
    return chosen, size


def report(candidates):
    voices = sorted({c["voice"] for c in candidates})
    for voice in voices:
        mine = [c for c in candidates if c["voice"] == voice]
        errors, words = sum(c["errors"] for c in mine), sum(len(c["heard"]) * len(c["text"].split()) for c in mine)
        right = sum(c["errors"] == 0 for c in mine)
        print(f"{voice}: {right} of {len(mine)} without an error, word error {100 * errors / words:.1f} %")
    right = sum(c["errors"] == 0 for c in candidates)
    print(f"all: {right} of {len(candidates)} without an error")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--candidates", required=True)
    parser.add_argument("--heard", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--least", type=int, default=5)
    parser.add_argument("--count", type=int, default=7)
    parser.add_argument("--bytes", type=int, default=400_000)
    a = parser.parse_args()
    candidates = read(os.path.join(a.candidates, "candidates.jsonl"))
    score(candidates, read(a.heard), a.candidates)
    report(candidates)
    chosen, size = choose(candidates, a.least, a.count, a.bytes)
    folder = os.path.join(a.out, "requests")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with open(os.path.join(a.out, "requests.jsonl"), "w", encoding="utf-8") as f:
        for number, c in enumerate(chosen, 1):
            file = f"requests/{number}-{c['kind']}.wav"
            shutil.copyfile(os.path.join(a.candidates, c["file"]), os.path.join(a.out, file))
            f.write(json.dumps({"file": file, "text": c["text"], "voice": c["voice"]}) + "\n")
            print(f"{file}: {c['voice']}, {c['errors']} errors: {c['text']}")
    print(f"{len(chosen)} requests, {size} bytes")


if __name__ == "__main__":
    main()
