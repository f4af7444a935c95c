import type { UserId } from "../../model/ids.js";
import type { MasterPhoto } from "../../model/master.js";
import type { SignatureHashes } from "./pictures.js";

/** The master a user had, now replaced or taken away; its signature stays. */
export interface RetiredMaster {
  readonly userId: UserId;
  readonly sha256: string;
  readonly file: string;
}

/** As which a file was read last: a usable one with the content of its picture. */
export interface MasterVersion extends Pick<MasterPhoto, "kind" | "file" | "bytes" | "mtimeMs" | "recipe"> {
  /** Null of a file that is not usable. */
  readonly sha256: string | null;
}

/** A usable master whose signature is there, with the hashes of its picture. */
export interface MasterPicture extends SignatureHashes {
  readonly file: string;
  readonly sha256: string;
}

/** Files of the source folder, and which master each user has or had. */
export interface MasterRecords {
  master(file: string): MasterPhoto | null;
  /** The same without its picture: a usable one may be told whose signature is lost. */
  masterVersion(file: string): MasterVersion | null;
  saveMaster(runId: string, master: MasterPhoto): void;
  seenMaster(runId: string, file: string): void;
  /** Forgets files that the run did not see; their signatures stay as long as they are retired masters. */
  forgetMastersUnseen(runId: string): void;
  /** In order of file name. */
  masters(): Iterable<MasterPhoto>;
  /** In order of file name. */
  masterPictures(): Iterable<MasterPicture>;
  countMasters(): number;
  /** The file that is the user's master since the last run, or null. */
  assignedMaster(userId: UserId): string | null;
  /** The user's master is now this; a different one before becomes retired. */
  assignMaster(userId: UserId, file: string, sha256: string): void;
  retiredMasters(): Iterable<RetiredMaster>;
  retiredMastersOf(userId: UserId): readonly RetiredMaster[];
  isRetiredMasterOf(userId: UserId, sha256: string): boolean;
  /** User ids whose current master has this content. */
  ownersOfMaster(sha256: string): readonly UserId[];
}
