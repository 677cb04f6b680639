// Runs `fail` once in the life of the device: 1.5 s after the first start, never after a restart.

import "../../../src/main";

const stats = native("es_stats");

export function once(fail: () => void): void {
  const { memory } = JSON.parse(stats()) as { memory: { restarts: number } };
  if (memory.restarts === 0) setTimeout(fail, 1500);
}
