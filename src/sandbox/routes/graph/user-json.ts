import { plansOf } from "../../licences.js";
import type { SandboxUser, Tenant } from "../../tenant.js";

type Writer = (user: SandboxUser, tenant: Tenant) => string;

const text =
  (value: (user: SandboxUser) => string | null): Writer =>
  (user) =>
    JSON.stringify(value(user));
const nothing: Writer = () => "null";
const noList: Writer = () => "[]";

/**
 * Every property of a user that this directory knows, each with the writer of its JSON. Properties of real tenants that no photo tool needs
 * are null or empty, as they are for users without them.
 */
const WRITERS: { readonly [property: string]: Writer } = {
  id: text((user) => user.id),
  userPrincipalName: text((user) => user.upn),
  displayName: text((user) => user.displayName),
  givenName: text((user) => user.givenName),
  surname: text((user) => user.surname),
  mail: text((user) => user.mail),
  mailNickname: text((user) => user.upn.split("@")[0] ?? null),
  userType: text((user) => user.userType),
  accountEnabled: (user) => String(user.accountEnabled),
  onPremisesSyncEnabled: (user) => String(user.onPremisesSyncEnabled),
  onPremisesSamAccountName: text((user) => user.onPremisesSamAccountName),
  employeeId: text((user) => user.employeeId),
  createdDateTime: text((user) => isoTime(user.createdAt)),
  deletedDateTime: text((user) => (user.deletedAt === null ? null : isoTime(user.deletedAt))),
  assignedLicenses: (user) =>
    JSON.stringify(user.assignedLicenses.map(({ skuId, disabledPlans }) => ({ disabledPlans, skuId }))),
  assignedPlans: (user, tenant) =>
    JSON.stringify(
      plansOf(tenant, user).map((plan) => ({
        assignedDateTime: isoTime(user.createdAt),
        capabilityStatus: "Enabled",
        service: plan.service,
        servicePlanId: plan.id,
      })),
    ),
  provisionedPlans: (user, tenant) =>
    JSON.stringify(
      plansOf(tenant, user).map((plan) => ({
        capabilityStatus: "Enabled",
        provisioningStatus: "Success",
        service: plan.service,
      })),
    ),
  // The primary address has its kind in capitals, the others in small letters (docs-contrib user.md).
  proxyAddresses: (user) =>
    JSON.stringify([
      ...(user.mail === null ? [] : [`SMTP:${user.mail}`]),
      ...user.aliases.map((alias) => `smtp:${alias}`),
    ]),
  identities: noList,
  businessPhones: noList,
  otherMails: noList,
  usageLocation: () => '"CH"',
  isResourceAccount: nothing,
  onPremisesImmutableId: nothing,
  onPremisesLastSyncDateTime: nothing,
  onPremisesUserPrincipalName: nothing,
  onPremisesDomainName: nothing,
  onPremisesDistinguishedName: nothing,
  securityIdentifier: nothing,
  showInAddressList: nothing,
  externalUserState: nothing,
  creationType: nothing,
  jobTitle: nothing,
  department: nothing,
  companyName: nothing,
  employeeType: nothing,
  mobilePhone: nothing,
  officeLocation: nothing,
  preferredLanguage: nothing,
  preferredDataLocation: nothing,
  city: nothing,
  country: nothing,
  state: nothing,
  streetAddress: nothing,
  postalCode: nothing,
};

/** What a request without `$select` gets (docs-contrib user-list.md): everything else comes only on `$select`. */
const DEFAULT_PROPERTIES = [
  "businessPhones",
  "displayName",
  "givenName",
  "jobTitle",
  "mail",
  "mobilePhone",
  "officeLocation",
  "preferredLanguage",
  "surname",
  "userPrincipalName",
  "id",
];

/** Properties that exist, but that a collection answers 501 for. */
const SINGLE_ONLY = new Set(["mailboxsettings", "aboutme", "birthday", "hiredate", "interests", "mysite", "skills"]);

const BY_FOLDED = new Map(Object.keys(WRITERS).map((name) => [name.toLowerCase(), name]));

export type Selection =
  | { readonly kind: "ok"; readonly properties: readonly string[]; readonly context: string }
  | { readonly kind: "unknown"; readonly name: string }
  | { readonly kind: "single-only" };

/** Reads `$select`; `context` is what goes into `@odata.context` behind `#users`. */
export function readSelection(select: string | undefined): Selection {
  if (select === undefined || select.trim() === "") return { kind: "ok", properties: DEFAULT_PROPERTIES, context: "" };
  const properties: string[] = [];
  for (const part of select.split(",").map((name) => name.trim())) {
    if (SINGLE_ONLY.has(part.toLowerCase())) return { kind: "single-only" };
    const name = BY_FOLDED.get(part.toLowerCase());
    if (name === undefined) return { kind: "unknown", name: part };
    if (!properties.includes(name)) properties.push(name);
  }
  return { kind: "ok", properties, context: `(${properties.join(",")})` };
}

/** The members of a user as JSON text without braces: pages of 999 are written directly, not by serialising objects. */
export function userMembers(tenant: Tenant, user: SandboxUser, properties: readonly string[]): string {
  let json = "";
  for (const property of properties) {
    const writer = WRITERS[property];
    if (writer) json += `${json === "" ? "" : ","}"${property}":${writer(user, tenant)}`;
  }
  return json;
}

function isoTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}
