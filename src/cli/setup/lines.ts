import { relative } from "node:path";
import { SERVICE_NAMES } from "../../model/permissions.js";
import { consentAddress, type Registration, type RegistrationPlan } from "../../setup/index.js";
import type { SetupCertificate } from "./certificate.js";

export function certificateLines({ certificate, path, isNew }: SetupCertificate): string {
  const until = certificate.notAfter.toISOString().slice(0, 10);
  return [
    `Certificate  ${relative(".", path)} (${isNew ? "new, with its key, readable by you only" : "taken over"}), until ${until}`,
    `             thumbprint ${certificate.thumbprint}`,
    "",
  ].join("\n");
}

export function permissionLines({ permissions, mode, mail }: Registration): string {
  const rows = permissions.map(
    ({ service, name, id }) => `  ${SERVICE_NAMES[service].padEnd(16)}${name.padEnd(27)}${id}`,
  );
  return [`Permissions  for ${mode}${mail ? " and notices by mail" : ""}, all of kind application:`, ...rows, ""].join(
    "\n",
  );
}

export function planLines(plan: RegistrationPlan, { tenantId }: Registration): string {
  const where = tenantId === null ? "In the tenant" : `In the tenant ${tenantId}`;
  const rows = plan.steps.map(({ words }) => `  + ${words}`);
  const head = rows.length === 0 ? `${where} everything is registered and granted.` : `${where}:`;
  const more = plan.superfluous.length;
  const left =
    more === 0 ? [] : [`  = left as granted: ${more} more than this mode needs (photodrift doctor names them)`];
  return ["", head, ...rows, ...left, ""].join("\n");
}

/** What the administrator does by hand, where nobody is signed in here. */
export function manualLines(registration: Registration): string {
  return [
    "",
    "Next, as an administrator, one of",
    "  bash setup/register-app.sh              with the Azure CLI",
    "  pwsh setup/register-app.ps1             with Microsoft Graph PowerShell",
    "  photodrift setup --yes                  signed in with `az login`, or with a token in PHOTODRIFT_ADMIN_TOKEN",
    "or by hand at https://entra.microsoft.com, App registrations:",
    `  1. New registration "${registration.displayName}", accounts in this directory only`,
    "  2. Certificates & secrets, Certificates: upload setup/photodrift.cer",
    "  3. API permissions, Application permissions: those listed above (setup/manifest.json has them with their ids)",
    "  4. Grant admin consent, there or at",
    `     ${consentAddress(registration)}`,
    "Then: photodrift setup --client-id APPLICATION_ID",
    "",
  ].join("\n");
}
