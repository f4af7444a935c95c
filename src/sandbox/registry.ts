import { randomUUID } from "node:crypto";
import { SERVICE_RESOURCES, type ServiceResource } from "./app-roles.js";
import type { RoleSet } from "./audiences.js";
import type { AppRegistration } from "./tenant.js";

/** One certificate of an application. `key` is the DER in base64. */
export interface KeyCredential {
  readonly keyId: string;
  readonly type: string;
  readonly usage: string;
  readonly key: string;
  readonly displayName: string | null;
  /** SHA-1 thumbprint, base64. */
  readonly customKeyIdentifier: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
}

export interface RequiredAccess {
  readonly resourceAppId: string;
  readonly resourceAccess: readonly { readonly id: string; readonly type: string }[];
}

/** An application object of the directory. */
export interface Application {
  readonly id: string;
  readonly appId: string;
  displayName: string;
  readonly signInAudience: string;
  readonly createdDateTime: string;
  requiredResourceAccess: readonly RequiredAccess[];
  keyCredentials: readonly KeyCredential[];
}

/** A service principal: of an application of this tenant, or of a service of Microsoft's. */
export interface Principal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly resource: ServiceResource | null;
}

export interface RoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly resourceId: string;
  readonly appRoleId: string;
  readonly createdDateTime: string;
}

/** Applications, service principals and granted application permissions of a tenant. */
export interface Registry {
  readonly applications: Application[];
  readonly principals: Principal[];
  readonly assignments: RoleAssignment[];
  /** So many requests still find that the newest object is not known everywhere yet. */
  lag: number;
}

/** The registry of a fresh tenant: the seeded application with the roles it has, and the services' principals. */
export function createRegistry(app: AppRegistration, at: string): Registry {
  const registry: Registry = { applications: [], principals: [], assignments: [], lag: 0 };
  for (const resource of SERVICE_RESOURCES) {
    registry.principals.push({ id: randomUUID(), appId: resource.appId, displayName: resource.displayName, resource });
  }
  registry.applications.push({
    id: randomUUID(),
    appId: app.clientId,
    displayName: "photodrift sandbox application",
    signInAudience: "AzureADMyOrg",
    createdDateTime: at,
    requiredResourceAccess: [],
    keyCredentials: [],
  });
  registry.principals.push({
    id: randomUUID(),
    appId: app.clientId,
    displayName: "photodrift sandbox application",
    resource: null,
  });
  return registry;
}

/** Granted permissions of a principal. Those of the seeded application are what `sandbox set role.…` makes of them. */
export function assignmentsOf(
  registry: Registry,
  principal: Principal,
  app: AppRegistration,
): readonly RoleAssignment[] {
  if (principal.appId !== app.clientId)
    return registry.assignments.filter(({ principalId }) => principalId === principal.id);
  return registry.principals.flatMap(({ id: resourceId, resource }) =>
    resource === null
      ? []
      : app.roles[resource.roleSet].flatMap((value) => {
          const appRoleId = resource.appRoles[value];
          if (appRoleId === undefined) return [];
          const id = Buffer.from(`${principal.id}/${resourceId}/${appRoleId}`).toString("base64url");
          return [{ id, principalId: principal.id, resourceId, appRoleId, createdDateTime: "2026-01-01T00:00:00Z" }];
        }),
  );
}

/** What the login needs of an application that is installed in the tenant. */
export interface LoginApp {
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** DER or PEM of each certificate, with its last day as the directory has it. */
  readonly certificates: readonly { readonly certificate: string | Buffer; readonly endsAt: number }[];
  readonly rolesFor: (roleSet: RoleSet) => readonly string[];
}

/** Null for an application that the tenant does not know, or that has no service principal here. */
export function loginAppOf(registry: Registry, app: AppRegistration, clientId: string): LoginApp | null {
  const wanted = clientId.toLowerCase();
  const application = registry.applications.find(({ appId }) => appId === wanted);
  const principal = registry.principals.find(({ appId }) => appId === wanted);
  if (application === undefined || principal === undefined) return null;
  const isSeeded = app.clientId === application.appId;
  return {
    clientId: application.appId,
    clientSecret: isSeeded ? app.clientSecret : null,
    certificates: [
      ...(isSeeded ? [{ certificate: app.certificatePem, endsAt: Infinity }] : []),
      ...application.keyCredentials.map(({ key, endDateTime }) => ({
        certificate: Buffer.from(key, "base64"),
        endsAt: Date.parse(endDateTime),
      })),
    ],
    rolesFor: (roleSet) => (isSeeded ? app.roles[roleSet] : rolesOf(registry, principal, roleSet)),
  };
}

function rolesOf(registry: Registry, principal: Principal, roleSet: RoleSet): readonly string[] {
  const resource = registry.principals.find((one) => one.resource?.roleSet === roleSet);
  if (resource?.resource == null) return [];
  const granted = registry.assignments.filter(
    ({ principalId, resourceId }) => principalId === principal.id && resourceId === resource.id,
  );
  return Object.entries(resource.resource.appRoles)
    .filter(([, id]) => granted.some(({ appRoleId }) => appRoleId === id))
    .map(([value]) => value);
}
