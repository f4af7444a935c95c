import type { LastApplied } from "./last-applied.js";
import type { PropertyValues } from "./plan-action.js";

/** What stood at an address right before a write. */
export type JournalBefore =
  | {
      readonly kind: "picture";
      readonly exists: boolean;
      readonly etag: string | null;
      /** Content of the backup; null where there was nothing, or nothing may be kept (consent withdrawn). */
      readonly backupSha256: string | null;
      readonly lastApplied: LastApplied | null;
    }
  | { readonly kind: "properties"; readonly values: PropertyValues };

/** What was read back after the write. */
export type JournalAfter =
  | { readonly kind: "picture"; readonly exists: boolean; readonly etag: string | null; readonly sha256: string | null }
  | { readonly kind: "properties"; readonly values: PropertyValues };
