import type { FindingDraft } from "../model/finding.js";
import type { LibraryFile } from "../model/photo.js";
import type { DeleteThumbnail } from "../model/plan-action.js";
import { fileActionId } from "./pictures.js";

/** The removal of a thumbnail that belongs to nobody; null unless its finding is automatic (the rule was named). */
export function planOrphan(file: LibraryFile, finding: FindingDraft): DeleteThumbnail | null {
  if (
    finding.decided?.kind === "leave" ||
    finding.remedy.kind !== "automatic" ||
    !finding.remedy.actions.includes("delete-thumbnail")
  )
    return null;
  return {
    id: fileActionId("delete-thumbnail", finding.address, file),
    action: "delete-thumbnail",
    address: finding.address,
    user: null,
    because: finding.rule,
    ...(finding.decided?.kind === "fix" ? { decidedBy: finding.decided.by } : {}),
    before: {
      photo: "present",
      etag: file.etag,
      width: null,
      height: null,
      bytes: file.length,
      sha256: null,
    },
    after: { photo: "absent", folder: file.folder, name: file.name },
    precondition: { kind: "present", etag: file.etag, fingerprint: null },
  };
}
