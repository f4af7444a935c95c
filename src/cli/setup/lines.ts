import { dirname, join, relative } from "node:path";
import { SERVICE_NAMES } from "../../model/permissions.js";
import { consentAddress, type Registration, type RegistrationPlan } from "../../setup/index.js";
import { pathToType, withConfig } from "../line/command-to-type.js";
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

/** Where the files lie, and what was typed to make them: for what is to be typed next. */
export interface SetupPlaces {
  /** The configuration file, absolute; the files are beside it. */
  readonly configPath: string;
  /** Flags of `setup` that have to be there the next time as well. */
  readonly flags: readonly string[];
}

/** `photodrift setup` as it was typed, with more flags. */
export function setupAgain({ configPath, flags }: SetupPlaces, ...more: readonly string[]): string {
  return withConfig(configPath, "setup", ...more, ...flags);
}

/** What the administrator does by hand, where nobody is signed in here. */
export function manualLines(registration: Registration, places: SetupPlaces): string {
  const file = (name: string): string => pathToType(join(dirname(places.configPath), "setup", name));
  const ways: readonly (readonly [line: string, what: string])[] = [
    [`bash ${file("register-app.sh")}`, "with the Azure CLI"],
    [`pwsh ${file("register-app.ps1")}`, "with Microsoft Graph PowerShell"],
    [setupAgain(places, "--yes"), "signed in with `az login`, or with a token in PHOTODRIFT_ADMIN_TOKEN"],
  ];
  return [
    "",
    "Next, as an administrator, one of",
    ...ways.map(([line, what]) => `  ${line.padEnd(38)}  ${what}`),
    "or by hand at https://entra.microsoft.com, App registrations:",
    `  1. New registration "${registration.displayName}", accounts in this directory only`,
    `  2. Certificates & secrets, Certificates: upload ${file("photodrift.cer")}`,
    `  3. API permissions, Application permissions: those listed above (${file("manifest.json")} has them with their ids)`,
    "  4. Grant admin consent, there or at",
    `     ${consentAddress(registration)}`,
    `Then: ${setupAgain(places, "--client-id", "APPLICATION_ID")}`,
    "",
  ].join("\n");
}
