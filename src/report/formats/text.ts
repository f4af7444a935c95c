import pc from "picocolors";
import type { Finding } from "../../model/finding.js";
import type { SkippedFile } from "../../model/master.js";
import type { ReportSource } from "../../model/report.js";
import { severityRank, type Severity } from "../../model/rule.js";
import { digest } from "../counted.js";
import { placeWithoutUser, worst, type Digest, type Excerpt, type Group } from "../digest.js";
import { plain } from "../../model/text.js";
import { columns, fit, padEnd, padStart, wrap } from "../columns.js";
import { factsWords } from "../facts.js";
import { groupedSentence } from "../grouped.js";
import type { Format } from "../format.js";
import { textTable } from "../text-table.js";
import * as words from "../wording.js";

export const format: Format = {
  run: (source, { color, width, limit, files }) =>
    asRun(source, { color, width, limit: limit ?? 25, files: files ?? [] }),
  table: ({ columns, rows }) => [textTable(columns, [...rows])],
};

interface TextOptions {
  readonly color: boolean;
  /** Columns of the terminal; 80 to 160 are used. */
  readonly width: number;
  /** Users and files shown in full per section. */
  readonly limit: number;
  /** Report files written beside this one. */
  readonly files: readonly string[];
}

type Colors = ReturnType<typeof pc.createColors>;

interface Page {
  readonly width: number;
  readonly c: Colors;
}

const SIGNS: Readonly<Record<Severity, string>> = { critical: "✖", error: "●", warning: "▲", info: "·" };

/** The report for a terminal: verdict, counts, table by rule, drifted users, masters, cost, files. Ends with a newline. */
function* asRun(source: ReportSource, options: TextOptions): Iterable<string> {
  const page: Page = { width: Math.min(160, Math.max(80, options.width)), c: pc.createColors(options.color) };
  const { c } = page;
  const found = digest(source, options.limit);
  yield* head(source, found, page);
  yield* ruleTable(found, page);
  yield* outcomes(found, page);
  yield* section("Users with drift", found.drifted, page);
  const told = source.run.mode === "audit" ? found : gravest(found);
  yield* section("Without drift, worth a look", told.doubtful, page);
  yield* section("Masters and files without a user", told.files, page);
  yield* leftOutSection(source.summary.leftOut ?? [], options.limit, page);
  const notes = found.rules.filter((r) => r.severity === "info").map((r) => `${words.count(r.findings)} ${r.rule}`);
  if (notes.length > 0) yield* labelled("Notes", notes.join(" · "), page);
  yield* labelled("Cost", words.costWords(source.cost), page);
  for (const [i, file] of options.files.entries()) {
    yield `${c.dim(padEnd(i === 0 ? "Reports" : "", 9))} ${c.cyan(plain(file))}\n`;
  }
}

/** A run that writes tells what is left in the tenant; what was only worth a look is counted by the table and listed by the audit. */
function gravest({ doubtful, files }: Digest): Pick<Digest, "doubtful" | "files"> {
  const grave = ({ shown }: Excerpt<Group>): Excerpt<Group> => {
    const kept = shown.filter(({ findings }) => severityRank(worst(findings)) >= severityRank("error"));
    return { shown: kept, total: kept.length };
  };
  return { doubtful: grave(doubtful), files: grave(files) };
}

function* head({ run, summary }: ReportSource, found: Digest, { c, width }: Page): Iterable<string> {
  const took = words.duration(run);
  const title = [`photodrift ${run.mode}`, plain(run.tenant), words.moment(run.finishedAt), took].filter(
    (part) => part !== "",
  );
  yield `${c.bold(fit(title.join(" · "), width))}  ${c.dim(plain(run.id))}\n\n`;
  const verdict = words.verdictWords(run, summary, found);
  const paint =
    run.verdict === "in-sync" || run.verdict === "restored"
      ? c.green
      : run.verdict === "drift" || run.verdict === "interrupted"
        ? c.yellow
        : c.red;
  yield `${paint(c.bold(verdict.title.toUpperCase()))}  ${verdict.sentence}\n\n`;
  yield* labelled(
    "Users",
    `${words.count(summary.users)} in the tenant · ${words.count(summary.usersInScope)} in scope · ${words.count(summary.usersInSync)} in sync · ${words.count(summary.usersWithDrift)} with drift`,
    { c, width },
  );
  const leftOut = summary.leftOut?.length ?? 0;
  const others = leftOut === 0 ? "" : ` · ${words.counted(leftOut, "file")} left out`;
  yield* labelled("Masters", `${words.count(summary.masters)}${others}`, { c, width });
  yield* labelled(
    "Findings",
    `${words.count(summary.new)} new · ${words.count(summary.persisting)} persisting · ${words.count(summary.resolved)} resolved since the last run`,
    { c, width },
  );
  yield "\n";
}

function* ruleTable({ rules }: Digest, { c, width }: Page): Iterable<string> {
  const rows = rules.filter((r) => r.severity !== "info");
  if (rows.length === 0) return;
  const ruleWidth = Math.max(4, ...rows.map((r) => r.rule.length));
  const remedyWidth = width - ruleWidth - 24;
  yield `${c.dim(`  ${padEnd("RULE", ruleWidth)}  ${padEnd("SEVERITY", 8)}  ${padStart("FINDINGS", 8)}  REMEDY`)}\n`;
  for (const row of rows) {
    const remedy = plain(words.remediesWords(row));
    yield `${paintSign(row.severity, c)} ${padEnd(row.rule, ruleWidth)}  ${padEnd(row.severity, 8)}  ${padStart(words.count(row.findings), 8)}  ${fit(remedy, remedyWidth)}\n`;
  }
  yield "\n";
}

