"""When each word of the real training recordings begins and ends, by forced alignment.

In:  the train recordings of the data folder. Out: CACHE/aligned/<set>.jsonl, one utterance a line: {"id", "words":
[[word, start frame, end frame], ...]}, frames of 10 ms as in the frames folder. PocketSphinx's package brings an HMM
for US English that finds given words to the frame, at eighty times real time; the network itself could only tell to
60 ms. Nothing of it enters the model: it says where to cut. An utterance that does not fit its text is left out.
"""

import glob
import json
import os
import sys
import time

from . import corpus, frontend
from .manifest import read_manifest

# Words of the data folder that its dictionary lacks; utterances with other unknown words are left out.
SPOKEN = {"snowboy": "S N OW B OY", "chatterbox": "CH AE T ER B AA K S", "americano": "AH M EH R IH K AA N OW",
          "alexa": "AH L EH K S AH", "athena": "AH TH IY N AH", "jarvis": "JH AA R V AH S",
          "amelia": "AH M IY L Y AH", "cappuccino": "K AE P UH CH IY N OW", "marvin": "M AA R V IH N",
          "sheila": "SH IY L AH", "sweetener": "S W IY T AH N ER"}
SETS = ("coffee", "digits", "speech-commands", "speech-commands-more", "wakewords", "wakewords-more",
        "librispeech-train", "librispeech-more", "speechocean762")


class Aligner:
    """Given words to their frames."""

    def __init__(self):
        try:
            import pocketsphinx
        except ImportError as error:
            raise RuntimeError("pocketsphinx is missing; pip install pocketsphinx==5.0.4") from error
        self.decoder = pocketsphinx.Decoder(lm=None, loglevel="FATAL", samprate=16000, bestpath=False, beam=1e-80,
                                            wbeam=1e-60, pbeam=1e-80)
        for word, phones in SPOKEN.items():
            if self.decoder.lookup_word(word) is None:
                self.decoder.add_word(word, phones, True)

    def words(self, sound, text):
        """[[word, start frame, end frame], ...], or None when the words do not fit the sound."""
        if any(self.decoder.lookup_word(word) is None for word in text.split()):
            return None
        try:
            self.decoder.set_align_text(text)
            self.decoder.start_utt()
            self.decoder.process_raw(sound.tobytes(), full_utt=True)
            self.decoder.end_utt()
            found = [[s.word.split("(")[0], s.start_frame, s.end_frame + 1] for s in self.decoder.seg() or ()]
        except RuntimeError:
            return None
        found = [row for row in found if not row[0].startswith(("<", "["))]
        if [row[0] for row in found] != text.split():
            return None
        return found


def align_set(aligner, data, name, path):
    """Writes one set's file; returns (utterances aligned, utterances in all)."""
    rows, _ = read_manifest(os.path.join(data, f"{name}.jsonl"))
    rows = [row for row in rows if row.get("split", "train") == "train"]
    lines = []
    tars = [t for t in (os.path.join(data, f"{name}-train.tar"), os.path.join(data, f"{name}.tar")) if os.path.exists(t)]
    for row, content in corpus.sounds(data, rows, tars):
        try:
            text = corpus.check_text(row, True)
            sound = corpus.decode(content or b"")
        except corpus.Unusable:
            continue  # the frames stage has told it
        words = aligner.words(sound, text)
        if words:
            lines.append(json.dumps({"id": row.get("id", row["file"]), "words": words}, separators=(",", ":")))
    partial = f"{path}.{os.getpid()}"
    with open(partial, "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))
    os.replace(partial, path)
    return len(lines), len(rows)


def align_stage(data, folder=None):
    """Aligns every set that is in the data folder and is not aligned yet."""
    folder = folder or frontend.cache_folder("aligned")
    named = {os.path.basename(p)[:-6] for p in glob.glob(os.path.join(data, "*.jsonl"))}
    aligner = None
    for name in [s for s in SETS if s in named] + sorted(named - {*SETS, "baseline", *corpus.UNSPOKEN}):
        path = os.path.join(folder, f"{name}.jsonl")
        if os.path.exists(path):
            continue
        aligner, began = aligner or Aligner(), time.time()
        some, whole = align_set(aligner, data, name, path)
        print(f"align: {name}: {some} of {whole} utterances, {time.time() - began:.0f} s", file=sys.stderr, flush=True)


def words_of(name, folder=None):
    """{utterance id: words} of a set; empty before it was aligned."""
    path = os.path.join(folder or frontend.cache_folder("aligned"), f"{name}.jsonl")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return {row["id"]: row["words"] for row in map(json.loads, file)}
