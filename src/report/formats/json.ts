import type { Finding } from "../../model/finding.js";
import type { Format, ResultTable } from "../format.js";
import { byText } from "../../model/ids.js";
import type { ReportSource } from "../../model/report.js";
import type { DeepReadonly } from "../../model/shapes.js";
import { FORMAT_VERSION, type ReportDocument } from "../schema.js";
import type { Outcome } from "../../model/run.js";

export const format: Format = { run: asRun, table: asTable };

/**
 * The JSON report (schema: `reportSchema`). Members stand in the order of the format's description, maps are sorted by key, and each
 * finding and outcome takes one line, so two reports can be compared line by line. Ends with a newline.
 */
function* asRun(source: ReportSource): Iterable<string> {
  const { run, summary, cost } = source;
  const head: Pick<ReportDocument, "run" | "summary" | "cost"> = {
    run: {
      id: run.id,
      mode: run.mode,
      trigger: run.trigger,
      tenant: run.tenant,
      startedAt: run.startedAt,
      finishedAt: run.finishedAt,
      verdict: run.verdict,
      exitCode: run.exitCode,
      complete: run.complete,
    },
    summary: {
      users: summary.users,
      usersInScope: summary.usersInScope,
      usersInSync: summary.usersInSync,
      usersWithDrift: summary.usersWithDrift,
      masters: summary.masters,
      byRule: sorted(summary.byRule),
      byStore: sorted(summary.byStore),
      new: summary.new,
      persisting: summary.persisting,
      resolved: summary.resolved,
    },
    cost: {
      requests: {
        login: cost.requests.login,
        graph: cost.requests.graph,
        sharepoint: cost.requests.sharepoint,
        exchange: cost.requests.exchange,
      },
      bytesIn: cost.bytesIn,
      bytesOut: cost.bytesOut,
      throttled: cost.throttled,
      waitedSeconds: cost.waitedSeconds,
      imagesDownloaded: cost.imagesDownloaded,
    },
  };
  yield `{\n  "formatVersion": ${JSON.stringify(FORMAT_VERSION)}`;
  for (const [name, value] of Object.entries(head)) {
    yield `,\n  ${JSON.stringify(name)}: ${JSON.stringify(value, null, 2).replaceAll("\n", "\n  ")}`;
  }
  yield* lines("findings", source.findings(), findingMembers);
  yield* lines("outcomes", source.outcomes(), outcomeMembers);
  const { leftOut = [] } = summary;
  if (leftOut.length > 0) yield* lines("leftOut", leftOut, ({ file, reason }) => ({ file, reason }));
  yield "\n}\n";
}

function* lines<T>(name: string, items: Iterable<T>, members: (item: T) => object): Iterable<string> {
  yield `,\n  ${JSON.stringify(name)}: [`;
  let first = true;
  for (const item of items) {
    yield `${first ? "" : ","}\n    ${JSON.stringify(members(item))}`;
    first = false;
  }
  yield first ? "]" : "\n  ]";
}

function findingMembers(finding: Finding): DeepReadonly<ReportDocument["findings"][number]> {
  const { user, remedy } = finding;
  return {
    id: finding.id,
    rule: finding.rule,
    severity: finding.severity,
    drift: finding.drift,
    user: user === null ? null : { id: user.id, upn: user.upn, displayName: user.displayName },
    address: finding.address,
    attribution: finding.attribution,
    cause: finding.cause,
    expected: finding.expected,
    actual: finding.actual,
    summary: finding.summary,
    firstSeen: finding.firstSeen,
    ...(finding.decided === undefined ? {} : { decided: finding.decided }),
    remedy: { kind: remedy.kind, actions: remedy.actions, ...(remedy.cure === undefined ? {} : { cure: remedy.cure }) },
  };
}

function outcomeMembers(outcome: Outcome): DeepReadonly<ReportDocument["outcomes"][number]> {
  const { address, action, kind, because, decidedBy, encodedAnew, error } = outcome;
  return {
    address,
    action,
    kind,
    ...(because === undefined ? {} : { because }),
    ...(decidedBy === undefined ? {} : { decidedBy }),
    ...(encodedAnew === undefined ? {} : { encodedAnew }),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message, hint: error.hint } }),
  };
}

function sorted(counts: { readonly [key: string]: number }): { readonly [key: string]: number } {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => byText(a, b)));
}

/** One object a row, its members named by the columns. */
function* asTable({ columns, rows }: ResultTable): Iterable<string> {
  const objects = Array.from(rows, (cells) => Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? ""])));
  yield `${JSON.stringify(objects, null, 2)}\n`;
}
