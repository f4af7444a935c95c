import fc from "fast-check";
import { expect, it } from "vitest";
import { shortTime } from "./short-time.js";

/** Whatever subset of answers is changed in whatever way, nothing is said or planned about what they were about. */
it("no subset of changed answers makes a finding of absence or an action", async () => {
  shortTime();
  const { openStage } = await import("./stage.js");
  const { cleanRuns, falseClaims } = await import("./cell.js");
  const { cellsOf } = await import("./matrix.js");
  const { expectationOf } = await import("./expectations.js");
  const stage = await openStage();
  try {
    const clean = await cleanRuns(stage);
    const cells = cellsOf(["audit", "full-audit"]).filter(
      // What a change leaves as it is (another order, say) may be told.
      ({ mutation, phase }) => expectationOf(mutation.id, phase.id).outcome !== "read",
    );
    const seed = Number(process.env["FAULTS_SEED"] ?? "1");
    const runs = Number(process.env["FAULTS_RUNS"] ?? "25");
    const property = fc.asyncProperty(
      fc.constantFrom(...cells),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
      async (cell, mask) => {
        const wrong = await falseClaims(stage, clean, cell, (at) => mask[at % mask.length] === true);
        expect(wrong, `${cell.mutation.id} x ${cell.phase.id}`).toEqual([]);
      },
    );
    await fc.assert(property, { seed, numRuns: runs, endOnFailure: true });
  } finally {
    await stage.close();
  }
});
