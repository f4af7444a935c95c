import { parseUserId, type UserId } from "../../model/ids.js";
import type { DirectoryUser } from "../../model/user.js";
import { asObject, textOf } from "../http/failures.js";
import { MAILBOX_PLANS, SHAREPOINT_PLANS } from "./plans.js";

/** Of each sku, the plans that matter here. */
export type Skus = ReadonlyMap<string, { readonly mailbox: readonly string[]; readonly sharePoint: readonly string[] }>;

/** @param value the `value` of /subscribedSkus */
export function convertSkus(value: unknown): Skus {
  const skus = new Map<string, { mailbox: string[]; sharePoint: string[] }>();
  for (const item of list(value)) {
    const sku = asObject(item);
    const id = textOf(sku["skuId"])?.toLowerCase();
    if (id === undefined) continue;
    const plans = list(sku["servicePlans"]).map((plan) =>
      (textOf(asObject(plan)["servicePlanId"]) ?? "").toLowerCase(),
    );
    skus.set(id, {
      mailbox: plans.filter((plan) => MAILBOX_PLANS.has(plan)),
      sharePoint: plans.filter((plan) => SHAREPOINT_PLANS.has(plan)),
    });
  }
  return skus;
}

/** A user of /users, or null for an entry without id or UPN. */
export function convertUser(value: unknown, skus: Skus): DirectoryUser | null {
  const user = asObject(value);
  const id = textOf(user["id"]);
  const upn = textOf(user["userPrincipalName"]);
  if (id === null || id === "" || upn === null || upn === "") return null;
  const userType = textOf(user["userType"]);
  return {
    id: parseUserId(id),
    upn,
    displayName: textOf(user["displayName"]) ?? upn,
    mail: filled(user["mail"]),
    givenName: filled(user["givenName"]),
    surname: filled(user["surname"]),
    employeeId: filled(user["employeeId"]),
    samAccountName: filled(user["onPremisesSamAccountName"]),
    guest: userType === null ? /#ext#/i.test(upn) : userType.toLowerCase() === "guest",
    // Absent only where the attribute was not granted: the account then counts as enabled.
    accountEnabled: user["accountEnabled"] !== false,
    onPremisesSync: typeof user["onPremisesSyncEnabled"] === "boolean" ? user["onPremisesSyncEnabled"] : null,
    licences: licencesOf(user["assignedLicenses"], skus),
  };
}

function licencesOf(value: unknown, skus: Skus): DirectoryUser["licences"] {
  let mailbox = false;
  let sharePoint = false;
  for (const item of list(value)) {
    const licence = asObject(item);
    const sku = skus.get((textOf(licence["skuId"]) ?? "").toLowerCase());
    if (sku === undefined) continue;
    const disabled = new Set(list(licence["disabledPlans"]).map((plan) => String(plan).toLowerCase()));
    mailbox ||= sku.mailbox.some((plan) => !disabled.has(plan));
    sharePoint ||= sku.sharePoint.some((plan) => !disabled.has(plan));
  }
  return { mailbox, sharePoint };
}

/** The ids of the users among the members of a group; members of other kinds are left out. */
export function userIdsOf(members: readonly unknown[]): readonly UserId[] {
  const ids: UserId[] = [];
  for (const item of members) {
    const member = asObject(item);
    const type = textOf(member["@odata.type"]);
    const id = textOf(member["id"]);
    if (id !== null && (type === null || type === "#microsoft.graph.user")) ids.push(parseUserId(id));
  }
  return ids;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function filled(value: unknown): string | null {
  const text = textOf(value);
  return text === null || text === "" ? null : text;
}
