import { PhotodriftError } from "../../model/errors.js";
import type { PhotoSignature, StoreError } from "../../model/photo.js";
import { showSamePicture } from "./agree.js";
import type { JournalBefore } from "../../model/journal.js";
import { cloudPictures, cloudStates, isPicture, type CloudState, type LookedAt } from "./cloud-look.js";
import { overtaken } from "./changed.js";
import {
  expected,
  isCutShort,
  leaveOpen,
  settleApplied,
  settleFailed,
  settleStale,
  type ApplyContext,
} from "./context.js";

/** Waits before each read-back, milliseconds: the service may answer with the former photo for a while (facts/graph 2.4). */
const READ_BACK_WAITS = [0, 400, 1_500, 5_000, 12_000] as const;
/** Writes whose answer was lost are sent at most this often. */
const TRIES = 3;
/** Looks after a lost answer before it counts as never having arrived. */
const LOOKS_AFTER_LOSS = 2;

/** A write with its backup made. */
export interface CloudWrite extends LookedAt {
  readonly jpeg: Buffer | null;
  readonly wanted: PhotoSignature | null;
  readonly before: JournalBefore;
}

interface Sent extends CloudWrite {
  readonly entry: number;
}

type Fate = { readonly kind: "taken" } | { readonly kind: "lost" | "refused"; readonly error: StoreError };

/** Sends writes whose intents are on disk, reads them back, and settles each. A lost answer is looked into before anything is sent again. */
export async function sendCloudWrites(context: ApplyContext, writes: readonly Sent[]): Promise<void> {
  let due = writes;
  for (let attempt = 1; due.length > 0; attempt++) {
    const fates = await send(context, due);
    const watched: Watched[] = [];
    for (const [at, write] of due.entries()) {
      const fate = fates[at] ?? { kind: "taken" };
      if (fate.kind === "refused") settleFailed(context, write, fate.error);
      else watched.push({ write, fate });
    }
    const unseen = await readBack(context, watched);
    due = unseen.open.flatMap(({ write, fate }) => {
      if (unseen.moved.has(write)) settleStale(context, write, overtaken("The photo"));
      // Without a look nobody knows: the intent stays open, and nothing is sent again.
      else if (fate.kind === "lost" && !unseen.looked.has(write)) leaveOpen(context, write.action, fate.error);
      else if (mayArrive(fate) && attempt < TRIES && !isCutShort(context)) return [write];
      else settleUnseen(context, write, fate);
      return [];
    });
    if (due.length > 0) await context.ports.sleep(1_000 * 2 ** attempt);
  }
}

interface Watched {
  readonly write: Sent;
  readonly fate: Fate;
}

const NOT_CONFIRMED: StoreError = {
  code: "not-confirmed",
  message: "The service took the write but does not show it yet.",
  hint: "Run again later: the next run looks whether it has arrived.",
};

function settleUnseen(context: ApplyContext, write: Sent, fate: Fate): void {
  // The intent stays open, and the next run looks again instead of writing blindly.
  if (fate.kind === "taken") leaveOpen(context, write.action, NOT_CONFIRMED);
  else if (mayArrive(fate)) leaveOpen(context, write.action, fate.error);
  else settleFailed(context, write, fate.error);
}

async function send(context: ApplyContext, writes: readonly Sent[]): Promise<readonly Fate[]> {
  const { cloudWriter } = context.ports;
  const uploads = writes.filter((write) => write.jpeg !== null);
  const fates = new Map<Sent, Fate>();
  if (uploads.length > 0) {
    try {
      const results = await cloudWriter.upload(uploads.map(({ user, jpeg }) => ({ user, jpeg: jpeg as Buffer })));
      for (const [at, write] of uploads.entries()) {
        const result = results[at];
        if (result === undefined || result.error === null) fates.set(write, { kind: "taken" });
        else fates.set(write, { kind: result.retryable ? "lost" : "refused", error: result.error });
      }
    } catch (error) {
      const fate = fateOf(error);
      for (const write of uploads) fates.set(write, fate);
    }
  }
  for (const write of writes) {
    if (write.jpeg !== null) continue;
    try {
      await cloudWriter.remove(write.user);
      fates.set(write, { kind: "taken" });
    } catch (error) {
      fates.set(write, fateOf(error));
    }
  }
  return writes.map((write) => fates.get(write) ?? { kind: "taken" });
}

/** A service that is busy or silent may have done the work; one that answers has not. */
export function fateOf(error: unknown): Exclude<Fate, { readonly kind: "taken" }> {
  const said = expected(error);
  const lost =
    error instanceof PhotodriftError && (error.errorClass === "incomplete" || said.code === "outcome-unknown");
  return { kind: lost ? "lost" : "refused", error: said };
}

/**
 * Failures by which a service that is to be asked again says that it did nothing. The store asked again as often as that is worth
 * (facts/sharepoint.md 3.3: a lock twice; facts/graph-entra-exchange.md 2.1: a new user not at once): to send it once more from here would multiply that.
 */
