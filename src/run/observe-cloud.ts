import { needsLargerRendition } from "../compare/photo/index.js";
import { PhotodriftError } from "../model/index.js";
import type { DirectoryUser, MasterPhoto, PhotoSignature } from "../model/index.js";
import type { Judge } from "./judge.js";
import { inChunks } from "./ordered.js";
import type { CloudPhotoReading, CloudRendition, RenditionRequest } from "./ports.js";
import { keepsAllPreviews } from "./previews.js";
import type { StoredCloudPhoto } from "./records.js";
import { looksAt, stopWhenAborted, type AuditPorts, type AuditSettings } from "./settings.js";

/** Users whose metadata is asked for at once: ten batches of 20. */
const CHUNK = 200;
/** Longer side of the rendition that is compared: small, and still enough to see that a photo was enlarged. */
const RENDITION_SIDE = 240;

export type MasterOf = (user: DirectoryUser) => MasterPhoto | null;

/**
 * Reads photo metadata of the users and, where the etag is new, one small rendition; undecided ones are settled by the largest rendition.
 * Everything goes to the records as it arrives, so an interrupted run goes on from there.
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
  ports.progress.step("Cloud photos", count);
  for (const chunk of inChunks(users, CHUNK)) {
    stopWhenAborted(settings);
    const byId = new Map(chunk.map((user) => [user.id as string, user]));
    const readings = (await ports.cloudPhotos.metadata(chunk)).filter((reading) => looksAt(settings, reading.store));
    const wanted: RenditionRequest[] = [];
    ports.records.transaction(() => {
      for (const reading of readings) {
        const user = byId.get(reading.userId);
        if (user === undefined) continue;
        const stored = storedPhoto(ports, settings, reading);
        ports.records.saveCloudPhoto(runId, stored);
        if (reading.result.kind !== "present" || stored.signatureSha !== null) continue;
        const { width, height } = reading.result;
        const side = reading.attribution === "no-mailbox" ? null : RENDITION_SIDE;
        wanted.push({ user, store: reading.store, width, height, side });
      }
    });
    await readRenditions(ports, settings, runId, wanted, masterOf, judge);
    ports.progress.tick(chunk.length);
  }
  ports.progress.done();
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
      const changedAt = before === null || before.kind === "absent" ? (before?.changedAt ?? null) : changed;
      return { ...common, ...nothing, kind: "absent", error: null, changedAt };
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
      };
    }
  }
}

/** What was known stays known when a store does not answer: the next run compares etags with it. */
function known(
  before: StoredCloudPhoto | null,
): Pick<StoredCloudPhoto, "etag" | "width" | "height" | "byteLength" | "signatureSha" | "changedAt"> {
  return {
    etag: before?.etag ?? null,
    width: before?.width ?? null,
    height: before?.height ?? null,
    byteLength: before?.byteLength ?? null,
    signatureSha: before?.signatureSha ?? null,
    changedAt: before?.changedAt ?? null,
  };
}

function signatureIsCurrent(ports: AuditPorts, sha: string | null): boolean {
  return sha !== null && ports.records.signature(sha)?.version === ports.images.signatureVersion;
}

async function readRenditions(
  ports: AuditPorts,
  settings: AuditSettings,
  runId: string,
  wanted: readonly RenditionRequest[],
  masterOf: MasterOf,
  judge: Judge,
): Promise<void> {
  if (wanted.length === 0) return;
  const larger: RenditionRequest[] = [];
  const requests = new Map(wanted.map((request) => [`${request.user.id}/${request.store}`, request]));
  const answers = await ports.cloudPhotos.renditions(wanted);
  await Promise.all(
    answers.map(async (answer) => {
      const request = requests.get(`${answer.userId}/${answer.store}`);
      if (request === undefined) return;
      const undecided = await keepRendition(ports, runId, request, answer, masterOf(request.user), judge);
      if (undecided) larger.push({ ...request, side: null });
    }),
  );
  stopWhenAborted(settings);
  if (larger.length === 0) return;
  const again = new Map(larger.map((request) => [`${request.user.id}/${request.store}`, request]));
  for (const answer of await ports.cloudPhotos.renditions(larger)) {
    const request = again.get(`${answer.userId}/${answer.store}`);
    if (request === undefined || answer.result.kind !== "image") continue;
    await keepRendition(ports, runId, request, answer, masterOf(request.user), judge);
  }
}

/** Signs a rendition and keeps it. True when the verdict is too close to call and a larger rendition exists. */
async function keepRendition(
  ports: AuditPorts,
  runId: string,
  request: RenditionRequest,
  answer: CloudRendition,
  master: MasterPhoto | null,
  judge: Judge,
): Promise<boolean> {
  const { records } = ports;
  const before = records.cloudPhotos(request.user.id).find((photo) => photo.store === request.store);
  if (before === undefined) return false;
  if (answer.result.kind === "absent") {
    records.saveCloudPhoto(runId, { ...before, kind: "absent", etag: null, width: null, height: null });
    return false;
  }
  if (answer.result.kind === "unreadable") {
    records.saveCloudPhoto(runId, { ...before, kind: "unreadable", error: answer.result.error });
    return false;
  }
  const { bytes, whole } = answer.result;
  let signature: PhotoSignature;
  try {
    signature = await ports.images.sign(bytes);
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    const unreadable = {
      code: error.code,
      message: `The stored photo is no readable image: ${error.message}`,
      hint: error.hint,
    };
    records.saveCloudPhoto(runId, { ...before, kind: "unreadable", error: unreadable });
    return false;
  }
  const verdict = master?.kind === "usable" ? await judge.verdict(master, signature) : null;
  const right = verdict !== null && verdict.kind === "same" && !verdict.upscaled && !verdict.distorted;
  const preview = right && !keepsAllPreviews(ports.records) ? null : await ports.images.preview(bytes);
  records.transaction(() => {
    records.saveSignature(signature);
    if (preview !== null) records.savePreview(signature.sha256, preview);
    records.saveCloudPhoto(runId, {
      ...before,
      byteLength: whole ? signature.byteLength : null,
      width: before.width ?? signature.width,
      height: before.height ?? signature.height,
      signatureSha: signature.sha256,
    });
  });
  const largest = Math.max(request.width, request.height);
  const canGrow = !whole && Math.max(signature.width, signature.height) < largest;
  return canGrow && verdict !== null && needsLargerRendition(verdict, signature);
}
