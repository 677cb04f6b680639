"""Entry point: python3 -m earshot_training <command>. Every command can be cut and started again."""

import argparse
import pathlib
import subprocess
import sys

from .settings import CACHE, CHECKPOINTS, REPOSITORY, Settings


def command_frames(_arguments) -> None:
    """Recordings of the data folder as feature frames."""
    from . import corpus, manifest
    corpus.frames_stage(manifest.default_data())


def command_corpus(arguments) -> None:
    """The request corpus (text, intent, slots) as JSON Lines."""
    from . import grammar, manifest
    grammar.corpus_stage(arguments.output, manifest.default_data(), Settings().seed, 20000, 2000, 2000)


def command_synth(arguments) -> None:
    """Synthetic speech as feature frames, one shard after the other."""
    from . import manifest, synth
    synth.synth_stage(manifest.default_data(), shards=arguments.shards)


def command_neural(arguments) -> None:
    """Optional: requests spoken by neural voices, as feature frames; slow, for the background."""
    from . import manifest, neural
    neural.neural_stage(manifest.default_data(), shards=arguments.neural_shards)


def command_prompts(_arguments) -> None:
    """What the speaker says: models/prompts/english.txt spoken, earcons synthesised, one file."""
    from . import prompts
    print(prompts.prompts_stage())
def command_names(arguments) -> None:
    """Optional: requests with names spoken by held-out voices, as WAV files, for measuring biasing."""
    from . import manifest, names
    names.names_stage(manifest.default_data(), arguments.folder)


def command_align(_arguments) -> None:
    """Times of the words of the training recordings; needs pocketsphinx."""
    from . import align, manifest
    align.align_stage(manifest.default_data())


def command_splice(_arguments) -> None:
    """New sentences from the words of real speakers, as feature frames; after align."""
    from . import manifest, splice
    splice.splice_stage(manifest.default_data())


def command_music(_arguments) -> None:
    """Music made here, as feature frames."""
    from . import music
    print(f"music: {music.music_stage():.2f} h")


def command_label(arguments) -> None:
    """Words for unlabelled recordings by a teacher, where it is sure."""
    from . import label
    print("label: kept {} of {} recordings".format(*label.label_stage(arguments.checkpoint)))


def command_half(arguments) -> None:
    """A checkpoint in half precision, for adaptation."""
    from . import adapt
    adapt.write_half(arguments.checkpoint)


def command_adapt(arguments) -> None:
    """A person's own recordings and words into a model of their own: `npm run adapt`."""
    from . import adapt
    words = pathlib.Path(arguments.words) if arguments.words else None
    adapt.adapt(pathlib.Path(arguments.folder), pathlib.Path(arguments.output), words, arguments.updates)


def command_report(arguments) -> None:
    """Every figure of a model, as a page and as the card's tables: `npm run report:model`."""
    from . import report
    print(report.report(pathlib.Path(arguments.model).resolve(), arguments.split))


def command_compare(arguments) -> None:
    """Paired test of two packed models on every set."""
    from . import evaluate, scoring
    for name in evaluate.SETS:
        one, other = (evaluate.heard_of(evaluate.result(pathlib.Path(m).resolve(), name, arguments.split))
                      for m in (arguments.model, arguments.other))
        print(name, scoring.paired(one, other), flush=True)


def command_ablate(arguments) -> None:
    """A short training with or without one thing, scored on dev; without a name, what there is."""
    from . import ablate
    if arguments.name and arguments.name not in ablate.TABLE:
        raise RuntimeError(f"there is no ablation {arguments.name}; there are {', '.join(ablate.TABLE)}")
    for name in [arguments.name] if arguments.name else []:
        print(ablate.run(name, arguments.updates or 400)["sets"])
    if not arguments.name:
        done = ablate.results()
        print("\n".join(f"{name:20} {'done' if name in done else '    '} {a.about}" for name, a in ablate.TABLE.items()))


def command_sentences(arguments) -> None:
    """Counts distinct sentences that the recipe can say, and looks for held-out ones among them."""
    from . import manifest, sentences
    print(sentences.check(manifest.default_data(), arguments.count))


def command_all(arguments) -> None:
    """Everything: frames, synthesis, pieces, training, the packed model, its figures."""
    from . import pieces
    command_frames(arguments)
    command_music(arguments)
    command_synth(arguments)
    command_align(arguments)
    command_splice(arguments)
    if not pieces.MODEL.exists():
        command_pieces(arguments)
    command_train(arguments)
    command_export(arguments)
    command_calibrate(arguments)
    command_golden(arguments)
    command_evaluate(arguments)


def command_pieces(_arguments) -> None:
    """Word pieces from the training transcripts and the request corpora."""
    from . import pieces
    sentences = pieces.sentences()
    pieces.train(sentences, Settings())
    print(f"{pieces.MODEL}: {len(pieces.Pieces().texts) - 1} pieces from {len(sentences)} sentences")


def command_understand(arguments) -> None:
    """models/understanding.esu: intents and slots from words and lattices."""
    from . import manifest
    from .understanding.recipe import understand_stage
    from .understanding.settings import Settings as Understanding
    understand_stage(manifest.default_data(), Understanding(share_alike=arguments.share_alike),
                     pathlib.Path(arguments.understanding))


