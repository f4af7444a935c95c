import { SERVICE_APP_IDS, SERVICE_NAMES } from "../model/permissions.js";
import { requiredResourceAccess, servicesOf, type Registration } from "./registration.js";

/**
 * `register-app.sh`: makes or renews the app registration with the Azure CLI, and grants its permissions. Run twice it changes nothing more.
 * Commands: learn.microsoft.com/cli/azure/ad/app, /ad/sp, and `az rest` for the app role assignments.
 */
export function shellScript(registration: Registration): string {
  const { permissions, tenantId, graph, mode, mail } = registration;
  const access = JSON.stringify(requiredResourceAccess(permissions));
  const lines = [
    "#!/usr/bin/env bash",
    `# Registers photodrift in Microsoft Entra ID for ${mode}${mail ? " and notices by mail" : ""}. Needs the Azure CLI (az), and an administrator who`,
    "# may register applications and grant application permissions: Privileged Role Administrator, or Global Administrator.",
    "# It can be run again: an application of the same name is brought to this state, its other certificates stay.",
    "set -euo pipefail",
    "",
    `NAME=${quoted(registration.displayName)}`,
    `GRAPH=${quoted(graph)}`,
    `CLIENT_ID=${quoted(registration.clientId ?? "")}`,
    "# Application permissions:",
    ...permissions.map(({ service, name, id }) => `#   ${id}  ${name} of ${SERVICE_NAMES[service]}`),
    `ACCESS=${quoted(access)}`,
    "",
    "CERTIFICATE=$(mktemp)",
    "trap 'rm -f \"$CERTIFICATE\"' EXIT",
    "cat >\"$CERTIFICATE\" <<'CERTIFICATE_END'",
    registration.certificate.pem.trimEnd(),
    "CERTIFICATE_END",
    "",
    `az account show >/dev/null 2>&1 || az login --allow-no-subscriptions${tenantId === null ? "" : ` --tenant ${quoted(tenantId)}`} >/dev/null`,
    "",
    'if [ -z "$CLIENT_ID" ]; then',
    "  CLIENT_ID=$(az ad app list --filter \"displayName eq '$NAME'\" --query '[0].appId' --output tsv)",
    "fi",
    'if [ -z "$CLIENT_ID" ]; then',
    '  CLIENT_ID=$(az ad app create --display-name "$NAME" --sign-in-audience AzureADMyOrg --query appId --output tsv)',
    "fi",
    'az ad app update --id "$CLIENT_ID" --required-resource-accesses "$ACCESS"',
    'KNOWN=$(az ad app credential list --id "$CLIENT_ID" --cert --query "[].customKeyIdentifier" --output tsv)',
    `case "$KNOWN" in`,
    `  *${registration.certificate.thumbprint}*) echo "the certificate is there already" ;;`,
    '  *) az ad app credential reset --id "$CLIENT_ID" --cert "@$CERTIFICATE" --append >/dev/null ;;',
    "esac",
    'az ad sp show --id "$CLIENT_ID" >/dev/null 2>&1 || az ad sp create --id "$CLIENT_ID" >/dev/null',
    'PRINCIPAL=$(az ad sp show --id "$CLIENT_ID" --query id --output tsv)',
    "",
    "# Grants one application permission, unless it is granted already. grant RESOURCE_ID ROLE_ID NAME",
    "grant() {",
    "  local granted",
    '  granted=$(az rest --method GET --url "$GRAPH/v1.0/servicePrincipals/$PRINCIPAL/appRoleAssignments" \\',
    "    --query \"value[?resourceId=='$1' && appRoleId=='$2'].id | [0]\" --output tsv)",
    '  if [ -n "$granted" ]; then echo "granted already: $3"; return; fi',
    '  az rest --method POST --url "$GRAPH/v1.0/servicePrincipals/$PRINCIPAL/appRoleAssignments" \\',
    '    --headers "Content-Type=application/json" \\',
    '    --body "{\\"principalId\\":\\"$PRINCIPAL\\",\\"resourceId\\":\\"$1\\",\\"appRoleId\\":\\"$2\\"}" >/dev/null',
    '  echo "granted: $3"',
    "}",
    "",
    ...servicesOf(permissions).flatMap((service) => [
      `RESOURCE=$(az ad sp show --id ${SERVICE_APP_IDS[service]} --query id --output tsv)`,
      ...permissions
        .filter((permission) => permission.service === service)
        .map(({ id, name }) => `grant "$RESOURCE" ${id} ${quoted(`${name} of ${SERVICE_NAMES[service]}`)}`),
    ]),
    "",
    "echo",
    'echo "Next: photodrift setup --client-id $CLIENT_ID"',
    "",
  ];
  return lines.join("\n");
}

/** A word of the shell that stands for itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
