import { advance, blankThumbnails, visit } from "../behaviour.js";
import { mailboxPlans, plansOf } from "../licences.js";
import { noteDirectoryChange, type SandboxState } from "../state.js";
import { findUser, type SandboxUser } from "../tenant.js";
import { PLACES, placePhoto } from "./pictures.js";
import { setSwitch } from "./switches.js";
import { isOn } from "./values.js";

/** Carries out one `key=value` on the running tenant. Throws Error with the reason and what is known. */
export async function setOne(state: SandboxState, key: string, value: string): Promise<void> {
  const { tenant } = state;
  if (key === "clock") {
    state.clock.set(value);
    await advance(tenant);
  } else if (key === "fault") state.faults.add(value);
  else if (key === "faults") state.faults.replace(value);
  else if (key === "secret") tenant.app.clientSecret = value === "none" ? null : value;
  else if (key === "policy.source")
    tenant.switches.photoUpdateSource = oneOf(key, value, ["cloud", "onPremises", "none"]);
  else if (key === "regression") await regress(state, key, value);
  else if (key.startsWith("role.")) setRole(state, key, value);
  else if (key.startsWith("user.")) await setUser(state, key, value);
  else if (!setSwitch(state, key, value)) throw new Error(`unknown key "${key}"; ${KNOWN}`);
}

const KNOWN =
  "known: clock, fault, faults, secret, policy.source, regression, role.<graph|sharepoint|exchange>.<role>, user.<upn>.photo.<entra|exchange|S|M|L>, " +
  "user.<upn>.<upn|aliases|employeeId|enabled|licence|mailbox|deleted|displayName|visit|profile.*>, and the switches of src/sandbox/README.md";

