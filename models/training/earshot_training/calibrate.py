"""Thresholds of a packed model, chosen on dev recordings through the C recogniser and written into the file.

In:  a packed model, dev frames of the data folder. Out: the same file with blank penalty, labels a step and end-pointer
waits. Nothing else in the file changes. The test splits are never read here.
"""

import pathlib

from . import esm
from .dataset import read_all
from .native_decoder import Thresholds, errors
from .pieces import Pieces
from .settings import FRAMES

ONE = 1024  # Q10
PENALTIES = (0.0, 0.4, 0.8, 1.2, 1.6, 2.0)
FINAL_STEPS = (13, 17, 22)
END_LOGITS = (4.0, 3.0, 2.0, 1.0, 0.0)  # from the most careful to the quickest
NEVER = 32767 / ONE
WEIGHTS = {"coffee": 2.0, "wakewords": 1.0, "speech-commands": 1.0, "librispeech-testclean": 0.5,
           "speechocean762": 0.5}  # what a set's error counts in the choice
UTTERANCES = 60  # of a set at most


def dev_utterances() -> list:
    chosen, count = [], {}
    for u in read_all(FRAMES, "dev", Pieces()):
        if u.set in WEIGHTS and u.labels:
            count[u.set] = count.get(u.set, 0) + 1
            if count[u.set] <= UTTERANCES:
                chosen.append(u)
    return chosen


def cost(model: bytes, utterances: list, penalty: float, final: int, end: float) -> float:
    """Weighted mean of the sets' word error rates; prints a line that shows them."""
    tried = Thresholds(round(penalty * ONE), 0, final, min(7, final), 0, round(end * ONE), -1)
    result = errors(model, utterances, tried)
    total = sum(WEIGHTS[name] * e.rate for name, e in result.items()) / sum(WEIGHTS[name] for name in result)
    shown = ", ".join(f"{name} {e.rate:.1f} (d{e.deletions} i{e.insertions})" for name, e in sorted(result.items()))
    print(f"penalty {penalty:.1f} final {final} end {end:.1f}: {total:.2f}: {shown}", flush=True)
    return total


def calibrate(path: pathlib.Path) -> None:
    """Three searches one after the other: blank penalty, final wait, the logit that halves the wait."""
    data = path.read_bytes()
    utterances = dev_utterances()
    penalty = min(PENALTIES, key=lambda tried: cost(data, utterances, tried, 17, NEVER))
    costs = {tried: cost(data, utterances, penalty, tried, NEVER) for tried in FINAL_STEPS}
    # A longer wait, and a more careful logit, must pay with a third of a point.
    final = next(tried for tried in FINAL_STEPS if costs[tried] < min(costs.values()) + 0.33)
    end = NEVER
    for tried in END_LOGITS:
        if cost(data, utterances, penalty, final, tried) > costs[final] + 0.33:
            break
        end = tried
    model = esm.read_model(path)
    model["thresholds"] |= {"blank_penalty": round(penalty * ONE), "endpoint_frames_final": final,
                            "endpoint_frames_speculative": min(7, final), "endpoint_eou": round(end * ONE)}
    esm.write_model(path, model)
    print(f"{path}: blank penalty {penalty}, final end after {final * 60} ms, halved from logit {end:.1f}")
