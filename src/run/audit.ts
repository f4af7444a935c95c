import { MASTER_RULES, type ComparedMaster } from "../compare/rules/masters.js";
import { checkMaster, checkUser, withOverrides } from "../compare/rules/index.js";
import { orphanFinding, storeUnreadableFinding, writeBlockedFinding } from "../compare/rules/tenant.js";
import { byText, PhotodriftError, severityRank, storeOf } from "../model/index.js";
import type {
  ComparedUser,
  Finding,
  FindingDraft,
  LibraryFile,
  RuleId,
  RulePolicy,
  RunHead,
  RunSummary,
  Severity,
  StoreError,
  StoreName,
  Verdict,
} from "../model/index.js";
import { joinUser, type JoinContext } from "./join.js";
import { createJudge } from "./judge.js";
import { observeCloud } from "./observe-cloud.js";
import { observeMasters } from "./observe-masters.js";
import { asStoreError, observeLibrary, observeProfiles, observeThumbnails } from "./observe-sharepoint.js";
import { inChunks, mapOrdered } from "./ordered.js";
import { createPlaces, type Places } from "./places.js";
import { buildRoster, observeDirectory, type Roster } from "./roster.js";
import { looksAt, stopWhenAborted, type AuditPorts, type AuditSettings } from "./settings.js";

/** Users joined and judged at the same time. */
const JOINS = 6;

/** Gets every compared user and orphan as the audit streams by; a plan is made of them. */
export interface AuditListener {
  user(user: ComparedUser, findings: readonly FindingDraft[]): void;
  orphan(file: LibraryFile, finding: FindingDraft): void;
}

export interface AuditResult {
  readonly head: RunHead;
  readonly summary: RunSummary;
  readonly complete: boolean;
  /** Source that the tenant's photo policy allows when it forbids cloud writes, else null. */
  readonly writesBlocked: string | null;
  /** Drift findings by severity, for --fail-on. */
  readonly driftBySeverity: Readonly<Record<Severity, number>>;
}

export interface RunIdentity {
  readonly id: string;
  readonly startedAt: string;
}

/**
 * observe -> compare -> record. Reads only; what it finds is in the records under the run's id.
 * Throws PhotodriftError where nothing can be trusted (credential, directory, source); a store that fails alone makes the run incomplete.
 */
export async function audit(
  ports: AuditPorts,
  settings: AuditSettings,
  run: RunIdentity,
  listener: AuditListener | null,
): Promise<AuditResult> {
  const context = await observe(ports, settings, run.id);
  const counts = await compare(context, run.id, listener);
  return record(context, run, counts);
}

interface Observed extends JoinContext {
  readonly failures: ReadonlyMap<StoreName, StoreError>;
  readonly writesBlocked: string | null | undefined;
}

/** The five observations, in the order in which each narrows the next. Also used to explain one user. */
export async function observe(ports: AuditPorts, settings: AuditSettings, runId: string): Promise<Observed> {
  const scan = await observeMasters(ports, settings, runId);
  for (const { file, reason } of scan.skipped) ports.progress.note(`left out ${file}: ${reason}`);
  await observeDirectory(ports, runId);
  const roster = await buildRoster(ports, settings, scan);
  const judge = createJudge(ports.images, ports.records, pathsOf(scan.files));
  const failures = new Map<StoreName, StoreError>();
  const masterOf = (user: Parameters<Roster["masterPhoto"]>[0]) => roster.masterPhoto(user);

  const cloudWanted = looksAt(settings, "exchange") || looksAt(settings, "entra");
  const cloudObserved =
    cloudWanted &&
    (await attempt(failures, looksAt(settings, "exchange") ? "exchange" : "entra", async () => {
      const sample = sampleOf(roster);
      await ports.cloudPhotos.topology(sample);
      await observeCloud(ports, settings, runId, roster.inScope(), roster.countInScope(), masterOf, judge);
    }));

  let places: Places | null = null;
  if (looksAt(settings, "sharepoint")) {
    await attempt(failures, "sharepoint", async () => {
      const library = await observeLibrary(ports, settings, runId);
      const inScope = () => roster.inScope();
      const before = createPlaces(ports.records, library.folder, settings.sharePoint.stem);
      await observeProfiles(ports, settings, inScope, before, masterOf);
      const found = createPlaces(ports.records, library.folder, settings.sharePoint.stem);
      await observeThumbnails(ports, settings, inScope, found, masterOf, judge);
      places = found;
    });
  }
  const [first] = failures.values();
  if (first !== undefined && !cloudObserved && places === null) {
    throw new PhotodriftError(first.code, `No store could be read. ${first.message}`, first.hint, "failed");
  }
  const policy = cloudObserved ? await ports.cloudPhotos.policy() : null;
  return {
    ports,
    settings,
    roster,
    judge,
    places,
    cloudObserved,
    policy: rulePolicy(settings),
    failures,
    writesBlocked: policy !== null && "writesBlocked" in policy && policy.writesBlocked ? policy.source : undefined,
  };
}

async function attempt(
  failures: Map<StoreName, StoreError>,
  store: StoreName,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof PhotodriftError) || error.errorClass === "usage") throw error;
    failures.set(store, asStoreError(error));
    return false;
  }
}

function pathsOf(files: readonly { readonly file: string; readonly path: string }[]): (file: string) => string {
  const paths = new Map(files.map(({ file, path }) => [file, path]));
  return (file) => paths.get(file) ?? file;
}

