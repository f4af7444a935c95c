import type { UserId } from "../../model/ids.js";
import type { Attribution, StoreError } from "../../model/photo.js";

/** What was last seen of the cloud photo of one user in one store. */
export interface StoredCloudPhoto {
  readonly userId: UserId;
  readonly store: "entra" | "exchange";
  readonly attribution: Attribution;
  readonly kind: "present" | "absent" | "unreadable";
  readonly etag: string | null;
  /** Pixels of the photo as its metadata have it, of the rendition that was read where they do not say; null where neither is known. */
  readonly width: number | null;
  readonly height: number | null;
  /** Bytes of the stored photo; null where only a rendition of it was read. */
  readonly byteLength: number | null;
  /** Content hash of the rendition that was read for this etag; null when none was read yet. */
  readonly signatureSha: string | null;
  readonly error: StoreError | null;
  /** When a change was noticed between two runs, ISO 8601; null for what was there at first sight. */
  readonly changedAt: string | null;
  /** Content hash of the rendition that was read before that change; null where there was none, or none was read. */
  readonly previousSha: string | null;
}

/** What was last seen of the photos of Entra and Exchange. */
export interface CloudPhotoRecords {
  cloudPhotos(userId: UserId): readonly StoredCloudPhoto[];
  /** Whether anything of it is new. */
  saveCloudPhoto(runId: string, photo: StoredCloudPhoto): boolean;
  /** Accounts whose cloud photo or thumbnails have exactly these bytes. */
  accountsShowing(sha256: string): number;
}