function* outcomes({ outcomes, troubled }: Digest, { c, width }: Page): Iterable<string> {
  if (outcomes.size === 0) return;
  const kinds = [...outcomes].map(([kind, n]) => `${words.count(n)} ${kind}`).join(" · ");
  yield `${c.bold("Outcomes")}  ${kinds}\n`;
  for (const { address, action, kind, error } of troubled.shown) {
    yield `  ${kind === "failed" ? c.red(kind) : c.yellow(kind)}  ${action}  ${fit(plain(address), width - 40)}\n`;
    if (error) yield* indented(plain(`${error.message} (${error.code}) ${error.hint}`), 6, width, c.dim);
  }
  yield* rest(troubled, "outcome", { c, width });
  yield "\n";
}

function* section(title: string, groups: Excerpt<Group>, page: Page): Iterable<string> {
  if (groups.total === 0) return;
  const { c } = page;
  yield `${c.bold(title)} ${c.dim(`(${words.count(groups.total)})`)}\n`;
  for (const group of groups.shown) yield* groupLines(group, page);
  yield* rest(groups, title.startsWith("Users") || title.startsWith("Without") ? "user" : "file", page);
  yield "\n";
}

function* groupLines({ user, findings }: Group, page: Page): Iterable<string> {
  const { c, width } = page;
  if (user !== null) {
    const name = fit(plain(user.displayName) || plain(user.upn), Math.floor(width / 2));
    yield `  ${c.bold(name)}  ${c.dim(fit(plain(user.upn), width - columns(name) - 4))}\n`;
  } else {
    yield `  ${c.bold(fit(plain(placeWithoutUser(findings[0])), width - 2))}\n`;
  }
  for (const alike of alikeFindings(findings.filter((f) => f.severity !== "info"))) yield* findingLines(alike, page);
}

/** Findings that differ only in their place (three stale thumbnails) share one block. */
function alikeFindings(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const blocks = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { rule, cause, remedy } = finding;
    const thumbnail = /Thumb$/.test(finding.address);
    const key = thumbnail ? JSON.stringify([rule, cause, remedy]) : finding.id + finding.address;
    const block = blocks.get(key);
    if (block) block.push(finding);
    else blocks.set(key, [finding]);
  }
  return [...blocks.values()];
}

function* findingLines(alike: readonly Finding[], { c, width }: Page): Iterable<string> {
  const [finding] = alike;
  if (finding === undefined) return;
  const sizes = alike.map((f) => words.placeOf(f).replace("SharePoint ", ""));
  const place = alike.length > 1 ? `SharePoint ${sizes.join(", ")}` : words.placeOf(finding);
  yield `    ${paintSign(finding.severity, c)} ${c.bold(finding.rule)}  ${c.dim(place)}\n`;
  yield* indented(plain(groupedSentence(alike.map(({ summary }) => summary))), 6, width, String);
  if (alike.length === 1 && finding.user !== null) {
    const { expected, actual } = finding;
    const lines = [
      ["expected", factsWords(expected, actual)],
      ["actual", factsWords(actual, expected)],
    ] as const;
    for (const [side, facts] of lines) {
      if (facts !== "") yield `      ${c.dim(padEnd(side, 8))} ${fit(plain(facts), width - 15)}\n`;
    }
  }
  const cause = finding.cause === "unknown" ? "" : `${words.causeWords(finding.cause)} · `;
  yield* indented(`${cause}${plain(words.remedyWords(finding))}`, 6, width, c.cyan);
}

function* leftOutSection(leftOut: readonly SkippedFile[], limit: number, { c, width }: Page): Iterable<string> {
  if (leftOut.length === 0) return;
  yield `${c.bold("Files left out")} ${c.dim(`(${words.count(leftOut.length)})`)}\n`;
  const shown = leftOut.slice(0, limit);
  for (const { file, reason } of shown) yield* indented(plain(`${file}: ${reason}`), 2, width, String);
  yield* rest({ shown, total: leftOut.length }, "file", { c, width });
  yield "\n";
}

function* rest(excerpt: Excerpt<unknown>, noun: string, { c }: Page): Iterable<string> {
  const hidden = excerpt.total - excerpt.shown.length;
  if (hidden > 0) yield `  ${c.dim(`… and ${words.counted(hidden, `more ${noun}`)}, see the HTML report`)}\n`;
}

function* labelled(label: string, text: string, { c, width }: Page): Iterable<string> {
  const lines = wrap(text, width - 10);
  for (const [i, line] of lines.entries()) yield `${i === 0 ? c.dim(padEnd(label, 9)) : " ".repeat(9)} ${line}\n`;
}

function* indented(text: string, by: number, width: number, paint: (line: string) => string): Iterable<string> {
  for (const line of wrap(text, width - by)) yield `${" ".repeat(by)}${paint(line)}\n`;
}

function paintSign(severity: Severity, c: Colors): string {
  const paint = { critical: c.red, error: c.red, warning: c.yellow, info: c.dim }[severity];
  return paint(SIGNS[severity]);
}
