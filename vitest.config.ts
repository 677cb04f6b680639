import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      // In the engine the module `testing` is test/api/testing.ts.
      testing: fileURLToPath(new URL("test/api/vitest.ts", import.meta.url)),
    },
  },
  test: {
    include: ["test/{unit,cli,system}/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
