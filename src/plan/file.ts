import { PhotodriftError, type Plan, type PlanAction, type PlanHead } from "../model/index.js";
import { actionProblems, headProblems } from "./schema.js";

/** The plan file in pieces: head members and digest first, then one action a line, so that a reader needs no more than a line at a time. */
export function* encodePlan(plan: Plan): Iterable<string> {
  const members = Object.entries({ ...plan.head, digest: plan.digest });
  yield "{\n";
  for (const [key, value] of members) yield `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`;
  yield '  "actions": [';
  let first = true;
  for (const action of plan.actions()) {
    yield `${first ? "" : ","}\n    ${JSON.stringify(action)}`;
    first = false;
  }
  yield first ? "]\n}\n" : "\n  ]\n}\n";
}

/** The members of a plan file before its actions. Throws PhotodriftError `plan-version`, `plan-unreadable`. */
export function decodeHead(value: unknown): { readonly head: PlanHead; readonly digest: string } {
  const members = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const version = members["formatVersion"];
  if (typeof version === "string" && version.split(".")[0] !== "1") {
    throw new PhotodriftError(
      "plan-version",
      `The plan has format version ${version.slice(0, 20)}; this photodrift reads 1.x.`,
      "Apply it with the version that made it, or make a new one: photodrift audit --plan FILE.",
      "refused",
    );
  }
  const problems = headProblems(members);
  if (problems.length > 0) throw unreadablePlan(problems);
  const { digest, actions: _, ...head } = members;
  return { head: head as unknown as PlanHead, digest: digest as string };
}

/** One action of a plan file. Throws PhotodriftError `plan-unreadable`. */
export function decodeAction(value: unknown, place: number): PlanAction {
  const problems = actionProblems(value);
  if (problems.length > 0) throw unreadablePlan(problems.map((problem) => `actions[${place}]${problem}`));
  return value as PlanAction;
}

export function unreadablePlan(problems: readonly string[]): PhotodriftError {
  const shown = problems.slice(0, 3).join("; ");
  const more = problems.length > 3 ? ` (and ${problems.length - 3} more)` : "";
  return new PhotodriftError(
    "plan-unreadable",
    `This is no plan that can be read: ${shown}${more}.`,
    "Name a file that `photodrift audit --plan FILE` wrote; `photodrift apply --schema` prints its JSON Schema.",
    "usage",
  );
}
