import { slotOf } from "../../model/address.js";
import type { UserId } from "../../model/ids.js";
import type { LibraryFile, StoreError } from "../../model/photo.js";
import type { DeleteThumbnail, WriteThumbnail } from "../../model/plan-action.js";
import type { DirectoryUser } from "../../model/user.js";
import type { JournalBefore } from "../../model/journal.js";
import { fateOf, mayArrive } from "./cloud-send.js";
import { changedSince, overtaken } from "./changed.js";
import {
  conclude,
  expected,
  intend,
  leaveOpen,
  settleApplied,
  settleFailed,
  settleStale,
  type ApplyContext,
  type Intended,
} from "./context.js";
import { renderSource } from "./source.js";
import { storedAsSent } from "./shown-thumbnail.js";
import { bytesOf } from "./stored-bytes.js";

export type ThumbnailAction = WriteThumbnail | DeleteThumbnail;

const TRIES = 3;
/** Milliseconds before each look after a write. */
const READ_BACK_WAITS = [0, 500, 2_000] as const;
const WAITS_AFTER_LOSS = [0] as const;

/** Carries out one action on a file of the User Photos library: fresh look, backup, intent, write, read back. */
export async function applyThumbnail(
  context: ApplyContext,
  action: ThumbnailAction,
  user: DirectoryUser | null,
): Promise<void> {
  try {
    const { folder, name } = action.after;
    const file = await context.ports.sharePointReader.look(folder, name);
    const jpeg = await render(context, action, user);
    if (jpeg === "concluded" || (await isConcluded(context, action, file, jpeg))) return;
    const before = await backUp(context, action, file);
    if (before === null) return;
    const sentSha256 = jpeg === null ? null : context.ports.sha256(jpeg);
    const [entry = 0] = await intend(context, [{ action, before, sentSha256 }]);
    await write(context, { intended: { entry, action }, action, jpeg, before: file });
  } catch (error) {
    conclude(context, action, "failed", expected(error));
  }
}

async function render(
  context: ApplyContext,
  action: ThumbnailAction,
  user: DirectoryUser | null,
): Promise<Buffer | null | "concluded"> {
  if (action.action === "delete-thumbnail") return null;
  if (user === null && action.user !== null) {
    const message = `The user ${action.user.upn} does not exist any more.`;
    conclude(context, action, "stale", { code: "user-not-found", message, hint: "Run photodrift audit again." });
    return "concluded";
  }
  const rendered = await renderSource(context, action, user);
  if (rendered.kind === "ready") return rendered.jpeg;
  conclude(context, action, rendered.kind, rendered.error);
  return "concluded";
}

/** Nothing is to be written: the file is as wanted already, or it is not what the plan saw. */
async function isConcluded(
  context: ApplyContext,
  action: ThumbnailAction,
  file: LibraryFile | null,
  jpeg: Buffer | null,
): Promise<boolean> {
  if (jpeg === null ? file === null : file !== null && (await holds(context, file, jpeg))) {
    conclude(context, action, "already-in-sync", null);
    return true;
  }
  if (await isAsPlanned(context, action, file)) return false;
  conclude(context, action, "stale", changedSince("The thumbnail"));
  return true;
}

async function isAsPlanned(context: ApplyContext, action: ThumbnailAction, file: LibraryFile | null): Promise<boolean> {
  const { precondition } = action;
  if (precondition.kind === "none") return true;
  if (precondition.kind !== "present") return file === null;
  if (file === null) return false;
  if (precondition.etag !== null && file.etag !== null) return precondition.etag === file.etag;
  if (precondition.fingerprint === null) return false;
  const stored = await context.ports.sharePointReader.download(file);
  return stored !== null && context.ports.sha256(stored.bytes) === precondition.fingerprint;
}

/** The file has exactly these bytes. The length tells most differences without a download. */
async function holds(context: ApplyContext, file: LibraryFile, jpeg: Buffer): Promise<boolean> {
  if (file.length !== null && file.length !== jpeg.length) return false;
  const stored = await context.ports.sharePointReader.download(file);
  return stored !== null && stored.bytes.equals(jpeg);
}

async function backUp(
  context: ApplyContext,
  action: ThumbnailAction,
  file: LibraryFile | null,
): Promise<JournalBefore | null> {
  const { backups, records } = context.ports;
  const slot = slotOf(action.address);
  let backupSha256: string | null = null;
  // Nothing of a user who withdrew consent is kept, not even for an undo.
  if (file !== null && action.because !== "consent-withdrawn") {
    const bytes = await bytesOf(context, file);
    if (bytes === null) {
      conclude(context, action, "stale", changedSince("The thumbnail"));
      return null;
    }
    backupSha256 = await backups.put(bytes);
  }
  const userId = action.user?.id;
  return {
    kind: "picture",
    exists: file !== null,
    etag: file?.etag ?? null,
    backupSha256,
    lastApplied: slot === null || userId === undefined ? null : records.lastApplied(userId as UserId, slot),
  };
}

