import { confirmIdentity, isRetouched, revisionOf, showsOlder, type Revision } from "../compare/photo/index.js";
import type { PhotoSignature, PhotoVerdict } from "../model/photo.js";
import type { UserId } from "../model/ids.js";
import type { DirectoryUser } from "../model/user.js";
import type { PictureRecords } from "./records/pictures.js";

/** What is known of a stored picture beside its pixels. */
export interface PictureHistory {
  /** SHA-256 of the masters that the user had before. */
  readonly former: readonly string[];
  /** SHA-256 of the master that this program wrote there and that nobody replaced since, or null. */
  readonly standing: string | null;
}

export const NOTHING_KNOWN: PictureHistory = { former: [], standing: null };

interface Shown {
  readonly master: PhotoSignature;
  readonly rendition: PhotoSignature;
  readonly history: PictureHistory;
}

/** Pairs of masters whose difference is kept: the pictures of one user are judged one after the other. */
const KEPT = 8;

/**
 * A master that was retouched is the same picture to every measure of renditions, and yet the stores show the one of before. Its signature is kept, so both can
 * be held against the stored picture.
 */
export function createVersions({ signature }: Pick<PictureRecords, "signature">): {
  /** Of a verdict that `mayBeOlder`. */
  decide(verdict: PhotoVerdict, shown: Shown): PhotoVerdict;
} {
  const known = new Map<string, Revision | null>();

  function between(older: string, master: PhotoSignature): Revision | null {
    const key = `${older}:${master.sha256}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const kept = signature(older);
    const revision = kept === null ? null : revisionOf(kept, master);
    if (known.size >= KEPT) known.clear();
    known.set(key, revision);
    return revision;
  }

  function shows(older: string, { master, rendition, history }: Shown): boolean {
    const revision = between(older, master);
    if (revision === null) return false;
    return history.standing === older || (confirmIdentity(master.luma, rendition) && showsOlder(revision, rendition));
  }

  return {
    decide(verdict, shown) {
      const older = shown.history.former.find((sha256) => sha256 !== shown.master.sha256 && shows(sha256, shown));
      return older === undefined ? verdict : asRetouched(verdict, { older });
    },
  };
}

/** Whether former masters could say otherwise: it is the same picture to every measure, or with a part of it retouched, and not our own write of this one. */
export function mayBeOlder(verdict: PhotoVerdict, { history, master }: Omit<Shown, "rendition">): boolean {
  if (history.former.length === 0 || history.standing === master.sha256) return false;
  return verdict.kind === "same" ? !verdict.evidence.identical : isRetouched(verdict);
}

/** What of a history an answer hangs on, in short. */
export function historyKey({ former, standing }: PictureHistory): string {
  return [...former, standing ?? "-"].map((sha256) => sha256.slice(0, 12)).join(".");
}

function asRetouched(verdict: PhotoVerdict, more: Pick<PhotoVerdict["evidence"], "older" | "colour">): PhotoVerdict {
  return { ...verdict, kind: "recoloured", upscaled: false, evidence: { ...verdict.evidence, ...more } };
}

/**
 * SharePoint makes all three thumbnails out of one picture: where the large one shows the master with a part retouched otherwise, so do those that are too small to
 * tell. Our own write of the present master is known by its etag, whatever this says.
 */
export function likeLarge(large: PhotoVerdict | null, verdict: PhotoVerdict | null): PhotoVerdict | null {
  if (large === null || !isRetouched(large) || verdict?.kind !== "same" || verdict.evidence.identical) return verdict;
  const { older, colour } = large.evidence;
  if (older !== undefined) return asRetouched(verdict, { older });
  const texture = colour?.texture;
  const own = verdict.evidence.colour;
  return texture === undefined || !own ? verdict : asRetouched(verdict, { colour: { ...own, texture } });
}

/** Of a picture that was just read: whoever wrote it is not asked yet. */
export function historyOf(
  roster: { formerMasters(id: UserId): readonly string[] },
  { id }: DirectoryUser,
): PictureHistory {
  return { former: roster.formerMasters(id), standing: null };
}
