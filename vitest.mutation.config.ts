import { defineConfig } from "vitest/config";
import { TEST_NAMES, testFilesOf } from "./test/mutation/suites.mjs";

/** The tests of one room as Stryker's vitest runner runs them: `RUNNER=vitest MUTATE=<room> npm run test:mutation`. */
export default defineConfig({
  test: {
    include: testFilesOf(process.env["MUTATE"] ?? "desired"),
    testNamePattern: TEST_NAMES,
    pool: "threads",
    testTimeout: 30_000,
  },
});
