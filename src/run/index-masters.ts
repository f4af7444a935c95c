import type { MasterIndex } from "../compare/photo/index.js";
import type { UserId } from "../model/ids.js";
import type { MasterRecords, MasterVersion, RetiredMaster } from "./records/masters.js";
import type { PictureRecords, SignatureHashes } from "./records/pictures.js";

/** Puts every current master into the index, then every retired one; gives these, and null for the others. */
export function* indexing(
  records: MasterRecords & PictureRecords,
  index: MasterIndex,
): Generator<RetiredMaster | null> {
  for (const version of records.masterVersions()) {
    const picture = hashesOf(records, version);
    if (picture === null) continue;
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
export function* formerOf(
  records: MasterRecords & PictureRecords,
  users: ReadonlySet<UserId>,
): Generator<RetiredMaster> {
  for (const one of records.retiredMasters()) {
    if (users.has(one.userId) && records.signatureHashes(one.sha256) !== null) yield one;
  }
}

/** A usable master with the hashes of its picture; null for any other, and where its signature is lost. */
export function hashesOf(
  records: PictureRecords,
  version: MasterVersion | null,
): (SignatureHashes & { readonly file: string; readonly sha256: string }) | null {
  if (version === null || version.sha256 === null) return null;
  const hashes = records.signatureHashes(version.sha256);
  return hashes === null ? null : { ...hashes, file: version.file, sha256: version.sha256 };
}
