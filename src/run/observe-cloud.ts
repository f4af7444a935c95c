import type { DirectoryUser } from "../model/user.js";
import { readRenditions } from "./observe-renditions.js";
import type { WantedRendition } from "./rendition.js";
import { mapOrdered, packed } from "./ordered.js";
import { inChunks } from "../model/chunks.js";
import { withStanding } from "./standing.js";
import type { CloudPhotoReading } from "./ports.js";
import type { StoredCloudPhoto } from "./records/cloud-photos.js";
import { looksAt, stopWhenAborted, type AuditSettings, type PortsOf } from "./settings.js";
import type { PictureRecords } from "./records/pictures.js";
import type { Watch } from "./watch.js";

/** Users whose metadata is asked for at once, and renditions in one wave: five batches of 20. */
const CHUNK = 100;
/** Chunks of metadata under way beside each other: more batches than the way to the service takes at once. */
const CHUNKS_AHEAD = 4;
/** Waves of renditions under way: enough to keep the wire busy while pictures are decoded; memory holds their bytes. */
const WAVES_AHEAD = 2;
/** Longer side of the rendition that is compared: small, and still enough to see that a photo was enlarged. */
export const RENDITION_SIDE = 240;

/**
 * Reads photo metadata of the users and, where the etag is new, one small rendition; undecided ones are settled by the largest rendition.
 * Three stages, each fed by the one before with full batches: metadata, small renditions, large renditions. Everything goes to the
 * records as it arrives, so an interrupted run goes on from there.
 */
export async function observeCloud(observation: Watch): Promise<void> {
  const { ports, roster } = observation;
  const step = ports.progress.step("Cloud photos", roster.countInScope());
  const unread = mapOrdered(inChunks(roster.inScope(), CHUNK), CHUNKS_AHEAD, async (chunk) => {
    const wanted = await readMetadata(observation, chunk);
    step.tick(chunk.length);
    return wanted;
  });
  const undecided = mapOrdered(packed(unread, CHUNK), WAVES_AHEAD, (wave) => readRenditions(observation, wave));
  const settled = mapOrdered(packed(undecided, CHUNK), WAVES_AHEAD, (wave) => readRenditions(observation, wave));
  for await (const _none of settled) continue;
  step.done();
}

/** Records the metadata of some users; gives the renditions that are not known yet. */
async function readMetadata(
  { ports, settings, runId }: Watch,
  users: readonly DirectoryUser[],
): Promise<readonly WantedRendition[]> {
  stopWhenAborted(settings);
  const byId = new Map(users.map((user) => [user.id as string, user]));
  const readings = (await ports.cloudPhotos.metadata(users)).filter((reading) => looksAt(settings, reading.store));
  const wanted: WantedRendition[] = [];
  ports.records.transaction(() => {
    for (const reading of readings) {
      const user = byId.get(reading.userId);
      if (user === undefined) continue;
      const before = ports.records.cloudPhotos(reading.userId).find((photo) => photo.store === reading.store) ?? null;
      const stored = storedPhoto(ports, settings, reading, before);
      ports.records.saveCloudPhoto(runId, {
        ...stored,
        error: withStanding(ports.records, runId, { userId: stored.userId, what: stored.store }, stored.error),
      });
      if (reading.result.kind !== "present" || stored.signatureSha !== null) continue;
      const { width, height } = reading.result;
      const side = reading.attribution === "no-mailbox" ? null : RENDITION_SIDE;
      const knownSha = before !== null && isUnchanged(before, reading.result) ? before.signatureSha : null;
      wanted.push({ user, store: reading.store, width, height, side, knownSha });
    }
  });
  return wanted;
}

type PhotoPorts = PortsOf<"images" | "clock", PictureRecords>;

/** The new record of a reading; a signature read before stays when the etag and size are the same. */
function storedPhoto(
  ports: PhotoPorts,
  settings: AuditSettings,
  reading: CloudPhotoReading,
  before: StoredCloudPhoto | null,
): StoredCloudPhoto {
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
      const equal = before !== null && isUnchanged(before, reading.result);
      const isNews = before !== null && !equal;
      return {
        ...common,
        kind: "present",
        etag,
        width,
        height,
        ...(equal && !settings.full ? bytesOf(ports, before) : UNREAD),
        error: null,
        changedAt: isNews ? changed : (before?.changedAt ?? null),
        previousSha: previousOf(before, equal),
      };
    }
  }
}

type Bytes = Pick<StoredCloudPhoto, "byteLength" | "signatureSha">;
const UNREAD: Bytes = { byteLength: null, signatureSha: null };

/** What was read of the same picture before, unless another recipe measured it. */
function bytesOf(ports: PhotoPorts, { byteLength, signatureSha }: StoredCloudPhoto): Bytes {
  return signatureIsCurrent(ports, signatureSha) ? { byteLength, signatureSha } : UNREAD;
}

/** Etag and size are those of the last reading: it is the same picture. */
function isUnchanged(
  before: StoredCloudPhoto,
  { etag, width, height }: Extract<CloudPhotoReading["result"], { readonly kind: "present" }>,
): boolean {
  return before.etag !== null && before.etag === etag && before.width === width && before.height === height;
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

function signatureIsCurrent(ports: PhotoPorts, sha: string | null): boolean {
  return sha !== null && ports.records.signature(sha)?.version === ports.images.signatureVersion;
}
