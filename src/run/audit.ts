import { EXIT } from "../model/exit-codes.js";
import { PhotodriftError } from "../model/errors.js";
import { severityRank, type Severity } from "../model/rule.js";
import type { StoreName } from "../model/address.js";
import type { RulePolicy } from "../model/compared.js";
import type { StoreError } from "../model/photo.js";
import { createAhead, watchChanges, type Ahead, type Changes } from "./ahead.js";
import type { AuditListener, AuditResult, Observed, RunIdentity } from "./audited.js";
import { compare } from "./compare.js";
import { createJudge } from "./judge.js";
import { observeCloud } from "./observe-cloud.js";
import { observeDirectory, observeUsers } from "./observe-directory.js";
import { leftOutOf, observeMasters, observeSomeMasters, scanMasters } from "./observe-masters.js";
import { observeLibrary, observeSharePointUsers, pictureOriginOf } from "./observe-sharepoint.js";
import { createFrontier, sideBySide } from "./ordered.js";
import { inChunks } from "../model/chunks.js";
import { begun } from "../model/parallel.js";
import { createPlaces, type Places } from "./places.js";
import type { PhotoLibrary, SourceScan } from "./ports.js";
import { recordRun } from "./record-run.js";
import { createRereading } from "./reread-masters.js";
import { buildRoster, type Roster } from "./roster.js";
import { isNarrowed, looksAt, type AuditPorts, type AuditSettings } from "./settings.js";
import { asStoreError, isOfStore } from "./store-error.js";
import type { Watch } from "./watch.js";

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
  // Whoever listens wants every user with all that is known of them.
  const context = await observe(ports, settings, run.id, listener === null);
  const counts = await compare(context, run.id, listener);
  return recordRun(context, run, counts);
}

/**
 * The observations. Who there is and the names of the masters tell what is looked at; then the masters are read while the stores are asked,
 * cloud photos and SharePoint side by side, each at the pace of its own service. Only pictures wait until every master is known.
 * Also used to explain one user.
 * @param judgesAhead users are judged while the stores are waited for, see Ahead
 */
export async function observe(
  ports: AuditPorts,
  settings: AuditSettings,
  runId: string,
  judgesAhead = false,
): Promise<Observed> {
  const beginning = sideBySide(
    () => scanMasters(ports, settings),
    async () => settings.othersAsKnown === true && (await observeUsers(ports, runId, settings.users)),
  );
  const located = looksAt(settings, "sharepoint") ? begun(ports.sharePoint.locate()) : null;
  const [scan, alone] = await beginning;
  for (const { file, reason } of scan.skipped) ports.progress.note(`left out ${file}: ${reason}`);
  const reading = alone ? null : observeMasters(ports, settings, runId, scan);
  const [, stores] = await sideBySide(
    async () => reading,
    async () => {
      if (!alone) await observeDirectory(ports, runId, settings.maxChangePercent);
      const roster = await buildRoster(ports, settings, scan);
      const masters = reading ?? observeOwnMasters(ports, settings, runId, { scan, roster });
      const watched = judgesAhead && !settings.full && !isNarrowed(settings) ? watchChanges(ports.records) : null;
      const records = watched?.records ?? ports.records;
      const rereading = createRereading({ ...ports, records }, settings, runId, scan);
      const judge = createJudge(ports.images, ports.records, pathsOf(scan.files), roster.masters, rereading);
      // What settles the roster is worked out while the stores are at the first questions, not before these are asked.
      const firstAsked = createFrontier();
      const mastersRead = begun(Promise.all([masters, firstAsked.passed(0)]).then(() => roster.settle()));
      const watch = { ports: { ...ports, records }, settings, runId, roster, judge, mastersRead, firstAsked };
      return observeStores(watch, located, watched?.changes ?? null);
    },
  );
  return { ...stores, leftOut: leftOutOf(scan) };
}

