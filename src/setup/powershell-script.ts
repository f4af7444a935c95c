import { SERVICE_APP_IDS, SERVICE_NAMES } from "../model/permissions.js";
import { servicesOf, type Registration } from "./registration.js";

/** Names of the Microsoft Graph PowerShell environments by the host of Graph (Get-MgEnvironment). */
const ENVIRONMENTS: Readonly<Record<string, string>> = {
  "graph.microsoft.com": "Global",
  "graph.microsoft.us": "USGov",
  "dod-graph.microsoft.us": "USGovDoD",
  "microsoftgraph.chinacloudapi.cn": "China",
};

/**
 * `register-app.ps1`: the same as the shell script with the Microsoft Graph PowerShell SDK (modules Microsoft.Graph.Authentication and
 * Microsoft.Graph.Applications). Run twice it changes nothing more. Plain ASCII: Windows PowerShell 5 reads files without a mark as ANSI.
 */
export function powerShellScript(registration: Registration): string {
  const { permissions, tenantId, graph, mode, mail, certificate } = registration;
  const environment = ENVIRONMENTS[new URL(graph).hostname] ?? "Global";
  const lines = [
    "#Requires -Modules Microsoft.Graph.Authentication, Microsoft.Graph.Applications",
    `# Registers photodrift in Microsoft Entra ID for ${mode}${mail ? " and notices by mail" : ""}. Needs an administrator who may register`,
    "# applications and grant application permissions: Privileged Role Administrator, or Global Administrator.",
    "# It can be run again: an application of the same name is brought to this state, its other certificates stay.",
    "# Once, where the modules are missing: Install-Module Microsoft.Graph.Applications -Scope CurrentUser",
    "Set-StrictMode -Version Latest",
    "$ErrorActionPreference = 'Stop'",
    "",
    `$name = ${quoted(registration.displayName)}`,
    `$clientId = ${quoted(registration.clientId ?? "")}`,
    "# Application permissions by service.",
    "$permissions = @{",
    ...servicesOf(permissions).flatMap((service) => [
      `  ${quoted(SERVICE_APP_IDS[service])} = @( # ${SERVICE_NAMES[service]}`,
      ...permissions
        .filter((permission) => permission.service === service)
        .map(({ id, name }) => `    ${quoted(id)} # ${name}`),
      "  )",
    ]),
    "}",
    `$certificate = [System.Convert]::FromBase64String(${quoted(certificate.base64)})`,
    `$thumbprint = ${quoted(certificate.thumbprint)}`,
    "",
    `Connect-MgGraph -Environment ${quoted(environment)}${tenantId === null ? "" : ` -TenantId ${quoted(tenantId)}`} -Scopes 'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All' -NoWelcome`,
    "",
    "$access = @($permissions.Keys | ForEach-Object {",
    "  @{",
    "    ResourceAppId  = $_",
    "    ResourceAccess = @($permissions[$_] | ForEach-Object { @{ Id = $_; Type = 'Role' } })",
    "  }",
    "})",
    "$key = @{",
    "  Type        = 'AsymmetricX509Cert'",
    "  Usage       = 'Verify'",
    "  Key         = $certificate",
    `  DisplayName = ${quoted(`${certificate.subject} ${certificate.thumbprint.slice(0, 8)}`.slice(0, 90))}`,
    "}",
    "",
    "if ($clientId) { $filter = \"appId eq '$clientId'\" } else { $filter = \"displayName eq '$name'\" }",
    "$app = Get-MgApplication -Filter $filter -Top 1",
    "if (-not $app) {",
    "  $app = New-MgApplication -DisplayName $name -SignInAudience 'AzureADMyOrg' -RequiredResourceAccess $access -KeyCredentials @($key)",
    "} else {",
    "  $keys = @((Get-MgApplication -ApplicationId $app.Id -Property 'keyCredentials').KeyCredentials)",
    "  $known = @($keys | Where-Object { $_.CustomKeyIdentifier -and [System.BitConverter]::ToString($_.CustomKeyIdentifier).Replace('-', '') -eq $thumbprint })",
    "  if ($known.Count -eq 0) { $keys = $keys + @($key) }",
    "  Update-MgApplication -ApplicationId $app.Id -RequiredResourceAccess $access -KeyCredentials $keys",
    "}",
    "",
    "$principal = Get-MgServicePrincipal -Filter \"appId eq '$($app.AppId)'\" -Top 1",
    "if (-not $principal) { $principal = New-MgServicePrincipal -AppId $app.AppId }",
    "$granted = @(Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id -All)",
    "foreach ($resourceAppId in $permissions.Keys) {",
    "  $resource = Get-MgServicePrincipal -Filter \"appId eq '$resourceAppId'\" -Top 1",
    "  foreach ($roleId in $permissions[$resourceAppId]) {",
    "    $there = @($granted | Where-Object { $_.ResourceId -eq $resource.Id -and $_.AppRoleId -eq $roleId })",
    "    if ($there.Count -gt 0) { continue }",
    "    New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id -PrincipalId $principal.Id -ResourceId $resource.Id -AppRoleId $roleId | Out-Null",
    "  }",
    "}",
    "",
    'Write-Output "Next: photodrift setup --client-id $($app.AppId)"',
    "",
  ];
  return lines.join("\r\n");
}

/** A literal string of PowerShell in plain ASCII. */
function quoted(text: string): string {
  const ascii = text.replace(/[^\x20-\x7e]/g, "?");
  return `'${ascii.replaceAll("'", "''")}'`;
}