function oneOf(
  key: string,
  value: string,
  known: readonly ["cloud", "onPremises", "none"],
): "cloud" | "onPremises" | null {
  const found = known.find((name) => name.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw new Error(`${key}=${value}: expected ${known.join(", ")}`);
  return found === "none" ? null : found;
}

/** `blank-thumbnails` or `blank-thumbnails:5`: SharePoint blanks the thumbnails of every fifth user, as in October 2021. */
async function regress(state: SandboxState, key: string, value: string): Promise<void> {
  const match = /^blank-thumbnails(?::([1-9]\d*))?$/.exec(value);
  if (!match) throw new Error(`${key}=${value}: expected blank-thumbnails or blank-thumbnails:<every>`);
  await blankThumbnails(state.tenant, Number(match[1] ?? "1"));
}

function setRole(state: SandboxState, key: string, value: string): void {
  const [, service = "", ...rest] = key.split(".");
  const role = rest.join(".");
  if (service !== "graph" && service !== "sharepoint" && service !== "exchange") {
    throw new Error(`${key}: expected role.graph.…, role.sharepoint.… or role.exchange.…`);
  }
  const { roles } = state.tenant.app;
  const others = roles[service].filter((name) => name !== role);
  roles[service] = isOn(key, value) ? [...others, role] : others;
}

/** `user.<upn>.<what>`: the UPN holds dots itself, so the end is read first. */
async function setUser(state: SandboxState, key: string, value: string): Promise<void> {
  const match =
    /^user\.(.+)\.(photo\.\w+|profile\.\w+|upn|aliases|employeeId|enabled|licence|license|mailbox|deleted|displayName|visit)$/i.exec(
      key,
    );
  const user = match ? findUser(state.tenant, match[1] ?? "") : undefined;
  if (!match) throw new Error(`unknown key "${key}"; ${KNOWN}`);
  if (!user) throw new Error(`no user "${match[1]}" in this tenant`);
  const what = (match[2] ?? "").toLowerCase();
  if (what.startsWith("photo.")) {
    const place = PLACES.find((name) => name.toLowerCase() === what.slice("photo.".length));
    if (!place) throw new Error(`${key}: expected photo.${PLACES.join(", photo.")}`);
    await placePhoto(state.tenant, user, place, value);
  } else if (what.startsWith("profile.")) setProfile(user, what.slice("profile.".length), value);
  else if (what === "visit") await visit(state.tenant, user);
  else setDirectory(state, user, what, key, value);
}

function setDirectory(state: SandboxState, user: SandboxUser, what: string, key: string, value: string): void {
  switch (what) {
    case "enabled":
      user.accountEnabled = isOn(key, value);
      return noteDirectoryChange(state, user.id, ["accountEnabled"]);
    case "upn":
      rename(state, user, value);
      return noteDirectoryChange(state, user.id, ["userPrincipalName", "mail", "proxyAddresses"]);
    case "aliases":
      user.aliases = value === "" || value === "none" ? [] : value.split(",").map((alias) => alias.trim());
      return noteDirectoryChange(state, user.id, ["proxyAddresses"]);
    case "employeeid":
      user.employeeId = value === "none" ? null : value;
      return noteDirectoryChange(state, user.id, ["employeeId"]);
    case "displayname":
      user.displayName = value;
      return noteDirectoryChange(state, user.id, ["displayName"]);
    case "deleted":
      user.deletedAt = isOn(key, value) ? state.tenant.now() : null;
      if (user.deletedAt === null) state.tenant.byUpn.set(user.upn.toLowerCase(), user.id);
      else state.tenant.byUpn.delete(user.upn.toLowerCase());
      return noteDirectoryChange(state, user.id, ["deletedDateTime"]);
    case "mailbox":
      user.hasMailbox = isOn(key, value);
      return;
    default:
      setLicences(state, user, value);
  }
}

/** A new UPN, as after a marriage: the mail address follows, and the old one stays as an alias. The SharePoint profile follows too. */
function rename({ tenant }: SandboxState, user: SandboxUser, upn: string): void {
  if (findUser(tenant, upn) !== undefined) throw new Error(`the UPN ${upn} is taken`);
  tenant.byUpn.delete(user.upn.toLowerCase());
  tenant.byUpn.set(upn.toLowerCase(), user.id);
  if (user.mail !== null) {
    user.aliases = [...user.aliases.filter((alias) => alias.toLowerCase() !== upn.toLowerCase()), user.mail];
    user.mail = upn;
  }
  user.upn = upn;
  if (user.profile) user.profile.accountName = `i:0#.f|membership|${upn.toLowerCase()}`;
}

/** SKU part numbers or ids, separated by commas, or `none`. A mailbox comes with a mailbox plan, as in the service. */
function setLicences(state: SandboxState, user: SandboxUser, value: string): void {
  const { tenant } = state;
  const names = value === "none" || value === "" ? [] : value.split(",").map((name) => name.trim().toLowerCase());
  user.assignedLicenses = names.map((name) => {
    const sku = tenant.skus.find((known) => known.skuPartNumber.toLowerCase() === name || known.skuId === name);
    if (!sku) throw new Error(`no SKU "${name}"; known: ${tenant.skus.map((known) => known.skuPartNumber).join(", ")}`);
    return { skuId: sku.skuId, disabledPlans: [] };
  });
  user.hasMailbox = plansOf(tenant, user).some((plan) => mailboxPlans.has(plan.id));
  noteDirectoryChange(state, user.id, ["assignedLicenses", "assignedPlans", "provisionedPlans"]);
}

function setProfile(user: SandboxUser, property: string, value: string): void {
  const { profile } = user;
  if (!profile) throw new Error(`${user.upn} has no SharePoint profile`);
  if (property === "pictureurl") profile.pictureUrl = value;
  else if (property === "placeholderstate") profile.placeholderState = value;
  else if (property === "exchangesyncstate") profile.exchangeSyncState = value;
  else if (property === "timestamp") profile.timestamp = value;
  else throw new Error(`profile.${property}: expected pictureUrl, placeholderState, exchangeSyncState or timestamp`);
}