def command_train(arguments) -> None:
    """All stages, going on from the newest checkpoint."""
    from .loop import train
    settings = Settings()
    if arguments.processes:
        settings.processes = arguments.processes
    resume, at_end = arguments.resume, arguments.next_stage
    if not resume:
        saved = [p for p in CHECKPOINTS.glob("*.pt")]
        if saved:
            resume = max(saved, key=lambda p: p.stat().st_mtime).stem
            at_end = resume in [s.name for s in settings.stages]
    train(settings, resume, at_end)


def command_export(arguments) -> None:
    """A checkpoint as a packed model."""
    from .export import export
    export(arguments.checkpoint, pathlib.Path(arguments.model), {"blank_penalty": round(1024 * arguments.penalty)},
           arguments.tuned)


def command_golden(arguments) -> None:
    """Golden vectors of the random models and of the released one, for the C tests."""
    from . import network_golden, released_golden
    network_golden.main()
    print(released_golden.write(pathlib.Path(arguments.model)))


def command_calibrate(arguments) -> None:
    """All that is tuned in a packed model, chosen on dev recordings: `npm run calibrate` of the project."""
    command = ["node", str(REPOSITORY / "host-sim" / "setup.cjs"), "calibrate", str(pathlib.Path(arguments.model).resolve())]
    if subprocess.run(command, check=False).returncode:
        raise RuntimeError("npm run calibrate failed: what it said stands above")


def command_lm(arguments) -> None:
    """Language model of the search, written into a packed model."""
    from . import lm
    lm.write(pathlib.Path(arguments.model))


def command_evaluate(arguments) -> None:
    """Word errors on the sets of the data folder, through `npm run transcribe`."""
    from .evaluate import evaluate, table
    print(table(evaluate(pathlib.Path(arguments.model).resolve(), arguments.split)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="earshot_training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    released = str(REPOSITORY / "models" / "earshot.esm")
    options = {
        "shards": dict(type=int, default=16, help="synthetic shards of about 0.9 h"),
        "neural-shards": dict(type=int, default=100, help="neural shards of about four minutes"),
        "processes": dict(type=int, default=0, help="training processes, one thread each"),
        "resume": dict(default="", help="checkpoint to go on from; default: the newest"),
        "next-stage": dict(action="store_true", help="begin the stage after the checkpoint's"),
        "checkpoint": dict(default="polish", help="checkpoint to export"),
        "penalty": dict(type=float, default=1.0, help="blank penalty, natural log"),
        "model": dict(default=released, help="packed model"),
        "tuned": dict(default="", help="packed model whose thresholds and language model are taken over"),
        "split": dict(default="test", choices=("test", "dev")),
        "output": dict(default=str(CACHE / "requests.jsonl"), help="file to write"),
        "other": dict(default=released, help="packed model that is compared"),
        "words": dict(default="", help="words and sentences to learn by synthetic voices, one a line"),
        "updates": dict(type=int, default=0, help="training updates; adapt: by the hours of recordings; ablate: 400"),
        "count": dict(type=int, default=200000, help="distinct sentences to reach"),
        "folder": dict(default=str(CACHE / "names"), help="folder of the WAV files"),
        "understanding": dict(default=str(REPOSITORY / "models" / "understanding.esu"), help="packed file to write"),
        "share-alike": dict(action="store_true", help="teach from share-alike corpora too: to measure, not to release"),
    }
    table = {
        "all": (command_all, ["shards", "processes", "resume", "next-stage", "checkpoint", "penalty", "model", "tuned", "split"]),
        "frames": (command_frames, []),
        "corpus": (command_corpus, ["output"]),
        "synth": (command_synth, ["shards"]),
        "neural": (command_neural, ["neural-shards"]),
        "prompts": (command_prompts, []),
        "names": (command_names, ["folder"]),
        "pieces": (command_pieces, []),
        "understand": (command_understand, ["understanding", "share-alike"]),
        "train": (command_train, ["processes", "resume", "next-stage"]),
        "export": (command_export, ["checkpoint", "penalty", "model", "tuned"]),
        "golden": (command_golden, ["model"]),
        "lm": (command_lm, ["model"]),
        "evaluate": (command_evaluate, ["model", "split"]),
        "compare": (command_compare, ["model", "other", "split"]),
        "report": (command_report, ["model", "split"]),
        "align": (command_align, []),
        "splice": (command_splice, []),
        "music": (command_music, []),
        "label": (command_label, ["checkpoint"]),
        "half": (command_half, ["checkpoint"]),
        "adapt": (command_adapt, ["output", "words", "updates"]),
        "ablate": (command_ablate, ["updates"]),
        "sentences": (command_sentences, ["count"]),
    }
    for name, (run, names) in table.items():
        command = commands.add_parser(name, help=run.__doc__)
        for option in names:
            command.add_argument(f"--{option}", **options[option])
        if name == "adapt":
            command.add_argument("folder", help="recordings in the data layout")
        if name == "ablate":
            command.add_argument("name", nargs="?", default="", help="which; without one: all that there are")
        command.set_defaults(run=run)
    arguments = parser.parse_args()
    try:
        arguments.run(arguments)
    except RuntimeError as error:  # a missing folder, tool or package, told in one sentence
        if type(error) is not RuntimeError:
            raise
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
