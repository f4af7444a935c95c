import type { Finding } from "./finding.js";
import type { RunPlaces } from "./next-steps.js";
import type { Cost, Outcome, RunHead, RunSummary, TrendPoint } from "./run.js";

/** One small picture of the side-by-side view: the master or what a store shows. */
export interface ReportPicture {
  /** What it is, for people: `Master`, `Exchange`, `SharePoint M` … */
  readonly label: string;
  /** Where it lives (`source/…`, `exchange/…`); also the key by which pictures of several findings of one user are merged. */
  readonly address: string;
  /** WebP or JPEG, longer side at most 240 px; null where there is none (the note says why). */
  readonly image: Uint8Array | null;
  /** Longer side of the stored picture itself, px, where it is known. */
  readonly side?: number;
  /** Size, age, or why there is no picture. */
  readonly note: string;
}

/**
 * Everything a report of one run is made of. Streams are taken lazily and may be asked for more than once; each call starts anew and
 * gives the same order.
 */
export interface ReportSource {
  readonly run: RunHead;
  /** The tenant's name for people (`contoso`), null where only its id is known. */
  readonly tenantName: string | null;
  /** Where the run's files are, for the commands to type. */
  readonly places: RunPlaces;
  readonly summary: RunSummary;
  readonly cost: Cost;
  /** Sorted by user, then address, then rule; the findings of one user are neighbours. */
  findings(): Iterable<Finding>;
  outcomes(): Iterable<Outcome>;
  /** Past runs of the tenant, oldest first, this run last. */
  readonly trend: readonly TrendPoint[];
  /** Master first, then the stores. */
  pictures(finding: Finding): Promise<readonly ReportPicture[]>;
  /** The same picture with a longer side of at most `side` px, for pages that have no room for more. */
  smaller(image: Uint8Array, side: number): Promise<Uint8Array>;
}
