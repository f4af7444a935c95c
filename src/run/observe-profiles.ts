import { canonicalPictureUrl, stemNamedBy } from "../model/picture-url.js";
import type { UserId } from "../model/ids.js";
import type { UserMaster } from "../model/master.js";
import type { ObservedProfile } from "../model/photo.js";
import type { DirectoryUser } from "../model/user.js";
import { pictureUrlOf } from "../compare/stem.js";
import { mapOrdered, takingTurns, type Frontier } from "./ordered.js";
import { inChunks } from "../model/chunks.js";
import type { Places } from "./places.js";
import type { ProfileRecords, StoredProfile } from "./records/profiles.js";
import { withStanding } from "./standing.js";
import { stopWhenAborted } from "./settings.js";
import type { UserRecords } from "./records/users.js";
import type { RefusalRecords } from "./records/refusals.js";
import type { MasterRecords } from "./records/masters.js";
import type { Watch } from "./watch.js";

/** Profiles read in every run, oldest reading first; more only where files or remedy need them (facts/sharepoint.md 10.3). */
const ROLLING_PROFILES = 500;
/** Profiles never read before that one run reads: a tenant of this size is known whole after its first audit, a larger one after a few. */
const FIRST_READINGS = 5000;
/** Readings that told of a fault or belong to a set in need of repair are made again, at most this many in one run, oldest first. */
const DOUBTFUL_PROFILES = 1500;
/** Parts of one batch (facts/sharepoint.md 3.4). */
const BATCH = 100;
/** Batches under way: SharePoint works on the parts of one after another, so several keep it busy; the way to the host allows how many. */
const BATCHES = 8;
/** Smaller batches cost more requests than they save time. */
const LEAST_BATCH = 20;

/** A user whose profile is read, with the place in the list of users in scope. */
interface Wanted {
  readonly user: DirectoryUser;
  readonly place: number;
}

/**
 * Reads the photo properties of the profiles that this run needs, in the order of the users in scope; `frontier` tells how far it is.
 * Returns the other users whose files may be told differently now: those whose stem a PictureURL began or ceased to name.
 */
export async function observeProfiles(
  { ports, settings, runId, roster }: Pick<Watch, "ports" | "settings" | "runId" | "roster">,
  due: DueProfiles,
  frontier: Frontier,
): Promise<ReadonlySet<UserId>> {
  const { records, progress } = ports;
  const wanted = function* (): Generator<Wanted> {
    let place = -1;
    for (const user of roster.inScope()) {
      place++;
      if (user.licences.sharePoint && due.has(user.id)) yield { user, place };
    }
  };
  const step = progress.step("SharePoint profiles", due.size);
  const touched = new Set<UserId>();
  const read = async (chunk: readonly Wanted[]): Promise<readonly Wanted[]> => {
    stopWhenAborted(settings);
    const profiles = await ports.sharePoint.profiles(chunk.map(({ user }) => user));
    const readAt = new Date(ports.clock.now()).toISOString();
    records.transaction(() => {
      for (const { user } of chunk) {
        const found = profiles.get(user.upn.toLowerCase());
        const profile = found === undefined ? undefined : withRefusal(records, runId, user, found);
        if (profile !== undefined) saveProfile(records, user.id, { profile, readAt }, touched);
      }
    });
    return chunk;
  };
  const size = batchSize(due.size ?? roster.countInScope());
  for await (const chunk of mapOrdered(inChunks(wanted(), size), BATCHES, read)) {
    step.tick(chunk.length);
    frontier.reach(chunk.at(-1)?.place ?? -1);
  }
  step.done();
  return touched;
}

/** A batch holds a hundred, fewer where there would be fewer batches than may be under way: the last one is not waited for alone. */
function batchSize(profiles: number): number {
  return Math.max(LEAST_BATCH, Math.min(BATCH, Math.ceil(profiles / BATCHES)));
}

