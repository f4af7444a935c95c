import { stemNamedBy } from "../../model/picture-url.js";
import { stemsOf } from "../../compare/stem.js";
import { scopeOf } from "../../desired/index.js";
import { THUMBNAIL_SIZES } from "../../model/address.js";
import { PhotodriftError } from "../../model/errors.js";
import type { UserId } from "../../model/ids.js";
import type { StoreError } from "../../model/photo.js";
import type { Plan } from "../../model/plan.js";
import type { RuleId } from "../../model/rule.js";
import type { DirectoryUser } from "../../model/user.js";
import type { PhotoLibrary } from "../../run/ports.js";
import { pictureOriginOf } from "../../run/observe-sharepoint.js";
import { createPlaces } from "../../run/places.js";
import { membersOfGroups } from "../../run/scope-groups.js";
import { decisionsToday } from "../../run/today/decisions.js";
import { mastersToday } from "../../run/today/masters.js";
import { hides } from "../../run/today/pictures.js";
import type { Today } from "../../run/today/today.js";
import { auditSettings, NO_FILTERS, type Workbench } from "../compose.js";
import { listsOverUsers } from "./people-lists.js";

/** What a saved plan is measured by. */
export type TodayBench = Pick<Workbench, "config" | "state" | "ports">;

export interface TodayNow {
  readonly today: Today;
  readonly usersInScope: number;
}

export interface TodayHow {
  /** The plan is to the letter one that this state file made. */
  readonly here: boolean;
  /** Rules named now, with --rule. */
  readonly named: readonly RuleId[];
}

/**
 * What holds now for a saved plan: reads lists, groups, the folder of masters, the located folders of thumbnails and the plan's users in the
 * directory. Throws PhotodriftError of the source folder and of the directory.
 */
export async function todayFor(bench: TodayBench, plan: Plan, { here, named }: TodayHow): Promise<TodayNow> {
  const { config, ports, state } = bench;
  const { records } = state;
  const concerned = usersIn(plan);
  const { consent, pins } = await listsOverUsers(bench, concerned);
  const groups = await membersOfGroups(ports, config.scope.groups, config.limits.maxChangePercent);
  const users = usersOf(bench, concerned);
  const masters = usesMasters(plan)
    ? await mastersToday(ports, { source: config.source, policy: config.policy }, users.values())
    : null;
  const sharePoint = await sharePointToday(bench, plan, users);
  const outOfScope = (user: DirectoryUser): string | null => {
    const scope = scopeOf(user, config.scope, groups, null);
    return scope.in || consent.has(user) ? null : scope.reason;
  };
  let usersInScope = 0;
  for (const user of records.users()) if (outOfScope(user) === null) usersInScope++;
  const today: Today = {
    stores: config.stores,
    authority: config.policy.authority,
    made: { here, authority: plan.head.authority },
    autoApply: config.policy.autoApply,
    named: [...plan.head.rules, ...named],
    userOf: (id) => users.get(id) ?? null,
    masterOf: ({ id }) => masters?.get(id) ?? null,
    consentWithdrawn: (user) => consent.has(user),
    pinned: (user) => pins.has(user),
    ...decisionsToday(records),
    outOfScope,
    ...sharePoint,
  };
  return { today, usersInScope };
}

type SharePointToday = Pick<Today, "hasThumbnails" | "folders" | "origins" | "stemsOf" | "isOrphan">;