function sampleOf(roster: Roster) {
  const [sample] = inChunks(roster.inScope(), 10);
  return sample ?? [];
}

function rulePolicy(settings: AuditSettings): RulePolicy {
  const { policy, sharePoint } = settings;
  return {
    authority: policy.authority,
    minimumPixels: policy.minimumPixels,
    lowResolutionBelow: policy.lowResolutionBelow,
    propagationMs: policy.propagationMs,
    thumbnails: sharePoint.thumbnails,
    sharePointFix: sharePoint.fix,
    autoApply: policy.autoApply,
    namedRules: settings.rules,
    severity: policy.severity,
  };
}

interface Counts {
  usersInScope: number;
  usersWithDrift: number;
  readonly byRule: Record<string, number>;
  readonly byStore: Record<string, number>;
  readonly drift: Record<Severity, number>;
  readonly unreadable: Set<string>;
}

async function compare(context: Observed, runId: string, listener: AuditListener | null): Promise<Counts> {
  const { ports, settings, roster } = context;
  const counts: Counts = {
    usersInScope: 0,
    usersWithDrift: 0,
    byRule: {},
    byStore: {},
    drift: { info: 0, warning: 0, error: 0, critical: 0 },
    unreadable: new Set(),
  };
  const keep = (drafts: readonly FindingDraft[]): readonly FindingDraft[] =>
    drafts.filter(({ rule }) => settings.rules.length === 0 || settings.rules.includes(rule) || rule === "unreadable");
  const put = (drafts: readonly FindingDraft[]): void => {
    const findings = ports.records.transaction(() => ports.records.recordFindings(runId, drafts));
    for (const finding of findings) count(counts, finding);
  };
  ports.progress.step("Compare", roster.countInScope());
  for await (const user of mapOrdered(roster.inScope(), JOINS, (one) => joinUser(context, one))) {
    stopWhenAborted(settings);
    const findings = keep(checkUser(user));
    put(findings);
    listener?.user(user, findings);
    counts.usersInScope++;
    if (findings.some(({ drift }) => drift)) counts.usersWithDrift++;
    ports.progress.tick();
  }
  ports.progress.done();
  if (settings.users.length === 0) {
    put(keep(masterFindings(context)));
    for (const { file } of orphans(context)) {
      const [finding] = keep(withOverrides([orphanFinding(file, settings.rules)], settings.policy.severity));
      if (finding === undefined) continue;
      put([finding]);
      listener?.orphan(file, finding);
    }
  }
  put(keep(withOverrides(tenantFindings(context), settings.policy.severity)));
  return counts;
}

function count(counts: Counts, finding: Finding): void {
  counts.byRule[finding.rule] = (counts.byRule[finding.rule] ?? 0) + 1;
  const store = storeOf(finding.address);
  if (store !== "source") counts.byStore[store] = (counts.byStore[store] ?? 0) + 1;
  if (finding.drift) counts.drift[finding.severity]++;
  if (finding.rule === "unreadable") counts.unreadable.add(finding.address);
}

function masterFindings(context: Observed): readonly FindingDraft[] {
  const { ports, settings, roster } = context;
  const found: FindingDraft[] = [];
  if (!MASTER_RULES.some(({ id }) => settings.rules.length === 0 || settings.rules.includes(id))) return found;
  const { byFile } = roster.matches;
  for (const photo of ports.records.masters()) {
    const match = byFile.get(photo.file);
    if (match === undefined) continue;
    const { outcome } = match;
    const master: ComparedMaster = {
      photo,
      match,
      samePictureAs: outcome.kind === "matched" ? roster.samePictureAs(outcome.userId) : [],
      minimumPixels: settings.policy.minimumPixels,
    };
    found.push(...checkMaster(master, settings.policy.severity));
  }
  return found;
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

function record(context: Observed, run: RunIdentity, counts: Counts): AuditResult {
  const { ports, settings } = context;
  const { records } = ports;
  const complete = counts.unreadable.size === 0 && context.failures.size === 0;
  return records.transaction(() => {
    const settled = records.settleFindings(run.id, {
      rules: settings.rules.length === 0 ? null : new Set<RuleId>(settings.rules),
      stores: coveredStores(context),
      unreadable: counts.unreadable,
      userIds:
        settings.users.length === 0 ? null : new Set([...context.roster.inScope()].map(({ id }) => id as string)),
    });
    const masters = records.countMasters();
    const summary: RunSummary = {
      users: records.countUsers(),
      usersInScope: counts.usersInScope,
      usersInSync: counts.usersInScope - counts.usersWithDrift,
      usersWithDrift: counts.usersWithDrift,
      masters,
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
      exitCode: !complete ? 4 : drift ? 2 : 0,
      complete,
    };
    records.saveMasterCount(masters);
    records.finishRun(head, summary, ports.meter.cost());
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

/** Exit code of an audit: incomplete 4, drift of at least this severity 2, otherwise 0. */
export function exitCodeOf(result: AuditResult, failOn: Severity): number {
  if (!result.complete) return 4;
  const grave = (Object.entries(result.driftBySeverity) as [Severity, number][]).some(
    ([severity, found]) => found > 0 && severityRank(severity) >= severityRank(failOn),
  );
  return grave ? 2 : 0;
}