const NOTHING_DONE = new Set(["throttled", "locked", "profile-missing", "user-not-ready"]);

/** Nobody said that the write was not done: it may show later than anybody waits, and what counts as never written cannot be taken back. */
export function mayArrive(fate: Fate): boolean {
  return fate.kind === "lost" && !NOTHING_DONE.has(fate.error.code);
}

/** Looks until every write shows, with growing waits; returns those that never did. Those whose answer was lost are not waited for long. */
async function readBack(
  context: ApplyContext,
  watched: readonly Watched[],
): Promise<{
  readonly open: readonly Watched[];
  readonly moved: ReadonlySet<Sent>;
  readonly looked: ReadonlySet<Sent>;
}> {
  let open = watched;
  let seen: ReadonlySet<Sent> = new Set();
  let moved: ReadonlySet<Sent> = new Set();
  for (const [round, wait] of READ_BACK_WAITS.entries()) {
    const looked = open.filter(({ fate }) => fate.kind === "taken" || round < LOOKS_AFTER_LOSS);
    if (looked.length === 0) break;
    if (round > 1 && isCutShort(context)) break;
    if (wait > 0) await context.ports.sleep(wait);
    const last = round === READ_BACK_WAITS.length - 1;
    const found = await confirm(
      context,
      looked.map(({ write }) => write),
      last,
    );
    open = open.filter(({ write }) => !found.confirmed.has(write));
    moved = new Set([...moved, ...found.moved]);
    seen = new Set([...seen, ...found.looked]);
  }
  return { open, moved, looked: seen };
}

/** What one look showed of the writes that are watched. */
interface Confirmation {
  readonly confirmed: Set<Sent>;
  /** Another picture stands there than the one sent. */
  readonly moved: Set<Sent>;
  readonly looked: Set<Sent>;
}

type Present = Extract<CloudState, { readonly kind: "present" }>;

/** A photo that may be the one sent; its pixels tell. */
interface Candidate {
  readonly write: Sent;
  readonly state: Present;
}

/** Settles the writes that a look at the store confirms. `lastLook`: an etag that never moved no longer hides an equal picture. */
async function confirm(context: ApplyContext, writes: readonly Sent[], lastLook: boolean): Promise<Confirmation> {
  const states = await cloudStates(context, writes);
  const found: Confirmation = { confirmed: new Set(), moved: new Set(), looked: new Set() };
  const candidates: Candidate[] = [];
  for (const [at, write] of writes.entries()) {
    const state = states[at];
    if (state === undefined || state.kind === "unreadable") continue;
    found.looked.add(write);
    if (write.jpeg === null) {
      if (state.kind !== "absent") continue;
      settleApplied(context, write, { kind: "picture", exists: false, etag: null, sha256: null });
      found.confirmed.add(write);
    } else if (state.kind === "present" && (hasMoved(write, state) || lastLook || state.etag === null)) {
      candidates.push({ write, state });
    }
  }
  await confirmPictures(context, candidates, found);
  return found;
}

async function confirmPictures(
  context: ApplyContext,
  candidates: readonly Candidate[],
  found: Confirmation,
): Promise<void> {
  const pictures = await cloudPictures(
    context,
    candidates.map(({ write, state }) => ({ ...write, state })),
    ({ signature }, at) => {
      const wanted = candidates[at]?.write.wanted ?? null;
      return wanted !== null && signature !== null && showSamePicture(wanted, signature);
    },
  );
  for (const [at, candidate] of candidates.entries()) {
    const { write, state } = candidate;
    const shown = pictures[at];
    if (!isPicture(shown) || shown.signature === null) continue;
    const verdict = verdictOf(candidate, shown.signature);
    if (verdict === "other") found.moved.add(write);
    if (verdict !== "arrived") continue;
    settleApplied(context, write, { kind: "picture", exists: true, etag: state.etag, sha256: shown.signature.sha256 });
    found.confirmed.add(write);
  }
}

/** `unmoved`: nothing tells that the store holds anything else than before the write. */
function verdictOf({ write, state }: Candidate, shown: PhotoSignature): "arrived" | "other" | "unmoved" {
  const { wanted } = write;
  if (wanted === null) return "unmoved";
  const moved = hasMoved(write, state);
  if (!showSamePicture(wanted, shown)) return moved ? "other" : "unmoved";
  const sameSize = state.width === wanted.width && state.height === wanted.height;
  return moved || sameSize || (state.etag === null && hasOtherBytes(write, shown)) ? "arrived" : "unmoved";
}

/** Where no etag tells: the bytes are not those of before the write. */
function hasOtherBytes({ before }: Sent, shown: PhotoSignature): boolean {
  return before.kind === "picture" && before.backupSha256 !== null && before.backupSha256 !== shown.sha256;
}

/** The store holds something else than before the write: a photo where none was, or another etag. */
function hasMoved(write: Sent, state: Present): boolean {
  if (write.before.kind !== "picture") return false;
  return !write.before.exists || (state.etag !== null && state.etag !== write.before.etag);
}
