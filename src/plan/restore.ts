import { thumbnailSizeOf, USUAL_THUMBNAILS } from "../model/address.js";
import { stableId } from "../model/ids.js";
import type { JournalAfter, JournalBefore } from "../model/journal.js";
import type { LastApplied } from "../model/last-applied.js";
import type { PictureBefore, PlanAction, Precondition, PropertyValues } from "../model/plan-action.js";

/** One confirmed write of a run, as far as undoing it needs. */
export interface ConfirmedWrite {
  readonly entry: number;
  readonly action: PlanAction;
  readonly before: JournalBefore;
  readonly after: JournalAfter;
}

/** Cloud photos are put back as they were downloaded: up to the service's own limit of 4 MB (facts/graph 2.1). */
const MAX_RESTORED_BYTES = 4 * 1024 * 1024;

/**
 * The action that puts back what a write replaced: the former picture, its absence, or the former properties. Null when the backup is gone.
 * @param force whatever stands there now is replaced; otherwise only what the run left there
 */
export function restoreOf(write: ConfirmedWrite, force: boolean): PlanAction | null {
  const { action, before, after } = write;
  const precondition: Precondition = force ? { kind: "none" } : preconditionAfter(after);
  const common = {
    id: `r${stableId(`${write.entry} ${action.id}`)}`,
    address: action.address,
    user: action.user,
    because: action.because,
    precondition,
    restores: { entry: write.entry, lastApplied: lastAppliedBefore(before) },
  };
  if (action.action === "set-picture-properties") {
    if (before.kind !== "properties" || after.kind !== "properties") return null;
    const restored = restoredValues(before.values, after.values);
    return {
      ...common,
      action: "set-picture-properties",
      before: { properties: after.values },
      after: { properties: restored },
    };
  }
  if (before.kind !== "picture" || after.kind !== "picture") return null;
  const shown = pictureOf(after);
  const isCloud = action.action === "upload-photo" || action.action === "delete-photo";
  if (!before.exists) {
    if (isCloud) return { ...common, action: "delete-photo", before: shown, after: { photo: "absent" } };
    const { folder, name } = action.after;
    return { ...common, action: "delete-thumbnail", before: shown, after: { photo: "absent", folder, name } };
  }
  if (before.backupSha256 === null) return null;
  const picture = { photo: "present", sourceSha256: before.backupSha256, source: { kind: "backup" } } as const;
  if (isCloud)
    return { ...common, action: "upload-photo", before: shown, after: { ...picture, maxBytes: MAX_RESTORED_BYTES } };
  const { folder, name } = action.after;
  const side = action.action === "write-thumbnail" ? action.after.side : sideOf(action);
  return { ...common, action: "write-thumbnail", before: shown, after: { ...picture, side, folder, name } };
}

/**
 * How what a write left is known today. Where later writes of this program covered it and were themselves taken back, it stands again, under the
 * names that it got then: a service that encodes pictures anew gives them other ones each time.
 * @param later confirmed writes at the same address after it, oldest first
 */
export function standingAfter(write: ConfirmedWrite, later: readonly ConfirmedWrite[]): JournalAfter {
  const covering: number[] = [];
  let standing = write.after;
  for (const { entry, action, after } of later) {
    if (action.restores === undefined || action.restores.entry !== covering.at(-1)) {
      covering.push(entry);
      continue;
    }
    covering.pop();
    if (covering.length === 0 && write.after.kind === "picture") standing = after;
  }
  return covering.length === 0 ? standing : write.after;
}

function preconditionAfter(after: JournalAfter): Precondition {
  if (after.kind === "properties") {
    const { "SPS-PictureTimestamp": _, ...values } = after.values;
    return { kind: "properties", values };
  }
  return after.exists ? { kind: "present", etag: after.etag, fingerprint: after.sha256 } : { kind: "absent" };
}

function pictureOf(after: Extract<JournalAfter, { readonly kind: "picture" }>): PictureBefore {
  if (!after.exists) return { photo: "absent" };
  return { photo: "present", etag: after.etag, width: null, height: null, bytes: null, sha256: after.sha256 };
}

/** Only what the run really set is set back. */
function restoredValues(before: PropertyValues, after: PropertyValues): { readonly [name: string]: string } {
  return Object.fromEntries(Object.keys(after).map((name) => [name, before[name as keyof PropertyValues] ?? ""]));
}

/**
 * What had last been applied before the write. Where the replaced picture was that very write, its etag is left open (null): the restored
 * picture gets a new one, and is our own write again.
 */
function lastAppliedBefore(before: JournalBefore): LastApplied | null {
  if (before.kind !== "picture" || before.lastApplied === null) return null;
  const { lastApplied, etag, backupSha256 } = before;
  const wasOurs =
    (etag !== null && lastApplied.etag === etag) ||
    (backupSha256 !== null && lastApplied.readBackSha256 === backupSha256);
  return wasOurs ? { ...lastApplied, etag: null } : lastApplied;
}

/** Shown in the plan only: a restored picture keeps its own size. */
function sideOf(action: PlanAction): number {
  return USUAL_THUMBNAILS[thumbnailSizeOf(action.address) ?? "L"];
}
