// Timers of our own hosts: globals, on the capture clock.

declare function setInterval(callback: () => void, ms: number): number;

export function every(ms: number, callback: () => void): void {
  setInterval(callback, ms);
}
