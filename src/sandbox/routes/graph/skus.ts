import type { SandboxResponse } from "../../http.js";
import { jsonResponse } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import { hasRole, rootOf, type GraphCall } from "./call.js";
import * as errors from "./errors.js";

/** `GET /subscribedSkus`: the only way from a licence to its service plans. */
export function subscribedSkus(state: SandboxState, call: GraphCall): SandboxResponse {
  const roles = ["LicenseAssignment.Read.All", "Organization.Read.All", "Organization.ReadWrite.All"];
  if (!hasRole(call, ...roles, "Directory.Read.All", "Directory.ReadWrite.All")) {
    return errors.insufficientPrivileges(state);
  }
  const { tenant } = state;
  const consumed = new Map<string, number>();
  for (const user of tenant.users.values()) {
    for (const { skuId } of user.assignedLicenses) consumed.set(skuId, (consumed.get(skuId) ?? 0) + 1);
  }
  return jsonResponse(200, {
    "@odata.context": `${rootOf(call)}/$metadata#subscribedSkus`,
    value: tenant.skus.map((sku) => ({
      accountName: tenant.name,
      accountId: tenant.id,
      appliesTo: "User",
      capabilityStatus: "Enabled",
      consumedUnits: consumed.get(sku.skuId) ?? 0,
      id: `${tenant.id}_${sku.skuId}`,
      skuId: sku.skuId,
      skuPartNumber: sku.skuPartNumber,
      subscriptionIds: [],
      prepaidUnits: { enabled: (consumed.get(sku.skuId) ?? 0) + 25, suspended: 0, warning: 0, lockedOut: 0 },
      servicePlans: sku.plans.map((plan) => ({
        servicePlanId: plan.id,
        servicePlanName: plan.name,
        provisioningStatus: "Success",
        appliesTo: "User",
      })),
    })),
  });
}

/** `GET /organization` */
export function organization(state: SandboxState, call: GraphCall): SandboxResponse {
  const roles = ["Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "User.Read.All"];
  if (!hasRole(call, ...roles)) return errors.insufficientPrivileges(state);
  const { tenant } = state;
  const initial = `${tenant.name}.onmicrosoft.com`;
  const domains = [...new Set([tenant.domain, initial])];
  return jsonResponse(200, {
    "@odata.context": `${rootOf(call)}/$metadata#organization`,
    value: [
      {
        id: tenant.id,
        displayName: tenant.name,
        tenantType: "AAD",
        verifiedDomains: domains.map((name) => ({
          capabilities: "Email, OfficeCommunicationsOnline",
          isDefault: name === tenant.domain,
          isInitial: name === initial,
          name,
          type: "Managed",
        })),
      },
    ],
  });
}
