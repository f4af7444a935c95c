import { needsLargerRendition } from "../compare/photo/index.js";
import { previewToKeep } from "./previews.js";
import { mixedUp } from "./mixed-up.js";
import type { CloudRendition, RenditionRequest } from "./ports.js";
import type { Look, WantedRendition } from "./rendition.js";
import { signStored } from "./sign-stored.js";
import { withStanding } from "./standing.js";
import { stopWhenAborted } from "./settings.js";
import type { Watch } from "./watch.js";

/**
 * Reads, signs and records one wave of renditions; gives those to ask for again in full, because the verdict is too close to call. What may
 * be another part's of its batch is asked for by itself before it is recorded.
 */
export async function readRenditions(
  observation: Watch,
  wanted: readonly WantedRendition[],
): Promise<readonly WantedRendition[]> {
  const { ports, settings } = observation;
  // Here the masters are needed, however long SharePoint takes to know what it will be asked.
  observation.firstAsked.end();
  await observation.mastersRead;
  stopWhenAborted(settings);
  const seen = await lookAt(observation, wanted);
  const looks = wanted.map((request, at): { request: WantedRendition; seen: Look | null } => ({
    request,
    seen: seen[at] ?? null,
  }));
  const again = wanted.length > 1 ? await mixedUp(observation, looks) : new Set<WantedRendition>();
  for (const found of looks) {
    if (!again.has(found.request)) continue;
    const [alone = null] = await lookAt(observation, [found.request]);
    found.seen = alone;
  }
  const undecided: WantedRendition[] = [];
  ports.records.transaction(() => {
    for (const { request, seen: found } of looks) {
      if (found === null) continue;
      keep(observation, request, found);
      if (found.kind === "undecided") undecided.push({ ...request, side: null });
    }
  });
  return undecided;
}

/** Looks in the order of the requests; undefined where the store left one out. */
async function lookAt(observation: Watch, wanted: readonly WantedRendition[]): Promise<readonly (Look | undefined)[]> {
  const requests = new Map(wanted.map((request, at) => [keyOf(request.user.id, request.store), { request, at }]));
  const looks: (Look | undefined)[] = wanted.map(() => undefined);
  await Promise.all(
    (await observation.ports.cloudPhotos.renditions(wanted)).map(async (answer) => {
      const asked = requests.get(keyOf(answer.userId, answer.store));
      if (asked !== undefined) looks[asked.at] = await look(observation, asked.request, answer);
    }),
  );
  return looks;
}

function keyOf(userId: string, store: string): string {
  return `${userId}/${store}`;
}

/** Signs and judges a rendition. Nothing is recorded yet. */
async function look(
  { ports, roster, judge }: Watch,
  request: RenditionRequest,
  { result }: CloudRendition,
): Promise<Look> {
  if (result.kind !== "image") return result;
  const { bytes, whole } = result;
  const signed = await signStored(ports.images, `the photo of ${request.user.upn}`, { bytes, flaw: null });
  if (signed.kind === "no-picture") return { kind: "unreadable", error: signed.error };
  const { signature } = signed;
  const master = roster.masterPhoto(request.user);
  const verdict = master?.kind === "usable" ? await judge.verdict(master, signature) : null;
  const canGrow = !whole && Math.max(signature.width, signature.height) < Math.max(request.width, request.height);
  const undecided = canGrow && request.side !== null && verdict !== null && needsLargerRendition(verdict, signature);
  if (undecided) return { kind: "undecided" };
  const shown = judge.isWorthShowing(verdict, signature);
  const preview = shown ? await previewToKeep(ports.images, bytes, signature, judge.keepsAll) : null;
  return { kind: "seen", signature, verdict, preview, byteLength: whole ? signature.byteLength : null };
}

/** Records a look. Of an undecided one nothing is kept: until the large rendition is there, the photo counts as not read. */
function keep({ ports, runId }: Watch, request: RenditionRequest, seen: Look): void {
  const { records } = ports;
  const before = records.cloudPhotos(request.user.id).find((photo) => photo.store === request.store);
  if (before === undefined) return;
  const of = { userId: request.user.id, what: `${request.store} bytes` } as const;
  const error = withStanding(records, runId, of, seen.kind === "unreadable" ? seen.error : null);
  switch (seen.kind) {
    case "undecided":
      return;
    case "absent":
      records.saveCloudPhoto(runId, { ...before, kind: "absent", etag: null, width: null, height: null });
      return;
    case "unreadable":
      records.saveCloudPhoto(runId, { ...before, kind: "unreadable", error: error ?? seen.error });
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
