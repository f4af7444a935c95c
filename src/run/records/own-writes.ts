import type { ThumbnailSize } from "../../model/address.js";
import type { UserId } from "../../model/ids.js";

/** What tells whose write a cloud photo is. */
export interface CloudPhotoSeen {
  readonly etag: string | null;
  /** The master that the photo shows. */
  readonly masterSha256: string;
}

export interface UnfinishedWrite {
  /** null for the profile. */
  readonly size: ThumbnailSize | null;
  /** There was a thumbnail before. */
  readonly existed: boolean;
  /** The thumbnail is a copy of the cloud photo, not made from a master. */
  readonly copied: boolean;
}

/** What the journal of writes tells of changes that are this program's own. */
export interface OwnWriteRecords {
  /** Confirmed writes to the user's thumbnails or properties that were cut off before the last step of the repair, oldest first. */
  unfinishedWrites(userId: UserId): readonly UnfinishedWrite[];
  /** True when a write of this program explains the photo that the cloud shows, though nobody may have seen it arrive. */
  wroteCloudPhoto(userId: UserId, seen: CloudPhotoSeen): boolean;
}
