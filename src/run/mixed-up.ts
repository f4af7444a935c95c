import { renditionsAgree } from "../compare/photo/index.js";
import { identityOf } from "./identity.js";
import type { Look, WantedRendition } from "./rendition.js";
import type { Watch } from "./watch.js";

interface Looked {
  readonly request: WantedRendition;
  readonly seen: Look | null;
}

/**
 * The requests of one wave whose answers may be each other's: nothing in the bytes of a batch's part says whose they are. Told by what
 * contradicts what is known: a photo that is gone right after its metadata were read, another picture at an unchanged etag, the picture of
 * another user - and the photo of that user, where it does not show its owner. A wave without any of these costs no further request.
 */
export async function mixedUp(observation: Watch, looks: readonly Looked[]): Promise<ReadonlySet<WantedRendition>> {
  const suspects = new Set<WantedRendition>();
  const doubtful = new Map<string, WantedRendition[]>();
  const shownElsewhere = new Set<string>();
  for (const { request, seen } of looks) {
    if (seen?.kind === "absent") suspects.add(request);
    const standing = seen?.kind === "seen" ? standingOf(observation, request, seen) : "proved";
    if (standing === "refuted") suspects.add(request);
    if (seen?.kind !== "seen" || standing !== "open") continue;
    doubtful.set(request.user.id, [...(doubtful.get(request.user.id) ?? []), request]);
    const identity = await identityOf(observation, request.user, seen.signature);
    if (identity.kind !== "other-user") continue;
    suspects.add(request);
    shownElsewhere.add(identity.userId);
  }
  for (const id of shownElsewhere) for (const request of doubtful.get(id) ?? []) suspects.add(request);
  return suspects;
}

/** Whether a picture is its user's: the master's, or what the last run saw at the same etag; not what the last run saw; or nobody can tell. */
function standingOf(
  { ports }: Watch,
  { knownSha }: WantedRendition,
  { signature, verdict }: Extract<Look, { readonly kind: "seen" }>,
): "proved" | "refuted" | "open" {
  const known = knownSha === null ? null : ports.records.signature(knownSha);
  if (verdict?.kind === "same" || verdict?.kind === "recoloured") return "proved";
  if (known === null) return "open";
  return known.sha256 === signature.sha256 || renditionsAgree(known, signature) ? "proved" : "refuted";
}
