import type { UserId } from "../../model/ids.js";
import type { DirectoryUser } from "../../model/user.js";

/** Users as the directory lists them, in order of lower-case UPN. */
export interface UserRecords {
  saveUsers(runId: string, users: readonly DirectoryUser[]): void;
  /** Forgets users that the run `runId` did not see. */
  forgetUsersUnseen(runId: string): void;
  /** In order of lower-case UPN. */
  users(): Iterable<DirectoryUser>;
  user(upnOrId: string): DirectoryUser | null;
  countUsers(): number;
  /** Users that the run did not see: what `forgetUsersUnseen` would forget. */
  countUsersUnseen(runId: string): number;
  /** Lower-case UPNs that several users seen by the run have; a few are enough. */
  sharedUpns(runId: string): readonly string[];
  /** Users whose object id, or UPN with `@` and `.` as `_` in lower case, is this stem; more than one where two UPNs fold to the same. */
  ownersOfStem(stem: string): readonly UserId[];
}
