import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { proveWritable, writeWhole } from "../files/whole-file.js";
import { inPieces } from "../model/chunks.js";
import { PhotodriftError } from "../model/errors.js";
import { ownerKey, type PlanAction } from "../model/plan-action.js";
import type { Plan } from "../model/plan.js";
import { systemError, systemReason } from "../model/system-errors.js";
import {
  actionSortKey,
  countActions,
  decodeAction,
  decodeHead,
  duplicateKey,
  editedPlan,
  encodePlan,
  unreadablePlan,
  type ActionCounter,
  type DecodedHead,
} from "../plan/index.js";
import type { PlanRecords } from "../run/journal-port.js";
import { planDigest } from "./digest.js";

/** A file that another program laid out anew is read in one piece, up to this size. */
const MAX_RELAID_BYTES = 64 * 1024 * 1024;

/** Writes a plan file with its signatures as a stream, whole or not at all, readable by its owner only. Throws PhotodriftError `plan-not-written`. */
export async function writePlanFile(path: string, plan: Plan, signatures: readonly string[]): Promise<void> {
  await orExplain(path, () => writeWhole(path, inPieces(encodePlan(plan, signatures))));
}

/** Proves that a plan can be written there now, before the audit that it is made of. Throws PhotodriftError `plan-not-written`. */
export async function requirePlanFile(path: string): Promise<void> {
  await orExplain(path, () => proveWritable(path));
}

async function orExplain(path: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    throw new PhotodriftError(
      "plan-not-written",
      `The plan cannot be written to ${path}: ${systemReason(error)}.`,
      `${systemError(error)?.cure ?? ""} Or name another file with --plan.`.trim(),
      "failed",
      error,
    );
  }
}

/** A plan file that could be read; nothing in it is believed before `verifyPlan`. */
export interface ReadPlan {
  readonly plan: Plan;
  /** Digest computed from what was read; verifyPlan compares it with the one that the file states. */
  readonly foundDigest: string;
  readonly signatures: readonly string[];
  /** What the actions come to, counted anew. */
  readonly counted: ReturnType<ActionCounter["counts"]>;
}

/**
 * Reads a plan file into the plan records, a line at a time; verify it before use (verifyPlan, isProved).
 * Throws PhotodriftError `plan-unreadable`, `plan-version` for what is no plan file to the letter, `plan-edited` for actions out of order.
 */
export async function readPlanFile(path: string, records: PlanRecords): Promise<ReadPlan> {
  const { head, digest, signatures, actions } = (await readLines(path)) ?? (await readWhole(path));
  const scratch = `file:${head.planId}`;
  records.dropPlan(scratch);
  const counter = countActions(ownerKey);
  let place = 0;
  let last = "";
  let batch: { key: string; action: PlanAction }[] = [];
  try {
    for await (const value of actions) {
      const action = decodeAction(value, place);
      const key = `${actionSortKey(action)}\u0001${action.id}`;
      if (place > 0 && Buffer.compare(Buffer.from(last), Buffer.from(key)) >= 0)
        throw editedPlan(`Action ${place + 1} of the plan stands twice or out of order.`);
      last = key;
      counter.add(action);
      batch.push({ key: String(place).padStart(12, "0"), action });
      place++;
      if (batch.length === 500) {
        records.addActions(scratch, batch);
        batch = [];
      }
    }
    records.addActions(scratch, batch);
  } catch (error) {
    records.dropPlan(scratch);
    throw error;
  }
  const plan: Plan = { head, digest, actions: () => records.actions(scratch) };
  return { plan, foundDigest: planDigest(head, plan.actions()), signatures, counted: counter.counts() };
}

interface Parsed extends DecodedHead {
  readonly actions: AsyncIterable<unknown> | Iterable<unknown>;
}

