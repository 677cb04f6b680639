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


def command_all(arguments) -> None:
    """Everything: frames, synthesis, pieces, training, the packed model, its figures."""
    from . import pieces
    command_frames(arguments)
    command_synth(arguments)
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
    export(arguments.checkpoint, pathlib.Path(arguments.model), {"blank_penalty": round(1024 * arguments.penalty)})


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
        "checkpoint": dict(default="int8", help="checkpoint to export"),
        "penalty": dict(type=float, default=1.0, help="blank penalty, natural log"),
        "model": dict(default=released, help="packed model"),
        "split": dict(default="test", choices=("test", "dev")),
        "output": dict(default=str(CACHE / "requests.jsonl")),
    }
    table = {
        "all": (command_all, ["shards", "processes", "resume", "next-stage", "checkpoint", "penalty", "model", "split"]),
        "frames": (command_frames, []),
        "corpus": (command_corpus, ["output"]),
        "synth": (command_synth, ["shards"]),
        "neural": (command_neural, ["neural-shards"]),
        "prompts": (command_prompts, []),
        "pieces": (command_pieces, []),
        "train": (command_train, ["processes", "resume", "next-stage"]),
        "export": (command_export, ["checkpoint", "penalty", "model"]),
        "golden": (command_golden, ["model"]),
        "lm": (command_lm, ["model"]),
        "evaluate": (command_evaluate, ["model", "split"]),
    }
    for name, (run, names) in table.items():
        command = commands.add_parser(name, help=run.__doc__)
        for option in names:
            command.add_argument(f"--{option}", **options[option])
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
