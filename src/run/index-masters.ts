import type { MasterIndex } from "../compare/photo/index.js";
import type { UserId } from "../model/ids.js";
import type { MasterRecords, RetiredMaster } from "./records/masters.js";
import type { PictureRecords } from "./records/pictures.js";

/** Puts every current master into the index, then every retired one; gives these, and null for the others. */
export function* indexing(
  records: MasterRecords & PictureRecords,
  index: MasterIndex,
): Generator<RetiredMaster | null> {
  for (const picture of records.masterPictures()) {
    const { sha256, framings = [] } = picture;
    for (const userId of records.ownersOfMaster(sha256)) {
      for (const { hash, dctHash } of [picture, ...framings]) {
        index.add({ userId, sha256, hash, dctHash, retired: false });
      }
    }
    yield null;
  }
  for (const one of records.retiredMasters()) {
    const { userId, sha256 } = one;
    const picture = records.signatureHashes(sha256);
    if (picture === null) continue;
    index.add({ userId, sha256, hash: picture.hash, dctHash: picture.dctHash, retired: true });
    yield one;
  }
}

/** An index that is empty until `settle`, and filled when it is first looked into after that. */
export interface LateIndex extends MasterIndex {
  settle(): void;
}

export function createLateIndex(records: MasterRecords & PictureRecords, index: MasterIndex): LateIndex {
  let due = false;
  function filled(): MasterIndex {
    if (due) for (const _ of indexing(records, index));
    due = false;
    return index;
  }
  return {
    get size() {
      return filled().size;
    },
    add: (entry) => filled().add(entry),
    candidates: (...asked) => filled().candidates(...asked),
    settle() {
      due = true;
    },
  };
}

/** Retired masters of these users whose pictures are known. */
export function formerOf(records: MasterRecords & PictureRecords, users: Iterable<UserId>): readonly RetiredMaster[] {
  return [...users]
    .flatMap((userId) => records.retiredMastersOf(userId))
    .filter(({ sha256 }) => records.signatureHashes(sha256) !== null);
}
