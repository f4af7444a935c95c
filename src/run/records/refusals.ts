import type { ThumbnailSize } from "../../model/address.js";
import type { UserId } from "../../model/ids.js";

/**
 * What of a user may be refused for good: the photo's metadata, its bytes, the profile; be no picture: the bytes of a photo or of a thumbnail; or not be
 * known: a licence.
 */
export type Refused =
  "entra" | "exchange" | "entra bytes" | "exchange bytes" | `${ThumbnailSize} bytes` | "profile" | "licence";

/** What the services refuse in their own words, run after run. */
export interface RefusalRecords {
  /**
   * Notes how the service refused one of a user's things in its own words, or which subscription of the user's licences it does not know;
   * null for any other answer. Returns in how many consecutive runs it was the same, this one included; 0 for null.
   */
  noteRefusal(runId: string, userId: UserId, of: Refused, refusal: string | null): number;
}
