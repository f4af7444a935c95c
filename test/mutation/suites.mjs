/**
 * Which tests a mutant of a room has to survive: those of the room and of what stands on it, without processes, sandbox or network.
 * Read by both ways of running them, `runner.mjs` and `vitest.mutation.config.ts`.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";

const SUITES = {
  model: ["unit/model", "unit/desired", "unit/compare", "unit/plan", "unit/report", "unit/setup/permissions.test.ts"],
  desired: ["unit/desired"],
  compare: ["unit/compare", "scenarios/rules.test.ts", "unit/run/places.test.ts"],
  photo: ["unit/compare/photo/cells.test.ts", "unit/compare/photo/near.test.ts", "unit/compare/photo/profiles.test.ts"],
  plan: ["unit/plan"],
  answers: ["unit/stores"],
};

/** These start programs or draw many pictures: seconds a mutant. */
const LEFT_OUT = [
  "test/unit/report/scale.test.ts",
  "test/unit/plan/fuzz/",
  "test/unit/compare/photo/",
  // Sockets and keys: no answer is told from another there.
  "test/unit/stores/network.test.ts",
  "test/unit/stores/certificate-file.test.ts",
];

/** Growth is measured elsewhere: thousands of users are no place to look for a wrong branch. */
export const TEST_NAMES =
  /^(?!.*(?:thousands|not their product|in flat memory|no control character, override|of many users is read|survives any damage)).*$/s;

function filesBelow(root, folder) {
  return readdirSync(join(root, folder), { recursive: true }).map((file) => `${folder}/${file}`);
}

/** The paths of a room's tests, relative to `root`; none for a room that is not known. */
export function testFilesOf(room, root = process.cwd()) {
  const suites = SUITES[room] ?? [];
  return suites
    .flatMap((suite) => (suite.endsWith(".ts") ? [`test/${suite}`] : filesBelow(root, `test/${suite}`)))
    .filter((file) => file.endsWith(".test.ts"))
    .filter((file) => room === "photo" || !LEFT_OUT.some((start) => file.startsWith(start)))
    .sort();
}
