import type { Finding } from "../../model/finding.js";
import type { SkippedFile } from "../../model/master.js";
import type { ReportSource } from "../../model/report.js";
import { digest } from "../counted.js";
import { placeWithoutUser, type Digest, type Excerpt, type Group } from "../digest.js";
import type { Format, ResultTable } from "../format.js";
import { plain } from "../../model/text.js";
import * as words from "../wording.js";

/** Tickets and pull requests refuse comments of more than 65,536 characters; the tables stop before that. */
const BUDGET = 55_000;

export const format: Format = { run: (source, { limit }) => asRun(source, limit ?? 100), table: asTable };

/** GitHub-flavoured Markdown for a pull request or a ticket: verdict, counts, rules, drifted users, masters, cost. */
function* asRun(source: ReportSource, limit: number): Iterable<string> {
  const { run, summary } = source;
  const found = digest(source, limit);
  const verdict = words.verdictWords(run, summary, found);
  yield `## photodrift ${run.mode}: ${verdict.title.toLowerCase()}\n\n`;
  yield `${sentence(verdict.sentence)}\n\n`;
  yield `Tenant ${code(run.tenant)} · run ${code(run.id)} · ${words.moment(run.finishedAt)}\n\n`;
  yield "| Users | In scope | In sync | With drift | Masters | New | Persisting | Resolved |\n";
  yield "|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  const { users, usersInScope, usersInSync, usersWithDrift, masters, persisting, resolved } = summary;
  const cells = [users, usersInScope, usersInSync, usersWithDrift, masters, summary.new, persisting, resolved];
  yield tableRow(cells.map((n) => words.count(n)));
  yield* ruleTable(found);
  yield* outcomeTable(found);
  const budget = { left: BUDGET };
  yield* groupTable("Users with drift", "User", found.drifted, budget);
  yield* groupTable("Without drift, worth a look", "User", found.doubtful, budget);
  yield* groupTable("Masters and files without a user", "File", found.files, budget);
  yield* leftOutTable(summary.leftOut ?? [], budget);
  yield `\n<sub>${words.costWords(source.cost)}</sub>\n`;
}

function* ruleTable({ rules }: Digest): Iterable<string> {
  if (rules.length === 0) return;
  yield "\n### By rule\n\n| Rule | Severity | Drift | Findings | Remedy |\n|---|---|---|--:|---|\n";
  for (const tally of rules) {
    const { rule, severity, drift, findings } = tally;
    const remedies = safe(words.remediesWords(tally));
    yield tableRow([code(rule), severity, drift ? "yes" : "no", words.count(findings), remedies]);
  }
}

function* outcomeTable({ outcomes, troubled }: Digest): Iterable<string> {
  if (outcomes.size === 0) return;
  yield `\n### Outcomes\n\n${[...outcomes].map(([kind, n]) => `${words.count(n)} ${kind}`).join(" · ")}\n`;
  if (troubled.total === 0) return;
  yield "\n| Outcome | Action | Address | Error |\n|---|---|---|---|\n";
  for (const { kind, action, address, error } of troubled.shown) {
    yield tableRow([kind, action, code(address), error ? `${safe(error.message)} ${safe(error.hint)}` : ""]);
  }
  yield more(troubled.total - troubled.shown.length, "outcome");
}

function* groupTable(title: string, what: string, groups: Excerpt<Group>, budget: { left: number }): Iterable<string> {
  if (groups.total === 0) return;
  yield `\n### ${title} (${words.count(groups.total)})\n\n| ${what} | Finding | Where | What | Remedy |\n|---|---|---|---|---|\n`;
  let shown = 0;
  for (const group of groups.shown) {
    const rows = group.findings.map((finding, i) => findingRow(finding, i === 0 ? nameOf(group) : "")).join("");
    budget.left -= rows.length;
    if (budget.left < 0) break;
    yield rows;
    shown++;
  }
  yield more(groups.total - shown, what.toLowerCase());
}

function* leftOutTable(leftOut: readonly SkippedFile[], budget: { left: number }): Iterable<string> {
  if (leftOut.length === 0) return;
  yield `\n### Files left out (${words.count(leftOut.length)})\n\n| File | Why |\n|---|---|\n`;
  let shown = 0;
  for (const { file, reason } of leftOut) {
    const row = tableRow([code(file), safe(reason)]);
    budget.left -= row.length;
    if (budget.left < 0) break;
    yield row;
    shown++;
  }
  yield more(leftOut.length - shown, "file");
}

function findingRow(finding: Finding, name: string): string {
  const { rule, severity, summary } = finding;
  return tableRow([
    name,
    `${code(rule)} ${severity}`,
    words.placeOf(finding),
    safe(summary),
    safe(words.remedyWords(finding)),
  ]);
}

function nameOf({ user, findings }: Group): string {
  if (user === null) return code(placeWithoutUser(findings[0]));
  return `${safe(user.displayName)} ${code(user.upn)}`;
}

function more(hidden: number, noun: string): string {
  return hidden > 0 ? `\n… and ${words.counted(hidden, `more ${noun}`)}, see the HTML report\n` : "";
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/**
 * Foreign text that Markdown shows as it is: punctuation with a meaning is escaped, and mentions (@name), references (#12) and bare links
 * are broken by a zero width space, because GitHub looks for them after it has taken the backslashes away.
 */
export function safe(text: string): string {
  return plain(text)
    .replace(/[\\`*_[\]<>|~&$!]/g, "\\$&")
    .replace(/[@#]/g, "$&\u200b")
    .replace(/\bGH-(?=\d)/gi, "$&\u200b")
    .replace(/:\/\//g, ":\u200b//")
    .replace(/\bwww\./gi, "www\u200b.");
}

/**
 * Foreign text as a code span within a table: no mark-up, mention or link works there, and it can be copied as it is. Renderers do not agree
 * what a backslash before `\|` does (micromark parts the cell, cmark-gfm does not), so there the span is written as an element.
 */
export function code(text: string): string {
  const shown = plain(text);
  if (shown === "") return "";
  if (shown.includes("\\|"))
    return `<code>${shown.replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</code>`;
  const content = shown.replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = content.startsWith("`") || content.endsWith("`") ? " " : "";
  return `${fence}${pad}${content}${pad}${fence}`;
}

/** A GitHub-flavoured table under a heading; the first column is a code span, so that ids and names can be copied. */
function* asTable({ title, columns, rows }: ResultTable): Iterable<string> {
  yield `## ${safe(title)}\n\n`;
  yield `| ${columns.map(safe).join(" | ")} |\n|${columns.map(() => "---").join("|")}|\n`;
  for (const [first = "", ...rest] of rows) yield `| ${[code(first), ...rest.map(safe)].join(" | ")} |\n`;
}
