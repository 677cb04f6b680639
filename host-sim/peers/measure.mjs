// Runs a command and says what it cost. In: a command. Out: its standard output, CPU seconds of all its processes
// (counted by the kernel), and for each program the peak of its resident memory (sampled high-water marks).
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const SAMPLE_MS = 50;
const KB = 1024;

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // the process has ended
  }
}

/** Parent and high-water mark of every process that is there now. */
function processes() {
  const found = new Map();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const status = read(`/proc/${entry}/status`);
    const field = (name) => status.match(new RegExp(`^${name}:\\s+(.+?)(?: kB)?$`, "m"))?.[1];
    const peak = field("VmHWM");
    if (peak) found.set(Number(entry), { name: field("Name"), parent: Number(field("PPid")), peak: Number(peak) * KB });
  }
  return found;
}

function sample(root, peaks) {
  const all = processes();
  const inside = (id) => id === root || (all.has(id) && inside(all.get(id).parent));
  for (const [id, { name, peak }] of all) {
    if (id !== root && inside(id)) peaks.set(id, { name, peak: Math.max(peak, peaks.get(id)?.peak ?? 0) });
  }
}

/** { output, cpuSeconds, peaks: [{ name, bytes }] }, largest program first. Rejects when the command fails. */
export function measure(command, args) {
  return new Promise((resolve, reject) => {
    // The shell's own `time` adds up all processes that the command waited for.
    const script = 'TIMEFORMAT="%3U %3S"; { time "$@" 2>/dev/null 3>&-; } 2>&3';
    const child = spawn("bash", ["-c", script, "bash", command, ...args], {
      stdio: ["ignore", "pipe", "ignore", "pipe"],
    });
    const peaks = new Map();
    const timer = setInterval(() => sample(child.pid, peaks), SAMPLE_MS);
    let [output, times] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stdio[3].setEncoding("utf8").on("data", (text) => (times += text));
    child.on("error", reject);
    child.on("close", (status) => {
      clearInterval(timer);
      const [user, system] = times.trim().split(" ").map(Number);
      if (status !== 0 || !(user >= 0)) {
        reject(new Error(`${command} ended with ${status}`));
        return;
      }
      const largest = new Map();
      for (const { name, peak } of peaks.values()) largest.set(name, Math.max(peak, largest.get(name) ?? 0));
      const list = [...largest].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
      resolve({ output, cpuSeconds: user + system, peaks: list });
    });
  });
}
