import type { CellResult } from "./cell.js";
import type { Mutation } from "./mutation.js";
import { MUTATIONS } from "./mutations/index.js";
import { PHASES, type Phase, type RunKind } from "./phases.js";
import { fits } from "./tampering.js";

export interface Cell {
  readonly mutation: Mutation;
  readonly phase: Phase;
}

/** Every pair of a change and a phase that can meet. */
export function cellsOf(runs: readonly RunKind[]): readonly Cell[] {
  return PHASES.filter(({ run }) => runs.includes(run)).flatMap((phase) =>
    MUTATIONS.filter((mutation) => fits(mutation, phase)).map((mutation) => ({ mutation, phase })),
  );
}

/** Each change once, in a phase that the seed chooses. */
export function shortForm(seed: number): readonly Cell[] {
  const all = cellsOf(["audit", "full-audit", "apply", "undo"]);
  return MUTATIONS.flatMap((mutation, at) => {
    const own = all.filter((cell) => cell.mutation === mutation);
    const cell = own[(seed * 31 + at * 7) % Math.max(1, own.length)];
    return cell === undefined ? [] : [cell];
  });
}

/** One line of the table, and below it what is not as written. */
export function rowOf({ mutation, phase, expected, exit, wrong, cpuSeconds, requests }: CellResult): string {
  const { outcome, exits, writes } = expected;
  const told = `${outcome.padEnd(8)}  exit ${String(exit).padEnd(3)} of ${exits.join("/").padEnd(5)}  writes ${writes.padEnd(7)}`;
  const cost = `${String(requests).padStart(5)} requests ${cpuSeconds.toFixed(1).padStart(5)} s`;
  const row = `${wrong.length === 0 ? " " : "!"} ${mutation.padEnd(24)} ${phase.padEnd(14)}  ${told} ${cost}`;
  return wrong.length === 0 ? row : `${row}\n      ${[...new Set(wrong)].slice(0, 6).join("; ")}`;
}

/** The table for people: a line for every cell, and last the numbers. */
export function tableOf(results: readonly CellResult[]): string {
  const seconds = results.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const others = results.filter(({ wrong }) => wrong.length > 0).length;
  const told = others === 0 ? "all as expected" : `${String(others)} not as expected`;
  return `${results.map(rowOf).join("\n")}\n${String(results.length)} cells, ${told} (${seconds.toFixed(0)} processor seconds)`;
}

/** Cells that are not as written. */
export function surprises(results: readonly CellResult[]): readonly string[] {
  return results.flatMap(({ mutation, phase, wrong }) =>
    wrong.length === 0 ? [] : [`${mutation} x ${phase}: ${[...new Set(wrong)].join("; ")}`],
  );
}
