import { showsLastApplied } from "../model/picture.js";
import { renditionsAgree } from "../compare/photo/index.js";
import type { ComparedSharePoint } from "../model/compared.js";
import type { ComparedPhoto } from "../model/photo.js";
import type { PictureRecords } from "./records/pictures.js";

/**
 * Of a user without master: do cloud photo and L thumbnail show the same picture? They do where both show the same former master - one that was
 * archived, say -, each in its own framing, as when it was there. null where one of them is not known.
 * @param former SHA-256 of the masters that the user had before
 */
export function storesAgree(
  records: Pick<PictureRecords, "verdictsOn">,
  cloud: ComparedPhoto | undefined,
  sharePoint: ComparedSharePoint,
  former: readonly string[],
): boolean | null {
  // L is copied first: that it agrees says nothing of M and S when the copying was cut off.
  if (sharePoint.unfinished?.copies === true) return false;
  const large = sharePoint.photos.L;
  if (cloud?.observed.kind !== "present" || large.observed.kind !== "present") return null;
  const [a, b] = [cloud.observed.signature, large.observed.signature];
  if (a === null || b === null) return null;
  return renditionsAgree(a, b) || former.some((sha256) => [cloud, large].every((one) => shows(records, one, sha256)));
}

/** Our write of that master stands there, or it was found to show it, now or while it was the master. */
function shows(records: Pick<PictureRecords, "verdictsOn">, photo: ComparedPhoto, master: string): boolean {
  if (photo.lastApplied?.masterSha256 === master && showsLastApplied(photo)) return true;
  if (photo.identity?.kind === "own-retired" && photo.identity.sha256 === master) return true;
  if (photo.observed.kind !== "present" || photo.observed.signature === null) return false;
  const verdicts = records.verdictsOn(master, photo.observed.signature.sha256).map(({ kind }) => kind);
  return verdicts.includes("same") && !verdicts.includes("recoloured");
}