/** The masters of the users asked for, in scope or not; all of them where a user had another file before: only that tells what became of it. */
async function observeOwnMasters(
  ports: AuditPorts,
  settings: AuditSettings,
  runId: string,
  { scan, roster }: { readonly scan: SourceScan; readonly roster: Roster },
): Promise<void> {
  const { records } = ports;
  const wanted = new Set<string>();
  for (const name of settings.users) {
    const user = records.user(name);
    if (user === null) continue;
    const master = roster.master(user);
    const before = records.assignedMaster(user.id);
    if (before !== null && !(master.kind === "matched" && master.file === before)) {
      return observeMasters(ports, settings, runId, scan);
    }
    if (master.kind === "matched") wanted.add(master.file);
  }
  return observeSomeMasters(ports, settings, runId, scan, wanted);
}

/**
 * @param located the User Photos library, null where SharePoint is not looked at
 * @param changes what is recorded meanwhile; null where nobody is to be judged ahead
 */
async function observeStores(
  watch: Watch,
  located: Promise<PhotoLibrary> | null,
  changes: Changes | null,
): Promise<Omit<Observed, "leftOut">> {
  const { ports, settings, roster, judge } = watch;
  const policyOfRun = rulePolicy(settings);
  const cloudObserved = looksAt(settings, "exchange") || looksAt(settings, "entra");
  const ahead = changes === null ? null : createAhead({ ...watch, cloudObserved, policy: policyOfRun }, changes);
  const [cloud, sharePoint] = await sideBySide(
    () => attempt(() => observeClouds(watch)),
    () => attempt(() => observeSharePoint(watch, located, ahead).finally(() => watch.firstAsked.end())),
    () => watch.mastersRead,
  ).finally(() => ahead?.end());
  const [first] = [cloud.error, sharePoint.error].filter((error) => error !== null);
  const places = sharePoint.value ?? null;
  const policy = cloud.value ?? null;
  if (first !== undefined && policy === null && places === null) {
    throw new PhotodriftError(first.code, `No store could be read. ${first.message}`, first.hint, "failed");
  }
  return {
    ports,
    settings,
    roster,
    judge,
    places,
    cloudObserved: policy !== null,
    policy: policyOfRun,
    ahead,
    failures: failuresOf(settings, cloud.error, sharePoint.error),
    writesBlocked: policy !== null && "writesBlocked" in policy && policy.writesBlocked ? policy.source : undefined,
  };
}

type PhotoPolicy = Awaited<ReturnType<AuditPorts["cloudPhotos"]["policy"]>>;

/** The tenant's photo policy; null where no store with cloud photos is looked at. */
async function observeClouds(watch: Watch): Promise<PhotoPolicy | null> {
  if (!looksAt(watch.settings, "exchange") && !looksAt(watch.settings, "entra")) return null;
  const { cloudPhotos } = watch.ports;
  const [policy] = await sideBySide(
    () => cloudPhotos.policy(),
    async () => {
      await cloudPhotos.topology(sampleOf(watch.roster));
      await observeCloud(watch);
    },
  );
  return policy;
}

/** Null where SharePoint is not looked at. */
async function observeSharePoint(
  watch: Watch,
  located: Promise<PhotoLibrary> | null,
  ahead: Ahead | null,
): Promise<Places | null> {
  const { ports, settings } = watch;
  if (located === null) {
    ahead?.begin(null);
    return null;
  }
  const library = await observeLibrary(ports, settings, watch.runId, await located);
  const place = { folder: library.folder, pictureOrigin: pictureOriginOf(library, settings.pictureOrigin) };
  const places = createPlaces(ports.records, place, settings.sharePoint.stem);
  ahead?.begin(places);
  await observeSharePointUsers(watch, places);
  return places;
}

interface Attempt<T> {
  /** Undefined where it failed. */
  readonly value: T | undefined;
  readonly error: StoreError | null;
}

/** A store that fails alone is told, and the other goes on; what means that nothing can be trusted is thrown. */
async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work(), error: null };
  } catch (error) {
    if (!isOfStore(error) || error.errorClass === "usage" || error.code === "interrupted") throw error;
    return { value: undefined, error: asStoreError(error) };
  }
}

function failuresOf(
  settings: AuditSettings,
  cloud: StoreError | null,
  sharePoint: StoreError | null,
): ReadonlyMap<StoreName, StoreError> {
  const failures = new Map<StoreName, StoreError>();
  if (cloud !== null) failures.set(looksAt(settings, "exchange") ? "exchange" : "entra", cloud);
  if (sharePoint !== null) failures.set("sharepoint", sharePoint);
  return failures;
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
