import { canonicalPictureUrl } from "../model/index.js";
import type { DirectoryUser, ObservedProfile } from "../model/index.js";
import { pictureUrlOf } from "../compare/stem.js";
import { inChunks, mapOrdered } from "./ordered.js";
import type { Places } from "./places.js";
import type { StoredProfile } from "./records.js";
import type { MasterOf, Roster } from "./roster.js";
import { withStanding } from "./standing.js";
import { stopWhenAborted, type AuditPorts, type AuditSettings } from "./settings.js";

/** Profiles read in every run, oldest reading first; more only where files or remedy need them (facts/sharepoint.md 10.3). */
const ROLLING_PROFILES = 500;
/** Profiles never read before that one run reads: a tenant of this size is known whole after its first audit, a larger one after a few. */
const FIRST_READINGS = 5000;
/** Readings that told of a fault or belong to a set in need of repair are made again, at most this many in one run, oldest first. */
const DOUBTFUL_PROFILES = 1500;
/** Parts of one batch (facts/sharepoint.md 3.4). */
const BATCH = 100;
/** Batches under way: SharePoint works on the parts of one after another, so several keep it busy; the way to the host allows how many. */
const BATCHES = 4;

/** Reads the photo properties of the profiles that this run needs. */
export async function observeProfiles(
  ports: AuditPorts,
  settings: AuditSettings,
  runId: string,
  roster: Pick<Roster, "inScope" | "masterPhoto">,
  places: Places,
): Promise<void> {
  const { records, progress } = ports;
  const users = () => roster.inScope();
  const due = settings.full ? null : dueProfiles(ports, users(), places, roster.masterPhoto);
  const wanted = function* (): Generator<DirectoryUser> {
    for (const user of users()) {
      if (user.licences.sharePoint && (due === null || due.has(user.id))) yield user;
    }
  };
  const step = progress.step("SharePoint profiles", due?.size);
  const read = async (chunk: readonly DirectoryUser[]): Promise<number> => {
    stopWhenAborted(settings);
    const profiles = await ports.sharePoint.profiles(chunk);
    const readAt = new Date(ports.clock.now()).toISOString();
    records.transaction(() => {
      for (const user of chunk) {
        const found = profiles.get(user.upn.toLowerCase());
        const profile = found === undefined ? undefined : withRefusal(records, runId, user, found);
        if (profile !== undefined) records.saveProfile(user.id, { profile, readAt });
      }
    });
    return chunk.length;
  };
  for await (const count of mapOrdered(inChunks(wanted(), BATCH), BATCHES, read)) step.tick(count);
  step.done();
}

/** A refusal that stays is told as what it is. */
function withRefusal(
  records: AuditPorts["records"],
  runId: string,
  { id: userId }: DirectoryUser,
  profile: ObservedProfile,
): ObservedProfile {
  const of = { userId, what: "profile" } as const;
  const error = withStanding(records, runId, of, profile.kind === "unreadable" ? profile.error : null);
  return error === null ? profile : { kind: "unreadable", error };
}

/** Ids of the users whose profile is read: never read, doubtful, or next in the rolling round. */
function dueProfiles(
  ports: AuditPorts,
  users: Iterable<DirectoryUser>,
  places: Places,
  masterOf: MasterOf,
): ReadonlySet<string> {
  const due = new Set<string>();
  const first = oldest(FIRST_READINGS);
  const rolling = oldest(ROLLING_PROFILES);
  const doubtful = oldest(DOUBTFUL_PROFILES);
  for (const user of users) {
    if (!user.licences.sharePoint) continue;
    const stored = ports.records.profile(user.id);
    if (stored === null) first.offer(user.id, "");
    else rolling.offer(user.id, stored.readAt);
    const place = places.of(user);
    const count = place.files.length;
    const repaired = count > 0 ? count < 3 : masterOf(user)?.kind === "usable";
    const url = pictureUrlOf(places.pictureOrigin, place.folder, place.stem);
    if (stored === null) {
      if (repaired) due.add(user.id);
    } else if (repaired || isDoubtful(user, stored, count > 0 ? url : "")) doubtful.offer(user.id, stored.readAt);
  }
  for (const id of [...first.ids(), ...rolling.ids(), ...doubtful.ids()]) due.add(id);
  return due;
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