/** Notes whom else a change of PictureURL concerns. */
function saveProfile(
  records: ProfileRecords & Pick<UserRecords, "ownersOfStem">,
  userId: UserId,
  stored: StoredProfile,
  touched: Set<UserId>,
): void {
  const before = stemNamedBy(records.profile(userId)?.profile);
  records.saveProfile(userId, stored);
  const now = stemNamedBy(stored.profile);
  if (before === now) return;
  for (const stem of [before, now]) {
    if (stem === null) continue;
    for (const id of [...records.ownersOfStem(stem), ...records.claimantsOfStem(stem)]) {
      if (id !== userId) touched.add(id);
    }
  }
}

/** A refusal that stays is told as what it is. */
function withRefusal(
  records: RefusalRecords,
  runId: string,
  { id: userId }: DirectoryUser,
  profile: ObservedProfile,
): ObservedProfile {
  const of = { userId, what: "profile" } as const;
  const error = withStanding(records, runId, of, profile.kind === "unreadable" ? profile.error : null);
  return error === null ? profile : { kind: "unreadable", error };
}

/** The users whose profile a run reads. */
export interface DueProfiles {
  has(userId: UserId): boolean;
  /** Undefined: everybody's. */
  readonly size: number | undefined;
}

const EVERYBODY: DueProfiles = { has: () => true, size: undefined };

/** Never read, doubtful, or next in the rolling round; everybody's where nothing known is trusted. */
export async function dueProfiles(
  { ports: { records }, settings, roster }: Pick<Watch, "ports" | "settings" | "roster">,
  places: Places,
): Promise<DueProfiles> {
  if (settings.full) return EVERYBODY;
  const due = new Set<string>();
  const first = oldest(FIRST_READINGS);
  const rolling = oldest(ROLLING_PROFILES);
  const doubtful = oldest(DOUBTFUL_PROFILES);
  for await (const user of takingTurns(roster.inScope())) {
    if (!user.licences.sharePoint) continue;
    const stored = records.profile(user.id);
    if (stored === null) first.offer(user.id, "");
    else rolling.offer(user.id, stored.readAt);
    const place = places.of(user);
    const count = place.files.length;
    const repaired = count > 0 ? count < 3 : hasMaster(records, roster.master(user));
    const url = pictureUrlOf(places.pictureOrigin, place.folder, place.stem);
    if (stored === null) {
      if (repaired) due.add(user.id);
    } else if (repaired || isDoubtful(user, stored, count > 0 ? url : "")) doubtful.offer(user.id, stored.readAt);
  }
  for (const id of [...first.ids(), ...rolling.ids(), ...doubtful.ids()]) due.add(id);
  return due;
}

/** A master that is not read yet counts: what it shows is not asked here. */
function hasMaster(records: MasterRecords, master: UserMaster): boolean {
  return master.kind === "matched" && (records.masterVersion(master.file)?.kind ?? "usable") === "usable";
}

/** The stored reading was none, or contradicts the files as rule profile-property-mismatch has it. @param url that of the user's own M file, "" without files */
function isDoubtful(user: DirectoryUser, { profile }: StoredProfile, url: string): boolean {
  if (profile.kind === "absent") return false;
  if (profile.kind !== "present") return true;
  if (canonicalPictureUrl(profile.pictureUrl) !== canonicalPictureUrl(url)) return true;
  if (url === "") return false;
  return profile.placeholderState === "1" || (!user.licences.mailbox && profile.exchangeSyncState === "1");
}

/** Keeps the `limit` ids with the earliest time out of any number; never read ("") comes first. Memory holds twice the limit. */
function oldest(limit: number) {
  let kept: { readonly id: string; readonly at: string }[] = [];
  const cut = (): void => {
    kept.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    kept = kept.slice(0, limit);
  };
  return {
    offer(id: string, at: string): void {
      kept.push({ id, at });
      if (kept.length >= 2 * limit) cut();
    },
    ids(): readonly string[] {
      cut();
      return kept.map(({ id }) => id);
    },
  };
}
