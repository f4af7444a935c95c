import { SERVICE_APP_IDS, type AccessMode, type Permission, type PermissionService } from "../model/permissions.js";
import type { PublicCertificate } from "./certificate.js";

/** What the app registration is to be: the input of the scripts, the manifest, and the registration through Graph. */
export interface Registration {
  readonly displayName: string;
  readonly mode: AccessMode;
  readonly mail: boolean;
  readonly permissions: readonly Permission[];
  readonly certificate: PublicCertificate;
  /** GUID or domain; null: of whoever is signed in. */
  readonly tenantId: string | null;
  /** Origin of the login, for the consent address. */
  readonly login: string;
  /** Origin of Microsoft Graph. */
  readonly graph: string;
  /** Where there is an app registration already. */
  readonly clientId: string | null;
}

/** `requiredResourceAccess` of an application (learn.microsoft.com/graph/api/resources/requiredresourceaccess). */
export interface RequiredResourceAccess {
  readonly resourceAppId: string;
  readonly resourceAccess: readonly { readonly id: string; readonly type: "Role" }[];
}

export function requiredResourceAccess(permissions: readonly Permission[]): readonly RequiredResourceAccess[] {
  return servicesOf(permissions).map((service) => ({
    resourceAppId: SERVICE_APP_IDS[service],
    resourceAccess: permissions
      .filter((permission) => permission.service === service)
      .map(({ id }) => ({ id, type: "Role" as const })),
  }));
}

export function servicesOf(permissions: readonly Permission[]): readonly PermissionService[] {
  return [...new Set(permissions.map(({ service }) => service))];
}

/** One `keyCredential` for the certificate (learn.microsoft.com/graph/applications-how-to-add-certificate). */
export function keyCredential(certificate: PublicCertificate): Readonly<Record<string, string>> {
  return {
    type: "AsymmetricX509Cert",
    usage: "Verify",
    key: certificate.base64,
    displayName: `${certificate.subject} ${certificate.thumbprint.slice(0, 8)}`.slice(0, 90),
    startDateTime: certificate.notBefore.toISOString(),
    endDateTime: certificate.notAfter.toISOString(),
  };
}

/** The application as Graph takes it, and as the portal's manifest editor does. */
export function applicationBody(registration: Registration): object {
  return {
    displayName: registration.displayName,
    signInAudience: "AzureADMyOrg",
    requiredResourceAccess: requiredResourceAccess(registration.permissions),
    keyCredentials: [keyCredential(registration.certificate)],
  };
}

/** The page on which an administrator grants every permission at once (learn.microsoft.com/entra/identity-platform/v2-admin-consent). */
export function consentAddress({ login, tenantId, clientId }: Registration): string {
  const tenant = tenantId ?? "organizations";
  return `${login}/${tenant}/adminconsent?client_id=${clientId ?? "APPLICATION_ID"}`;
}
