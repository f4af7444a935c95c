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
  saveProfile(userId: UserId, stored: StoredProfile): void;
  /** Users whose PictureURL names this file stem. */
  claimantsOfStem(stem: string): readonly UserId[];
}
