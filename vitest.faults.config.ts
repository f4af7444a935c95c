import { defineConfig } from "vitest/config";

/** The whole fault matrix: `npm run test:faults`. */
export default defineConfig({
  test: {
    include: ["test/faults/**/*.faults.ts"],
    globalSetup: ["test/faults/tally.ts", "test/support/kept-drawings.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 3_600_000,
    hookTimeout: 300_000,
  },
});
