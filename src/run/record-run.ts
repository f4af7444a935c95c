import { EXIT } from "../model/exit-codes.js";
import { byText } from "../model/ids.js";
import type { RuleId } from "../model/rule.js";
import type { RunHead, RunSummary, Verdict } from "../model/run.js";
import type { DirectoryUser } from "../model/user.js";
import type { AuditResult, Observed, RunIdentity } from "./audited.js";
import type { Counts } from "./compare.js";
import { isNarrowed, looksAt } from "./settings.js";

/** Settles which findings are new, persisting and resolved, and closes the run: with that, in one small transaction, all of it holds. */
export async function recordRun(context: Observed, run: RunIdentity, counts: Counts): Promise<AuditResult> {
  const { ports, settings } = context;
  const { records } = ports;
  const { narrowedTo = [] } = settings;
  const complete = counts.unreadable.size === counts.refusedForGood && context.failures.size === 0;
  const settled = await records.settleFindings(run.id, {
    rules: settings.rules.length === 0 ? null : new Set<RuleId>(settings.rules),
    stores: coveredStores(context),
    unreadable: counts.unreadable,
    userIds: isNarrowed(settings) ? idsOf(context.roster.inScope()) : null,
  });
  return records.transaction(() => {
    const masters = records.countMasters();
    const summary: RunSummary = {
      users: records.countUsers(),
      usersInScope: counts.usersInScope,
      usersInSync: counts.usersInSync,
      usersWithDrift: counts.usersWithDrift,
      masters,
      leftOut: context.leftOut,
      ...(narrowedTo.length === 0 ? {} : { narrowedTo }),
      byRule: sortedByKey(counts.byRule),
      byStore: sortedByKey(counts.byStore),
      ...settled,
    };
    const drift = Object.values(counts.drift).some((found) => found > 0);
    const verdict: Verdict = !complete ? "incomplete" : drift ? "drift" : "in-sync";
    const head: RunHead = {
      id: run.id,
      mode: settings.mode,
      trigger: settings.trigger,
      tenant: settings.tenant,
      startedAt: run.startedAt,
      finishedAt: new Date(ports.clock.now()).toISOString(),
      verdict,
      exitCode: !complete ? EXIT.incomplete : drift ? EXIT.drift : EXIT.ok,
      complete,
    };
    records.saveMasterCount(masters);
    records.confirmFindings(run.id);
    // An apply comes to its end after its writes; one that is killed before that is no audit that went well.
    if (settings.mode === "audit") records.finishRun(head, summary, ports.meter.cost());
    else records.noteAudit(head, summary, ports.meter.cost());
    const writesBlocked = context.writesBlocked === undefined ? null : (context.writesBlocked ?? "unknown");
    return { head, summary, complete, writesBlocked, driftBySeverity: counts.drift };
  });
}

function coveredStores(context: Observed): ReadonlySet<string> {
  const stores = new Set<string>();
  if (context.cloudObserved) {
    for (const store of ["exchange", "entra"] as const) if (looksAt(context.settings, store)) stores.add(store);
  }
  if (context.places !== null) stores.add("sharepoint");
  return stores;
}

function sortedByKey(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => byText(a, b)));
}

function idsOf(users: Iterable<DirectoryUser>): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { id } of users) ids.add(id);
  return ids;
}
