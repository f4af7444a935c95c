import type { Argv } from "yargs";
import { listEntryFinding } from "../../compare/rules/lists.js";
import {
  explainFile,
  listEntries,
  matchMasters,
  withhold,
  proposePatterns,
  suggestMatches,
  type PatternProposal,
  type Suggestion,
} from "../../desired/index.js";
import type { FileMatch } from "../../model/master.js";
import { plain } from "../../model/text.js";
import { handedOn } from "../../run/handed-on.js";
import { observeDirectory } from "../../run/observe-directory.js";
import { newRun } from "../compose.js";
import { EXIT } from "../../model/exit-codes.js";
import { withWorkbench } from "../sessions/workbench.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { writeList } from "../terminal/results.js";

export interface MastersFlags extends GlobalFlags {
  readonly unmatched: boolean;
  readonly suggest: boolean;
}

export function mastersFlags<T>(yargs: Argv<T>) {
  return yargs
    .option("unmatched", { type: "boolean", default: false, describe: "only files that fit nobody or several" })
    .option("suggest", { type: "boolean", default: false, describe: "propose near matches, without using them" });
}

/** Every master with the user it fits, the pattern that matched, and why others did not. */
export async function mastersCommand(flags: MastersFlags, invocation: Invocation): Promise<number> {
  return withWorkbench(invocation, "photodrift masters", async (bench) => {
    const { config } = bench;
    const scan = await bench.ports.source.scan();
    await observeDirectory(bench.ports, newRun(bench.ports.clock.now()).id, bench.config.limits.maxChangePercent);
    const { records } = bench.state;
    const files = scan.files.map(({ file }) => file);
    const { patterns, domain } = config.source;
    const mapping = await bench.ports.source.mapping();
    const fitting = matchMasters({ files, users: records.users(), patterns, domain, mapping });
    const matches = withhold(fitting, await handedOn(bench.ports, fitting, scan));
    const shown = [...matches.byFile.values()].filter(
      (match) => !flags.unmatched || !["matched", "outranked"].includes(match.outcome.kind),
    );
    const proposals = new Map<string, Suggestion[]>();
    for (const near of flags.suggest ? suggestMatches({ matches, users: records.users(), patterns, domain }) : []) {
      proposals.set(near.file, [...(proposals.get(near.file) ?? []), near]);
    }
    const suggestionsOf = (file: string) => proposals.get(file) ?? [];
    const rows = listEntries(
      [{ list: "mapping", file: bench.ports.source.listFiles.mapping, problems: matches.problems }],
      () => records.users(),
    ).map(listEntryFinding);

    const proposal = flags.suggest ? proposePatterns({ files, users: () => records.users(), domain }) : null;
    const count = (kind: string) => [...matches.byFile.values()].filter(({ outcome }) => outcome.kind === kind).length;
    const counts = `${matches.byFile.size} masters: ${count("matched")} matched, ${count("ambiguous")} ambiguous, ${count("unmatched")} fit nobody; ${scan.skipped.length} files left out.`;
    const leftOut = flags.unmatched ? scan.skipped.map(({ file, reason }) => [file, "-", `left out: ${reason}`]) : [];
    const told = rows.map(({ summary, remedy }) => `${plain(summary)}\n  cure: ${plain(remedy.cure ?? "")}\n`);
    await writeList(invocation, {
      title: "Masters",
      columns: ["file", "user", "why"],
      rows: [
        ...shown.map((match) => [match.file, outcomeOf(match), whyOf(match, suggestionsOf(match.file))]),
        ...leftOut,
      ],
      json: {
        masters: shown.map((match) => ({
          ...match,
          ...(flags.suggest ? { suggestions: suggestionsOf(match.file) } : {}),
        })),
        ...(proposal === null ? {} : { patterns: proposal.patterns }),
        skipped: scan.skipped.map(({ file, reason }) => ({ file, reason })),
        rows,
      },
      footer: `\n${counts}\n${proposalText(proposal, patterns)}${told.join("")}`,
    });
    return EXIT.ok;
  });
}

/** The patterns that the file names speak for, where the configuration names others. */
function proposalText(proposal: PatternProposal | null, configured: readonly string[]): string {
  if (proposal === null || proposal.patterns.length === 0) return "";
  const fits = proposal.patterns.map(
    ({ pattern, users }, at) => `${pattern} (${users}${at === 0 ? " users" : " more"})`,
  );
  if (proposal.patterns.every(({ pattern }) => configured.includes(pattern)))
    return `patterns fit: ${fits.join(", ")}\n`;
  const list = proposal.patterns.map(({ pattern }) => JSON.stringify(pattern)).join(", ");
  return `patterns that fit most: ${fits.join(", ")}\n  to use them: source.patterns: [${list}]\n`;
}

function outcomeOf({ outcome }: FileMatch): string {
  if (outcome.kind === "matched" || outcome.kind === "outranked") return outcome.upn;
  return outcome.kind === "ambiguous" ? "ambiguous" : "-";
}

function whyOf(match: FileMatch, suggestions: readonly Suggestion[]): string {
  const near = suggestions.map(({ upn, because }) => `near: ${upn} (${because})`);
  return [...explainFile(match), ...near].join("; ");
}
