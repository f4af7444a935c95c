import { EXIT } from "../model/exit-codes.js";
import { PhotodriftError, severityRank } from "../model/index.js";
import type {
  ComparedUser,
  FindingDraft,
  LibraryFile,
  RulePolicy,
  RunHead,
  RunSummary,
  Severity,
  SkippedFile,
  StoreError,
  StoreName,
} from "../model/index.js";
import { compare } from "./compare.js";
import type { JoinContext } from "./join.js";
import { createJudge } from "./judge.js";
import { observeCloud } from "./observe-cloud.js";
import { observeDirectory } from "./observe-directory.js";
import { leftOutOf, observeMasters } from "./observe-masters.js";
import { observeProfiles } from "./observe-profiles.js";
import { asStoreError, observeLibrary, observeThumbnails, pictureOriginOf } from "./observe-sharepoint.js";
import { inChunks } from "./ordered.js";
import { createPlaces, type Places } from "./places.js";
import { recordRun } from "./record-run.js";
import { buildRoster, type Roster } from "./roster.js";
import { looksAt, type AuditPorts, type AuditSettings } from "./settings.js";

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
  return recordRun(context, run, counts);
}

/** What the stores showed. */
export interface Observed extends JoinContext {
  readonly leftOut: readonly SkippedFile[];
  readonly failures: ReadonlyMap<StoreName, StoreError>;
  readonly writesBlocked: string | null | undefined;
}

/** The five observations, in the order in which each narrows the next. Also used to explain one user. */
export async function observe(ports: AuditPorts, settings: AuditSettings, runId: string): Promise<Observed> {
  const scan = await observeMasters(ports, settings, runId);
  for (const { file, reason } of scan.skipped) ports.progress.note(`left out ${file}: ${reason}`);
  await observeDirectory(ports, runId, settings.maxChangePercent);
  const roster = await buildRoster(ports, settings, scan);
  const judge = createJudge(ports.images, ports.records, pathsOf(scan.files), roster.masters);
  const failures = new Map<StoreName, StoreError>();

  const cloudWanted = looksAt(settings, "exchange") || looksAt(settings, "entra");
  const cloudObserved =
    cloudWanted &&
    (await attempt(failures, looksAt(settings, "exchange") ? "exchange" : "entra", async () => {
      const sample = sampleOf(roster);
      await ports.cloudPhotos.topology(sample);
      await observeCloud({ ports, settings, runId, roster, judge });
    }));

  let places: Places | null = null;
  if (looksAt(settings, "sharepoint")) {
    await attempt(failures, "sharepoint", async () => {
      const library = await observeLibrary(ports, settings, runId);
      const inScope = () => roster.inScope();
      const found = createPlaces(
        ports.records,
        { folder: library.folder, pictureOrigin: pictureOriginOf(library, settings.pictureOrigin) },
        settings.sharePoint.stem,
      );
      await observeProfiles(ports, settings, runId, roster, found);
      await observeThumbnails(ports, settings, inScope, found, roster.masterPhoto, judge);
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
    leftOut: leftOutOf(scan),
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
    if (!(error instanceof PhotodriftError) || error.errorClass === "usage" || error.code === "interrupted")
      throw error;
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

/** Exit code of an audit: incomplete 4, drift of at least this severity 2, otherwise 0. */
export function exitCodeOf(result: AuditResult, failOn: Severity): number {
  if (!result.complete) return EXIT.incomplete;
  const grave = (Object.entries(result.driftBySeverity) as [Severity, number][]).some(
    ([severity, found]) => found > 0 && severityRank(severity) >= severityRank(failOn),
  );
  return grave ? EXIT.drift : EXIT.ok;
}
