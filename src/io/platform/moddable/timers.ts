// Timers of the Moddable SDK.

import Timer from "timer";

export function every(ms: number, callback: () => void): void {
  Timer.repeat(callback, ms);
}

export function soon(callback: () => void): void {
  Timer.set(callback, 0);
}
