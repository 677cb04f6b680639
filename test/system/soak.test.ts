// The short form of `npm run soak`: two hours with broken scripts and a full queue.

import { describe, expect, it } from "vitest";
import { run } from "./command";

const MINUTES = 60_000;

describe("soak", () => {
  it(
    "two hours lose no request, break no music, and find a queue full",
    async () => {
      const { code, stdout } = await run("soak", ["--hours", "2", "--json"]);
      const result = JSON.parse(stdout) as Record<string, unknown>;
      expect(result).toMatchObject({ hours: 2, requests: 10, underruns: 0, scriptRestarts: 2, problems: [] });
      expect(result.queueFull).toBeGreaterThan(0);
      expect(code).toBe(0);
    },
    10 * MINUTES,
  );
});
