import { RULE_WORDS } from "../../model/rule.js";
import type { ReportSource } from "../../model/report.js";
import type { Work } from "../../model/workload.js";
import { plain } from "../../model/text.js";
import * as words from "../wording.js";
import {
  MINUTES_A_REPAIR,
  SECONDS_A_DECISION,
  type ManagerFigures,
  type RuleChange,
  type WorstRow,
} from "./figures.js";
import { rightShare, type TrendUnit } from "./points.js";

/** The sentences of a manager's page, shared by its formats. */

/** All is only called 100 % when it is; rounding never hides the last face. */
export function percent(share: number): string {
  if (share === 1 || share === 0) return `${share * 100} %`;
  return `${Math.min(99.9, Math.max(0.1, Math.round(share * 1000) / 10)).toFixed(1)} %`;
}

export function title({ run, tenantName }: ReportSource): string {
  return `Profile photos of ${plain(tenantName ?? run.tenant)}`;
}

export function rightSentence({ right, scope }: ManagerFigures): string {
  if (scope === 0) return "Nobody was looked at.";
  if (right === scope) return `All ${words.counted(scope, "person", "people")} show the right face everywhere.`;
  return `${words.count(right)} of ${words.counted(scope, "person", "people")} ${right === 1 ? "shows" : "show"} the right face everywhere; ${words.count(scope - right)} ${scope - right === 1 ? "does" : "do"} not.`;
}

export function changeSentence({ change, right, scope }: ManagerFigures): string {
  if (change === null) return "This is the first audit; the next page tells what changed.";
  const before = rightShare(change.from);
  const points = Math.round((share(right, scope) - before) * 1000) / 10;
  const day = change.from.finishedAt.slice(0, 10);
  const when = change.isMonth ? `A month ago (${day})` : `In the first audit (${day})`;
  const moved =
    points === 0
      ? "the share has not changed"
      : `that is ${Math.abs(points).toFixed(1)} points ${points > 0 ? "better" : "worse"} now`;
  return `${when} ${percent(before)} of the faces were right; ${moved}.`;
}

export function share(right: number, scope: number): number {
  return scope === 0 ? 0 : right / scope;
}

/** `Somebody else's face: 8 → 3, better`. */
export function changeLine({
  rule,
  before,
  now,
}: RuleChange): readonly [what: string, numbers: string, judged: string] {
  return [
    capital(RULE_WORDS[rule]),
    `${words.count(before)} → ${words.count(now)}`,
    now < before ? "▼ fewer" : "▲ more",
  ];
}

export function worstCells({
  rule,
  people,
  files,
  since,
}: WorstRow): readonly [what: string, who: string, since: string] {
  const parts = [
    ...(people > 0 ? [words.counted(people, "person", "people")] : []),
    ...(files > 0 ? [words.counted(files, "file")] : []),
  ];
  return [capital(RULE_WORDS[rule]), parts.join(", "), since.slice(0, 10)];
}

/** Rows of what it costs: who works, on how much, how long. */
export function costRows({ cost }: ManagerFigures): readonly (readonly [who: string, how: string, time: string])[] {
  return [
    [
      "The program",
      amount(cost.byItself),
      cost.byItself.findings === 0 ? "–" : `${duration(cost.machineMinutes)} of machine time`,
    ],
    ["A person, by eye", amount(cost.byEye), cost.byEye.findings === 0 ? "–" : `${duration(cost.eyeMinutes)} of work`],
    [
      "A person, by hand",
      amount(cost.byHand),
      cost.byHand.findings === 0 ? "–" : `${duration(cost.handMinutes)} of work`,
    ],
  ];
}

export function costSentence({ cost }: ManagerFigures): string {
  const people = cost.eyeMinutes + cost.handMinutes;
  if (cost.byItself.findings + cost.byEye.findings + cost.byHand.findings === 0) return "Nothing needs to be fixed.";
  return people === 0
    ? "It costs no working time: the program puts everything right."
    : `All in all it costs about ${duration(people)} of working time, and no licence.`;
}

export const ASSUMPTIONS = `Estimates: ${SECONDS_A_DECISION} seconds a decision by eye, ${MINUTES_A_REPAIR} minutes a portrait or account by hand.`;

export const UNIT_WORDS: Readonly<Record<TrendUnit, string>> = {
  run: "audit by audit",
  day: "day by day",
  week: "week by week",
  month: "month by month",
};

export function duration(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours >= 40) return `${words.count(hours)} h`;
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, "0")} min`;
}

function amount({ findings, people, files }: Work): string {
  if (findings === 0) return "nothing";
  const parts = [
    ...(people > 0 ? [words.counted(people, "person", "people")] : []),
    ...(files > 0 ? [words.counted(files, "file")] : []),
  ];
  return `${words.counted(findings, "finding")}: ${parts.join(", ")}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
