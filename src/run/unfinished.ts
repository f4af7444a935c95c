import { showsLastApplied } from "../model/picture.js";
import type { ThumbnailSize } from "../model/address.js";
import type { UnfinishedRepair } from "../model/compared.js";
import type { ComparedPhoto } from "../model/photo.js";
import type { UnfinishedWrite } from "./records/own-writes.js";

/**
 * What writes without a last step mean for the user's thumbnails as they are now: those of ours that still stand want the properties that
 * announce them; what others replaced meanwhile wants nothing more.
 */
export function unfinishedRepair(
  writes: readonly UnfinishedWrite[],
  photos: Readonly<Record<ThumbnailSize, ComparedPhoto>>,
): UnfinishedRepair | null {
  const standing = writes.filter(({ size }) => size === null || showsLastApplied(photos[size]));
  if (standing.length === 0) return null;
  // The first write of a size tells what was there before the repair; a later one follows our own.
  const firsts = writes.filter(({ size }, at) => writes.findIndex((write) => write.size === size) === at);
  return {
    created: firsts.flatMap(({ size, existed }) => (size === null || existed ? [] : [size])),
    copies: standing.some(({ copied }) => copied),
  };
}
