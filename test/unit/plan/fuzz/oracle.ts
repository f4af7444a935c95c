import { showsOf, sideOf } from "../../../support/tenant/pictures.js";
import { FOLDER, stemOf, urlOf, type FakePerson, type FakeTenant } from "../../../support/tenant/fake-tenant.js";
import type { Choice, WriterCall } from "./world.js";

/** What stood before, and what the configuration and the lists say: all that the judgement rests on. */
export interface Allowed {
  readonly before: FakeTenant;
  readonly choice: Choice;
  /** Rules named in the plan's head. */
  readonly named: readonly string[];
  /** The plan is to the letter one that this state file made, so that its rules are those that the audit found. */
  readonly honest: boolean;
}

/**
 * Why a write is more than configuration and lists allow, or null. Told from the contract (sections 3, 5, 7) without the code under test:
 * by what reached the writer, not by what the plan says.
 */
export function excess(call: WriterCall, allowed: Allowed): string | null {
  switch (call.what) {
    case "upload":
      return excessOfUpload(call, allowed);
    case "remove":
      return isWithdrawn(call.place, allowed) ? null : "removes the photo of a user who did not withdraw consent";
    case "put":
      return excessOfThumbnail(call, allowed);
    case "delete":
      return excessOfDeletion(call, allowed);
    case "property":
      return excessOfProperty(call, allowed);
  }
}

function person(upn: string, { before }: Allowed): FakePerson | null {
  const found = before.people.get(upn);
  return found === undefined || found.left === true ? null : found;
}

function isWithdrawn(upn: string, { choice }: Allowed): boolean {
  return choice.consent.some((start) => upn.startsWith(start));
}

/** Why nothing may be shown for this user, or null. */
function untouchable(upn: string, allowed: Allowed): string | null {
  const { choice } = allowed;
  if (person(upn, allowed) === null) return "there is no such user";
  if (isWithdrawn(upn, allowed)) return "the user withdrew consent";
  if (choice.pins.some((start) => upn.startsWith(start))) return "the user is pinned";
  return choice.exclude.some((glob) => upn.startsWith(glob.replace(/\*.*/, ""))) ? "the user is out of scope" : null;
}

/** The user's present picture may be somebody's choice: not another person's face (dora's), nor of two pictures one (ines'). */
function letsStand(upn: string, { choice, honest }: Allowed): boolean {
  return choice.authority !== "source" && !(honest && /^(dora|ines)@/.test(upn));
}

function excessOfUpload({ place, value }: WriterCall, allowed: Allowed): string | null {
  const { choice } = allowed;
  const who = untouchable(place, allowed);
  if (who !== null) return who;
  if (!choice.cloud) return "the cloud stores are off";
  const { master = null, cloud = null } = person(place, allowed) ?? {};
  if (choice.minimumPixels > 800) return "the master is too small";
  if (master === null || showsOf(Buffer.from(value)) !== master) return "it is not the user's master";
  return letsStand(place, allowed) && cloud !== null ? "policy.authority lets the picture stand" : null;
}

/** The user whose file this is by its name, or null; the stem of two users is nobody's. */
function ownerOf(place: string, { before }: Allowed): { upn: string; size: "S" | "M" | "L" } | null {
  const match = /^(.+)\/([^/]+)_([SML])Thumb\.jpg$/.exec(place);
  if (match?.[1] !== FOLDER) return null;
  const owners = [...before.people.values()].filter(
    ({ user }) => stemOf(user.upn) === match[2] || user.id === match[2],
  );
  const [only] = owners;
  if (only === undefined || owners.length > 1) return null;
  const size = match[3];
  return size === "S" || size === "M" || size === "L" ? { upn: only.user.upn, size } : null;
}

function excessOfThumbnail({ place, value }: WriterCall, allowed: Allowed): string | null {
  const { choice } = allowed;
  const owner = ownerOf(place, allowed);
  if (owner === null) return "no thumbnail of one user of the tenant";
  const who = untouchable(owner.upn, allowed);
  if (who !== null) return who;
  if (!choice.sharePoint || choice.fix !== "direct") return "SharePoint is not to be written";
  const { master = null, cloud = null, files } = person(owner.upn, allowed) ?? {};
  const shows = showsOf(Buffer.from(value));
  const wanted = master ?? (cloud === null ? null : showsOf(cloud.bytes));
  if (master !== null && choice.minimumPixels > 800) return "the master is too small";
  if (shows !== wanted) return "it is neither the user's master nor the cloud photo of a user without one";
  if (sideOf(Buffer.from(value)) !== { S: 48, M: 72, L: choice.largeSide }[owner.size]) return "it has another size";
  return letsStand(owner.upn, allowed) && files?.[owner.size] != null
    ? "policy.authority lets the picture stand"
    : null;
}

function excessOfDeletion({ place }: WriterCall, allowed: Allowed): string | null {
  const owner = ownerOf(place, allowed);
  if (owner === null) return "no thumbnail of one person";
  if (!allowed.choice.sharePoint) return "SharePoint is off";
  if (allowed.before.people.get(owner.upn)?.left === true)
    return !allowed.named.includes("orphan-thumbnail") || allowed.choice.fix === "report-only"
      ? "orphans go only when named, and not where SharePoint is only reported on"
      : allowed.choice.blank
        ? "nobody knows whose it is"
        : null;
  return isWithdrawn(owner.upn, allowed) ? null : "deletes a thumbnail of a user who did not withdraw consent";
}

function excessOfProperty({ place, value }: WriterCall, allowed: Allowed): string | null {
  const [upn = "", name] = place.split("/");
  const found = person(upn, allowed);
  if (found === null) return "there is no such user";
  if (!allowed.choice.sharePoint || allowed.choice.fix === "report-only") return "SharePoint is not to be written";
  const hides = (name === "PictureURL" && value === "") || (name === "SPS-PicturePlaceholderState" && value === "1");
  if (hides) {
    const bare = Object.values(found.files).every((file) => file === null);
    return isWithdrawn(upn, allowed) || (bare && untouchable(upn, allowed) === null) ? null : "hides a picture";
  }
  if (name === "SPS-PictureTimestamp") return isWithdrawn(upn, allowed) ? null : untouchable(upn, allowed);
  if (name === "PictureURL" && value !== urlOf(upn) && !value.endsWith(`/${found.user.id}_MThumb.jpg`))
    return "names another picture";
  return /^[01]$/.test(value) || name === "PictureURL" ? untouchable(upn, allowed) : "is no value of the property";
}

/** Why all writes together are more than the limits allow, or null. */
export function excessTogether(calls: readonly WriterCall[], allowed: Allowed): string | null {
  const { choice, before } = allowed;
  const removals = calls.filter(({ what }) => what === "remove" || what === "delete").length;
  if (removals > choice.maxRemovals) return `${removals} removals`;
  const users = new Set(
    calls.map((call) =>
      call.what === "put" || call.what === "delete" ? ownerOf(call.place, allowed)?.upn : call.place.split("/")[0],
    ),
  );
  const changed = [...users].filter((upn) => upn !== undefined && person(upn, allowed) !== null).length;
  const inScope = [...before.people.values()].filter(
    ({ user, left }) =>
      left !== true &&
      (isWithdrawn(user.upn, allowed) || !choice.exclude.some((glob) => user.upn.startsWith(glob.replace(/\*.*/, "")))),
  ).length;
  return changed * 100 > choice.maxChangePercent * inScope ? `${changed} of ${inScope} users` : null;
}
