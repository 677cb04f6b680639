"""`npm run report:model`: every figure of the model, made anew, as a page with plots and as tables for the card.

In:  models/earshot.esm, the data folder, results of ablations (models/training/ablations), the training log. Out:
docs/model.html, and the table between the marks of models/earshot.md. Sets are heard through `npm run transcribe`
(evaluate.py keeps what was heard, by the model's digest). Figures of other recognisers are those of the data folder's
README; where they left their hypotheses they go through the same scorer.
"""

import html
import json
import pathlib
import re

from . import ablate, evaluate
from .manifest import read_manifest
from .scoring import Heard, summary
from .settings import CHECKPOINTS, DATA, REPOSITORY

PAGE = REPOSITORY / "docs" / "model.html"
CARD = REPOSITORY / "models" / "earshot.md"
MARKS = ("<!-- figures: npm run report:model -->", "<!-- end of figures -->")
WHISPER = {"coffee": 10.0, "wakewords": 25.8, "speech-commands": 32.4, "digits": 5.9}  # tiny.en, all test files
DEV_LINE = re.compile(r"^(\S+)   dev, blank penalty 1\.0: (.*) \[")
SHOWN = re.compile(r" shown ([\d.]+) h")


def pocketsphinx() -> dict[str, dict]:
    """Rows of the baseline from its hypotheses, at most 70 utterances a set."""
    path, heard, known = DATA / "baseline.jsonl", {}, {}
    for name in evaluate.SETS:
        if (DATA / f"{name}.jsonl").exists():
            known |= {row.get("id"): (name, row.get("speaker", "")) for row in read_manifest(DATA / f"{name}.jsonl")[0]}
    for line in path.open() if path.exists() else ():
        row = json.loads(line)
        if row["id"] in known:
            name, speaker = known[row["id"]]
            heard.setdefault(name, []).append(Heard(row["id"], speaker, row["ref"], row["hyp"]))
    return {name: summary(rows) for name, rows in heard.items()}


def figures(model: pathlib.Path, split: str) -> dict:
    """Everything that is measured, as one dictionary."""
    rows = evaluate.evaluate(model, split, conditions=tuple(evaluate.CONDITIONS))
    parts = {}
    for name in evaluate.SETS:
        found = evaluate.result(model, name, split)
        parts[name] = {label: summary(heard) for label, heard in sorted(evaluate.groups(name, found).items())}
    return {"rows": rows, "groups": parts, "pocketsphinx": pocketsphinx() if split == "test" else {},
            "alone": [evaluate.words_without_speech(model, kind, split if split == "test" else "train")
                      for kind in ("noise", "music")]}


def learning_curve() -> list[tuple[float, dict[str, float]]]:
    """(hours of sound shown, word error of each dev set) from the training log."""
    points, hours = [], 0.0
    log = CHECKPOINTS / "log.txt"
    for line in log.open() if log.exists() else ():
        shown, dev = SHOWN.search(line), DEV_LINE.match(line)
        if shown:
            hours = float(shown[1])
        elif dev and hours:
            rates = {m[1]: float(m[2]) for m in re.finditer(r"([\w-]+) ([\d.]+) \(s", dev[2])}
            points.append((hours, rates))
    return points


