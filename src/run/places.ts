import { placeOf, upnStem, type ThumbnailPlace } from "../compare/stem.js";
import { stemOfPictureUrl } from "../compare/picture-url.js";
import type { DirectoryUser, ThumbnailStem } from "../model/index.js";
import type { AuditRecords, StoredLibraryFile } from "./records.js";

export interface StoredPlace extends ThumbnailPlace {
  readonly stored: readonly StoredLibraryFile[];
}

/** Where every user's thumbnails are, told from the records. */
export interface Places {
  of(user: DirectoryUser): StoredPlace;
  /** True when no user of the tenant can claim files of this stem. Asked only after the profiles were read. */
  isOrphan(stem: string): boolean;
}

/**
 * @param folder the library folder that new thumbnails go to
 * Nothing is held in memory but the few stems that only a PictureURL explains. Two UPNs may fold to one stem (a.b@ and a_b@): its files are
 * believed to be the user's only whose PictureURL names them, and new files of such users are named by object id.
 */
export function createPlaces(records: AuditRecords, folder: string, stem: ThumbnailStem): Places {
  let claimed: ReadonlySet<string> | null = null;

  function pictureUrlOf(user: DirectoryUser): string {
    const profile = records.profile(user.id)?.profile;
    return profile?.kind === "present" ? profile.pictureUrl : "";
  }

  return {
    of(user) {
      const pictureUrl = pictureUrlOf(user);
      const named = stemOfPictureUrl(pictureUrl);
      const isForeign = (candidate: string): boolean =>
        records.ownersOfStem(candidate).some((owner) => owner !== user.id);
      const own = upnStem(user.upn);
      const isShared = isForeign(own);
      const byStem = new Map<string, readonly StoredLibraryFile[]>();
      const filesOfStem = (candidate: string) => {
        const stored = isShared && candidate === own && named !== own ? [] : records.libraryFilesOfStem(candidate);
        byStem.set(candidate, stored);
        return stored.map(({ file }) => file);
      };
      const defaults = { folder, stem: isShared && stem === "upn" ? "object-id" : stem } as const;
      const place = placeOf(user, pictureUrl, filesOfStem, isForeign, defaults);
      const stored = (byStem.get(place.stem) ?? []).filter(({ file }) => file.folder === place.folder);
      return { ...place, stored };
    },
    isOrphan(candidate) {
      if (records.ownersOfStem(candidate).length > 0) return false;
      claimed ??= claimedStems();
      return !claimed.has(candidate);
    },
  };

  /** Stems of nobody that somebody's PictureURL names: files kept under a former name. */
  function claimedStems(): ReadonlySet<string> {
    const stems = new Set<string>();
    for (const user of records.users()) {
      const named = stemOfPictureUrl(pictureUrlOf(user));
      if (named !== null && records.ownersOfStem(named).length === 0) stems.add(named);
    }
    return stems;
  }
}
