import { thumbnailAddress, type PhotoAddress, type StoreName } from "../../model/address.js";
import type { RuleSpec } from "../../model/compared.js";
import type { FindingDraft } from "../../model/finding.js";
import type { LibraryFile, StoreError } from "../../model/photo.js";
import type { SharePointFix } from "../../model/config.js";
import type { RuleId } from "../../model/rule.js";
import { REPORT_ONLY } from "../words.js";

/** Thumbnails that belong to no user. */
export const orphanThumbnail: RuleSpec = {
  id: "orphan-thumbnail",
  severity: "warning",
  drift: true,
  title: "Thumbnail of nobody",
  actions: ["delete-thumbnail"],
};

/**
 * A thumbnail file of nobody. It is taken away only where its rule was named, and not where SharePoint is only reported on. With
 * `fix: wait-for-sync` it may be: SharePoint never takes it away, however long one waits.
 */
export function orphanFinding(
  file: LibraryFile,
  namedRules: readonly RuleId[],
  fix: SharePointFix = "direct",
): FindingDraft {
  return {
    rule: orphanThumbnail.id,
    severity: orphanThumbnail.severity,
    drift: orphanThumbnail.drift,
    user: null,
    address: thumbnailAddress(file.stem, file.size),
    attribution: null,
    cause: "unknown",
    expected: { user: "one user" },
    actual: { file: `${file.folder}/${file.name}`, etag: file.etag, bytes: file.length, modifiedAt: file.modifiedAt },
    summary: `${file.name} belongs to no user of the tenant.`,
    remedy:
      fix === "report-only"
        ? REPORT_ONLY
        : { kind: namedRules.includes("orphan-thumbnail") ? "automatic" : "when-named", actions: ["delete-thumbnail"] },
  };
}

/** The tenant's photo policy forbids cloud writes. */
export const writeBlocked: RuleSpec = {
  id: "write-blocked",
  severity: "error",
  drift: false,
  title: "Tenant forbids photo writes",
  actions: [],
};

/** The tenant forbids cloud writes; `source` is what its policy allows instead, null where it does not say. */
export function writeBlockedFinding(source: string | null): FindingDraft {
  return {
    rule: writeBlocked.id,
    severity: writeBlocked.severity,
    drift: writeBlocked.drift,
    user: null,
    address: "entra/*" as PhotoAddress,
    attribution: null,
    cause: "unknown",
    expected: { photoUpdateSource: "cloud" },
    actual: { photoUpdateSource: source },
    summary: "The tenant's photo policy forbids photo changes through the cloud.",
    remedy: {
      kind: "manual",
      actions: [],
      cure: "Change the photos on premises, or set photoUpdateSettings.source to cloud (PATCH /beta/admin/people/photoUpdateSettings); it takes up to 24 hours.",
    },
  };
}

/** A whole store could not be read. */
export function storeUnreadableFinding(store: StoreName, error: StoreError): FindingDraft {
  return {
    rule: "unreadable",
    severity: "error",
    drift: false,
    user: null,
    address: `${store}/*` as PhotoAddress,
    attribution: null,
    cause: "unknown",
    expected: { readable: true },
    actual: { code: error.code, message: error.message },
    summary: `${store} could not be read: ${error.message}`,
    remedy: { kind: "manual", actions: [], cure: error.hint },
  };
}
