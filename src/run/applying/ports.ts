import type { StoreError } from "../../model/photo.js";
import type { PlanAction } from "../../model/plan-action.js";
import type { OutcomeKind, Verdict } from "../../model/run.js";
import type { FindingUser } from "../../model/shapes.js";
import type { DirectoryUser } from "../../model/user.js";
import type { BackupStore, Journal, MasterFiles } from "../journal-port.js";
import type {
  Clock,
  CloudPhotoReader,
  CloudPhotoWriter,
  ImageReader,
  Progress,
  SharePointReader,
  SharePointWriter,
} from "../ports.js";
import type { ImageRenderer } from "../renderer-port.js";
import type { Transactions } from "../records.js";
import type { AppliedRecords } from "../records/applied.js";
import type { LibraryRecords } from "../records/library.js";
import type { PictureRecords } from "../records/pictures.js";
import type { RunRecords } from "../records/runs.js";

/** All that carrying out a plan needs: no configuration, no mode. */
export interface ApplyPorts extends LookPorts {
  readonly records: LookPorts["records"] & Pick<PictureRecords, "preview"> & Pick<LibraryRecords, "libraryFilesOfStem">;
  readonly cloudWriter: CloudPhotoWriter;
  readonly sharePointWriter: SharePointWriter;
}

/** The part of it that cannot write to the tenant: enough to look at what an interrupted run left, also for an audit. */
export interface LookPorts {
  readonly cloudReader: Pick<CloudPhotoReader, "metadata" | "renditions">;
  readonly sharePointReader: Pick<SharePointReader, "look" | "download" | "profiles">;
  readonly images: Pick<ImageReader, "sign" | "signMaster">;
  readonly renderer: ImageRenderer;
  readonly masters: MasterFiles;
  readonly journal: Journal;
  readonly backups: BackupStore;
  readonly records: Transactions &
    AppliedRecords &
    Pick<PictureRecords, "signature"> &
    Pick<RunRecords, "recordOutcome" | "correctOutcome" | "outcomes">;
  /** The directory's user by object id, or null when there is none any more. */
  findUser(id: string): Promise<DirectoryUser | null>;
  readonly clock: Clock;
  sleep(ms: number): Promise<void>;
  sha256(bytes: Uint8Array): string;
  readonly progress: Progress;
}

/** How a plan is carried out: by whom it is recorded, what of it, and who may still say no. */
export interface ApplyOptions {
  /** The run (already begun in the records) that outcomes and journal entries belong to. */
  readonly runId: string;
  /** Users worked on at the same time. */
  readonly concurrency: number;
  /** Aborted: the actions in hand are finished, no other begins. */
  readonly signal: AbortSignal;
  /** Asked once a user before anything is written for them; false skips the user. */
  readonly approve?: (user: FindingUser | null, actions: readonly PlanAction[]) => Promise<boolean>;
  /** Why this action must not be done whatever the plan says (consent withdrawn or pinned since), or null. */
  readonly veto?: (action: PlanAction) => StoreError | null;
  /** Why nobody can tell whether this action may be done (its store did not say where its files are), or null. It counts as failed. */
  readonly undecidable?: (action: PlanAction) => StoreError | null;
}

export interface StoppedStore {
  readonly store: "cloud" | "sharepoint";
  readonly error: StoreError;
}

/** What became of a plan, counted by outcome. */
export interface ApplyResult {
  readonly counts: Readonly<Record<OutcomeKind, number>>;
  readonly interrupted: boolean;
  /** Stores that refused several times alike and were left alone from then on. */
  readonly stopped: readonly StoppedStore[];
  readonly verdict: Verdict;
  /** 0 done, 2 something was stale or declined, 3 refused by the tenant's policy, 4 something failed, 130 interrupted. */
  readonly exitCode: number;
}
