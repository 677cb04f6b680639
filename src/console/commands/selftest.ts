import type { Command, ConsoleDevice } from "../command";
import { ConsoleError } from "../command";

const KEY = "selftest";

/** What is checked, and undefined or what is wrong with it. */
const CHECKS: readonly (readonly [string, (device: ConsoleDevice) => string | undefined])[] = [
  ["model", (device) => ((JSON.parse(device.model()) as { bytes?: number }).bytes ? undefined : "no model")],
  ["memory", checkMemory],
  ["storage", checkStorage],
  ["names", checkNames],
  ["timers", ({ timers }) => (timers.problem === "" ? undefined : timers.problem)],
  ["clock", ({ calendar }) => (calendar.known ? undefined : "the time is not known")],
  ["understanding", checkUnderstanding],
  ["music", ({ music }) => ([...music.library.pieces()].length > 0 ? undefined : "no music")],
];

export const selftest: Command = {
  name: "selftest",
  usage: "",
  summary: "checks the parts of the device",
  details: ["Nothing that was set is changed, and nothing is heard."],
  most: 0,
  run(_args, device) {
    const rows = CHECKS.map(([name, check]) => ({ name, problem: attempt(check, device) ?? null }));
    const lines = rows.map(({ name, problem }) => `${name}: ${problem ?? "good"}`);
    const bad = rows.filter(({ problem }) => problem !== null);
    if (bad.length > 0)
      throw new ConsoleError("selftest", bad.map(({ name, problem }) => `${name}: ${problem}`).join("; "));
    return { lines, data: { checks: rows } };
  },
};

function attempt(check: (device: ConsoleDevice) => string | undefined, device: ConsoleDevice): string | undefined {
  try {
    return check(device);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function checkNames({ catalog }: ConsoleDevice): string | undefined {
  for (const _ of catalog.entries()); // counts what is damaged
  return catalog.damaged > 0 ? `${catalog.damaged} could not be read` : undefined;
}

function checkMemory(device: ConsoleDevice): string | undefined {
  const { memory } = JSON.parse(device.stats()) as { memory?: Record<string, number> };
  const { slotsUsed = 0, slotsSize = 1, keysUsed = 0, keysSize = 1 } = memory ?? {};
  return slotsUsed > slotsSize * 0.9 || keysUsed > keysSize * 0.9 ? "nearly full" : undefined;
}

function checkStorage({ store }: ConsoleDevice): string | undefined {
  const text = `${store.read(KEY) === "a" ? "b" : "a"}`;
  store.write(KEY, text);
  const back = store.read(KEY);
  store.delete(KEY);
  return back === text ? undefined : "what was written did not come back";
}

function checkUnderstanding(device: ConsoleDevice): string | undefined {
  const { name } = device.assistant.consider("stop the music", device.now()).intent;
  return name === "stop" ? undefined : `"stop the music" is understood as ${name}`;
}
