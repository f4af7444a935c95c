import type { Authority, Config } from "../../model/config.js";
import type { StoreError } from "../../model/photo.js";
import type { PlanAction } from "../../model/plan-action.js";
import type { RuleId } from "../../model/rule.js";
import type { DirectoryUser } from "../../model/user.js";
import type { MasterToday } from "./masters.js";

/** What configuration, lists, source folder and tenant say at the moment of applying a saved plan. */
export interface Today {
  readonly stores: Config["stores"];
  readonly authority: Authority;
  /** The plan: made by this state file, and under which authority. */
  readonly made: { readonly here: boolean; readonly authority: Authority };
  /** Rules of policy.autoApply. */
  readonly autoApply: readonly RuleId[];
  /** Rules named when the plan was made, and now. */
  readonly named: readonly RuleId[];
  /** The tenant's user of this object id, or null. */
  userOf(id: string): DirectoryUser | null;
  /** The master that may be uploaded for the user, or null. */
  masterOf(user: DirectoryUser): MasterToday | null;
  consentWithdrawn(user: DirectoryUser): boolean;
  pinned(user: DirectoryUser): boolean;
  /** The decision of a person that the action rests on stands. */
  decidedFix(action: PlanAction): boolean;
  /** A person wants what stands there as it is: accepted, kept, or left by decision. */
  wanted(action: PlanAction): boolean;
  /** Why the user is out of scope, or null. */
  outOfScope(user: DirectoryUser): string | null;
  /** The library holds thumbnails of the user; asked only of those whose picture the plan hides. */
  hasThumbnails(user: DirectoryUser): boolean;
  /** The located folders of thumbnails, server-relative; the error where SharePoint did not tell them. */
  readonly folders: readonly string[] | StoreError;
  /** Origins under which PictureURL may name them. */
  readonly origins: readonly string[];
  /** Lower-case stems that thumbnails of this user may have. */
  stemsOf(user: DirectoryUser): readonly string[];
  /** True when the directory is known and nobody of it can claim files of this lower-case stem. */
  isOrphan(stem: string): boolean;
}

export const MAKE_ANEW = "Make a new plan: photodrift audit --plan FILE.";

export function why(code: string, message: string, hint: string): StoreError {
  return { code, message, hint };
}
