// The page's look, light or dark as the reader's screen is.

export const STYLE = `
:root { color-scheme: light dark; --paper: #f6f4ef; --card: #fffefb; --ink: #20242a; --faint: #747a83; --line: #dedad1;
  --voice: #2f6fb0; --music: #9a4fa5; --recognizer: #14848f; --javascript: #b7791f; --good: #2f7d4a; --best: #c2410c; }
@media (prefers-color-scheme: dark) { :root { --paper: #14161a; --card: #1c1f25; --ink: #eceae4; --faint: #959ca6; --line: #343942;
  --voice: #6ea8e0; --music: #c993d3; --recognizer: #55c3cd; --javascript: #e0b04c; --good: #79c491; --best: #fb923c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 Inter, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 36px 24px 60px; }
h1 { font-size: 26px; font-weight: 650; margin: 0; overflow-wrap: anywhere; }
header p { color: var(--faint); margin: 4px 0 22px; }
section { margin-bottom: 26px; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; }
.fact { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; border-top: 3px solid var(--line); }
.fact b { display: block; font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums; }
.fact span { color: var(--faint); font-size: 13px; }
.fact.music { border-top-color: var(--music); } .fact.recognizer { border-top-color: var(--recognizer); } .fact.javascript { border-top-color: var(--javascript); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.lattice { border-radius: 8px; max-height: 420px; overflow-y: auto; background: #fbfaf7; }
@media (prefers-color-scheme: dark) { .lattice { background: #16181c; } }
svg { display: block; }
.timeline text { fill: var(--ink); font-size: 12px; }
.timeline .small { fill: var(--faint); font-size: 11px; } .timeline .lane { fill: var(--faint); font-size: 12px; }
.timeline .tick { stroke: var(--line); } .timeline .tick.weak { opacity: .45; } .axis { stroke: var(--line); stroke-dasharray: 3 3; }
.wave { fill: var(--voice); opacity: .8; }
.timeline .word { fill: var(--good); } .timeline .on { fill: var(--card); text-anchor: middle; font-size: 12.5px; font-weight: 600; }
.wait { stroke: var(--best); stroke-width: 2; } .final { fill: var(--best); } .speculative { fill: none; stroke: var(--best); stroke-width: 2; }
.reset { fill: var(--faint); } .duck { stroke: var(--music); stroke-dasharray: 2 3; }
.timeline .deed { font-size: 12px; paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
.timeline .action { fill: var(--voice); font-weight: 600; } .timeline .say { fill: var(--ink); font-style: italic; } .timeline .ring { fill: var(--best); font-weight: 600; }
.share.music { fill: var(--music); } .share.recognizer { fill: var(--recognizer); } .share.javascript { fill: var(--javascript); } .share { opacity: .85; }
.memory { fill: none; stroke-width: 1.8; } .memory.slots { stroke: var(--javascript); } .memory.chunks { stroke: var(--voice); }
.legend { color: var(--faint); font-size: 13px; margin: 8px 4px; }
.key { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin: 0 5px 0 12px; vertical-align: -1px; }
.key.speculative { border: 2px solid var(--best); border-radius: 50%; } .key.final { background: var(--best); } .key.reset { background: var(--faint); border-radius: 50%; }
.key.music { background: var(--music); } .key.recognizer { background: var(--recognizer); } .key.javascript { background: var(--javascript); }
.key.slots { background: var(--javascript); height: 3px; vertical-align: 3px; } .key.chunks { background: var(--voice); height: 3px; vertical-align: 3px; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px 22px; margin-bottom: 16px; }
h2 { font-size: 20px; font-weight: 600; margin: 0; }
.times { color: var(--faint); margin: 2px 0 12px; font-size: 13px; font-variant-numeric: tabular-nums; }
.flow { display: flex; flex-wrap: wrap; gap: 10px; }
.box { border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 8px; padding: 8px 14px; display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; }
.box > i { color: var(--faint); font-style: normal; font-size: 12px; } .box b { font-weight: 600; }
.box.intent { border-left-color: var(--good); } .box.action { border-left-color: var(--voice); } .box.said { border-left-color: var(--javascript); }
.slot { background: var(--paper); border-radius: 6px; padding: 1px 8px; font-size: 14px; } .slot i { color: var(--faint); font-style: normal; font-size: 12px; margin-right: 6px; }
meter { width: 60px; height: 8px; }
details { margin-top: 14px; } summary { color: var(--faint); font-size: 13px; cursor: pointer; margin-bottom: 8px; }
footer { color: var(--faint); font-size: 12.5px; }
`;
