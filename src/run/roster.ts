import { nearDuplicates, nearTo } from "../compare/duplicates.js";
import { confirmIdentity, createMasterIndex, type MasterIndex } from "../compare/photo/index.js";
import {
  listEntries,
  masterOf,
  matchMasters,
  peopleList,
  scopeOf,
  whyNobody,
  withhold,
  type MatchResult,
  type PeopleList,
} from "../desired/index.js";
import { inChunks } from "../model/chunks.js";
import { byText, type UserId } from "../model/ids.js";
import type { ListEntry } from "../model/list.js";
import type { MasterPhoto, UserMaster } from "../model/master.js";
import type { DirectoryUser, Scope } from "../model/user.js";
import { handedOn, rememberHolders } from "./handed-on.js";
import { createLateIndex, formerOf, indexing } from "./index-masters.js";
import { guardLists } from "./list-guard.js";
import { requireUsers } from "./named-users.js";
import { takingTurns } from "./ordered.js";
import type { SourceScan } from "./ports.js";
import { membersOfScope } from "./scope-groups.js";
import type { Transactions } from "./records.js";
import type { CountRecords } from "./records/counts.js";
import type { MasterRecords } from "./records/masters.js";
import type { PictureRecords } from "./records/pictures.js";
import type { UserRecords } from "./records/users.js";
import type { AuditSettings, PortsOf } from "./settings.js";
import { othersTurn } from "../model/turns.js";

/** The file that fits a user, usable or not, or null. */
export type MasterOf = (user: DirectoryUser) => MasterPhoto | null;

/** The desired state: who is looked at, which master each user has, and who said no. */
export interface Roster {
  readonly matches: MatchResult;
  /** Every current and retired master, once `settle` was called; empty before. */
  readonly masters: MasterIndex;
  scope(user: DirectoryUser): Scope;
  master(user: DirectoryUser): UserMaster;
  readonly masterPhoto: MasterOf;
  consentWithdrawn(user: DirectoryUser): boolean;
  pinned(user: DirectoryUser): boolean;
  /** Users in scope in order of UPN. */
  inScope(): Iterable<DirectoryUser>;
  countInScope(): number;
  /** The masters have been read: remembers whose they are, and fills the index and the list of masters that are one picture. */
  settle(): Promise<void>;
  /** SHA-256 of the masters that the user had before; none before `settle`. */
  formerMasters(userId: UserId): readonly string[];
  /** UPNs of the other users whose master is the same picture; nobody before `settle`. */
  samePictureAs(userId: UserId): readonly string[];
  /** Rows of the lists that cannot be followed. */
  readonly listEntries: readonly ListEntry[];
}

type RosterPorts = PortsOf<
  "directory" | "source" | "progress" | "images",
  UserRecords & MasterRecords & PictureRecords & CountRecords & Transactions
>;

/**
 * Joins users, names of masters, lists and scope; the masters themselves may be read meanwhile, see `settle`. Throws PhotodriftError for a group or a --user that does not exist,
 * `group-shrunken` (refused), and what `guardLists` throws.
 */
export async function buildRoster(ports: RosterPorts, settings: AuditSettings, scan: SourceScan): Promise<Roster> {
  const { records, source } = ports;
  const mapping = await source.mapping();
  const consent = peopleList(await source.consentWithdrawn());
  const pins = peopleList(await source.pinned());
  const { maxChangePercent, mode } = settings;
  guardLists(ports, { consent, pins }, { maxChangePercent, writes: mode !== "audit" });
  const fitting = matchMasters({
    files: scan.files.map(({ file }) => file),
    users: seenBy([consent, pins], records.users()),
    patterns: settings.source.patterns,
    domain: settings.source.domain,
    mapping,
  });
  const groups = await membersOfScope(ports, settings);
  const filter = userFilter(ports, settings);
  const named = filter === null ? null : new Set(usersNamed(records, filter).map(({ id }) => id));
  const explained = settings.othersAsKnown === true ? named : null;
  const matches = withhold(fitting, await handedOn(ports, fitting, scan, explained));
  const master = (user: DirectoryUser): UserMaster => masterOf(matches, user.id);

  function scope(user: DirectoryUser): Scope {
    const found = scopeOf(user, settings.scope, groups, filter);
    // Consent is stronger than everything but --user: a disabled, excluded or unlicensed account must lose its photo too.
    const asked =
      filter === null || filter.some((name) => [user.upn.toLowerCase(), user.id].includes(name.toLowerCase()));
    return !found.in && asked && consent.has(user) ? { in: true } : found;
  }

  function* inScope(): Generator<DirectoryUser> {
    for (const user of filter === null ? records.users() : usersNamed(records, filter)) {
      if (scope(user).in) yield user;
    }
  }

  const masterPhoto: MasterOf = (user) => {
    const found = master(user);
    return found.kind === "matched" ? records.master(found.file) : null;
  };
  let count = 0;
  for (const _user of inScope()) count++;
  // Who is explained is told so in what is explained.
  if (count === 0 && settings.othersAsKnown !== true) {
    const why = whyNobody(records.users(), scope, settings.scope);
    if (why !== null) ports.progress.warn(why);
  }
  const index = createMasterIndex();
  // Of a few users hardly any picture is looked up in it.
  const late = filter === null ? null : createLateIndex(records, index);
  const former = new Map<UserId, readonly string[]>();
  let duplicates: ReadonlyMap<UserId, readonly string[]> = new Map();
  const entries = listEntries(
    [
      { list: "pins", file: source.listFiles.pins, problems: pins.problems() },
      { list: "mapping", file: source.listFiles.mapping, problems: matches.problems },
      { list: "consent", file: source.listFiles.consent, problems: consent.problems() },
    ],
    () => records.users(),
  );
  warnOfEntries(ports, entries);
  return {
    matches,
    masters: late ?? index,
    scope,
    master,
    masterPhoto,
    consentWithdrawn: (user) => consent.has(user),
    pinned: (user) => pins.has(user),
    inScope,
    countInScope: () => count,
    async settle() {
      const assigned = await assignMasters(records, matches, explained);
      await rememberHolders(ports);
      late?.settle();
      const retired = named === null ? takingTurns(indexing(records, index)) : formerOf(records, named);
      for await (const one of retired)
        if (one !== null) former.set(one.userId, [...(former.get(one.userId) ?? []), one.sha256]);
      duplicates = findDuplicates(ports, named === null ? assigned : nearTo(named, assigned), masterPhoto);
    },
    formerMasters: (userId) => former.get(userId) ?? [],
    samePictureAs: (userId) => duplicates.get(userId) ?? [],
    listEntries: entries,
  };
}

