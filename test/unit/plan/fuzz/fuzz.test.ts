import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { applySavedPlan } from "../../../../src/cli/sessions/apply-saved.js";
import type { Config } from "../../../../src/model/config.js";
import { PhotodriftError } from "../../../../src/model/errors.js";
import { encodePlan } from "../../../../src/plan/index.js";
import { signPlan } from "../../../../src/state/plan-keys.js";
import { readPlanFile } from "../../../../src/state/index.js";
import { createRig, removeFolder, tempFolder } from "../../apply/rig.js";
import { choices, planText, recipes, type Recipe } from "./make.js";
import { excess, excessTogether, type Allowed } from "./oracle.js";
import {
  audited,
  benchFor,
  configFor,
  HONEST,
  recordedWriters,
  type Choice,
  type World,
  type WriterCall,
} from "./world.js";

/** `npm run test:fuzz` tries 10,000. */
const PLANS = Number(process.env["PHOTODRIFT_FUZZ_PLANS"] ?? 600);
const KEY = "the forger has the key";

let folder: string;
let config: Config;
let world: World;
const counts = { plans: 0, refused: 0, carriedOut: 0, writes: 0, skipped: 0 };
const codes = new Map<string, number>();

beforeAll(async () => {
  folder = tempFolder();
  config = configFor(folder);
  world = await audited(folder);
});
afterAll(() => {
  world.rig.close();
  removeFolder(folder);
  const reasons = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`);
  console.log(
    `${counts.plans} plans: ${counts.refused} refused whole, ${counts.carriedOut} carried out with ${counts.writes} writes and ${counts.skipped} actions left out (${reasons.join(", ")})`,
  );
});

/** Applies one forged file on a copy of the tenant and a state file that forgets it afterwards; gives what reached the writers. */
async function forge(recipe: Recipe, choice: Choice): Promise<readonly WriterCall[]> {
  const file = join(folder, "forged.json");
  const honest = recipe.honest === null ? undefined : world.honest[recipe.honest];
  writeFileSync(
    file,
    honest === undefined
      ? planText(recipe, world.tenant, world.pool, (plan) => signPlan(plan, [KEY]))
      : [...encodePlan(honest, [])].join(""),
  );
  const tenant = world.tenant.copy();
  const rig = choice.blank ? createRig(tenant, join(folder, "blank")) : world.rig;
  const calls: WriterCall[] = [];
  rig.state.db.exec("BEGIN");
  try {
    const ports = recordedWriters({ ...rig.ports, ...tenant.ports() }, calls);
    const bench = benchFor(tenant, rig.state, config, choice);
    const read = await readPlanFile(file, rig.state.plans);
    const { run, result } = await applySavedPlan(bench, ports, read, {
      filters: { users: [], groups: [], rules: [], stores: [] },
      failOn: "warning",
      maxChanges: null,
      env: { PHOTODRIFT_PLAN_KEY: KEY },
      signal: new AbortController().signal,
      planned: () => undefined,
    });
    counts.carriedOut++;
    counts.skipped += result.counts.skipped;
    for (const { error } of rig.state.records.outcomes(run.id))
      if (error !== undefined) codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    counts.refused++;
    codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
    expect(calls).toEqual([]);
  } finally {
    rig.state.db.exec("ROLLBACK");
    if (choice.blank) rig.close();
  }
  counts.plans++;
  counts.writes += calls.length;
  return calls;
}

it(`no plan file, however made, writes more than configuration and lists allow: ${PLANS} forged plans`, async () => {
  await fc.assert(
    fc.asyncProperty(recipes, choices, async (recipe, choice) => {
      const calls = await forge(recipe, choice);
      const { honest } = recipe;
      const named = honest === null ? recipe.named : (HONEST[honest] ?? []);
      const allowed: Allowed = { before: world.tenant, choice, named, honest: honest !== null };
      const beyond = calls.map((call) => [excess(call, allowed), call]).filter(([why]) => why !== null);
      expect(beyond).toEqual([]);
      expect(excessTogether(calls, allowed)).toBeNull();
    }),
    { numRuns: PLANS },
  );
  // The forger is good enough: many plans come through to the writers, or the property would say nothing.
  expect(counts.writes).toBeGreaterThan(PLANS / 5);
}, 600_000);
