import type { UserId } from "../../model/ids.js";
import type { ObservedProfile } from "../../model/photo.js";

export interface StoredProfile {
  readonly profile: ObservedProfile;
  /** ISO 8601 UTC. */
  readonly readAt: string;
}

/** SharePoint profiles as they were last read. */
export interface ProfileRecords {
  profile(userId: UserId): StoredProfile | null;
  /** Whether the profile says anything new. */
  saveProfile(userId: UserId, stored: StoredProfile): boolean;
  /** Users whose PictureURL names this file stem. */
  claimantsOfStem(stem: string): readonly UserId[];
}
