import { parseUserId, type UserId } from "../../model/ids.js";
import type { DirectoryUser } from "../../model/user.js";
import type { MemberAnswer, SkuAnswer, UserAnswer } from "../answers/directory.js";
import { MAILBOX_PLANS, SHAREPOINT_PLANS } from "./plans.js";

/** Of each sku, the plans that matter here. */
export type Skus = ReadonlyMap<string, { readonly mailbox: readonly string[]; readonly sharePoint: readonly string[] }>;

export function convertSkus(answers: readonly SkuAnswer[]): Skus {
  return new Map(
    answers.map(({ skuId, servicePlans }) => {
      const plans = servicePlans.map(({ servicePlanId }) => servicePlanId);
      const mailbox = plans.filter((plan) => MAILBOX_PLANS.has(plan));
      return [skuId, { mailbox, sharePoint: plans.filter((plan) => SHAREPOINT_PLANS.has(plan)) }];
    }),
  );
}

export function convertUser(user: UserAnswer, skus: Skus): DirectoryUser {
  const upn = user.userPrincipalName;
  return {
    id: parseUserId(user.id),
    upn,
    displayName: user.displayName ?? upn,
    mail: user.mail,
    givenName: user.givenName,
    surname: user.surname,
    employeeId: user.employeeId,
    samAccountName: user.onPremisesSamAccountName,
    aliases: aliasesOf(user.proxyAddresses, [upn, user.mail]),
    guest: user.userType === null ? /#ext#/i.test(upn) : user.userType.toLowerCase() === "guest",
    // Absent only where the attribute was not granted: the account then counts as enabled.
    accountEnabled: user.accountEnabled !== false,
    onPremisesSync: user.onPremisesSyncEnabled ?? null,
    licences: licencesOf(user.assignedLicenses, skus),
  };
}

/** Kinds of proxy address that name a person; `X500:`, `EUM:` and `SPO:` are for machines. */
const PERSONAL = /^(?:smtp|sip):(.+)$/i;

/**
 * The addresses of proxyAddresses without kind prefix, each once, and without those in `known` (whatever the case). Exchange keeps the
 * addresses of former UPNs there (Microsoft Learn, "How the proxyAddresses attribute is populated in Microsoft Entra ID").
 */
function aliasesOf(addresses: readonly string[], known: readonly (string | null)[]): readonly string[] {
  const seen = new Set(known.map((address) => address?.toLowerCase()));
  const aliases: string[] = [];
  for (const item of addresses) {
    const address = PERSONAL.exec(item)?.[1]?.trim() ?? "";
    if (address === "" || seen.has(address.toLowerCase())) continue;
    seen.add(address.toLowerCase());
    aliases.push(address);
  }
  return aliases;
}

function licencesOf(licences: UserAnswer["assignedLicenses"], skus: Skus): DirectoryUser["licences"] {
  let mailbox = false;
  let sharePoint = false;
  let unknown: string | null = null;
  for (const { skuId, disabledPlans } of licences) {
    const sku = skus.get(skuId);
    if (sku === undefined) {
      unknown = skuId;
      continue;
    }
    const disabled = new Set(disabledPlans ?? []);
    mailbox ||= sku.mailbox.some((plan) => !disabled.has(plan));
    sharePoint ||= sku.sharePoint.some((plan) => !disabled.has(plan));
  }
  // A subscription that is not known changes nothing for who has both already.
  return unknown === null || (mailbox && sharePoint) ? { mailbox, sharePoint } : { mailbox, sharePoint, unknown };
}

/** The ids of the users among the members of a group; members of other kinds are left out. */
export function userIdsOf(members: readonly MemberAnswer[]): readonly UserId[] {
  return members
    .filter(({ "@odata.type": type }) => type === undefined || type === "#microsoft.graph.user")
    .map(({ id }) => parseUserId(id));
}
