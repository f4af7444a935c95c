import { showsLastApplied } from "../model/picture.js";
import { renditionsAgree } from "../compare/photo/index.js";
import type { CloudChange } from "../model/compared.js";
import type { MasterPhoto } from "../model/master.js";
import type { ComparedPhoto, PhotoIdentity, PhotoSignature } from "../model/photo.js";
import type { DirectoryUser } from "../model/user.js";
import { identityOf } from "./identity.js";
import type { JoinContext } from "./join-context.js";
import type { StoredCloudPhoto } from "./records/cloud-photos.js";

type ChangeContext = Pick<JoinContext, "ports" | "roster" | "judge" | "policy">;

/**
 * The last change of the picture that the cloud shows, and who made it. A new etag over the same picture is no change. Our own write is
 * known by what was read back, or by the journal where the program ended before anything could be read back.
 */
export function cloudChangeOf(
  context: ChangeContext,
  user: DirectoryUser,
  master: MasterPhoto | null,
  row: StoredCloudPhoto | undefined,
  photo: ComparedPhoto | undefined,
): CloudChange | null {
  if (row === undefined || photo?.observed.kind !== "present") return null;
  const at = row.changedAt;
  if (showsLastApplied(photo)) return { at: photo.lastApplied?.at ?? at ?? "", by: "photodrift" };
  if (at === null) return null;
  const { etag, signature } = photo.observed;
  const masterSha256 = master?.kind === "usable" ? master.signature.sha256 : "";
  if (context.ports.records.wroteCloudPhoto(user.id, { etag, masterSha256 })) return { at, by: "photodrift" };
  return isPicture(context, row.previousSha, signature) ? null : { at, by: "others" };
}

/** The picture of before is known, and it is this one. */
function isPicture({ ports }: ChangeContext, beforeSha: string | null, signature: PhotoSignature | null): boolean {
  const before = beforeSha === null ? null : ports.records.signature(beforeSha);
  return before !== null && signature !== null && renditionsAgree(before, signature);
}

/** What the cloud showed before its last change, and whose picture that was. */
export interface PreviousPicture {
  readonly signature: PhotoSignature;
  readonly identity: PhotoIdentity;
}

/** The previous picture while SharePoint may still show it; null when it is unknown, or the change is too long ago to matter. */
export async function previousPicture(
  context: ChangeContext,
  user: DirectoryUser,
  row: StoredCloudPhoto | undefined,
  change: CloudChange | null,
): Promise<PreviousPicture | null> {
  if (change === null || row === undefined || row.previousSha === null) return null;
  if (context.ports.clock.now() - Date.parse(change.at) >= context.policy.propagationMs) return null;
  const signature = context.ports.records.signature(row.previousSha);
  return signature === null ? null : { signature, identity: await identityOf(context, user, signature) };
}

/** The same pixels, or the same former master of the user: small thumbnails hold too little to be compared with each other. */
export function showsPrevious({ signature, identity }: PreviousPicture, photo: ComparedPhoto): boolean {
  if (photo.observed.kind !== "present" || photo.observed.signature === null) return false;
  if (renditionsAgree(signature, photo.observed.signature)) return true;
  return (
    identity.kind === "own-retired" &&
    photo.identity?.kind === "own-retired" &&
    photo.identity.sha256 === identity.sha256
  );
}
