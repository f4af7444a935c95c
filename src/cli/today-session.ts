import { stemOfPictureUrl } from "../compare/picture-url.js";
import { stemsOf } from "../compare/stem.js";
import { peopleList, scopeOf } from "../desired/index.js";
import {
  PhotodriftError,
  type DirectoryUser,
  type Plan,
  type RuleId,
  type StoreError,
  type UserId,
} from "../model/index.js";
import type { PhotoLibrary } from "../run/ports.js";
import { pictureOriginOf } from "../run/observe-sharepoint.js";
import { createPlaces } from "../run/places.js";
import type { Today } from "../run/today.js";
import { auditSettings, NO_FILTERS, type Workbench } from "./compose.js";

/** What holds today for a saved plan, with the users in scope where the directory is known. */
export interface TodayNow {
  readonly today: Today;
  /** null: this state file never saw the directory. */
  readonly usersInScope: number | null;
}

/**
 * Reads lists, groups, the located folders, and whoever of the plan this state file does not know (one request each).
 * @param named rules named now, with --rule
 */
export async function todayFor(bench: Workbench, plan: Plan, named: readonly RuleId[]): Promise<TodayNow> {
  const { config, ports, state } = bench;
  const { records } = state;
  const groups = await membersOf(bench);
  const consent = peopleList(await ports.source.consentWithdrawn());
  const pins = peopleList(await ports.source.pinned());
  const users = await usersOf(bench, plan);
  const { pictureOrigin } = auditSettings(config, NO_FILTERS, { mode: "apply", trigger: "cli", signal: null });
  const found = usesSharePoint(plan) ? await locate(bench) : null;
  const library = found === null || "code" in found ? null : found;
  const located = library === null ? pictureOrigin : pictureOriginOf(library, pictureOrigin);
  const shared = { folder: library?.folder ?? "", pictureOrigin: located };
  const places = createPlaces(records, shared, config.stores.sharepoint.stem);
  const pictureStems = await namedStems(bench, library === null ? [] : [...users.values()]);
  const outOfScope = (user: DirectoryUser): string | null => {
    const scope = scopeOf(user, config.scope, groups, null);
    return scope.in || consent.has(user) ? null : scope.reason;
  };
  const known = records.countUsers() > 0;
  let usersInScope = 0;
  for (const user of records.users()) if (outOfScope(user) === null) usersInScope++;
  const today: Today = {
    stores: config.stores,
    autoApply: config.policy.autoApply,
    named: [...plan.head.rules, ...named],
    userOf: (id) => users.get(id) ?? null,
    consentWithdrawn: (user) => consent.has(user),
    pinned: (user) => pins.has(user),
    outOfScope,
    folders: library?.folders ?? (found !== null && "code" in found ? found : []),
    origins: [...new Set([located, pictureOrigin])],
    stemsOf(user) {
      const own = stemsOf(user).filter((stem) => records.ownersOfStem(stem).every((owner) => owner === user.id));
      const stem =
        pictureStems.get(user.id) ?? (records.user(user.id) === null ? null : places.of(user).stem.toLowerCase());
      return stem === null ? own : [...own, stem];
    },
    isOrphan: (stem) => known && places.isOrphan(stem),
  };
  return { today, usersInScope: known ? usersInScope : null };
}

/** The library, or why it cannot be found: then nothing of the plan that concerns SharePoint is carried out. */
async function locate({ ports }: Workbench): Promise<PhotoLibrary | StoreError> {
  try {
    return await ports.sharePoint.locate();
  } catch (error) {
    if (!(error instanceof PhotodriftError) || error.code === "interrupted") throw error;
    return { code: error.code, message: error.message, hint: error.hint };
  }
}

async function membersOf({ config, ports }: Workbench): Promise<ReadonlySet<UserId> | null> {
  if (config.scope.groups.length === 0) return null;
  const members = new Set<UserId>();
  for (const id of config.scope.groups)
    for (const member of await ports.directory.groupMembers(id)) members.add(member);
  return members;
}

/** The plan's users as this state file or else the directory has them. */
async function usersOf({ state, ports }: Workbench, plan: Plan): Promise<ReadonlyMap<string, DirectoryUser>> {
  const users = new Map<string, DirectoryUser>();
  const asked = new Set<string>();
  for (const { user } of plan.actions()) {
    if (user === null || asked.has(user.id)) continue;
    asked.add(user.id);
    const found = state.records.user(user.id) ?? (await ports.directory.user(user.id));
    if (found?.id === user.id) users.set(user.id, found);
  }
  return users;
}

/** Stems that PictureURL names, of users whose profile this state file never read. */
async function namedStems(
  { state, ports }: Workbench,
  users: readonly DirectoryUser[],
): Promise<ReadonlyMap<string, string>> {
  const unread = users.filter(({ id }) => state.records.user(id) === null);
  const stems = new Map<string, string>();
  if (unread.length === 0) return stems;
  const profiles = await ports.sharePoint.profiles(unread);
  for (const { id, upn } of unread) {
    const profile = profiles.get(upn.toLowerCase());
    const stem = profile?.kind === "present" ? stemOfPictureUrl(profile.pictureUrl) : null;
    if (stem !== null && state.records.ownersOfStem(stem).length === 0) stems.set(id, stem);
  }
  return stems;
}

function usesSharePoint(plan: Plan): boolean {
  for (const { action } of plan.actions()) if (action !== "upload-photo" && action !== "delete-photo") return true;
  return false;
}
