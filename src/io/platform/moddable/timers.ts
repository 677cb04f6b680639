// Timers of the Moddable SDK.

import Timer from "timer";

export function every(ms: number, callback: () => void): void {
  Timer.repeat(callback, ms);
}
