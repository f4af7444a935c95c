/** Services whose application permissions photodrift asks for, by the key they have in the configuration. */
export type PermissionService = "graph" | "sharepoint";

/** Application ids of the services that grant permissions, the same in every tenant. */
export const SERVICE_APP_IDS: Readonly<Record<PermissionService, string>> = {
  graph: "00000003-0000-0000-c000-000000000000",
  sharepoint: "00000003-0000-0ff1-ce00-000000000000",
};

/** The services as people know them. */
export const SERVICE_NAMES: Readonly<Record<PermissionService, string>> = {
  graph: "Microsoft Graph",
  sharepoint: "SharePoint",
};

/** One application permission: an app role of a service. */
export interface Permission {
  readonly service: PermissionService;
  readonly name: string;
  /** GUID of the app role, the same in every tenant. */
  readonly id: string;
}

/** What the application registration may do: only look, or write too. */
export const ACCESS_MODES = ["audit", "apply"] as const;
/** What an app registration is for: reading only, or reading and writing. */
export type AccessMode = (typeof ACCESS_MODES)[number];

/** One thing a run does, with the permissions that allow it, the least first. */
export interface Need {
  readonly what: string;
  readonly service: PermissionService;
  /** Where the service looks the roles of the token up: profiles are read and written on the admin host. */
  readonly host: "graph" | "sharepointMy" | "sharepointAdmin";
  /** The permission that `photodrift setup` asks for. */
  readonly least: string;
  /** Others that allow it as well. */
  readonly also: readonly string[];
  /** `audit`: for reading; `apply`: for writing, which takes the place of the reading one; `mail`: for notices by mail. */
  readonly use: AccessMode | "mail";
  /** True where a run goes on without it, and says so. */
  readonly optional: boolean;
}

/**
 * The table of permissions by mode. Ids of Microsoft Graph: microsoft-graph-devx-content permissions/permissions-descriptions.json; ids of
 * SharePoint: pnp/powershell PermissionScopes.cs. The evidence of each need: learn.microsoft.com/graph/api pages profilephoto-get,
 * profilephoto-update, user-list, subscribedsku-list, group-list-members, peopleadminsettings-list-photoupdatesettings, user-sendmail; for
 * SharePoint's files and profiles facts/sharepoint.md 2.2 and 4.
 */