/** A thumbnail on its way: what is sent (null: the file is to go) and what stood there before. */
interface Sending {
  readonly intended: Intended;
  readonly action: ThumbnailAction;
  readonly jpeg: Buffer | null;
  readonly before: LibraryFile | null;
}

/** What became of one try to send: the etag that the answer told, or how it failed. */
interface Sent {
  readonly etag: string | null;
  readonly failure: ReturnType<typeof fateOf> | null;
}

/** Sends until a look settles it, or it was tried often enough. */
async function write(context: ApplyContext, sending: Sending): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const sent = await send(context, sending);
    if (sent.failure?.kind === "refused") {
      settleFailed(context, sending.intended, sent.failure.error);
      return;
    }
    const seen = await readBack(context, sending, sent);
    if (settled(context, sending, sent, seen, attempt)) return;
    await context.ports.sleep(1_000 * 2 ** attempt);
  }
}

async function send(context: ApplyContext, { action, jpeg, before }: Sending): Promise<Sent> {
  const { sharePointWriter } = context.ports;
  const { folder, name } = action.after;
  try {
    if (jpeg !== null) return { etag: (await sharePointWriter.putThumbnail(folder, name, jpeg)).etag, failure: null };
    await sharePointWriter.deleteThumbnail(folder, name, before?.etag ?? null);
    return { etag: null, failure: null };
  } catch (error) {
    return { etag: null, failure: fateOf(error) };
  }
}

const NOT_CONFIRMED: StoreError = {
  code: "not-confirmed",
  message: "SharePoint took the write but does not show it.",
  hint: "Run again: the next run looks whether it has arrived.",
};

/** False: the write was lost on its way, and is sent again. */
function settled(
  context: ApplyContext,
  { intended, action, jpeg, before }: Sending,
  { failure }: Sent,
  seen: Seen,
  attempt: number,
): boolean {
  if (seen.kind === "as-wanted") {
    const { etag, sha256 } = seen;
    settleApplied(context, intended, { kind: "picture", exists: jpeg !== null, etag, sha256 });
    return true;
  }
  if (seen.kind === "other" && (seen.file?.etag ?? null) !== (before?.etag ?? null)) {
    settleStale(context, intended, overtaken("The thumbnail"));
    return true;
  }
  // Without an answer, or without a look, nobody knows: the next run looks again instead of writing blindly.
  if (failure === null || seen.kind === "unknown") leaveOpen(context, action, failure?.error ?? NOT_CONFIRMED);
  else if (!mayArrive(failure)) settleFailed(context, intended, failure.error);
  else if (attempt < TRIES) return false;
  else leaveOpen(context, action, failure.error);
  return true;
}

type Seen =
  | { readonly kind: "as-wanted"; readonly etag: string | null; readonly sha256: string | null }
  | { readonly kind: "other"; readonly file: LibraryFile | null }
  | { readonly kind: "unknown" };

/** Compares what the library holds with what was sent. A write whose answer was lost is looked for once. */
async function readBack(context: ApplyContext, sending: Sending, { etag, failure }: Sent): Promise<Seen> {
  const { folder, name } = sending.action.after;
  let seen: Seen = { kind: "unknown" };
  for (const wait of failure === null ? READ_BACK_WAITS : WAITS_AFTER_LOSS) {
    if (wait > 0) await context.ports.sleep(wait);
    try {
      const file = await context.ports.sharePointReader.look(folder, name);
      seen = (await seenAsWanted(context, sending, file, etag)) ?? { kind: "other", file };
      if (seen.kind === "as-wanted") return seen;
    } catch (error) {
      expected(error);
    }
  }
  return seen;
}

/** The file is gone where it was to go; else exact length and the etag of the answer, or what is stored itself. */
async function seenAsWanted(
  context: ApplyContext,
  { jpeg, before }: Sending,
  file: LibraryFile | null,
  etag: string | null,
): Promise<Seen | null> {
  if (jpeg === null || file === null) {
    return jpeg === null && file === null ? { kind: "as-wanted", etag: null, sha256: null } : null;
  }
  const { ports } = context;
  const sent = ports.sha256(jpeg);
  if (etag !== null && file.etag === etag && file.length === jpeg.length) {
    return { kind: "as-wanted", etag, sha256: sent };
  }
  const sha256 = await storedAsSent(context, file, {
    sha256: sent,
    before: { exists: before !== null, etag: before?.etag ?? null },
    wanted: () => ports.images.sign(jpeg),
  });
  return sha256 === null ? null : { kind: "as-wanted", etag: file.etag, sha256 };
}
