/**
 * Mutation tests of one room: `MUTATE=desired npm run test:mutation`. Minutes, so it runs by hand and not with every change. CONTRIBUTING.md holds
 * the scores that were reached; test/mutation/ runs the tests in Stryker's own process, `RUNNER=vitest` in a worker of vitest for each mutant.
 */
const room = process.env.MUTATE ?? "desired";
const folder = room === "answers" ? "src/stores/answers" : `src/${room}`;
const PHOTO = ["cells", "explained", "hash-table"].map((name) => `src/compare/photo/${name}.ts`);

export default {
  testRunner: process.env.RUNNER ?? "in-process",
  plugins: ["@stryker-mutator/vitest-runner", "./test/mutation/runner.mjs"],
  vitest: { configFile: "vitest.mutation.config.ts" },
  // Most of compare/photo is arithmetic over pixels, held by measured numbers and by peers (test/unit/compare/photo, bench/compare.mjs): `photo` is
  // what of it decides without one.
  mutate: room === "photo" ? PHOTO : [`${folder}/**/*.ts`, "!src/**/index.ts", "!src/compare/photo/**"],
  coverageAnalysis: "perTest",
  ignoreStatic: true,
  concurrency: 1,
  // A change that makes a list grow for ever ends here soon, not at the machine's memory.
  testRunnerNodeArgs: ["--max-old-space-size=1024"],
  timeoutMS: 6_000,
  dryRunTimeoutMinutes: 20,
  reporters: ["clear-text", "json", "progress-append-only"],
  clearTextReporter: { logTests: false, allowColor: false, reportTests: false },
  jsonReporter: { fileName: `node_modules/.cache/mutation/${room}.json` },
  incremental: true,
  incrementalFile: `node_modules/.cache/mutation/${room}.incremental.json`,
  tempDirName: ".stryker",
  // The page's own program is read by the tests of the report, and is built (npm run build).
  ignorePatterns: [
    "dist/**",
    "!dist/report/html/browser/**",
    "bench",
    "coverage",
    "reports",
    "schedules",
    "test/browser",
  ],
  // Words of messages are checked by the tests of what people read, not letter by letter.
  mutator: { excludedMutations: ["StringLiteral"] },
};
