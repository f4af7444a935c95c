import type { SandboxResponse } from "../../http.js";
import type { SandboxProfile, SandboxUser, Tenant } from "../../tenant.js";
import {
  accessDenied,
  badRequest,
  profileAccessDenied,
  propertyNotEditable,
  propertyNotFound,
  unknownProfile,
  wrongSiteForProfile,
} from "./errors.js";
import { parseBody } from "./lists.js";
import { argument, type Call, type Segment } from "./odata.js";
import { mayReadProfiles, mayWriteProfiles } from "./permissions.js";
import { PROFILE_KEYS, profileValues } from "./profile-values.js";
import { entityReply, odataNull, valueReply, type Entity } from "./replies.js";

const CLAIM = "i:0#.f|membership|";

/** The user an account name stands for, in any case; undefined when there is no profile. */
function findProfile(
  tenant: Tenant,
  account: string,
): { readonly user: SandboxUser; readonly profile: SandboxProfile } | undefined {
  const name = account.toLowerCase();
  if (!name.startsWith(CLAIM)) return undefined;
  const user = tenant.users.get(tenant.byUpn.get(name.slice(CLAIM.length)) ?? "");
  if (user?.profile == null || user.deletedAt !== null) return undefined;
  return { user, profile: user.profile };
}

/** What PersonProperties shows: null while the placeholder state is 1, else PictureURL with the timestamp (facts/sharepoint.md section 0). */
function shownPicture(profile: SandboxProfile): string | null {
  if (profile.pictureUrl === "" || profile.placeholderState === "1") return null;
  return profile.timestamp === "" ? profile.pictureUrl : `${profile.pictureUrl}?t=${profile.timestamp}`;
}

function personEntity(tenant: Tenant, user: SandboxUser, profile: SandboxProfile): Entity {
  const my = `https://${tenant.name}-my.sharepoint.com`;
  return {
    type: "SP.UserProfiles.PersonProperties",
    path: `SP.UserProfiles.PeopleManager/GetPropertiesFor(accountName=@v)?@v='${encodeURIComponent(profile.accountName)}'`,
    properties: {
      AccountName: profile.accountName,
      DirectReports: [],
      DisplayName: user.displayName,
      Email: user.mail ?? "",
      ExtendedManagers: [],
      ExtendedReports: [profile.accountName],
      IsFollowed: false,
      LatestPost: null,
      Peers: [],
      PersonalSiteHostUrl: `${my}:443/`,
      PersonalUrl: `${my}/personal/${user.upn.toLowerCase().replace(/[@.]/g, "_")}/`,
      PictureUrl: shownPicture(profile),
      Title: null,
      UserProfileProperties: profileValues(tenant, user, profile),
      UserUrl: `${my}:443/Person.aspx?accountname=${encodeURIComponent(profile.accountName)}`,
    },
  };
}

/** `sp.userprofiles.peoplemanager/…` */
export async function profileRoute(
  tenant: Tenant,
  call: Call,
  segments: readonly Segment[],
): Promise<SandboxResponse | null> {
  const [first, next] = segments;
  if (first === undefined || segments.length > 2) return null;
  if (call.method === "GET" && first.name === "getpropertiesfor") return readProfile(tenant, call, first, next);
  if (call.method === "GET" && first.name === "getuserprofilepropertyfor" && next === undefined)
    return readProperty(tenant, call, first);
  if (call.method !== "POST" || next !== undefined) return null;
  if (first.name === "setsinglevalueprofileproperty") return writeProperty(tenant, call);
  return null;
}

async function readProfile(
  tenant: Tenant,
  call: Call,
  segment: Segment,
  next: Segment | undefined,
): Promise<SandboxResponse | null> {
  if (!mayReadProfiles(call)) return profileAccessDenied(call);
  const account = argument(segment, "accountname");
  if (account === undefined || account === "") return badRequest(call, "The parameter accountName is missing.");
  const found = findProfile(tenant, account);
  // CSOM shows a null object for an unknown user (pnp/powershell PR 3891); REST's form of it is inferred.
  if (found === undefined) return odataNull(call, "GetPropertiesFor");
  const entity = personEntity(tenant, found.user, found.profile);
  if (next === undefined) return entityReply(call, entity);
  const name = Object.keys(entity.properties).find((key) => key.toLowerCase() === next.name);
  return name === undefined ? null : valueReply(call, name, entity.properties[name], "Edm.String");
}

async function readProperty(tenant: Tenant, call: Call, segment: Segment): Promise<SandboxResponse> {
  if (!mayReadProfiles(call)) return profileAccessDenied(call);
  const account = namedOrAt(segment, "accountname", 0);
  const property = namedOrAt(segment, "propertyname", 1);
  const found = findProfile(tenant, account);
  if (found === undefined) return odataNull(call, "GetUserProfilePropertyFor");
  // Names are case-sensitive here (pnpjs documentation).
  const row = profileValues(tenant, found.user, found.profile).find(({ Key }) => Key === property);
  if (row === undefined) return propertyNotFound(call, property);
  return valueReply(call, "GetUserProfilePropertyFor", row.Value, "Edm.String");
}

/** An argument by its name, or else by its place; "" without. */
function namedOrAt({ args }: Segment, name: string, place: number): string {
  const given = args ?? [];
  return (given.find((one) => one.name === name) ?? given[place])?.value ?? "";
}

interface WriteBody {
  readonly accountName?: unknown;
  readonly propertyName?: unknown;
  readonly propertyValue?: unknown;
}

/** Profiles of other users are written on the admin site (or the root site, as CLI for Microsoft 365 does), not on the My Site host. */
function writeProperty(tenant: Tenant, call: Call): SandboxResponse | null {
  if (!mayReadProfiles(call)) return profileAccessDenied(call);
  if (!mayWriteProfiles(call)) return accessDenied(call);
  if (call.request.host === "sharepointMy") return wrongSiteForProfile(call);
  const { accountName, propertyName, propertyValue } = (parseBody(call) ?? {}) as WriteBody;
  if (typeof accountName !== "string" || typeof propertyName !== "string" || typeof propertyValue !== "string")
    return badRequest(call, "The parameters accountName, propertyName and propertyValue are needed.");
  const found = findProfile(tenant, accountName);
  if (found === undefined) return unknownProfile(call, accountName);
  if (FIXED.includes(propertyName)) return propertyNotEditable(call);
  const member = WRITABLE.get(propertyName);
  if (member === undefined) return PROFILE_KEYS.includes(propertyName) ? null : propertyNotFound(call, propertyName);
  found.profile[member] = propertyValue;
  return odataNull(call, "SetSingleValueProfileProperty");
}

const FIXED = ["AccountName", "UserProfile_GUID", "SID"];

/** Properties that the sandbox keeps, and where. */
const WRITABLE: ReadonlyMap<string, "pictureUrl" | "placeholderState" | "exchangeSyncState" | "timestamp"> = new Map([
  ["PictureURL", "pictureUrl"],
  ["SPS-PicturePlaceholderState", "placeholderState"],
  ["SPS-PictureExchangeSyncState", "exchangeSyncState"],
  ["SPS-PictureTimestamp", "timestamp"],
] as const);