function userFilter({ records }: RosterPorts, { users }: AuditSettings): readonly string[] | null {
  if (users.length === 0) return null;
  requireUsers(records, users);
  return users;
}

/** A user's usable master, as far as duplicates are looked for. */
interface AssignedMaster {
  readonly key: UserId;
  readonly dctHash: string;
}

/** Masters after which others have their turn. */
const TURN = 25;

/**
 * Remembers each user's master, so that a replaced one becomes a retired one. In order of the users' names.
 * @param only these users' masters are remembered, null for everybody's
 */
async function assignMasters(
  records: MasterRecords & Transactions,
  { byFile }: MatchResult,
  only: ReadonlySet<UserId> | null,
): Promise<readonly AssignedMaster[]> {
  const assigned: (AssignedMaster & { readonly upn: string })[] = [];
  for (const pictures of inChunks(records.masterPictures(), TURN)) {
    records.transaction(() => {
      for (const { file, sha256, dctHash } of pictures) {
        const outcome = byFile.get(file)?.outcome;
        if (outcome?.kind !== "matched") continue;
        const { userId: key, upn } = outcome;
        if (only?.has(key) !== false) records.assignMaster(key, file, sha256);
        assigned.push({ key, dctHash, upn: upn.toLowerCase() });
      }
    });
    await othersTurn();
  }
  return assigned.sort((a, b) => byText(a.upn, b.upn) || byText(a.key, b.key));
}

/** The same users, each shown to lists that count whom they name. */
function* seenBy(lists: readonly PeopleList[], users: Iterable<DirectoryUser>): Generator<DirectoryUser> {
  const wanted = lists.filter(({ size }) => size > 0);
  for (const user of users) {
    for (const list of wanted) list.has(user);
    yield user;
  }
}

/** Users by these names, in order of UPN. */
function usersNamed(records: UserRecords, names: readonly string[]): readonly DirectoryUser[] {
  const found = names.flatMap((name) => records.user(name) ?? []);
  const byId = new Map(found.map((user) => [user.id, user]));
  return [...byId.values()].sort((a, b) => byText(a.upn.toLowerCase(), b.upn.toLowerCase()) || byText(a.id, b.id));
}

/** UPNs of the users that share a picture, by user. */
function findDuplicates(
  ports: RosterPorts,
  assigned: readonly AssignedMaster[],
  masterPhoto: MasterOf,
): ReadonlyMap<UserId, readonly string[]> {
  const { records } = ports;
  const same = new Map<UserId, string[]>();
  const note = (mine: UserId, theirs: DirectoryUser): void => {
    same.set(mine, [...(same.get(mine) ?? []), theirs.upn].sort(byText));
  };
  for (const pair of nearDuplicates(assigned)) {
    const [a, b] = pair.map((id) => records.user(id));
    if (!a || !b) continue;
    const [one, other] = [masterPhoto(a), masterPhoto(b)];
    if (one?.kind !== "usable" || other?.kind !== "usable") continue;
    const identical = one.signature.sha256 === other.signature.sha256;
    if (!identical && !confirmIdentity(one.signature.luma, other.signature)) continue;
    note(a.id, b);
    note(b.id, a);
  }
  return same;
}

/** Counts a list, so that a run that is narrowed to rules or users says it too. */
function warnOfEntries(ports: Pick<RosterPorts, "progress">, entries: readonly ListEntry[]): void {
  const counts = new Map<string, number>();
  for (const { file } of entries) counts.set(file, (counts.get(file) ?? 0) + 1);
  for (const [file, count] of counts) {
    ports.progress.warn(
      `${count} ${count === 1 ? "row" : "rows"} of ${file} cannot be followed; the report names each.`,
    );
  }
}
