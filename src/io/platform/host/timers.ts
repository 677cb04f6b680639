// Timers of our own hosts: globals, on the capture clock.

declare function setInterval(callback: () => void, ms: number): number;
declare function setTimeout(callback: () => void, ms: number): number;

export function every(ms: number, callback: () => void): void {
  setInterval(callback, ms);
}

/** The board runs what is due when the program has started before it goes on. */
export function soon(callback: () => void): void {
  setTimeout(callback, 0);
}
