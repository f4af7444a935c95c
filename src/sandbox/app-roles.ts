import type { RoleSet } from "./audiences.js";

/** A service principal of Microsoft's own in every tenant, with the application permissions it defines. */
export interface ServiceResource {
  readonly roleSet: RoleSet;
  readonly appId: string;
  readonly displayName: string;
  /** Value -> id. */
  readonly appRoles: Readonly<Record<string, string>>;
}

/**
 * Ids of app roles, the same in every tenant: Microsoft Graph as in microsoft-graph-devx-content permissions/permissions-descriptions.json
 * (application scopes), SharePoint as in pnp/powershell PermissionScopes.cs. Only roles that the sandbox knows how to honour, and those that
 * an administrator may grant by mistake.
 */
export const SERVICE_RESOURCES: readonly ServiceResource[] = [
  {
    roleSet: "graph",
    appId: "00000003-0000-0000-c000-000000000000",
    displayName: "Microsoft Graph",
    appRoles: {
      "Application.ReadWrite.All": "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
      "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
      "Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
      "Directory.ReadWrite.All": "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
      "Group.Read.All": "5b567255-7703-4780-807c-7be8301ae99b",
      "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
      "LicenseAssignment.Read.All": "e2f98668-2877-4f38-a2f4-8202e0717aa1",
      "Mail.Send": "b633e1c5-b582-4048-a93e-9f11b44c7e96",
      "MailboxSettings.Read": "40f97065-369a-49f4-947c-6a255697ae91",
      "Organization.Read.All": "498476ce-e0fe-48b0-b801-37ba7e2685c6",
      "PeopleSettings.Read.All": "ef02f2e7-e22d-4c77-8614-8f765683b86e",
      "ProfilePhoto.Read.All": "e24d31aa-e1ab-4c80-85fe-23018690335d",
      "ProfilePhoto.ReadWrite.All": "27baa7f6-5dfb-4ba8-b1d3-1e812c143013",
      "Sites.Read.All": "332a536c-c7ef-4017-ab91-336970924f0d",
      "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
      "User.ReadWrite.All": "741f803b-c850-494e-b5df-cde7c675a1ca",
    },
  },
  {
    roleSet: "sharepoint",
    appId: "00000003-0000-0ff1-ce00-000000000000",
    displayName: "Office 365 SharePoint Online",
    appRoles: {
      "Sites.FullControl.All": "678536fe-1083-478a-9c59-b99265e6b0d3",
      "Sites.Manage.All": "9bff6588-13f2-4c48-bbf2-ddab62256b36",
      "Sites.Read.All": "d13f72ca-a275-4b96-b789-48ebcc4da984",
      "Sites.ReadWrite.All": "fbcd29d2-fcca-4405-aded-518d457caae4",
      "TermStore.ReadWrite.All": "c8e3537c-ec53-43b9-bed3-b2bd3617ae97",
      "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
      "User.ReadWrite.All": "741f803b-c850-494e-b5df-cde7c675a1ca",
    },
  },
];