export const NEEDS: readonly Need[] = [
  graph("list users", "User.Read.All", ["User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]),
  graph("read licences", "LicenseAssignment.Read.All", [
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
  ]),
  graph("read photos", "ProfilePhoto.Read.All", ["ProfilePhoto.ReadWrite.All", "User.Read.All", "User.ReadWrite.All"]),
  {
    ...graph("read members of groups", "GroupMember.Read.All", [
      "Group.Read.All",
      "Group.ReadWrite.All",
      "Directory.Read.All",
      "Directory.ReadWrite.All",
    ]),
    optional: true,
  },
  {
    ...graph("read the photo policy", "PeopleSettings.Read.All", ["PeopleSettings.ReadWrite.All"]),
    optional: true,
  },
  sharePoint("read thumbnails", "sharepointMy", "Sites.Read.All", [
    "Sites.ReadWrite.All",
    "Sites.Manage.All",
    "Sites.FullControl.All",
    "Sites.Selected",
  ]),
  sharePoint("read profiles", "sharepointAdmin", "User.Read.All", ["User.ReadWrite.All"]),
  { ...graph("write photos", "ProfilePhoto.ReadWrite.All", ["User.ReadWrite.All"]), use: "apply" },
  {
    ...sharePoint("write thumbnails", "sharepointMy", "Sites.FullControl.All", [
      "Sites.ReadWrite.All",
      "Sites.Manage.All",
      "Sites.Selected",
    ]),
    use: "apply",
  },
  { ...sharePoint("write profiles", "sharepointAdmin", "User.ReadWrite.All", []), use: "apply" },
  { ...graph("send notices by mail", "Mail.Send", []), use: "mail" },
];

const IDS: Readonly<Record<PermissionService, Readonly<Record<string, string>>>> = {
  graph: {
    "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
    "LicenseAssignment.Read.All": "e2f98668-2877-4f38-a2f4-8202e0717aa1",
    "ProfilePhoto.Read.All": "e24d31aa-e1ab-4c80-85fe-23018690335d",
    "ProfilePhoto.ReadWrite.All": "27baa7f6-5dfb-4ba8-b1d3-1e812c143013",
    "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
    "PeopleSettings.Read.All": "ef02f2e7-e22d-4c77-8614-8f765683b86e",
    "Mail.Send": "b633e1c5-b582-4048-a93e-9f11b44c7e96",
  },
  sharepoint: {
    "Sites.Read.All": "d13f72ca-a275-4b96-b789-48ebcc4da984",
    "Sites.FullControl.All": "678536fe-1083-478a-9c59-b99265e6b0d3",
    "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
    "User.ReadWrite.All": "741f803b-c850-494e-b5df-cde7c675a1ca",
  },
};

function graph(what: string, least: string, also: readonly string[]): Need {
  return { what, service: "graph", host: "graph", least, also, use: "audit", optional: false };
}

function sharePoint(
  what: string,
  host: "sharepointMy" | "sharepointAdmin",
  least: string,
  also: readonly string[],
): Need {
  return { what, service: "sharepoint", host, least, also, use: "audit", optional: false };
}

/** The needs of a mode. @param mail whether notices go by mail */
export function needsOf(mode: AccessMode, mail: boolean): readonly Need[] {
  return NEEDS.filter(
    ({ use }) => use === "audit" || (use === "apply" && mode === "apply") || (use === "mail" && mail),
  );
}

/**
 * The least set of permissions for a mode, each once, in the order of the table; a writing permission replaces the reading one that it
 * contains.
 */
export function permissionsOf(mode: AccessMode, mail: boolean): readonly Permission[] {
  return restingNeeds(mode, mail).map(({ service, least }) => ({
    service,
    name: least,
    id: IDS[service][least] ?? "",
  }));
}

/** The needs of a mode without those that a writing one meets as well. */
function restingNeeds(mode: AccessMode, mail: boolean): readonly Need[] {
  const needs = needsOf(mode, mail);
  const written = needs.filter(({ use }) => use === "apply");
  return needs.filter(
    (need) =>
      need.use !== "audit" || !written.some(({ service, least }) => need.service === service && covers(need, least)),
  );
}

/** A granted role that is there in the place of a smaller one. */
interface Broader {
  readonly role: string;
  readonly least: string;
}

/** Granted roles of a service beyond the least set of a mode. */
interface RolesBeyond {
  /** Nothing of the mode rests on them. */
  readonly idle: readonly string[];
  /** Something rests on them for which the smaller one is not granted: taken out first, they leave a gap. */
  readonly broader: readonly Broader[];
}

/**
 * Roles that are as good as the one that they stand in for: Organization.Read.All was the least for licences before there was a smaller one, and
 * registrations of then stay right (learn.microsoft.com/graph/api/subscribedsku-list); Sites.Selected reaches the one site that it was granted for
 * (facts/sharepoint.md section 4).
 */
const NO_BROADER: Readonly<Record<string, readonly string[]>> = {
  "LicenseAssignment.Read.All": ["Organization.Read.All"],
  "Sites.Read.All": ["Sites.Selected"],
  "Sites.FullControl.All": ["Sites.ReadWrite.All", "Sites.Manage.All", "Sites.Selected"],
};

/** What of the roles of a service's token goes beyond the least set of a mode. */
export function rolesBeyond(
  service: PermissionService,
  roles: readonly string[],
  { mode, mail }: { readonly mode: AccessMode; readonly mail: boolean },
): RolesBeyond {
  const resting = new Set<string>();
  const broader = new Map<string, Broader>();
  for (const { least, also } of restingNeeds(mode, mail).filter((need) => need.service === service)) {
    const role = [least, ...also].find((one) => roles.includes(one));
    if (role === undefined) continue;
    resting.add(role);
    if (role !== least && NO_BROADER[least]?.includes(role) !== true) broader.set(role, { role, least });
  }
  const least = new Set(permissionsOf(mode, mail).flatMap((one) => (one.service === service ? [one.name] : [])));
  return {
    idle: roles.filter((role) => !resting.has(role)),
    broader: [...broader.values()].filter(({ role }) => !least.has(role)),
  };
}

/** True where the writing permission contains the reading one: `X.Read.All` in `X.ReadWrite.All` and `X.FullControl.All`. */
function covers(need: Need, written: string): boolean {
  return need.also.includes(written) && written.split(".")[0] === need.least.split(".")[0];
}

/** True where the roles allow what the need asks for. */
export function isMet(need: Need, roles: readonly string[]): boolean {
  return [need.least, ...need.also].some((name) => roles.includes(name));
}
