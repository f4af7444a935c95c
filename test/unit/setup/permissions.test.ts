import { describe, expect, it } from "vitest";
import {
  ACCESS_MODES,
  isMet,
  NEEDS,
  needsOf,
  permissionsOf,
  rolesBeyond,
  SERVICE_APP_IDS,
} from "../../../src/model/permissions.js";

/**
 * Ids written down a second time, by hand, from the sources: Microsoft Graph from microsoftgraph/microsoft-graph-devx-content
 * permissions/permissions-descriptions.json (applicationScopesList, commit 6cbd6bbd, 2026-08-07) and learn.microsoft.com/graph/permissions-reference;
 * SharePoint Online from pnp/powershell src/Commands/Base/PermissionScopes.cs.
 */
const CITED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "00000003-0000-0000-c000-000000000000": {
    "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
    "LicenseAssignment.Read.All": "e2f98668-2877-4f38-a2f4-8202e0717aa1",
    "ProfilePhoto.Read.All": "e24d31aa-e1ab-4c80-85fe-23018690335d",
    "ProfilePhoto.ReadWrite.All": "27baa7f6-5dfb-4ba8-b1d3-1e812c143013",
    "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
    "PeopleSettings.Read.All": "ef02f2e7-e22d-4c77-8614-8f765683b86e",
    "Mail.Send": "b633e1c5-b582-4048-a93e-9f11b44c7e96",
  },
  "00000003-0000-0ff1-ce00-000000000000": {
    "Sites.Read.All": "d13f72ca-a275-4b96-b789-48ebcc4da984",
    "Sites.FullControl.All": "678536fe-1083-478a-9c59-b99265e6b0d3",
    "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
    "User.ReadWrite.All": "741f803b-c850-494e-b5df-cde7c675a1ca",
  },
};

const words = (mode: "audit" | "apply", mail: boolean) =>
  permissionsOf(mode, mail).map(({ service, name }) => `${service}/${name}`);

describe("permissions by mode", () => {
  it("audit reads, apply replaces what its writing permissions contain, mail adds one", () => {
    expect(words("audit", false)).toEqual([
      "graph/User.Read.All",
      "graph/LicenseAssignment.Read.All",
      "graph/ProfilePhoto.Read.All",
      "graph/GroupMember.Read.All",
      "graph/PeopleSettings.Read.All",
      "sharepoint/Sites.Read.All",
      "sharepoint/User.Read.All",
    ]);
    expect(words("apply", true)).toEqual([
      "graph/User.Read.All",
      "graph/LicenseAssignment.Read.All",
      "graph/GroupMember.Read.All",
      "graph/PeopleSettings.Read.All",
      "graph/ProfilePhoto.ReadWrite.All",
      "sharepoint/Sites.FullControl.All",
      "sharepoint/User.ReadWrite.All",
      "graph/Mail.Send",
    ]);
  });

  it("an audit that sends notices by mail reads all that one reads, and sends mail", () => {
    expect(words("audit", true)).toEqual([...words("audit", false), "graph/Mail.Send"]);
    expect(words("apply", false)).toEqual(words("apply", true).filter((word) => word !== "graph/Mail.Send"));
    expect(needsOf("audit", false).some(({ use }) => use !== "audit")).toBe(false);
    expect(needsOf("apply", true)).toEqual(NEEDS);
  });

  it("audit asks for nothing that writes", () => {
    expect(words("audit", false).filter((word) => /Write|FullControl|Manage|Send/.test(word))).toEqual([]);
  });

  it.each(ACCESS_MODES.flatMap((mode) => [[mode, false] as const, [mode, true] as const]))(
    "%s (mail %s): every id is the cited one, and the set meets every need of the mode",
    (mode, mail) => {
      const permissions = permissionsOf(mode, mail);
      for (const { service, name, id } of permissions) expect(id).toBe(CITED[SERVICE_APP_IDS[service]]?.[name]);
      for (const need of needsOf(mode, mail)) {
        const roles = permissions.filter(({ service }) => service === need.service).map(({ name }) => name);
        expect([need.what, isMet(need, roles)]).toEqual([need.what, true]);
      }
      // The least set: without any one of them some need of the mode stays open.
      for (const left of permissions) {
        const rest = permissions.filter((one) => one !== left);
        const open = needsOf(mode, mail).filter(
          (need) =>
            !isMet(
              need,
              rest.filter(({ service }) => service === need.service).map(({ name }) => name),
            ),
        );
        // Photos can be read with User.Read.All too (profilephoto-get names it as the higher permission).
        if (left.name !== "ProfilePhoto.Read.All") expect([left.name, open.length > 0]).toEqual([left.name, true]);
      }
    },
  );

  it("each need is told once", () => {
    expect(new Set(NEEDS.map(({ what }) => what)).size).toBe(NEEDS.length);
  });

  // Stand-ins that are no excess: learn.microsoft.com/graph/api/subscribedsku-list names LicenseAssignment.Read.All as the least now; Sites.Selected
  // and Sites.ReadWrite.All: facts/sharepoint.md section 4.
  it.each<{
    service: "graph" | "sharepoint";
    mode: "audit" | "apply";
    roles: string[];
    idle: string[];
    broader: string[];
  }>([
    { service: "graph", mode: "audit", roles: ["LicenseAssignment.Read.All", "User.Read.All"], idle: [], broader: [] },
    { service: "graph", mode: "audit", roles: ["Organization.Read.All", "User.Read.All"], idle: [], broader: [] },
    {
      service: "graph",
      mode: "audit",
      roles: ["LicenseAssignment.Read.All", "Organization.Read.All"],
      idle: ["Organization.Read.All"],
      broader: [],
    },
    {
      service: "graph",
      mode: "audit",
      roles: ["Directory.Read.All"],
      idle: [],
      broader: ["Directory.Read.All"],
    },
    {
      service: "graph",
      mode: "audit",
      roles: ["Directory.Read.All", "User.Read.All", "Organization.Read.All", "GroupMember.Read.All"],
      idle: ["Directory.Read.All"],
      broader: [],
    },
    { service: "graph", mode: "audit", roles: ["User.Read.All", "Mail.Send"], idle: ["Mail.Send"], broader: [] },
    { service: "sharepoint", mode: "apply", roles: ["Sites.Selected", "User.ReadWrite.All"], idle: [], broader: [] },
    { service: "sharepoint", mode: "apply", roles: ["Sites.ReadWrite.All"], idle: [], broader: [] },
    {
      service: "sharepoint",
      mode: "audit",
      roles: ["Sites.ReadWrite.All"],
      idle: [],
      broader: ["Sites.ReadWrite.All"],
    },
    { service: "sharepoint", mode: "audit", roles: ["Sites.Selected", "User.Read.All"], idle: [], broader: [] },
    { service: "sharepoint", mode: "audit", roles: ["TermStore.Read.All"], idle: ["TermStore.Read.All"], broader: [] },
  ])("$mode with $roles of $service: nothing rests on $idle", ({ service, mode, roles, idle, broader }) => {
    const beyond = rolesBeyond(service, roles, { mode, mail: false });
    expect(beyond.idle).toEqual(idle);
    expect(beyond.broader.map(({ role }) => role)).toEqual(broader);
    // Whoever takes out what is idle loses nothing.
    const rest = roles.filter((role) => !beyond.idle.includes(role));
    for (const need of needsOf(mode, false).filter((one) => one.service === service))
      expect([need.what, isMet(need, rest)]).toEqual([need.what, isMet(need, roles)]);
  });
});
