import { defineConfig } from "vitest/config";

/** The tests that a mutant has to survive: those of one room and of what stands on it, without processes, sandbox or network. */
const SUITES: Readonly<Record<string, readonly string[]>> = {
  model: ["model", "desired", "compare", "plan", "report"],
  desired: ["desired"],
  compare: ["compare"],
  plan: ["plan"],
  answers: ["stores"],
};
const room = process.env["MUTATE"] ?? "desired";

export default defineConfig({
  test: {
    include: (SUITES[room] ?? []).map((folder) => `test/unit/${folder}/**/*.test.ts`),
    // These start programs or draw many pictures: minutes a mutant.
    exclude: ["test/unit/apply/kill*.test.ts", "test/unit/report/scale.test.ts", "test/unit/plan/fuzz/**"],
    // Growth is measured elsewhere: thousands of users are no place to look for a wrong branch.
    testNamePattern: /^(?!.*(?:thousands|not their product|in flat memory)).*$/,
    pool: "threads",
    testTimeout: 30_000,
  },
});
