// The page of a run. In: a recording and the run's summary. Out: one HTML document.

import { decodeLattice, type Spelling } from "../../../src/recognizer/lattice.ts";
import type { ActionEvent, FinalEvent, IntentEvent, TraceEvent } from "../device/records.ts";
import type { RunSummary } from "../device/transcript.ts";
import { pictureOf } from "../lattice/picture.ts";
import { percent, REFERENCE_MIPS, SAMPLE_RATE } from "../view/words.ts";
import { escaped } from "./markup.ts";
import type { Recording } from "./recording.ts";
import { STYLE } from "./style.ts";
import { timelineOf } from "./timeline.ts";

export function pageOf(recording: Recording, summary: RunSummary, spell: Spelling): string {
  const seconds = summary.audioMs / 1000;
  const finals = recording.events.filter((event): event is FinalEvent => event.type === "final");
  const cards = finals.map((final) => card(final, recording.events, spell));
  const title = `Earshot: ${recording.name}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>${escaped(recording.name)}</h1><p>${escaped(lead(summary, finals.length))}</p></header>
<section class="facts">${facts(summary, recording)}</section>
<section><div class="scroll">${timelineOf(recording, seconds).svg}</div>${LEGEND}</section>
<section class="cards">${cards.length > 0 ? cards.join("\n") : "<p>No words were heard.</p>"}</section>
<footer>Written by Earshot from a run of its firmware on the virtual board. Times are of the capture clock; CPU is counted
work. Point at a word, an end or a curve for its figures.</footer>
</main>
</body>
</html>
`;
}

function lead(summary: RunSummary, utterances: number): string {
  const heard = `${utterances} ${utterances === 1 ? "utterance" : "utterances"}`;
  const lost = summary.underruns + summary.microphoneLost;
  const sound =
    lost === 0
      ? "no sound was lost"
      : `${summary.underruns} underruns, ${summary.microphoneLost} microphone blocks lost`;
  return `${(summary.audioMs / 1000).toFixed(1)} s, ${heard}; ${sound}.`;
}

function facts(summary: RunSummary, { ready }: Recording): string {
  const { share, memory } = summary;
  const mips = summary.mips ?? REFERENCE_MIPS;
  const rows: readonly (readonly [string, string, string])[] = [
    [percent(share.music), "music", "music"],
    [percent(share.recognizer), "recognizer", "recognizer"],
    [percent(share.javascript), "JavaScript", "javascript"],
    [percent(summary.peakShare), `busiest second of ${mips} MIPS`, ""],
    [`${Math.round(memory.used / 1024)} KB`, `memory of ${Math.round(memory.cap / 1024)} KB`, ""],
    [ready === undefined ? "–" : `${(ready.modelBytes / 1e6).toFixed(2)} MB`, "acoustic model", ""],
  ];
  return rows
    .map(
      ([value, name, style]) =>
        `<div class="fact ${style}"><b>${escaped(value)}</b><span>${escaped(name)}</span></div>`,
    )
    .join("");
}

const LEGEND = `<p class="legend"><span class="key speculative"></span>speculative end <span class="key final"></span>final end
<span class="key reset"></span>reset <span class="key music"></span>music <span class="key recognizer"></span>recognizer
<span class="key javascript"></span>JavaScript <span class="key slots"></span>slots <span class="key chunks"></span>chunks</p>`;

function card(final: FinalEvent, events: readonly TraceEvent[], spell: Spelling): string {
  const of = <Type extends TraceEvent["type"]>(type: Type) =>
    events.find((event) => event.type === type && event.utterance === final.utterance) as
      | Extract<TraceEvent, { type: Type }>
      | undefined;
  const [intent, action, said] = [
    of("intent") as IntentEvent | undefined,
    of("action") as ActionEvent | undefined,
    of("say"),
  ];
  const late = Math.max(0, Math.round((final.t / SAMPLE_RATE) * 1000 - final.endMs));
  const early = final.speculativeMs === null ? "none" : `${final.speculativeMs - final.endMs} ms`;
  return `<article>
<h2>${words(final)}</h2>
<p class="times">${(final.startMs / 1000).toFixed(2)}–${(final.endMs / 1000).toFixed(2)} s · speculative end after ${early} · final end after ${late} ms (${escaped(final.reason)})</p>
<div class="flow">${intentBox(intent)}${actionBox(action)}${said === undefined ? "" : `<div class="box said"><i>says</i><b>${escaped(said.text)}</b></div>`}</div>
${latticeOf(final, spell)}
</article>`;
}

/** Words, the less sure the paler. */
function words(final: FinalEvent): string {
  if (final.words.length === 0) return escaped(final.text);
  return final.words
    .map(({ word, confidence }) => {
      const sure = confidence ?? 1;
      return `<span style="opacity:${(0.45 + 0.55 * sure).toFixed(2)}" title="${Math.round(sure * 100)} %">${escaped(word)}</span>`;
    })
    .join(" ");
}

function intentBox(intent: IntentEvent | undefined): string {
  if (intent === undefined) return "";
  const slots = Object.entries(intent.slots).map(
    ([name, value]) => `<span class="slot"><i>${escaped(name)}</i>${escaped(value)}</span>`,
  );
  const name = intent.name === "none" ? "not for this device" : intent.name;
  const sure = Math.round(intent.confidence * 100);
  return `<div class="box intent"><i>intent</i><b>${escaped(name)}</b>${slots.join("")}<meter min="0" max="100" value="${sure}" title="${sure} %"></meter></div>`;
}

function actionBox(action: ActionEvent | undefined): string {
  if (action === undefined) return `<div class="box none"><i>action</i><b>none</b></div>`;
  const values = Object.entries(action.arguments).map(
    ([name, value]) =>
      `<span class="slot"><i>${escaped(name)}</i>${escaped(Array.isArray(value) ? value.join(", ") : String(value))}</span>`,
  );
  return `<div class="box action"><i>action</i><b>${escaped(`${action.skill} · ${action.name}`)}</b>${values.join("")}</div>`;
}

function latticeOf({ lattice, utterance }: FinalEvent, spell: Spelling): string {
  if (lattice === undefined) return "";
  const svg = pictureOf(`utterance ${utterance}`, [decodeLattice(Buffer.from(lattice, "base64"))], spell);
  return `<details open><summary>what else it might have been</summary><div class="scroll lattice">${svg}</div></details>`;
}
