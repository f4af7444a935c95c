import type { AppliedRecords } from "./records/applied.js";
import type { UserRecords } from "./records/users.js";
import type { PictureRecords } from "./records/pictures.js";
import type { MasterRecords } from "./records/masters.js";
import type { CloudPhotoRecords } from "./records/cloud-photos.js";
import type { RefusalRecords } from "./records/refusals.js";
import type { LibraryRecords } from "./records/library.js";
import type { ProfileRecords } from "./records/profiles.js";
import type { OwnWriteRecords } from "./records/own-writes.js";
import type { DecisionRecords } from "./records/decisions.js";
import type { RunRecords } from "./records/runs.js";
import type { CountRecords } from "./records/counts.js";
import type { ReportFileRecords } from "./records/report-files.js";

/** Work that is kept as a whole or not at all. */
export interface Transactions {
  transaction<T>(work: () => T): T;
  /** A transaction that a power cut may take back, with the last others of its kind: of what can be found out again. It is safe with the next one that is not. */
  unforced<T>(work: () => T): T;
}

/**
 * Everything a run remembers. Implemented over SQLite; every call but that for a preview is synchronous, and durable when its transaction ends. Each step asks for
 * the ports that it needs; only what composes a run names the whole.
 */
export interface AuditRecords
  extends
    Transactions,
    UserRecords,
    PictureRecords,
    MasterRecords,
    CloudPhotoRecords,
    RefusalRecords,
    LibraryRecords,
    ProfileRecords,
    AppliedRecords,
    OwnWriteRecords,
    DecisionRecords,
    RunRecords,
    CountRecords,
    ReportFileRecords {}
