import { appendFileSync } from "node:fs";
import { cleanRuns, runCell, type CellResult } from "./cell.js";
import { rowOf, surprises, tableOf, type Cell } from "./matrix.js";
import { openStage } from "./stage.js";

/** Runs cells one after the other on a stage of their own, prints the table, and gives what is not as written. */
export async function runMatrix(cells: readonly Cell[], title: string): Promise<readonly string[]> {
  const stage = await openStage();
  const results: CellResult[] = [];
  try {
    const clean = await cleanRuns(stage);
    for (const { mutation, phase } of cells) {
      const result = await runCell(stage, clean, mutation, phase);
      results.push(result);
      note(result);
    }
  } finally {
    await stage.close();
  }
  console.log(`\n${title}\n${tableOf(results)}`);
  return surprises(results);
}

/** For watching a long run: each cell as it ends, in the file that FAULTS_LOG names. */
function note(result: CellResult): void {
  const file = process.env["FAULTS_LOG"];
  if (file !== undefined) appendFileSync(file, `${rowOf(result)}\n`);
}
