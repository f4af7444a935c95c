import { EXIT } from "../model/exit-codes.js";
import type { PhotoSignature, StoreError } from "../model/photo.js";
import type { PropertyValues, UploadPhoto, WriteThumbnail } from "../model/plan-action.js";
import type { DirectoryUser } from "../model/user.js";
import { EMPTY_SUMMARY, NO_COST } from "../model/run.js";
import { showSamePicture } from "./applying/agree.js";
import { cloudPictures, cloudStates, isPicture, type CloudAction, type LookedAt } from "./applying/cloud-look.js";
import {
  createContext,
  expected,
  settleApplied,
  settleFailed,
  settleStale,
  type LookContext,
} from "./applying/context.js";
import { isSameValue, valuesOf } from "./applying/properties.js";
import { storedAsSent } from "./applying/shown-thumbnail.js";
import { renderSource, wantedOf } from "./applying/source.js";
import type { ApplyOptions } from "./apply.js";
import type { LookPorts } from "./applying/ports.js";
import type { JournalBefore } from "../model/journal.js";
import type { Journal, JournalEntry } from "./journal-port.js";
import { lateWrites } from "./late-writes.js";
import type { ProgressStep } from "./ports.js";
import type { RunRecords } from "./records/runs.js";

export interface Recovery {
  /** Writes of a former run that turned out to have arrived. */
  readonly applied: number;
  /** Writes that never arrived: the next plan (the same one again, or a new one) writes them. */
  readonly notWritten: number;
  /** Addresses that somebody else changed meanwhile. */
  readonly stale: number;
  /** Could not be looked at, or may still show; they stay open for the next run. */
  readonly open: number;
}

/** What one look tells of a write whose answer never came. `late`: the service took it, and may show it yet. */
type Verdict = "arrived" | "not-written" | "changed" | "late" | "unknown";

/**
 * Looks at every write that a former run began and never settled (kill, power cut, lost network), and settles it under that run. Sends
 * nothing: what never arrived is written again by the plan that comes next. Call it before every audit and apply, with the lock held.
 */
export async function recoverOpenIntents(ports: LookPorts): Promise<Recovery> {
  const found = { arrived: 0, "not-written": 0, changed: 0, late: 0, unknown: 0 };
  const entries = ports.journal.open();
  if (entries.length > 0) {
    const step = ports.progress.step("Look at interrupted writes", entries.length);
    const mayStillShow = lateWrites(ports, entries);
    for (const entry of entries) found[await recover({ ports, step, mayStillShow }, entry)]++;
    step.done();
  }
  const { arrived, changed, late, unknown } = found;
  return { applied: arrived, notWritten: found["not-written"], stale: changed, open: late + unknown };
}

/** What the looks at open intents share. */
interface Recovering {
  readonly ports: LookPorts;
  readonly step: ProgressStep;
  readonly mayStillShow: (entry: JournalEntry) => boolean;
}

interface RecoveryContext extends LookContext {
  /** Not to see it proves nothing yet. */
  readonly mayStillShow: boolean;
}

async function recover({ ports, step, mayStillShow }: Recovering, entry: JournalEntry): Promise<Verdict> {
  const options: ApplyOptions = { runId: entry.runId, concurrency: 1, signal: new AbortController().signal };
  const looking = createContext(ports, options, entry.planId, step, true);
  const context = { ...looking, mayStillShow: mayStillShow(entry) };
  try {
    const user = entry.action.user === null ? null : await ports.findUser(entry.action.user.id);
    const { action } = entry;
    switch (action.action) {
      case "upload-photo":
      case "delete-photo":
        return user === null ? settle(context, entry, "changed") : await recoverCloud(context, entry, action, user);
      case "write-thumbnail":
      case "delete-thumbnail":
        return await recoverThumbnail(context, entry);
      case "set-picture-properties":
        return user === null ? settle(context, entry, "changed") : await recoverProperties(context, entry, user);
    }
  } catch (error) {
    ports.progress.warn(`${entry.action.address} could not be looked at: ${expected(error).message}`);
    return "unknown";
  }
}

async function recoverCloud(
  context: RecoveryContext,
  entry: JournalEntry,
  action: CloudAction,
  user: DirectoryUser,
): Promise<Verdict> {
  const { before } = entry;
  const [state] = await cloudStates(context, [{ action, user }]);
  if (state === undefined || state.kind === "unreadable" || before.kind !== "picture") return "unknown";
  if (action.action === "delete-photo") {
    if (state.kind === "present") return settle(context, entry, state.etag === before.etag ? "not-written" : "changed");
    settleApplied(context, entry, { kind: "picture", exists: false, etag: null, sha256: null });
    return "arrived";
  }
  if (state.kind === "absent") return settle(context, entry, before.exists ? "changed" : "not-written");
  if (before.exists && before.etag !== null && state.etag === before.etag) return settle(context, entry, "not-written");
  return recoverUpload(context, entry, { action, user, state }, before);
}

