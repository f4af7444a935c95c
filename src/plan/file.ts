import { PhotodriftError } from "../model/errors.js";
import { planMembersSchema, type Plan, type PlanHead } from "../model/plan.js";
import { planActionSchema, type PlanAction } from "../model/plan-action.js";
import { boundsProblem } from "./bounds.js";
import { problemsOf } from "./schema.js";

/** The plan file in pieces: head members, digest and signatures first, then one action a line, so that a reader needs no more than a line at a time. */
export function* encodePlan(plan: Plan, signatures: readonly string[]): Iterable<string> {
  const members = Object.entries({ ...plan.head, digest: plan.digest, signatures });
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

/** A plan file without its actions: digest and signatures as the file states them, not yet checked. */
export interface DecodedHead {
  readonly head: PlanHead;
  readonly digest: string;
  readonly signatures: readonly string[];
}

/** The members of a plan file beside its actions. Throws PhotodriftError `plan-version`, `plan-unreadable`. */
export function decodeHead(value: unknown): DecodedHead {
  const version = versionOf(value);
  if (version !== null && version.split(".")[0] !== "1") {
    throw new PhotodriftError(
      "plan-version",
      `The plan has format version ${version.slice(0, 20)}; this photodrift reads 1.x.`,
      "Apply it with the version that made it, or make a new one: photodrift audit --plan FILE.",
      "refused",
    );
  }
  const read = planMembersSchema.safeParse(value);
  if (!read.success) throw unreadablePlan(problemsOf(read.error));
  const { digest, signatures, ...head } = read.data;
  return { head, digest, signatures };
}

function versionOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("formatVersion" in value)) return null;
  return typeof value.formatVersion === "string" ? value.formatVersion : null;
}

/** One action of a plan file. Throws PhotodriftError `plan-unreadable`. */
export function decodeAction(value: unknown, place: number): PlanAction {
  const read = planActionSchema.safeParse(value);
  if (!read.success) throw unreadablePlan(problemsOf(read.error).map((problem) => `actions[${place}].${problem}`));
  const beyond = boundsProblem(read.data);
  if (beyond !== null) throw editedPlan(`Action ${place + 1} of the plan ${beyond}: photodrift makes no such plan.`);
  return read.data;
}

/** A plan that says what no audit makes it say. */
export function editedPlan(message: string): PhotodriftError {
  return new PhotodriftError(
    "plan-edited",
    message,
    "Apply parts of a plan with --user, --rule or --store instead. Make a new one: photodrift audit --plan FILE.",
    "refused",
  );
}

/** The error for a file that is no plan, with the first of what is wrong in it. */
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
