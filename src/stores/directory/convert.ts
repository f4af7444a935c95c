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
    guest: user.userType === null ? /#ext#/i.test(upn) : user.userType.toLowerCase() === "guest",
    // Absent only where the attribute was not granted: the account then counts as enabled.
    accountEnabled: user.accountEnabled !== false,
    onPremisesSync: user.onPremisesSyncEnabled ?? null,
    licences: licencesOf(user.assignedLicenses, skus),
  };
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
