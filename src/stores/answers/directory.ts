import { z } from "zod";
import { ANOTHER_USER, described, type Described } from "./described.js";
import { count, filledText, guid, optionalText, upn } from "./fields.js";
import type { Page } from "./pages.js";

/** Most users, subscriptions and members that a tenant or a group can have by any documented limit, with room. */
export const MOST_USERS = 2_000_000;
export const MOST_SKUS = 5_000;

/** A user of /users. Only id and UPN are never left out; everything else is null where it is unset or was not granted. */
const directoryUser = z.object({
  id: guid,
  userPrincipalName: upn,
  displayName: optionalText,
  mail: optionalText,
  givenName: optionalText,
  surname: optionalText,
  employeeId: optionalText,
  onPremisesSamAccountName: optionalText,
  proxyAddresses: z
    .array(z.string())
    .nullish()
    .transform((addresses) => addresses ?? []),
  userType: optionalText,
  accountEnabled: z.boolean().nullish(),
  onPremisesSyncEnabled: z.boolean().nullish(),
  assignedLicenses: z
    .array(z.object({ skuId: guid, disabledPlans: z.array(guid).nullish() }))
    .nullish()
    .transform((licences) => licences ?? []),
});

/** A subscription of the tenant with the plans in it. */
const subscribedSku = z.object({
  skuId: guid,
  servicePlans: z.array(z.object({ servicePlanId: guid })),
});

/** A member of a group, of any kind of object. */
const groupMember = z.object({ "@odata.type": z.string().optional(), id: guid });

export type UserAnswer = z.output<typeof directoryUser>;
export type SkuAnswer = z.output<typeof subscribedSku>;
export type MemberAnswer = z.output<typeof groupMember>;

/** A page of a Graph collection: its rows, and the next link that may be missing but is never empty. */
function pageOf<Row extends z.ZodType>(row: Row): Described<Page<z.output<Row>>> {
  const page = z
    .object({ value: z.array(row), "@odata.nextLink": filledText.nullish() })
    .transform(({ value, "@odata.nextLink": next }) => ({ rows: value, next: next ?? null }));
  return described(page);
}

/** One object of the directory, and a page of them, of any kind: `photodrift setup` describes what it needs of each where it reads it. */
const anyObject = z.looseObject({ id: filledText });
export const directoryObject = described(anyObject);
export const objectsPage = pageOf(anyObject);
/** More than a search of applications, or the grants of one of them, can have. */
export const MOST_OBJECTS = 20_000;

/** What `…/$count` answers: a number and nothing else, as text (facts/graph-entra-exchange.md 3.1). */
export const collectionCount = described(count);

export const usersPage = pageOf(directoryUser);
export const skusPage = pageOf(subscribedSku);
export const membersPage = pageOf(groupMember);

/** One user, who must be the one asked for. @param asked object id or UPN in any case */
export function oneUser(asked: string): Described<UserAnswer> {
  return described(directoryUser, ({ id, userPrincipalName }) =>
    [id, userPrincipalName.toLowerCase()].includes(asked.toLowerCase()) ? null : ANOTHER_USER,
  );
}
