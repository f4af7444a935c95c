import { placeOf, stemsOf, type ThumbnailPlace } from "../compare/stem.js";
import { stemOfPictureUrl } from "../compare/picture-url.js";
import type { DirectoryUser, ThumbnailStem } from "../model/index.js";
import type { AuditRecords, StoredLibraryFile } from "./records.js";

export interface StoredPlace extends ThumbnailPlace {
  readonly stored: readonly StoredLibraryFile[];
}

/** Where every user's thumbnails are, told from the records. */
export interface Places {
  of(user: DirectoryUser): StoredPlace;
  /** True when no user of the tenant can claim files of this stem. */
  isOrphan(stem: string): boolean;
}

/**
 * @param folder the library folder that new thumbnails go to
 * The stems of all users are held in memory (two short strings a user): an orphan is what nobody claims.
 */
export function createPlaces(records: AuditRecords, folder: string, stem: ThumbnailStem): Places {
  const owners = new Map<string, string>();
  for (const user of records.users()) {
    for (const own of stemsOf(user)) {
      owners.set(own, user.id);
    }
  }
  const claimed = new Set<string>();
  for (const user of records.users()) {
    const profile = records.profile(user.id)?.profile;
    if (profile?.kind !== "present") continue;
    const named = stemOfPictureUrl(profile.pictureUrl);
    if (named !== null && !owners.has(named)) claimed.add(named);
  }
  return {
    of(user) {
      const profile = records.profile(user.id)?.profile;
      const pictureUrl = profile?.kind === "present" ? profile.pictureUrl : "";
      const byStem = new Map<string, readonly StoredLibraryFile[]>();
      const filesOfStem = (candidate: string) => {
        const stored = records.libraryFilesOfStem(candidate);
        byStem.set(candidate, stored);
        return stored.map(({ file }) => file);
      };
      const isForeign = (candidate: string) => owners.has(candidate) && owners.get(candidate) !== user.id;
      const place = placeOf(user, pictureUrl, filesOfStem, isForeign, { folder, stem });
      const stored = (byStem.get(place.stem) ?? []).filter(({ file }) => file.folder === place.folder);
      return { ...place, stored };
    },
    isOrphan(candidate) {
      return !owners.has(candidate) && !claimed.has(candidate);
    },
  };
}
