import type { UserId } from "../../model/ids.js";
import type { MasterPhoto } from "../../model/master.js";
import type { SignatureHashes } from "./pictures.js";

/** The master a user had, now replaced or taken away; its signature stays. */
export interface RetiredMaster {
  readonly userId: UserId;
  readonly sha256: string;
  readonly file: string;
}

/** By what a user is known again; "" where there is nothing. */
export interface HolderTraits {
  readonly name: string;
  readonly employee: string;
  readonly upn: string;
}

/** Whose master a file was when it was given out; the account may be gone. */
export interface MasterHolder {
  readonly userId: UserId;
  /** Whether that was the user's trait then; null where there was none, or none was kept. */
  had(trait: keyof HolderTraits, value: string): boolean | null;
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
  /** Users with a master of whom nothing is kept by which they would be known again; a few at a time, none when all are known. */
  unknownHolders(): readonly UserId[];
  /** Keeps by what the user is known again who has a master, null where nothing can be; digests alone, for nobody's name is kept longer than the directory does. */
  knowHolder(userId: UserId, traits: HolderTraits | null): void;
  /** Users whose master this file with this content is, or was last. */
  holdersOf(file: string, sha256: string): readonly MasterHolder[];
  retiredMasters(): Iterable<RetiredMaster>;
  retiredMastersOf(userId: UserId): readonly RetiredMaster[];
  isRetiredMasterOf(userId: UserId, sha256: string): boolean;
  /** User ids whose current master has this content. */
  ownersOfMaster(sha256: string): readonly UserId[];
}
