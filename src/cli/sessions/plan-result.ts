import type { Plan } from "../../model/plan.js";
import { encodePlan } from "../../plan/index.js";
import type { ReportFormat } from "../../model/formats.js";
import { actionSentence, planDiff, planSentence, renderTable, type ResultTable } from "../../report/index.js";
import type { Invocation } from "../line/globals.js";
import { writeResult } from "../terminal/results.js";

/** Prints the plan as people read it, beside the result: to standard error. */
export function printPlan(plan: Plan, { terminal }: Pick<Invocation, "terminal">): void {
  for (const line of planDiff(plan, { color: terminal.errColor, width: terminal.width })) terminal.err(`${line}\n`);
}

/**
 * Writes a plan that was not carried out as the result of the command: the plan document in JSON, one row an action in the other formats,
 * one sentence as text.
 * @param sign its signatures
 * @param next the command that carries it out; null where it cannot be typed
 */
export async function writePlanResult(
  plan: Plan,
  sign: (plan: Plan) => readonly string[],
  next: string | null,
  invocation: Pick<Invocation, "terminal" | "outputs">,
): Promise<void> {
  await writeResult(invocation, (format) => planAs(format, plan, sign, next));
}

function planAs(
  format: ReportFormat,
  plan: Plan,
  sign: (plan: Plan) => readonly string[],
  next: string | null,
): Iterable<string> {
  if (format === "json") return encodePlan(plan, sign(plan));
  if (format !== "text") return renderTable(tableOf(plan), format);
  const { changes } = plan.head.limits;
  return [`${planSentence(plan.head)}\n`, changes === 0 ? "" : `Nothing was written. ${howToCarryOut(plan, next)}\n`];
}

/** What is refused has no command that carries it out: why it is, and what to do, is said with the refusal. */
function howToCarryOut({ head }: Plan, next: string | null): string {
  if (!head.applyable) return "As it is, the plan is refused.";
  return next === null ? "Type the same command with --yes to carry it out." : `Carry it out with: ${next}`;
}

function tableOf(plan: Plan): ResultTable {
  return {
    title: `${plan.head.purpose === "undo" ? "Undo" : "Plan"} ${plan.head.planId}`,
    columns: ["address", "action", "upn", "because", "change"],
    rows: rowsOf(plan),
  };
}

function* rowsOf(plan: Plan): Iterable<readonly string[]> {
  for (const action of plan.actions()) {
    yield [action.address, action.action, action.user?.upn ?? "", action.because, actionSentence(action)];
  }
}