/** The cloud shows a photo, and no etag tells that it is the one of before the upload: its pixels tell whose it is. */
async function recoverUpload(
  context: RecoveryContext,
  entry: JournalEntry,
  looked: LookedAt & { readonly action: UploadPhoto; readonly state: { readonly kind: "present" } },
  before: JournalBefore & { readonly kind: "picture" },
): Promise<Verdict> {
  const { action, user, state } = looked;
  const rendered = await renderSource(context, action, user);
  if (rendered.kind !== "ready") return rendered.kind === "failed" ? "unknown" : settle(context, entry, "changed");
  const [shown] = await cloudPictures(context, [looked]);
  if (!isPicture(shown) || shown.signature === null) return "unknown";
  const wanted = await wantedOf(context, rendered);
  const sameSize = state.width === wanted.width && state.height === wanted.height;
  // Without etags an equal picture of the size sent is the only sign of arrival.
  const moved = !before.exists || (before.etag !== null && state.etag !== null);
  if (!showSamePicture(wanted, shown.signature) || (!moved && !sameSize)) {
    const untouched = before.backupSha256 !== null && context.ports.sha256(shown.bytes) === before.backupSha256;
    return settle(context, entry, untouched ? "not-written" : "changed");
  }
  settleApplied(context, entry, {
    kind: "picture",
    exists: true,
    etag: state.etag,
    sha256: shown.signature.sha256,
  });
  return "arrived";
}

async function recoverThumbnail(context: RecoveryContext, entry: JournalEntry): Promise<Verdict> {
  const { action, before, sentSha256 } = entry;
  if (action.action !== "write-thumbnail" && action.action !== "delete-thumbnail") return "unknown";
  if (before.kind !== "picture") return "unknown";
  const { ports } = context;
  const file = await ports.sharePointReader.look(action.after.folder, action.after.name);
  if (action.action === "delete-thumbnail" && file === null) {
    settleApplied(context, entry, { kind: "picture", exists: false, etag: null, sha256: null });
    return "arrived";
  }
  if (file !== null && action.action === "write-thumbnail") {
    const wanted = (): Promise<PhotoSignature | null> => wantedNow(context, action);
    const sha256 = await storedAsSent(context, file, { sha256: sentSha256, before, wanted });
    if (sha256 !== null) {
      settleApplied(context, entry, { kind: "picture", exists: true, etag: file.etag, sha256 });
      return "arrived";
    }
  }
  const untouched = before.exists ? file !== null && file.etag === before.etag : file === null;
  return settle(context, entry, untouched ? "not-written" : "changed");
}

/** What the thumbnail of a former run was to show, where its master or backup is still as it was then. */
async function wantedNow(context: LookContext, action: WriteThumbnail): Promise<PhotoSignature | null> {
  if (action.after.source.kind === "cloud-photo") return null;
  const rendered = await renderSource(context, action, null);
  return rendered.kind === "ready" ? wantedOf(context, rendered) : null;
}

/** Properties that have their wanted value and did not have it before have arrived, even when others have not. */
async function recoverProperties(context: RecoveryContext, entry: JournalEntry, user: DirectoryUser): Promise<Verdict> {
  const { action, before } = entry;
  if (action.action !== "set-picture-properties" || before.kind !== "properties") return "unknown";
  const profile = (await context.ports.sharePointReader.profiles([user])).get(user.upn.toLowerCase());
  if (profile?.kind !== "present") return "unknown";
  const now = valuesOf(profile);
  const names = Object.keys(before.values) as (keyof PropertyValues)[];
  const arrived = names.filter((name) =>
    isSameValue(name, now[name] ?? "", action.after.properties[name] ?? "", false),
  );
  if (arrived.length === 0) return settle(context, entry, "not-written");
  const values = Object.fromEntries(arrived.map((name) => [name, now[name] ?? ""]));
  settleApplied(context, entry, { kind: "properties", values });
  return "arrived";
}

function settle(context: RecoveryContext, entry: JournalEntry, verdict: "not-written" | "changed"): Verdict {
  if (verdict === "not-written" && context.mayStillShow) return "late";
  const hint = "Run photodrift audit again; what is left is planned anew.";
  if (verdict === "changed") {
    const message = "Somebody changed it after the run was interrupted.";
    settleStale(context, entry, { code: "changed-since", message, hint });
  } else {
    const message = "The run was interrupted before the write arrived.";
    settleFailed(context, entry, { code: "interrupted", message, hint } satisfies StoreError);
  }
  return verdict;
}

/**
 * Ends runs that were killed, so that they are listed, and can be undone where they wrote. What an audit found before it was cut off holds for
 * nothing: it has no summary. Call it after recoverOpenIntents, with the run lock held and before a run of one's own begins: what is not
 * finished then is nobody's. Returns their ids.
 */
export function closeInterruptedRuns(
  records: Pick<RunRecords, "finishRun" | "run">,
  journal: Pick<Journal, "unfinishedRuns">,
  tenant: string,
  now: string,
): readonly string[] {
  const runs = journal.unfinishedRuns();
  for (const { id, mode, trigger, startedAt } of runs) {
    const audited = records.run(id);
    records.finishRun(
      {
        id,
        mode,
        trigger,
        tenant,
        startedAt,
        finishedAt: now,
        verdict: "interrupted",
        exitCode: EXIT.interrupted,
        complete: false,
      },
      audited?.summary ?? EMPTY_SUMMARY,
      audited?.cost ?? NO_COST,
    );
  }
  return runs.map(({ id }) => id);
}
