import { canonicalPictureUrl } from "../../model/picture-url.js";
import {
  PICTURE_PROPERTIES,
  type PicturePropertyName,
  type PropertyValues,
  type SetPictureProperties,
} from "../../model/plan-action.js";
import type { ObservedProfile, StoreError } from "../../model/photo.js";
import type { DirectoryUser } from "../../model/user.js";
import { fateOf, mayArrive } from "./cloud-send.js";
import { changedSince } from "./changed.js";
import {
  conclude,
  expected,
  intend,
  leaveOpen,
  settleApplied,
  settleFailed,
  settlePartly,
  type ApplyContext,
  type Intended,
} from "./context.js";

const TRIES = 3;
type Values = { readonly [name in PicturePropertyName]?: string };

/** Writes the properties that still differ, in their order, after a fresh look at all of them. */
export async function applyProperties(
  context: ApplyContext,
  action: SetPictureProperties,
  user: DirectoryUser | null,
): Promise<void> {
  if (user === null) {
    const message = `The user ${action.user?.upn ?? ""} does not exist any more.`;
    conclude(context, action, "stale", { code: "user-not-found", message, hint: "Run photodrift audit again." });
    return;
  }
  try {
    const found = await read(context, user);
    if ("error" in found) {
      conclude(context, action, found.kind, found.error);
      return;
    }
    const due = dueProperties(context, action, found.values);
    if (due.length === 0) {
      conclude(context, action, "already-in-sync", null);
      return;
    }
    if (!isAsPlanned(action, found.values)) {
      conclude(context, action, "stale", changedSince("The profile"));
      return;
    }
    const values = Object.fromEntries(due.map((name) => [name, found.values[name] ?? ""]));
    const [entry = 0] = await intend(context, [{ action, before: { kind: "properties", values }, sentSha256: null }]);
    await write(context, { entry, action }, user, action.after.properties, due);
  } catch (error) {
    conclude(context, action, "failed", expected(error));
  }
}

type Reading = { readonly values: PropertyValues } | { readonly kind: "stale" | "failed"; readonly error: StoreError };

async function read(context: ApplyContext, user: DirectoryUser): Promise<Reading> {
  const profiles = await context.ports.sharePointReader.profiles([user]);
  const profile = profiles.get(user.upn.toLowerCase());
  if (profile?.kind === "present") return { values: valuesOf(profile) };
  if (profile?.kind === "unreadable") return { kind: "failed", error: profile.error };
  const message = "SharePoint has no profile of this user.";
  return { kind: "stale", error: { code: "no-profile", message, hint: "It is made when the user first signs in." } };
}

export function valuesOf(profile: Extract<ObservedProfile, { readonly kind: "present" }>): PropertyValues {
  return {
    "SPS-PicturePlaceholderState": profile.placeholderState,
    "SPS-PictureExchangeSyncState": profile.exchangeSyncState,
    PictureURL: profile.pictureUrl,
    "SPS-PictureTimestamp": profile.timestamp,
  };
}

/**
 * Differing properties in the order of writing. The timestamp alone is no reason to write, unless something else of the user was written since
 * the last one, by this plan or by one that was cut off.
 */
function dueProperties(
  context: ApplyContext,
  action: SetPictureProperties,
  present: PropertyValues,
): readonly PicturePropertyName[] {
  const wanted = action.after.properties;
  const due = PICTURE_PROPERTIES.filter((name) => {
    const value = wanted[name];
    return value !== undefined && !isSameValue(name, present[name] ?? "", value, action.restores !== undefined);
  });
  if (due.some((name) => name !== "SPS-PictureTimestamp") || action.restores !== undefined) return due;
  return action.user !== null && context.ports.journal.owesTimestamp(action.user.id) ? due : [];
}

/** Whether a property has the value wanted. `exact` (a restoration): to the letter; otherwise spellings of one PictureURL are equal. */
export function isSameValue(name: PicturePropertyName, present: string, wanted: string, exact: boolean): boolean {
  if (name !== "PictureURL" || exact) return present === wanted;
  return canonicalPictureUrl(present) === canonicalPictureUrl(wanted);
}

/** Each guarded property is as the plan saw it or already as wanted; one that the plan could not see must be empty or as wanted. */
function isAsPlanned(action: SetPictureProperties, present: PropertyValues): boolean {
  const { precondition } = action;
  if (precondition.kind !== "properties") return precondition.kind === "none";
  return (Object.entries(precondition.values) as [PicturePropertyName, string | null][]).every(([name, seen]) => {
    const now = present[name] ?? "";
    const wanted = action.after.properties[name];
    if (wanted !== undefined && isSameValue(name, now, wanted, false)) return true;
    if (seen === null) return name !== "PictureURL" || now === "";
    return isSameValue(name, now, seen, false);
  });
}

async function write(
  context: ApplyContext,
  intended: Intended,
  user: DirectoryUser,
  wanted: Values,
  due: readonly PicturePropertyName[],
): Promise<void> {
  let left = due;
  /** What may be on its way: taken, or its answer was lost. */
  const underWay = new Set<PicturePropertyName>();
  for (let attempt = 1; ; attempt++) {
    const fate = await send(context, user, wanted, left, underWay);
    const seen = await valuesAfter(context, user);
    if (seen === null) {
      leaveOpen(context, intended.action, fate?.error ?? notConfirmed());
      return;
    }
    left = due.filter((name) => !isSameValue(name, seen[name] ?? "", wanted[name] ?? "", false));
    if (left.length === 0) {
      const values = Object.fromEntries(due.map((name) => [name, seen[name] ?? ""]));
      settleApplied(context, intended, { kind: "properties", values });
      return;
    }
    if ((fate !== null && !mayArrive(fate)) || attempt >= TRIES) {
      const error = fate?.error ?? notConfirmed();
      const set = due.filter((name) => !left.includes(name));
      const values = Object.fromEntries(set.map((name) => [name, seen[name] ?? ""]));
      if (left.some((name) => underWay.has(name))) leaveOpen(context, intended.action, error);
      else if (set.length > 0) settlePartly(context, intended, { kind: "properties", values }, error);
      else settleFailed(context, intended, error);
      return;
    }
    await context.ports.sleep(500 * 2 ** attempt);
  }
}

/** One after the other until one fails; how it failed, or null. */
async function send(
  { ports }: ApplyContext,
  user: DirectoryUser,
  wanted: Values,
  names: readonly PicturePropertyName[],
  underWay: Set<PicturePropertyName>,
): Promise<ReturnType<typeof fateOf> | null> {
  for (const name of names) {
    try {
      await ports.sharePointWriter.setProperty(user.upn, name, wanted[name] ?? "");
      underWay.add(name);
    } catch (error) {
      const fate = fateOf(error);
      if (mayArrive(fate)) underWay.add(name);
      return fate;
    }
  }
  return null;
}

async function valuesAfter(context: ApplyContext, user: DirectoryUser): Promise<PropertyValues | null> {
  try {
    const found = await read(context, user);
    return "error" in found ? null : found.values;
  } catch (error) {
    expected(error);
    return null;
  }
}

function notConfirmed(): StoreError {
  return {
    code: "not-confirmed",
    message: "SharePoint took the properties but does not show them.",
    hint: "Run again: the next run looks whether they have arrived.",
  };
}
