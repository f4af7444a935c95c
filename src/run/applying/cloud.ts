import type { PhotoSignature, StoreError } from "../../model/photo.js";
import { showSamePicture } from "./agree.js";
import { slotOf } from "../../model/address.js";
import type { UserId } from "../../model/ids.js";
import type { JournalBefore } from "../../model/journal.js";
import {
  cloudPictures,
  concludeChanged,
  isPicture,
  lookAtClouds,
  preconditionOf,
  showsFingerprint,
  showsOurWrite,
  type CloudAction,
  type CloudPicture,
  type LookedAt,
} from "./cloud-look.js";
import { sendCloudWrites, type CloudWrite } from "./cloud-send.js";
import { conclude, expected, intend, type ApplyContext } from "./context.js";
import { renderSource, wantedOf } from "./source.js";

/** An action that may go ahead, with what it will send. */
interface Prepared extends LookedAt {
  readonly jpeg: Buffer | null;
  readonly wanted: PhotoSignature | null;
}

/**
 * Carries out the cloud photo actions of several users together: one metadata batch as the fresh look, backups, intents in one commit, the
 * uploads in `$batch`, and read-backs until each is confirmed.
 */
export async function applyCloudPhotos(context: ApplyContext, actions: readonly CloudAction[]): Promise<void> {
  if (actions.length === 0) return;
  const looked = await lookAtClouds(context, actions);
  const due = looked.filter((one) => isDue(context, one));
  const prepared = (await Promise.all(due.map((one) => prepare(context, one)))).filter((one) => one !== null);
  const writes = await keepBackups(context, prepared);
  if (writes.length === 0) return;
  const entries = await intend(
    context,
    writes.map(({ action, before, jpeg }) => ({
      action,
      before,
      sentSha256: jpeg === null ? null : context.ports.sha256(jpeg),
    })),
  );
  await sendCloudWrites(
    context,
    writes.map((write, at) => ({ ...write, entry: entries[at] ?? 0 })),
  );
}

function isDue(context: ApplyContext, one: LookedAt): boolean {
  const { action, state } = one;
  if (action.action === "delete-photo" && state.kind === "absent") {
    conclude(context, action, "already-in-sync", null);
    return false;
  }
  if (showsOurWrite(context, one)) {
    conclude(context, action, "already-in-sync", null);
    return false;
  }
  if (preconditionOf(one) !== "differs") return true;
  // Changed since: perhaps to what is wanted. Only the picture can tell, and only for an upload.
  if (action.action === "upload-photo" && state.kind === "present") return true;
  concludeChanged(context, action);
  return false;
}

async function prepare(context: ApplyContext, one: LookedAt): Promise<Prepared | null> {
  if (one.action.action === "delete-photo") return { ...one, jpeg: null, wanted: null };
  const rendered = await renderSource(context, one.action, one.user);
  if (rendered.kind !== "ready") {
    conclude(context, one.action, rendered.kind, rendered.error);
    return null;
  }
  try {
    return { ...one, jpeg: rendered.jpeg, wanted: await wantedOf(context, rendered) };
  } catch (error) {
    conclude(context, one.action, "failed", expected(error));
    return null;
  }
}

/** Downloads what will be replaced and keeps it; what cannot be kept is not written. */
async function keepBackups(context: ApplyContext, prepared: readonly Prepared[]): Promise<readonly CloudWrite[]> {
  const pictures = await cloudPictures(context, prepared, (shown, at) => {
    const action = prepared[at]?.action;
    return action !== undefined && showsFingerprint(context, action, shown);
  });
  const writes: CloudWrite[] = [];
  for (const [at, one] of prepared.entries()) {
    const { action } = one;
    const shown = pictures[at];
    if (shown !== null && shown !== undefined && !isPicture(shown)) conclude(context, action, "failed", shown);
    else if (one.state.kind === "present" && !isPicture(shown)) concludeChanged(context, action);
    else if (isPicture(shown) && !mayReplace(context, one, shown)) continue;
    else {
      const before = await backUp(context, one, isPicture(shown) ? shown : null);
      if (before !== null) writes.push({ ...one, before });
    }
  }
  return writes;
}

/** Settles, with the picture at hand, what etags could not: as planned, already as wanted, or changed. */
function mayReplace(context: ApplyContext, one: Prepared, shown: CloudPicture): boolean {
  const fit = preconditionOf(one);
  if (fit === "holds" || (fit === "by-picture" && showsFingerprint(context, one.action, shown))) return true;
  if (one.wanted !== null && shown.signature !== null && showSamePicture(one.wanted, shown.signature)) {
    conclude(context, one.action, "already-in-sync", null);
  } else concludeChanged(context, one.action);
  return false;
}

async function backUp(
  context: ApplyContext,
  { action, state }: Prepared,
  shown: CloudPicture | null,
): Promise<JournalBefore | null> {
  const { backups, records } = context.ports;
  const slot = slotOf(action.address);
  const userId = action.user?.id;
  let backupSha256: string | null = null;
  try {
    // Nothing of a user who withdrew consent is kept, not even for an undo.
    if (shown !== null && action.because !== "consent-withdrawn") backupSha256 = await backups.put(shown.bytes);
  } catch (error) {
    conclude(context, action, "failed", expected(error) satisfies StoreError);
    return null;
  }
  return {
    kind: "picture",
    exists: state.kind === "present",
    etag: state.kind === "present" ? state.etag : null,
    backupSha256,
    lastApplied: slot === null || userId === undefined ? null : records.lastApplied(userId as UserId, slot),
  };
}
