import { needsLargerRendition } from "../compare/photo/index.js";
import { PhotodriftError } from "../model/index.js";
import type { DirectoryUser, PhotoSignature, StoreError } from "../model/index.js";
import type { Judge } from "./judge.js";
import { inChunks, mapOrdered, packed } from "./ordered.js";
import type { CloudPhotoReading, CloudRendition, RenditionRequest } from "./ports.js";
import type { StoredCloudPhoto } from "./records.js";
import type { MasterOf } from "./roster.js";
import { looksAt, stopWhenAborted, type AuditPorts, type AuditSettings } from "./settings.js";

/** Users whose metadata is asked for at once, and renditions in one wave: five batches of 20. */
const CHUNK = 100;
/** Chunks and waves under way beside each other: enough to keep the wire busy while pictures are decoded; memory holds their bytes. */
const AHEAD = 2;
/** Longer side of the rendition that is compared: small, and still enough to see that a photo was enlarged. */
const RENDITION_SIDE = 240;

/** What one observation of the cloud photos works with. */
interface Observation {
  readonly ports: AuditPorts;
  readonly settings: AuditSettings;
  readonly runId: string;
  readonly masterOf: MasterOf;
  readonly judge: Judge;
}

/**
 * Reads photo metadata of the users and, where the etag is new, one small rendition; undecided ones are settled by the largest rendition.
 * Three stages, each fed by the one before with full batches: metadata, small renditions, large renditions. Everything goes to the
 * records as it arrives, so an interrupted run goes on from there.
 */
export async function observeCloud(
  ports: AuditPorts,
  settings: AuditSettings,
  runId: string,
  users: Iterable<DirectoryUser>,
  count: number,
  masterOf: MasterOf,
  judge: Judge,
): Promise<void> {
  const observation: Observation = { ports, settings, runId, masterOf, judge };
  ports.progress.step("Cloud photos", count);
  const unread = mapOrdered(inChunks(users, CHUNK), AHEAD, (chunk) => readMetadata(observation, chunk));
  const undecided = mapOrdered(packed(unread, CHUNK), AHEAD, (wave) => readRenditions(observation, wave));
  const settled = mapOrdered(packed(undecided, CHUNK), AHEAD, (wave) => readRenditions(observation, wave));
  for await (const _none of settled) continue;
  ports.progress.done();
}

/** Records the metadata of some users; gives the renditions that are not known yet. */
async function readMetadata(
  { ports, settings, runId }: Observation,
  users: readonly DirectoryUser[],
): Promise<readonly RenditionRequest[]> {
  stopWhenAborted(settings);
  const byId = new Map(users.map((user) => [user.id as string, user]));
  const readings = (await ports.cloudPhotos.metadata(users)).filter((reading) => looksAt(settings, reading.store));
  const wanted: RenditionRequest[] = [];
  ports.records.transaction(() => {
    for (const reading of readings) {
      const user = byId.get(reading.userId);
      if (user === undefined) continue;
      const stored = storedPhoto(ports, settings, reading);
      ports.records.saveCloudPhoto(runId, withRefusal(ports, runId, stored));
      if (reading.result.kind !== "present" || stored.signatureSha !== null) continue;
      const { width, height } = reading.result;
      const side = reading.attribution === "no-mailbox" ? null : RENDITION_SIDE;
      wanted.push({ user, store: reading.store, width, height, side });
    }
  });
  ports.progress.tick(users.length);
  return wanted;
}

/** Runs after which a refusal that stays is the service's last word. */
const STANDS_FROM = 3;

/** An error code that no document explains is told as unreadable; where it stays, as what it is. */
function withRefusal(ports: AuditPorts, runId: string, stored: StoredCloudPhoto): StoredCloudPhoto {
  const { userId, store, error } = stored;
  const runs = ports.records.noteRefusal(runId, userId, store, error?.refusal ?? null);
  return error === null || runs < STANDS_FROM ? stored : { ...stored, error: { ...error, standing: runs } };
}

/** The new record of a reading; a signature read before stays when the etag and size are the same. */
function storedPhoto(ports: AuditPorts, settings: AuditSettings, reading: CloudPhotoReading): StoredCloudPhoto {
  const before = ports.records.cloudPhotos(reading.userId).find((photo) => photo.store === reading.store) ?? null;
  const common = { userId: reading.userId, store: reading.store, attribution: reading.attribution };
  const nothing = { etag: null, width: null, height: null, byteLength: null, signatureSha: null };
  const changed = new Date(ports.clock.now()).toISOString();
  switch (reading.result.kind) {
    case "unreadable":
      return { ...common, ...nothing, ...known(before), kind: "unreadable", error: reading.result.error };
    case "absent": {
      const same = before === null || before.kind === "absent";
      const changedAt = same ? (before?.changedAt ?? null) : changed;
      return { ...common, ...nothing, kind: "absent", error: null, changedAt, previousSha: previousOf(before, same) };
    }
    case "present": {
      const { etag, width, height } = reading.result;
      const equal =
        before !== null &&
        before.etag !== null &&
        before.etag === etag &&
        before.width === width &&
        before.height === height;
      const trusted = equal && !settings.full && signatureIsCurrent(ports, before.signatureSha);
      return {
        ...common,
        kind: "present",
        etag,
        width,
        height,
        byteLength: trusted ? before.byteLength : null,
        signatureSha: trusted ? before.signatureSha : null,
        error: null,
        changedAt: before === null || equal ? (before?.changedAt ?? null) : changed,
        previousSha: previousOf(before, equal),
      };
    }
  }
}

