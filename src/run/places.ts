import { placeOf, stemsOf, upnStem, type ThumbnailPlace } from "../compare/stem.js";
import { stemOfPictureUrl } from "../compare/picture-url.js";
import type { ThumbnailStem } from "../model/config.js";
import type { LibraryFile } from "../model/photo.js";
import type { DirectoryUser } from "../model/user.js";
import type { LibraryRecords, StoredLibraryFile } from "./records/library.js";
import type { ProfileRecords } from "./records/profiles.js";
import type { UserRecords } from "./records/users.js";

export interface StoredPlace extends ThumbnailPlace {
  readonly stored: readonly StoredLibraryFile[];
}

/** Where every user's thumbnails are, told from the records. */
export interface Places {
  /** Origin of PictureURL values: the address by which SharePoint knows the My Site host, e.g. https://contoso-my.sharepoint.com:443. */
  readonly pictureOrigin: string;
  of(user: DirectoryUser): StoredPlace;
  /** The files of every stem that is the user's, in every folder, but those that count. Never a file of somebody else's stem. */
  besides(user: DirectoryUser, counted: readonly StoredLibraryFile[]): readonly LibraryFile[];
  /** True when no user of the tenant can claim files of this stem. Asked only after the profiles were read. */
  isOrphan(stem: string): boolean;
}

/** Which files a user may claim. */
interface Claim {
  /** "" where it is not believed. */
  readonly pictureUrl: string;
  readonly isForeign: (stem: string) => boolean;
  /** Another user's UPN folds to the same stem. */
  readonly isShared: boolean;
  readonly storedOf: (stem: string) => readonly StoredLibraryFile[];
}

export type PlaceRecords = UserRecords & LibraryRecords & ProfileRecords;

/**
 * @param library the folder that new thumbnails go to, and the origin of PictureURL values
 * Nothing is held in memory but the few stems that only a PictureURL explains. Two UPNs may fold to one stem (a.b@ and a_b@): its files are
 * believed to be the user's only whose PictureURL names them, and new files of such users are named by object id. A stem that several
 * PictureURLs name (a picture set for all) is nobody's: who is not called by it gets a stem of his own, or one face would show on all.
 */
export function createPlaces(
  records: PlaceRecords,
  library: { readonly folder: string; readonly pictureOrigin: string },
  stem: ThumbnailStem,
): Places {
  const { folder, pictureOrigin } = library;
  let claimed: ReadonlySet<string> | null = null;

  function pictureUrlOf(user: DirectoryUser): string {
    const profile = records.profile(user.id)?.profile;
    return profile?.kind === "present" ? profile.pictureUrl : "";
  }

  /** What of the library is the user's, by whose stems there are and by whom else a PictureURL names. */
  function claimOf(user: DirectoryUser): Claim {
    const pictureUrl = pictureUrlOf(user);
    const named = stemOfPictureUrl(pictureUrl);
    const isForeign = (candidate: string): boolean =>
      records.ownersOfStem(candidate).some((owner) => owner !== user.id);
    const isClaimed = (candidate: string): boolean =>
      records.claimantsOfStem(candidate).some((claimant) => claimant !== user.id);
    const own = upnStem(user.upn);
    const isShared = isForeign(own);
    // Of several PictureURLs that name one stem only that of the user who is called by it alone is believed.
    const isBelieved =
      named === user.id ||
      (named === own && !isShared) ||
      (named !== null && !isClaimed(named) && (named === own || !isForeign(named)));
    return {
      pictureUrl: isBelieved ? pictureUrl : "",
      isForeign,
      isShared,
      storedOf(candidate) {
        const isOthers = isShared && candidate === own && (named !== own || isClaimed(own));
        return isOthers ? [] : records.libraryFilesOfStem(candidate);
      },
    };
  }

  return {
    pictureOrigin,
    of(user) {
      const { pictureUrl, isForeign, isShared, storedOf } = claimOf(user);
      const byStem = new Map<string, readonly StoredLibraryFile[]>();
      const filesOfStem = (candidate: string) => {
        const stored = storedOf(candidate);
        byStem.set(candidate, stored);
        return stored.map(({ file }) => file);
      };
      const defaults = { folder, stem: isShared && stem === "upn" ? "object-id" : stem } as const;
      const place = placeOf(user, pictureUrl, filesOfStem, isForeign, defaults);
      const stored = (byStem.get(place.stem) ?? []).filter(({ file }) => file.folder === place.folder);
      return { ...place, stored };
    },
    besides(user, counted) {
      const { pictureUrl, storedOf } = claimOf(user);
      const stems = new Set([stemOfPictureUrl(pictureUrl), ...stemsOf(user)].filter((one) => one !== null));
      const ids = new Set(counted.map(({ file }) => file.uniqueId));
      return [...stems].flatMap((one) => storedOf(one).flatMap(({ file }) => (ids.has(file.uniqueId) ? [] : [file])));
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
