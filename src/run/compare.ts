import { stateOfAcceptance, stateOfDecision, withOrphanDecision } from "../compare/decisions.js";
import { checkMaster, checkUser, withOverrides } from "../compare/rules/index.js";
import { listEntryFinding } from "../compare/rules/lists.js";
import { MASTER_RULES, type ComparedMaster } from "../compare/rules/masters.js";
import { orphanFinding, storeUnreadableFinding, writeBlockedFinding } from "../compare/rules/tenant.js";
import { storeOf } from "../model/address.js";
import type { ComparedUser } from "../model/compared.js";
import type { Finding, FindingDraft } from "../model/finding.js";
import type { LibraryFile } from "../model/photo.js";
import type { Severity } from "../model/rule.js";
import type { AuditListener, Observed } from "./audited.js";
import { joinUser } from "./join.js";
import type { DirectoryUser } from "../model/user.js";
import { mapOrdered } from "./ordered.js";
import { isNarrowed, stopWhenAborted } from "./settings.js";

/** Users joined and judged at the same time. */
const JOINS = 6;
/** Findings written in one transaction. */
const RECORDED_TOGETHER = 200;

export interface Counts {
  usersInScope: number;
  usersWithDrift: number;
  /** Without drift, and every store that matters for the user was read. */
  usersInSync: number;
  readonly byRule: Record<string, number>;
  readonly byStore: Record<string, number>;
  readonly drift: Record<Severity, number>;
  readonly unreadable: Set<string>;
  /** Of those, how many the service refuses for good: they are told, and no gap of this run. */
  refusedForGood: number;
}

/** Every user in scope, then files, orphans and the tenant; findings are recorded as they are made. */
export async function compare(context: Observed, runId: string, listener: AuditListener | null): Promise<Counts> {
  const { ports, settings, roster } = context;
  const counts: Counts = {
    usersInScope: 0,
    usersWithDrift: 0,
    usersInSync: 0,
    byRule: {},
    byStore: {},
    drift: { info: 0, warning: 0, error: 0, critical: 0 },
    unreadable: new Set(),
    refusedForGood: 0,
  };
  const keep = (drafts: readonly FindingDraft[]): readonly FindingDraft[] =>
    drafts.filter(({ rule }) => settings.rules.length === 0 || settings.rules.includes(rule) || rule === "unreadable");
  let waiting: FindingDraft[] = [];
  const flush = (): void => {
    const drafts = waiting;
    waiting = [];
    for (const finding of ports.records.transaction(() => ports.records.recordFindings(runId, drafts))) {
      count(counts, finding);
    }
  };
  const put = (drafts: readonly FindingDraft[]): void => {
    waiting.push(...drafts);
    if (waiting.length >= RECORDED_TOGETHER) flush();
  };
  const step = ports.progress.step("Compare", roster.countInScope());
  for await (const { user, joined, drafts } of mapOrdered(roster.inScope(), JOINS, (one) => judged(context, one))) {
    stopWhenAborted(settings);
    const findings = keep(drafts);
    put(findings);
    if (joined !== null) {
      endDecisions(context, joined);
      listener?.user(joined, findings, drafts);
    }
    counts.usersInScope++;
    if (findings.some(({ drift }) => drift)) counts.usersWithDrift++;
    else if (wasRead(context, user, findings)) counts.usersInSync++;
    step.tick();
  }
  step.done();
  if (!isNarrowed(settings)) {
    for (const drafts of masterFindings(context)) put(keep(drafts));
    for (const { file } of orphans(context)) {
      const [finding] = keep(withOverrides([orphanDraft(context, file)], settings.policy.severity));
      if (finding === undefined) continue;
      put([finding]);
      listener?.orphan(file, finding);
    }
  }
  // Told in narrowed runs too: a row that names nobody may mean one of the users asked for.
  put(keep(withOverrides(roster.listEntries.map(listEntryFinding), settings.policy.severity)));
  put(keep(withOverrides(tenantFindings(context), settings.policy.severity)));
  flush();
  return counts;
}

interface JudgedUser {
  readonly user: DirectoryUser;
  /** Null where the user was judged ahead: nobody listens, and no decision is concerned. */
  readonly joined: ComparedUser | null;
  readonly drafts: readonly FindingDraft[];
}

async function judged(context: Observed, user: DirectoryUser): Promise<JudgedUser> {
  const ahead = context.ahead?.take(user, context) ?? null;
  if (ahead !== null) return { user, joined: null, drafts: ahead };
  const joined = await joinUser(context, user);
  return { user, joined, drafts: checkUser(joined) };
}

/** A decision, and an acceptance, ends with the picture or the master that it was made about; it does not come back with them. */
function endDecisions({ ports }: Observed, user: ComparedUser): void {
  for (const decision of user.decisions) {
    if (stateOfDecision(user, decision) === "ended") ports.records.endDecision(decision.findingId);
  }
  for (const acceptance of user.acceptances) {
    if (stateOfAcceptance(user, acceptance) === "ended") ports.records.forgetAccepted(user.user.id, acceptance.slot);
  }
}

function orphanDraft({ ports, settings }: Observed, file: LibraryFile): FindingDraft {
  const found = orphanFinding(file, settings.rules, settings.sharePoint.fix);
  const decision = ports.records.decisionAt(found.address, found.rule);
  const { draft, state } = withOrphanDecision(found, decision);
  if (decision !== null && state === "ended") ports.records.endDecision(decision.findingId);
  return draft;
}

/** "Could not look" is never "in sync". */
function wasRead({ failures }: Observed, user: DirectoryUser, findings: readonly FindingDraft[]): boolean {
  if (findings.some(({ rule }) => rule === "unreadable")) return false;
  if (failures.has("exchange") || failures.has("entra")) return false;
  return !failures.has("sharepoint") || !user.licences.sharePoint;
}

function count(counts: Counts, finding: Finding): void {
  counts.byRule[finding.rule] = (counts.byRule[finding.rule] ?? 0) + 1;
  const store = storeOf(finding.address);
  if (store !== "source") counts.byStore[store] = (counts.byStore[store] ?? 0) + 1;
  if (finding.drift) counts.drift[finding.severity]++;
  if (finding.rule !== "unreadable") return;
  counts.unreadable.add(finding.address);
  if (finding.actual["standing"] !== undefined) counts.refusedForGood++;
}

function* masterFindings(context: Observed): Generator<readonly FindingDraft[]> {
  const { ports, settings, roster } = context;
  if (!MASTER_RULES.some(({ id }) => settings.rules.length === 0 || settings.rules.includes(id))) return;
  const { byFile } = roster.matches;
  for (const photo of ports.records.masters()) {
    // A file that the scan had to leave out takes no part in matching.
    const match = byFile.get(photo.file) ?? { file: photo.file, outcome: { kind: "unmatched" }, tried: [] };
    const { outcome } = match;
    const master: ComparedMaster = {
      photo,
      match,
      samePictureAs: outcome.kind === "matched" ? roster.samePictureAs(outcome.userId) : [],
      minimumPixels: settings.policy.minimumPixels,
    };
    yield checkMaster(master, settings.policy.severity);
  }
}

function* orphans(context: Observed) {
  if (context.places === null) return;
  for (const stored of context.ports.records.libraryFiles()) {
    if (context.places.isOrphan(stored.file.stem)) yield stored;
  }
}

function tenantFindings(context: Observed): readonly FindingDraft[] {
  const found: FindingDraft[] = [];
  for (const [store, error] of context.failures) found.push(storeUnreadableFinding(store, error));
  if (context.writesBlocked !== undefined) found.push(writeBlockedFinding(context.writesBlocked));
  return found;
}
