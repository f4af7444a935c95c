import type { FindingDraft } from "../model/finding.js";
import type { LibraryFile } from "../model/photo.js";
import type { DeleteThumbnail } from "../model/plan-action.js";
import { actionId } from "./pictures.js";

/** The removal of a thumbnail that belongs to nobody; null unless its finding is automatic (the rule was named). */
export function planOrphan(file: LibraryFile, finding: FindingDraft): DeleteThumbnail | null {
  if (
    finding.decided?.kind === "leave" ||
    finding.remedy.kind !== "automatic" ||
    !finding.remedy.actions.includes("delete-thumbnail")
  )
    return null;
  return {
    // Two folders may hold a file of the same stem: the id names the file itself.
    id: actionId("delete-thumbnail", `${finding.address} ${file.folder}/${file.name}`),
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
