// One set-up at a time: two commands that start together in a fresh clone must not install into the same folder.
// In: the lock's path. Out: the work's result. A lock whose process is gone is taken over.
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const POLL_MS = 100;

function take(path) {
  try {
    const file = openSync(path, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function holderIsGone(path) {
  try {
    const holder = Number.parseInt(readFileSync(path, "utf8"), 10);
    if (!(holder > 0)) return false; // just being written
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH" || error.code === "ENOENT";
  }
}

export async function withLock(path, say, work) {
  for (let waited = 0; !take(path); waited += POLL_MS) {
    if (holderIsGone(path)) {
      rmSync(path, { force: true });
      continue;
    }
    if (waited === 1000) say("waiting for another command that is setting up");
    await pause(POLL_MS);
  }
  const release = () => rmSync(path, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.removeListener("exit", release);
    release();
  }
}