def card_tables(found: dict) -> str:
    """The tables of the card in Markdown."""
    lines = ["| set (test split) | condition | utterances | words | WER % (95 %) | utterances with an error % | "
             "sub / del / ins | PocketSphinx WER % | Whisper tiny.en WER % |", "| --- " * 9 + "|"]
    for row in found["rows"]:
        clean = row["condition"] == "clean"
        sphinx = found["pocketsphinx"].get(row["set"], {}).get("wer", "–") if clean else ""
        lines.append("| {set} | {condition} | {utterances} | {words} | **{wer}** ({wer95[0]}–{wer95[1]}) | {sentenceErrors}"
                     " | {substitutions} / {deletions} / {insertions} |".format(**row)
                     + f" {sphinx} | {WHISPER.get(row['set'], '–') if clean else ''} |")
    for row in found["alone"]:
        lines.append("")
        lines.append(f"{row['minutes']} minutes of {row['kind']} without speech ({row['distinctMinutes']} minutes of distinct "
                     f"material, looped and mixed): {row['words']} words"
                     + (f" ({', '.join(row['heard'][:8])})" if row["words"] else "") + ".")
    clean = [row for row in found["rows"] if row["condition"] == "clean" and "macsPerSecond" in row]
    lines += ["", "| set | million multiply-accumulates a second | MB of weights read a second |", "| --- | --- | --- |"]
    lines += [f"| {row['set']} | {row['macsPerSecond'] / 1e6:.1f} | {row['weightBytesPerSecond'] / 1e6:.1f} |"
              for row in clean]
    shown = {"coffee": "by speaker label", "speechocean762": "by age and sex", "librispeech-testclean": "by sex"}
    lines += ["", "| group | utterances | words | WER % (95 %) |", "| --- | --- | --- | --- |"]
    for name in shown:
        for label, row in found["groups"].get(name, {}).items():
            lines.append(f"| {name}, {label} | {row['utterances']} | {row['words']} | {row['wer']} "
                         f"({row['wer95'][0]}–{row['wer95'][1]}) |")
    return "\n".join(lines)


def ablation_rows() -> list[list[str]]:
    """Name, what it is, then each set's figure with its paired difference to the run with everything."""
    found = ablate.results()
    base, rows = found.get("float"), []
    for name, result in found.items():
        tests = ablate.compared(base, result) if base and name != "float" else {}
        row = [name, result["about"], str(result["updates"]), str(result["density"])]
        for s in ablate.SETS:
            figure = result["sets"].get(s)
            test = tests.get(s)
            row.append((f"{figure['wer']}" if figure else "–")
                       + (f" ({test['difference']:+.1f}, p {test['p']})" if test else ""))
        rows.append(row)
    return rows


def markdown_ablations() -> str:
    if not ablate.results():
        return "No ablation of this model was run yet: `python3 -m earshot_training ablate`, then this report again."
    head = ["run", "what", "updates", "density", *(f"{s} WER % (difference to float, p)" for s in ablate.SETS)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *ablation_rows()])


def bars(found: dict) -> str:
    """Word error of each set with its interval, beside the baselines, as SVG."""
    rows = [row for row in found["rows"] if row["condition"] == "clean"]
    height, out = 34 * len(rows) + 30, []
    for i, row in enumerate(rows):
        y = 34 * i + 10
        scale = 5.0  # pixels a point
        low, high = row["wer95"]
        out.append(f'<text x="170" y="{y + 12}" text-anchor="end">{row["set"]}</text>'
                   f'<rect class="bar" x="180" y="{y}" width="{scale * min(row["wer"], 110):.1f}" height="16"/>'
                   f'<line class="ink" x1="{180 + scale * low:.1f}" x2="{180 + scale * min(high, 110):.1f}" y1="{y + 8}" '
                   f'y2="{y + 8}"/><text x="{186 + scale * min(high, 110):.1f}" y="{y + 12}">{row["wer"]}</text>')
        for value, mark in ((found["pocketsphinx"].get(row["set"], {}).get("wer"), "sphinx"),
                            (WHISPER.get(row["set"]), "whisper")):
            if value is not None:
                out.append(f'<circle class="{mark}" cx="{180 + scale * min(value, 110):.1f}" cy="{y + 22}" r="4"/>')
    return f'<svg viewBox="0 0 800 {height}" role="img" aria-label="word error of each set">{"".join(out)}</svg>'


def curve(points: list[tuple[float, dict[str, float]]]) -> str:
    """Dev word errors over hours shown, as SVG."""
    if len(points) < 2:
        return "<p>No training log in the cache.</p>"
    names = ("coffee", "wakewords", "speech-commands", "synth-neural")
    last, out = points[-1][0], []
    for share in (0, 25, 50, 75, 100):
        y = 250 - 2.2 * share
        out.append(f'<line class="grid" x1="50" x2="700" y1="{y}" y2="{y}"/><text x="44" y="{y + 4}" text-anchor="end">'
                   f"{share} %</text>")
    for n, name in enumerate(names):
        way = [(50 + 650 * h / last, 250 - 2.2 * min(100, r[name])) for h, r in points if name in r]
        if way:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in way)
            out.append(f'<polyline class="line{n}" points="{path}"/><text class="text{n}" x="705" '
                       f'y="{way[-1][1] + 4 + 12 * (n - 1):.0f}">{name}</text>')
    out.append(f'<text x="375" y="275" text-anchor="middle">hours of sound shown (last: {last:.0f})</text>')
    return f'<svg viewBox="0 0 820 285" role="img" aria-label="learning curve">{"".join(out)}</svg>'


STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2430;background:#fbfbf9}
table{border-collapse:collapse;margin:1rem 0;font-size:14px;display:block;overflow-x:auto}td,th{border-bottom:1px solid #d5d8dc;padding:.25rem .6rem;text-align:left}
svg{width:100%;font-size:12px;fill:currentColor}.bar{fill:#5b8db8}.ink{stroke:#1b2430;stroke-width:2}.sphinx{fill:#c0792a}.whisper{fill:#4a8f5c}
.grid{stroke:#d5d8dc}polyline{fill:none;stroke-width:2}.line0{stroke:#a8452f}.line1{stroke:#3d6f9e}.line2{stroke:#4a8f5c}.line3{stroke:#8a6fb0}
.text0{fill:#a8452f}.text1{fill:#3d6f9e}.text2{fill:#4a8f5c}.text3{fill:#8a6fb0}
@media(prefers-color-scheme:dark){body{color:#e4e6e8;background:#15191e}.ink{stroke:#e4e6e8}td,th,.grid{border-color:#3a414a;stroke:#3a414a}}"""


def as_html(markdown: str) -> str:
    """Markdown tables and lines as HTML; nothing else of Markdown occurs here."""
    out, open_table = [], False
    for line in markdown.splitlines():
        if line.startswith("|"):
            cells = [cell.strip().replace("**", "") for cell in line.strip("|").split("|")]
            if all(set(cell) <= {"-"} for cell in cells):
                continue
            tag = "td" if open_table else "th"
            out.append(("" if open_table else "<table>") + "<tr>"
                       + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>")
            open_table = True
        else:
            out.append("</table>" if open_table else "")
            open_table = False
            out.append(f"<p>{html.escape(line)}</p>" if line else "")
    return "\n".join(out + (["</table>"] if open_table else []))


def report(model: pathlib.Path, split: str = "test") -> str:
    """Writes the page and the card's table; returns the table."""
    found = figures(model, split)
    tables, ablations = card_tables(found), markdown_ablations()
    body = [f"<h1>How well {model.name} hears</h1>",
            "<p>Re-made by <code>npm run report:model</code>. Recordings of people in no training set, through the "
            "firmware's own path. Intervals: bootstrap over speakers and their utterances.</p>", "<h2>Word errors</h2>",
            bars(found), "<p>Bars: this model, with its 95 % interval. Dots: PocketSphinx (brown), Whisper tiny.en "
            "(green).</p>", as_html(tables), "<h2>While it was trained</h2>", curve(learning_curve()),
            "<p>Dev recordings, float network, greedy.</p>", "<h2>With and without</h2>",
            "<p>Short trainings from the dense checkpoint with equal updates; dev recordings, C recogniser; difference to the "
            "run <i>float</i> with the p of a paired bootstrap.</p>", as_html(ablations)]
    page = f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>" \
           f"<title>Earshot: the speech model</title><style>{STYLE}</style><body>{''.join(body)}</body></html>\n"
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page, encoding="utf-8")
    if model.resolve() == CARD.with_name("earshot.esm").resolve() and split == "test":
        write_card(tables + "\n\n" + ablations)
    return tables


def write_card(tables: str) -> None:
    """Puts the tables between the marks of the card."""
    text = CARD.read_text(encoding="utf-8")
    if all(mark in text for mark in MARKS):
        before, after = text.split(MARKS[0])[0], text.split(MARKS[1])[1]
        CARD.write_text(f"{before}{MARKS[0]}\n{tables}\n{MARKS[1]}{after}", encoding="utf-8")
