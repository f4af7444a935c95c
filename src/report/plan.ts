import colours from "picocolors";
import { storeOf, thumbnailSizeOf } from "../model/address.js";
import { changePercent, type Plan, type PlanHead } from "../model/plan.js";
import { ownerKey, type PictureBefore, type PlanAction, type PropertyValues } from "../model/plan-action.js";
import { plain } from "../model/text.js";

interface DiffOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Actions shown; the rest is counted. Default: all. */
  readonly limit?: number;
}

type Sign = "+" | "~" | "-";
type Style = "bold" | "green" | "yellow" | "red";
const COLORS: Readonly<Record<Sign, Style>> = { "+": "green", "~": "yellow", "-": "red" };

/** The plan for people, line by line: + what is added, ~ what is replaced, - what is taken away, per user, then counts and limits. */
export function* planDiff(plan: Plan, options: DiffOptions): Iterable<string> {
  const { head } = plan;
  yield paint(options, "bold", head.purpose === "undo" ? "Undo" : "Plan") + ` ${head.planId} for ${plain(head.tenant)}`;
  yield `  looked at ${minute(head.basedOn.observedAt)} in run ${head.basedOn.runId}, expires ${minute(head.expiresAt)}`;
  yield "";
  yield* actionLines(plan, options);
  yield* summaryLines(plan, options);
}

function* actionLines(plan: Plan, options: DiffOptions): Iterable<string> {
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  let owner = "";
  let shown = 0;
  for (const action of plan.actions()) {
    if (shown >= limit) {
      yield `  … and ${plan.head.limits.changes - shown} more; the plan file holds them all.`;
      break;
    }
    if (ownerKey(action) !== owner) {
      owner = ownerKey(action);
      yield clip(options, `  ${ownerName(action)}`);
    }
    yield actionLine(action, options);
    shown++;
  }
  if (shown > 0) yield "";
}

function* summaryLines(plan: Plan, options: DiffOptions): Iterable<string> {
  const { complete, refusals } = plan.head;
  yield planSentence(plan.head);
  yield `Limits: ${limitWords(plan.head)}.`;
  yield `Digest: ${plan.digest}`;
  if (!complete)
    yield paint(options, "yellow", "Incomplete: some users or stores could not be read; nothing is planned for them.");
  for (const { message, cure } of refusals) {
    yield paint(options, "red", `Refused: ${message}`);
    yield `  ${cure}`;
  }
}

/** The size of a plan in one sentence: actions, removals, users, and their share of those in scope in percent. */
export function planSentence({ limits }: PlanHead): string {
  const { changes, removals, usersChanged, usersInScope } = limits;
  if (changes === 0) return "Nothing to do.";
  return `${many(changes, "action")} (${many(removals, "removal")}) for ${usersChanged} of ${many(usersInScope, "user")} in scope, ${changePercent(limits)} %.`;
}

/** One line of the diff: sign, place, what changes, and the rule that asks for it. */
export function actionLine(action: PlanAction, options: DiffOptions): string {
  const sign = signOf(action);
  const left = `    ${sign} ${placeOf(action).padEnd(24)} ${actionSentence(action)}`;
  const room = Math.max(40, options.width) - action.because.length - 2;
  const line = left.length > room ? `${left.slice(0, room - 1)}…` : left.padEnd(Math.min(room, 78));
  const text = `${line}  ${action.because}`;
  return paint(options, COLORS[sign], text);
}

function signOf(action: PlanAction): Sign {
  if (action.action === "delete-photo" || action.action === "delete-thumbnail") return "-";
  if (action.action === "set-picture-properties") return "~";
  return action.before.photo === "absent" ? "+" : "~";
}

function placeOf(action: PlanAction): string {
  const size = thumbnailSizeOf(action.address);
  if (size !== null) return `SharePoint thumbnail ${size}`;
  if (action.action === "set-picture-properties") return "SharePoint profile";
  return storeOf(action.address) === "entra" ? "Entra photo" : "Exchange photo";
}

/** What an action changes, e.g. `48x48 -> anna.jpg, 200 px`; harmless text. */
export function actionSentence(action: PlanAction): string {
  return plain(changeOf(action));
}

function changeOf(action: PlanAction): string {
  switch (action.action) {
    case "upload-photo":
      return `${shownAs(action.before)}${sourceWords(action.after.source, action.after.sourceSha256)}`;
    case "write-thumbnail":
      return `${shownAs(action.before)}${sourceWords(action.after.source, action.after.sourceSha256)}, ${action.after.side} px`;
    case "delete-photo":
    case "delete-thumbnail":
      return action.user === null && action.action === "delete-thumbnail"
        ? `${action.after.folder}/${action.after.name}`
        : sizeOf(action.before);
    case "set-picture-properties":
      return propertyWords(action.before.properties, action.after.properties);
  }
}

function shownAs(before: PictureBefore): string {
  return before.photo === "absent" ? "" : `${sizeOf(before)} -> `;
}

function sizeOf(before: PictureBefore): string {
  if (before.photo === "absent") return "";
  if (before.width !== null && before.height !== null) return `${before.width}x${before.height}`;
  return before.bytes === null ? "present" : `${before.bytes} bytes`;
}

function sourceWords(
  source: Extract<PlanAction, { readonly action: "write-thumbnail" }>["after"]["source"],
  sha256: string | null,
): string {
  switch (source.kind) {
    case "master":
      return source.file;
    case "cloud-photo":
      return `copy of ${source.address}`;
    case "backup":
      return `backup ${(sha256 ?? "").slice(0, 12)}`;
  }
}

function propertyWords(before: PropertyValues, after: PropertyValues): string {
  return (Object.keys(after) as (keyof PropertyValues)[])
    .map((name) => `${name.replace(/^SPS-Picture/, "")}: ${quoted(before[name])} -> ${quoted(after[name])}`)
    .join(", ");
}

function quoted(value: string | null | undefined): string {
  return value === null || value === undefined ? "?" : `"${value}"`;
}

function limitWords(head: PlanHead): string {
  const { maxChangePercent, maxRemovals, maxChanges } = head.limits;
  const words = [
    maxChangePercent === null ? null : `${maxChangePercent} % of users`,
    maxRemovals === null ? null : many(maxRemovals, "removal"),
    maxChanges === null ? null : many(maxChanges, "changed user"),
  ].filter((word) => word !== null);
  return words.length === 0 ? "none" : words.join(", ");
}

function ownerName(action: PlanAction): string {
  if (action.user === null) return "belongs to nobody";
  return `${plain(action.user.upn)}  ${plain(action.user.displayName)}`;
}

function clip(options: DiffOptions, text: string): string {
  const width = Math.max(40, options.width);
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

function minute(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}

function many(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function paint(options: DiffOptions, style: Style, text: string): string {
  return colours.createColors(options.color)[style](text);
}
