/**
 * Mutation tests of one room: `MUTATE=desired npm run test:mutation`. Minutes to an hour, so it runs by hand and not with every change.
 * CONTRIBUTING.md holds the scores that were reached.
 */
const room = process.env.MUTATE ?? "desired";
const files = room === "answers" ? "src/stores/answers" : `src/${room}`;

export default {
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutation.config.ts" },
  mutate: [`${files}/**/*.ts`, "!src/**/index.ts"],
  coverageAnalysis: "perTest",
  ignoreStatic: true,
  concurrency: 2,
  reporters: ["clear-text", "json"],
  clearTextReporter: { logTests: false, allowColor: false, reportTests: false },
  jsonReporter: { fileName: `node_modules/.cache/mutation/${room}.json` },
  incremental: true,
  incrementalFile: `node_modules/.cache/mutation/${room}.incremental.json`,
  tempDirName: ".stryker",
  ignorePatterns: ["dist", "bench", "coverage", "reports", "schedules", "test/browser"],
  // Words of messages are checked by the tests of what people read, not letter by letter.
  mutator: { excludedMutations: ["StringLiteral"] },
};
