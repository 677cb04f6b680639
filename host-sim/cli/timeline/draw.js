// The page's own script: draws the run on two canvases. In: the page's data (timeline.ts). Times here are milliseconds.

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { summary } = data;
  const TASKS = ["music", "capture", "recognizer", "javascript"];
  const TASK_NAMES = ["music", "capture", "recognizer", "JavaScript"];
  const LOADS = ["full search", "narrow beam", "greedy", "late"];
  const STEP_MS = 60;
  const BIN_MS = 10;
  const LEFT = 96;
  const length = Math.max(summary.audioMs, 100);
  const LEAST = 20; // ms that can be shown at least

  // Lanes from the top: name, height.
  const LANES = [
    ["microphone", 52],
    ["words", 40],
    ["end-points", 40],
    ["frames", 76],
    ["music", 40],
    ["capture", 40],
    ["recognizer", 40],
    ["JavaScript", 40],
    ["CPU", 84],
  ];
  const AXIS = 26;
  const GAP = 9;
  const tops = [];
  let height = AXIS;
  for (const [, lane] of LANES) {
    tops.push(height + GAP);
    height += lane + GAP;
  }
  height += 10;

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const slices = [];
  for (let i = 0; i < data.slices.length; i += 3) {
    slices.push({ task: data.slices[i], start: data.slices[i + 1] / 1000, ms: data.slices[i + 2] / 1000 });
  }
  const steps = [];
  for (let i = 0; i < data.steps.length; i += 3) {
    // The last sample came with the block of 10 ms that ended where the step's tick began.
    steps.push({ heard: data.steps[i] / 1000, ms: data.steps[i + 1] / 1000, load: data.steps[i + 2] });
  }
  const events = data.events.map(([type, t, text]) => ({ type, at: t / 16, text }));
  const view = { from: 0, to: length };

  // ---- drawing ----

  const lanes = document.getElementById("lanes");
  const overview = document.getElementById("overview");

  function prepare(canvas, h) {
    const scale = window.devicePixelRatio || 1;
    const w = canvas.clientWidth;
    canvas.style.height = `${h}px`;
    canvas.width = Math.round(w * scale);
    canvas.height = Math.round(h * scale);
    const c = canvas.getContext("2d");
    c.setTransform(scale, 0, 0, scale, 0, 0);
    c.clearRect(0, 0, w, h);
    c.font = "12px system-ui, sans-serif";
    c.textBaseline = "middle";
    return { c, w };
  }

  /** A step of the axis: 1, 2 or 5 of some power of ten, at least 80 pixels wide. */
  function axisStep(pixelsAMs) {
    for (let power = 1; ; power *= 10) {
      for (const unit of [1, 2, 5]) if (unit * power * pixelsAMs >= 80) return unit * power;
    }
  }

  const timeText = (ms, step) =>
    step >= 1000 ? `${ms / 1000} s` : step >= 10 ? `${(ms / 1000).toFixed(2)} s` : `${ms} ms`;

  function drawAxis({ c, w, x, k }) {
    const step = axisStep(k);
    c.textAlign = "center";
    for (let ms = Math.ceil(view.from / step) * step; ms <= view.to; ms += step) {
      c.fillStyle = color("line");
      c.fillRect(x(ms), AXIS, 1, height - AXIS);
      c.fillStyle = color("soft");
      if (x(ms) < w - 20) c.fillText(timeText(ms, step), x(ms), AXIS / 2);
    }
  }

  function drawNames({ c, w }) {
    c.textAlign = "left";
    LANES.forEach(([name, lane], i) => {
      c.fillStyle = color("soft");
      c.fillText(name, 12, tops[i] + lane / 2);
      c.fillStyle = color("line");
      c.fillRect(0, tops[i] + lane + GAP / 2, w, 1);
    });
  }

  function drawMicrophone({ c, x, k }) {
    const [top, lane] = [tops[0], LANES[0][1]];
    c.fillStyle = color("wave");
    const loudest = Math.max(20, ...data.peaks.slice(0, 100_000));
    const first = Math.max(0, Math.floor(view.from / BIN_MS));
    const last = Math.min(data.peaks.length, Math.ceil(view.to / BIN_MS));
    for (let i = first; i < last; i++) {
      const h = Math.max(1, (lane * data.peaks[i]) / loudest);
      c.fillRect(x(i * BIN_MS), top + (lane - h) / 2, Math.max(0.7, k * BIN_MS - 0.6), h);
    }
  }

  function box(c, left, top, width, h, radius) {
    c.beginPath();
    c.roundRect(left, top, Math.max(width, 1), h, Math.min(radius, Math.max(width, 1) / 2));
    c.fill();
  }

  function drawWords({ c, x }) {
    const [top, lane] = [tops[1], LANES[1][1]];
    let free = LEFT;
    for (const [word, from, to] of data.words) {
      if (to < view.from || from > view.to) continue;
      const left = Math.max(x(from), LEFT);
      c.fillStyle = color("word");
      c.globalAlpha = 0.16;
      box(c, left, top + 4, x(to) - left, lane - 8, 5);
      c.globalAlpha = 1;
      const width = c.measureText(word).width;
      const at = Math.max(left + 3, free);
      c.textAlign = "left";
      if (at + width < Math.max(x(to), left + 3 + width) + 26) {
        c.fillText(word, at, top + lane / 2);
        free = at + width + 7;
      }
    }
  }

  const MARKS = {
    speculative: "recognizer",
    final: "capture",
    reset: "bad",
    timeout: "soft",
    overload: "bad",
    underrun: "bad",
  };

  function drawEvents({ c, x, w }) {
    const [top, lane] = [tops[2], LANES[2][1]];
    let low = null;
    for (const { type, at, text } of events) {
      if (type !== "duck") continue;
      if (text === "on") low = at;
      else if (low !== null) {
        band(c, x, w, top, low, at);
        low = null;
      }
    }
    if (low !== null) band(c, x, w, top, low, length);
    c.textAlign = "left";
    const free = [LEFT, LEFT];
    for (const { type, at } of events) {
      if (!(type in MARKS) || at < view.from || at > view.to) continue;
      c.fillStyle = color(MARKS[type]);
      c.fillRect(x(at) - 0.75, top - GAP / 2, 1.5, type === "overload" ? lane : lane * 2.3);
      const row = x(at) + 4 >= free[0] ? 0 : 1;
      if (x(at) + 4 < free[row]) continue;
      c.fillText(type, x(at) + 4, top + 7 + 14 * row);
      free[row] = x(at) + 10 + c.measureText(type).width;
    }
  }

  function band(c, x, w, top, from, to) {
    if (to < view.from || from > view.to) return;
    const left = Math.max(x(from), LEFT);
    c.fillStyle = color("music");
    c.globalAlpha = 0.25;
    box(c, left, top + 30, Math.min(x(to), w) - left, 10, 5);
    c.globalAlpha = 1;
    const label = "music is low";
    if (Math.min(x(to), w) - left > c.measureText(label).width + 12) {
      c.font = "10px system-ui, sans-serif";
      c.textAlign = "left";
      c.fillText(label, left + 6, top + 35.5);
      c.font = "12px system-ui, sans-serif";
    }
  }

  /** Each step of the recognizer from its last sample to its result, the deadline one step's length after the sample. */
  function drawSteps({ c, x, k }) {
    const [top, lane] = [tops[3], LANES[3][1]];
    const rows = 4;
    const h = lane / rows;
    steps.forEach(({ heard, ms, load }, i) => {
      if (heard + Math.max(ms, STEP_MS) < view.from || heard > view.to) return;
      const y = top + (i % rows) * h;
      const late = ms > STEP_MS;
      c.fillStyle = color(late ? "bad" : load > 0 ? "javascript" : "recognizer");
      c.globalAlpha = late ? 1 : 0.85;
      const left = Math.max(x(heard), LEFT);
      box(c, left, y + 2, x(heard + ms) - left, h - 4, 3);
      c.globalAlpha = 1;
      if (k * STEP_MS < 12 || x(heard + STEP_MS) < LEFT) return;
      c.fillStyle = color("ink");
      c.fillRect(x(heard + STEP_MS) - 0.5, y + 1, 1.2, h - 2);
    });
  }

  /** The first slice that ends after `ms`: they are in order of their starts, and no task has two at a time. */
  function firstSlice(ms) {
    let low = 0;
    let high = slices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (slices[middle].start + slices[middle].ms < ms - 50) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function drawSlices({ c, x, k, w }) {
    for (const task of TASKS.keys()) {
      c.fillStyle = color("line");
      c.fillRect(LEFT, tops[4 + task] + LANES[4 + task][1] - 1, w - LEFT, 1);
    }
    for (let i = firstSlice(view.from); i < slices.length && slices[i].start < view.to; i++) {
      const { task, start, ms } = slices[i];
      const width = ms * k;
      if (x(start + ms) < LEFT) continue;
      const left = Math.max(x(start), LEFT);
      c.fillStyle = color(TASKS[task]);
      // Slices narrower than a pixel share it: the pixel's shade is their part of it.
      c.globalAlpha = width >= 1 ? 0.92 : Math.max(0.12, width);
      c.fillRect(
        left,
        tops[4 + task] + 2,
        Math.max(x(start + ms) - left - (width > 3 ? 0.6 : 0), 1),
        LANES[4 + task][1] - 3,
      );
    }
    c.globalAlpha = 1;
    if (data.slicesEndUs !== null && x(data.slicesEndUs / 1000) < w) {
      c.fillStyle = color("soft");
      c.textAlign = "left";
      const left = Math.max(x(data.slicesEndUs / 1000), LEFT) + 6;
      c.fillText("slices from here on are left out; the load below is whole", left, tops[5] + 20);
    }
  }

  /** Stacked shares of the CPU, a bin of 10 ms or more a pixel. */
  function drawLoad({ c, w, x, top, lane, from, to }) {
    const bins = data.load.length / TASKS.length;
    for (let pixel = Math.max(LEFT, Math.floor(x(from))); pixel < w; pixel++) {
      const ms = from + ((pixel - x(from)) * (to - from)) / (x(to) - x(from));
      const next = from + ((pixel + 1 - x(from)) * (to - from)) / (x(to) - x(from));
      const first = Math.floor(ms / BIN_MS);
      const last = Math.max(first + 1, Math.floor(next / BIN_MS));
      let y = top + lane;
      for (const task of TASKS.keys()) {
        let used = 0;
        for (let bin = first; bin < Math.min(last, bins); bin++) used += data.load[bin * TASKS.length + task];
        const h = (lane * used) / ((last - first) * BIN_MS * 1000);
        c.fillStyle = color(TASKS[task]);
        c.fillRect(pixel, y - h, 1.05, h);
        y -= h;
      }
    }
  }

  function drawScale({ c, w }, top, lane) {
    c.textAlign = "right";
    for (const part of [0.5, 1]) {
      c.fillStyle = color("line");
      c.fillRect(LEFT, top + lane * (1 - part), w - LEFT, 1);
      c.fillStyle = color("soft");
      c.fillText(`${100 * part} %`, LEFT - 8, top + lane * (1 - part) + 1);
    }
  }

  function draw() {
    const { c, w } = prepare(lanes, height);
    const k = (w - LEFT) / (view.to - view.from);
    const place = { c, w, k, x: (ms) => LEFT + (ms - view.from) * k };
    drawAxis(place);
    drawNames(place);
    c.save();
    c.beginPath();
    c.rect(LEFT, 0, w - LEFT, height);
    c.clip();
    drawMicrophone(place);
    drawWords(place);
    drawEvents(place);
    drawSteps(place);
    drawSlices(place);
    drawLoad({ ...place, top: tops[8], lane: LANES[8][1], from: view.from, to: view.to });
    c.restore();
    drawScale(place, tops[8], LANES[8][1]);
    drawOverview();
  }

  function drawOverview() {
    const { c, w } = prepare(overview, 64);
    const x = (ms) => LEFT + ((w - LEFT) * ms) / length;
    drawLoad({ c, w, x, top: 6, lane: 52, from: 0, to: length });
    c.fillStyle = color("soft");
    c.textAlign = "left";
    c.fillText("whole run", 12, 32);
    c.fillStyle = color("ink");
    c.globalAlpha = 0.1;
    c.fillRect(x(view.from), 0, Math.max(2, x(view.to) - x(view.from)), 64);
    c.globalAlpha = 1;
    for (const { type, at } of events) {
      if (type !== "final" && type !== "underrun" && type !== "overload") continue;
      c.fillStyle = color(MARKS[type]);
      c.fillRect(x(at), 0, 1.5, 8);
    }
  }

  // ---- choosing what is shown ----

  function show(from, to) {
    const span = Math.min(Math.max(to - from, LEAST), length);
    view.from = Math.min(Math.max(0, from), length - span);
    view.to = view.from + span;
    draw();
  }

  const longest = steps.reduce((best, step) => (best === null || step.ms > best.ms ? step : best), null);
  const firstWord = data.words[0];
  const firstFinal = events.find(({ type }) => type === "final");
  const views = [["whole run", () => show(0, length)]];
  if (firstWord && firstFinal) views.push(["first utterance", () => show(firstWord[1] - 400, firstFinal.at + 500)]);
  if (longest)
    views.push(["longest frame", () => show(longest.heard - 70, longest.heard + Math.max(longest.ms, STEP_MS) + 70)]);
  const firstOverload = events.find(({ type }) => type === "overload" || type === "underrun");
  if (firstOverload)
    views.push([`first ${firstOverload.type}`, () => show(firstOverload.at - 500, firstOverload.at + 700)]);

  const nav = document.getElementById("views");
  for (const [name, action] of views) {
    const button = document.createElement("button");
    button.textContent = name;
    button.addEventListener("click", action);
    nav.append(button);
  }
  const hint = document.createElement("span");
  hint.textContent = "wheel: zoom · drag: move · arrow keys, + and −";
  nav.append(hint);

  const msAt = (canvas, clientX, from, to) => {
    const { left, width } = canvas.getBoundingClientRect();
    return from + ((clientX - left - LEFT) * (to - from)) / (width - LEFT);
  };

  function zoom(middle, factor) {
    show(middle - (middle - view.from) * factor, middle + (view.to - middle) * factor);
  }

  lanes.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      zoom(msAt(lanes, event.clientX, view.from, view.to), event.deltaY > 0 ? 1.25 : 0.8);
    },
    { passive: false },
  );
  let grabbed = null;
  lanes.addEventListener("pointerdown", (event) => {
    grabbed = { at: event.clientX, from: view.from, to: view.to };
    lanes.setPointerCapture(event.pointerId);
  });
  lanes.addEventListener("pointerup", () => {
    grabbed = null;
  });
  lanes.addEventListener("pointermove", (event) => {
    if (grabbed === null) {
      tell(msAt(lanes, event.clientX, view.from, view.to), event.clientY - lanes.getBoundingClientRect().top);
      return;
    }
    const ms = ((grabbed.at - event.clientX) * (grabbed.to - grabbed.from)) / (lanes.clientWidth - LEFT);
    show(grabbed.from + ms, grabbed.to + ms);
  });
  lanes.addEventListener("keydown", (event) => {
    const span = view.to - view.from;
    const middle = view.from + span / 2;
    if (event.key === "ArrowLeft") show(view.from - span / 5, view.to - span / 5);
    else if (event.key === "ArrowRight") show(view.from + span / 5, view.to + span / 5);
    else if (event.key === "+") zoom(middle, 0.7);
    else if (event.key === "-") zoom(middle, 1.4);
  });
  const jump = (event) => {
    const ms = msAt(overview, event.clientX, 0, length);
    const half = Math.min(view.to - view.from, length / 4) / 2;
    show(ms - half, ms + half);
  };
  overview.addEventListener("pointerdown", jump);
  overview.addEventListener("pointermove", (event) => {
    if (event.buttons > 0) jump(event);
  });
  window.addEventListener("resize", draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  // ---- words beside the picture ----

  function tell(ms, y) {
    const tip = document.getElementById("tip");
    const lane = LANES.findIndex(([, h], i) => y >= tops[i] && y < tops[i] + h);
    const near = (at) => Math.abs(at - ms) < Math.max(2, (view.to - view.from) / 200);
    let text = `${(ms / 1000).toFixed(3)} s`;
    if (lane >= 4 && lane <= 7) {
      const slice = slices
        .slice(firstSlice(ms))
        .find((s) => s.start > ms || (s.task === lane - 4 && s.start <= ms && s.start + s.ms >= ms));
      if (slice && slice.start <= ms) text += `: ${TASK_NAMES[slice.task]} has the CPU for ${slice.ms.toFixed(2)} ms`;
    } else if (lane === 3) {
      const step = steps.findLast((s) => s.heard <= ms);
      if (step)
        text += `: frame of ${(step.heard / 1000).toFixed(2)} s took ${step.ms.toFixed(1)} of ${STEP_MS} ms (${LOADS[step.load]})`;
    } else {
      const found = events.filter((event) => near(event.at)).map((event) => `${event.type} ${event.text}`.trim());
      if (found.length > 0) text += `: ${found.join(" · ")}`;
    }
    tip.textContent = ms >= 0 && ms <= length ? text : "";
  }

  function figure(name, value, bad) {
    const div = document.createElement("div");
    if (bad) div.className = "bad";
    const dt = document.createElement("dt");
    const dd = document.createElement("dd");
    dt.textContent = name;
    dd.textContent = value;
    div.append(dt, dd);
    document.getElementById("figures").append(div);
  }

  const percent = (share) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)} %`);
  document.getElementById("about").textContent =
    `${data.file} · board ${summary.board} at ${summary.mips ?? "unlimited"} MIPS · ${(summary.audioMs / 1000).toFixed(1)} s`;
  figure("underruns", summary.underruns, summary.underruns > 0);
  figure("microphone blocks lost", summary.microphoneLost, summary.microphoneLost > 0);
  figure("frames late", summary.framesLate, summary.framesLate > 0);
  figure("frames with less work", summary.shed, summary.shed > 0);
  figure("longest frame", `${summary.longestFrameMs.toFixed(1)} ms`, summary.longestFrameMs > STEP_MS);
  figure("longest slice", `${summary.longestSliceMs.toFixed(2)} ms`, summary.longestSliceMs > 2);
  figure("music", percent(summary.share.music));
  figure("recognizer and capture", percent(summary.share.recognizer));
  figure("JavaScript", percent(summary.share.javascript));
  figure("busiest second", percent(summary.peakShare), summary.peakShare >= 1);

  const legend = [
    ["music", "music"],
    ["capture", "capture: echo canceller, features"],
    ["recognizer", "recognizer; a frame in time"],
    ["javascript", "JavaScript; a frame with less work"],
    ["bad", "a late frame; overload, underrun"],
    ["ink", "a frame's deadline"],
  ];
  for (const [name, text] of legend) {
    const item = document.createElement("li");
    const mark = document.createElement("i");
    mark.style.background = `var(--${name})`;
    item.append(mark, text);
    document.getElementById("legend").append(item);
  }

  const wanted = views.find(([name]) => name === decodeURIComponent(location.hash.slice(1)));
  (wanted ?? views[0])[1]();
})();
