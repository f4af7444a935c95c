import { appendFileSync } from "node:fs";
import { cleanRuns, runCell, type CellResult } from "./cell.js";
import { cellsOf, rowOf, shortForm, surprises, tableOf, type Cell } from "./matrix.js";
import type { RunKind } from "./phases.js";
import { openStage } from "./stage.js";

/** All cells of one kind of run; FAULTS_ONLY keeps those whose `change x phase` holds its text, or one of several between `|`. */
export async function runWhole(run: RunKind): Promise<readonly string[]> {
  const only = (process.env["FAULTS_ONLY"] ?? "").split("|");
  const cells = cellsOf([run]).filter(({ mutation, phase }) =>
    only.some((text) => `${mutation.id} x ${phase.id}`.includes(text)),
  );
  return await runMatrix(cells, `Faults in ${run} runs`);
}

/** Each change once. */
export async function runShort(seed: number): Promise<readonly string[]> {
  return await runMatrix(shortForm(seed), "Faults, each change once");
}

/** Runs cells one after the other on a stage of their own, prints the table, and gives what is not as written. */
async function runMatrix(cells: readonly Cell[], title: string): Promise<readonly string[]> {
  const stage = await openStage();
  const results: CellResult[] = [];
  try {
    const clean = await cleanRuns(stage);
    for (const { mutation, phase } of cells) {
      const result = await runCell(stage, clean, mutation, phase);
      results.push(result);
      // For watching a long run: each cell as it ends.
      append("FAULTS_LOG", rowOf(result));
    }
  } finally {
    await stage.close();
  }
  console.log(`\n${title}\n${tableOf(results)}`);
  const wrong = surprises(results);
  append("FAULTS_TALLY", `${String(results.length)} ${String(wrong.length)}`);
  return wrong;
}

/** A line in the file that a variable of the environment names, where it names one. */
function append(variable: "FAULTS_LOG" | "FAULTS_TALLY", line: string): void {
  const file = process.env[variable];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}