/** The layout that encodePlan gives; null for any other. */
async function readLines(path: string): Promise<Parsed | null> {
  let members = "";
  let size = 0;
  let head: object | null = null;
  try {
    for await (const line of linesOf(path)) {
      if (head !== null) {
        // A first action that ends on a later line is the work of another JSON writer.
        const whole = line.trim() === "]" || parse(line.trim().replace(/,$/, "")) !== null;
        return whole ? { ...decodeHead(head), actions: actionLines(path) } : null;
      }
      if (/^ {2}"actions": \[/.test(line)) {
        head = strictly(`${members.replace(/,\n$/, "")}}`, "the head");
        if (head === null) return null;
        if (line.endsWith("]")) return { ...decodeHead(head), actions: actionLines(path) };
        continue;
      }
      members += `${line}\n`;
      size += line.length;
      if (size > 1_000_000) return null;
    }
  } catch (error) {
    if (error instanceof PhotodriftError) throw error;
    throw cannotRead(path, error);
  }
  return null;
}

/** What the next line has to be. */
type Expects = "start" | "action" | "next" | "brace" | "end";

/** Exactly the lines that encodePlan writes: actions with commas between them, the two brackets, and nothing after them. */
async function* actionLines(path: string): AsyncIterable<unknown> {
  let place = 0;
  let expects: Expects = "start";
  for await (const line of linesOf(path)) {
    if (expects !== "action") {
      expects = afterFrame(expects, line);
      continue;
    }
    const more = line.endsWith(",");
    const value = strictly((more ? line.slice(0, -1) : line).trim(), `actions[${place}]`);
    if (value === null) throw unreadablePlan([`actions[${place}]: is no JSON`]);
    yield value;
    place++;
    expects = more ? "action" : "next";
  }
  if (expects !== "end") throw unreadablePlan(["the file ends in the middle"]);
}

/** What follows a line that is no action. Throws `plan-unreadable` for one that has no place there. */
function afterFrame(expects: Exclude<Expects, "action">, line: string): Expects {
  switch (expects) {
    case "start":
      if (!/^ {2}"actions": \[/.test(line)) return "start";
      return line.endsWith("]") ? "brace" : "action";
    case "next":
      if (line === "  ]") return "brace";
      break;
    case "brace":
      if (line === "}") return "end";
      break;
    case "end":
      if (line === "") return "end";
  }
  throw unreadablePlan(["there is more in it than a plan"]);
}

async function readWhole(path: string): Promise<Parsed> {
  let text: string;
  try {
    if ((await stat(path)).size > MAX_RELAID_BYTES) throw unreadablePlan(["the layout was changed; write it anew"]);
    text = await readFile(path, "utf8");
  } catch (error) {
    throw error instanceof PhotodriftError ? error : cannotRead(path, error);
  }
  const value = strictly(text, "it");
  if (value === null) throw unreadablePlan(["it is no JSON"]);
  const { actions, ...members }: { readonly actions?: unknown } = value;
  if (!Array.isArray(actions)) throw unreadablePlan(["actions: expected array"]);
  return { ...decodeHead(members), actions };
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
}

/** JSON without a key that stands twice in one object; null for what is no JSON. Throws `plan-unreadable`. */
function strictly(text: string, what: string): object | null {
  const value = parse(text);
  const twice = value === null ? null : duplicateKey(text);
  if (twice !== null) throw unreadablePlan([`${what} has ${JSON.stringify(twice.slice(0, 40))} twice`]);
  return value;
}

function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function cannotRead(path: string, error: unknown): PhotodriftError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new PhotodriftError(
      "plan-unreadable",
      `There is no plan file ${path}.`,
      `Name the file that \`photodrift audit --plan FILE\` wrote, or make it anew: photodrift audit --plan ${path}`,
      "usage",
    );
  }
  const cure = systemError(error)?.cure ?? `Check the path ${path}.`;
  return new PhotodriftError(
    "plan-unreadable",
    `The plan ${path} cannot be read: ${systemReason(error)}.`,
    cure,
    "usage",
    error,
  );
}