/** What holds of the library now. A machine that only applies knows the users and read no profile, and profiles tell who claims a file. */
async function sharePointToday(
  bench: TodayBench,
  plan: Plan,
  users: ReadonlyMap<string, DirectoryUser>,
): Promise<SharePointToday> {
  const { config, state } = bench;
  const { records } = state;
  const { pictureOrigin } = auditSettings(config, NO_FILTERS, { mode: "apply", trigger: "cli", signal: null });
  const found = usesSharePoint(plan) ? await locate(bench) : null;
  const library = found === null || "code" in found ? null : found;
  const located = library === null ? pictureOrigin : pictureOriginOf(library, pictureOrigin);
  const shared = { folder: library === null ? "" : library.folder, pictureOrigin: located };
  const places = createPlaces(records, shared, config.stores.sharepoint.stem);
  const isRead = ({ id }: DirectoryUser): boolean => records.profile(id) !== null;
  const unread = library === null ? [] : [...users.values()].filter((user) => !isRead(user));
  const pictureStems = await namedStems(bench, unread);
  const stemsOfUser = (user: DirectoryUser): readonly string[] => {
    const own = stemsOf(user).filter((stem) => records.ownersOfStem(stem).every((owner) => owner === user.id));
    const stem = isRead(user) ? places.of(user).stem.toLowerCase() : (pictureStems.get(user.id) ?? null);
    return stem === null ? own : [...own, stem];
  };
  let claimsAreKnown: boolean | null = null;
  const hidden = library === null ? [] : hiddenUsers(plan, users);
  const folders = library?.folders ?? [];
  const shown = await withThumbnails(bench, hidden, folders, stemsOfUser);
  return {
    hasThumbnails: ({ id }) => shown.has(id),
    folders: found !== null && "code" in found ? found : folders,
    origins: [...new Set([located, pictureOrigin])],
    stemsOf: stemsOfUser,
    isOrphan: (stem) => (claimsAreKnown ??= knowsProfiles(bench)) && places.isOrphan(stem),
  };
}

/** The library, or why it cannot be found: then nothing of the plan that concerns SharePoint is carried out. */
async function locate({ ports }: TodayBench): Promise<PhotoLibrary | StoreError> {
  try {
    return await ports.sharePoint.locate();
  } catch (error) {
    if (!(error instanceof PhotodriftError) || error.code === "interrupted") throw error;
    return { code: error.code, message: error.message, hint: error.hint };
  }
}

/** Object ids of the users whom a plan concerns. */
function usersIn(plan: Plan): readonly string[] {
  const ids = new Set<string>();
  for (const { user } of plan.actions()) if (user !== null) ids.add(user.id);
  return [...ids];
}

/** The plan's users as the directory has them now. */
function usersOf({ state }: TodayBench, ids: readonly string[]): ReadonlyMap<string, DirectoryUser> {
  const users = new Map<string, DirectoryUser>();
  for (const id of ids) {
    const found = state.records.user(id);
    if (found?.id === id) users.set(id, found);
  }
  return users;
}

/** Users whose picture the plan hides by their properties. */
function hiddenUsers(plan: Plan, users: ReadonlyMap<string, DirectoryUser>): readonly DirectoryUser[] {
  const found = new Set<DirectoryUser>();
  for (const action of plan.actions()) {
    const user = users.get(action.user?.id ?? "");
    if (user !== undefined && hides(action)) found.add(user);
  }
  return [...found];
}

/** Those of them whose library has a thumbnail, whatever the records say. */
async function withThumbnails(
  { ports }: TodayBench,
  users: readonly DirectoryUser[],
  folders: readonly string[],
  stemsOfUser: (user: DirectoryUser) => readonly string[],
): Promise<ReadonlySet<UserId>> {
  const shown = new Set<UserId>();
  for (const user of users) {
    for (const name of stemsOfUser(user).flatMap((stem) => THUMBNAIL_SIZES.map((size) => `${stem}_${size}Thumb.jpg`))) {
      for (const folder of folders) {
        if (!shown.has(user.id) && (await ports.sharePoint.look(folder, name)) !== null) shown.add(user.id);
      }
    }
  }
  return shown;
}

/** An audit of this state file read profiles. */
function knowsProfiles({ state: { records } }: TodayBench): boolean {
  for (const { id } of records.users()) if (records.profile(id) !== null) return true;
  return false;
}

/** Stems that PictureURL names, of users whose profile this state file never read. */
async function namedStems(
  { state, ports }: TodayBench,
  users: readonly DirectoryUser[],
): Promise<ReadonlyMap<string, string>> {
  const stems = new Map<string, string>();
  if (users.length === 0) return stems;
  const profiles = await ports.sharePoint.profiles(users);
  for (const { id, upn } of users) {
    const profile = profiles.get(upn.toLowerCase());
    const stem = stemNamedBy(profile);
    if (stem !== null && state.records.ownersOfStem(stem).length === 0) stems.set(id, stem);
  }
  return stems;
}

function usesSharePoint(plan: Plan): boolean {
  for (const { action } of plan.actions()) if (action !== "upload-photo" && action !== "delete-photo") return true;
  return false;
}

function usesMasters(plan: Plan): boolean {
  for (const { after } of plan.actions()) if ("source" in after && after.source.kind === "master") return true;
  return false;
}