/** The picture before the last change: where the photo changed just now, the one that was known. */
function previousOf(before: StoredCloudPhoto | null, same: boolean): string | null {
  if (same || before?.kind === "absent") return before?.previousSha ?? null;
  return before?.signatureSha ?? before?.previousSha ?? null;
}

/** What was known stays known when a store does not answer: the next run compares etags with it. */
function known(
  before: StoredCloudPhoto | null,
): Pick<StoredCloudPhoto, "etag" | "width" | "height" | "byteLength" | "signatureSha" | "changedAt" | "previousSha"> {
  return {
    etag: before?.etag ?? null,
    width: before?.width ?? null,
    height: before?.height ?? null,
    byteLength: before?.byteLength ?? null,
    signatureSha: before?.signatureSha ?? null,
    changedAt: before?.changedAt ?? null,
    previousSha: before?.previousSha ?? null,
  };
}

function signatureIsCurrent(ports: AuditPorts, sha: string | null): boolean {
  return sha !== null && ports.records.signature(sha)?.version === ports.images.signatureVersion;
}

/** Reads, signs and records one wave of renditions; gives those to ask for again in full, because the verdict is too close to call. */
async function readRenditions(
  observation: Observation,
  wanted: readonly RenditionRequest[],
): Promise<readonly RenditionRequest[]> {
  const { ports, settings } = observation;
  stopWhenAborted(settings);
  const requests = new Map(wanted.map((request) => [`${request.user.id}/${request.store}`, request]));
  const answers = await ports.cloudPhotos.renditions(wanted);
  const looks = await Promise.all(
    answers.map(async (answer) => {
      const request = requests.get(`${answer.userId}/${answer.store}`);
      return request === undefined ? null : { request, seen: await look(observation, request, answer) };
    }),
  );
  const undecided: RenditionRequest[] = [];
  ports.records.transaction(() => {
    for (const found of looks) {
      if (found === null) continue;
      keep(observation, found.request, found.seen);
      if (found.seen.kind === "undecided") undecided.push({ ...found.request, side: null });
    }
  });
  return undecided;
}

type Look =
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly error: StoreError }
  | {
      readonly kind: "seen";
      readonly signature: PhotoSignature;
      readonly preview: Buffer | null;
      readonly byteLength: number | null;
    }
  /** Too close to call; a larger rendition exists. */
  | { readonly kind: "undecided" };

/** Signs and judges a rendition. Nothing is recorded yet. */
async function look(
  { ports, masterOf, judge }: Observation,
  request: RenditionRequest,
  { result }: CloudRendition,
): Promise<Look> {
  if (result.kind !== "image") return result;
  const { bytes, whole } = result;
  let signature: PhotoSignature;
  try {
    signature = await ports.images.sign(bytes);
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    const message = `The stored photo is no readable image: ${error.message}`;
    return { kind: "unreadable", error: { code: error.code, message, hint: error.hint } };
  }
  const master = masterOf(request.user);
  const verdict = master?.kind === "usable" ? await judge.verdict(master, signature) : null;
  const canGrow = !whole && Math.max(signature.width, signature.height) < Math.max(request.width, request.height);
  const undecided = canGrow && request.side !== null && verdict !== null && needsLargerRendition(verdict, signature);
  if (undecided) return { kind: "undecided" };
  const preview = judge.isWorthShowing(verdict, signature) ? await ports.images.preview(bytes) : null;
  return { kind: "seen", signature, preview, byteLength: whole ? signature.byteLength : null };
}

/** Records a look. Of an undecided one nothing is kept: until the large rendition is there, the photo counts as not read. */
function keep({ ports, runId }: Observation, request: RenditionRequest, seen: Look): void {
  const { records } = ports;
  const before = records.cloudPhotos(request.user.id).find((photo) => photo.store === request.store);
  if (before === undefined) return;
  switch (seen.kind) {
    case "undecided":
      return;
    case "absent":
      records.saveCloudPhoto(runId, { ...before, kind: "absent", etag: null, width: null, height: null });
      return;
    case "unreadable":
      records.saveCloudPhoto(runId, { ...before, kind: "unreadable", error: seen.error });
      return;
    case "seen": {
      const { signature, preview, byteLength } = seen;
      records.saveSignature(signature);
      if (preview !== null) records.savePreview(signature.sha256, preview);
      records.saveCloudPhoto(runId, {
        ...before,
        byteLength,
        width: before.width ?? signature.width,
        height: before.height ?? signature.height,
        signatureSha: signature.sha256,
      });
    }
  }
}
