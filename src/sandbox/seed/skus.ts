import type { SandboxUser, Tenant } from "../tenant.js";

/**
 * Real product and service plan GUIDs (facts/graph-entra-exchange.md section 3.3, from Microsoft's "Product names and service plan
 * identifiers for licensing"). EXCHANGE_S_FOUNDATION is in many products and is no mailbox: the trap for readers that go by name.
 */
const PLANS = {
  EXCHANGE_S_ENTERPRISE: ["efb87545-963c-4e0d-99df-69c6916d9eb0", "exchange"],
  EXCHANGE_S_STANDARD: ["9aaf7827-d63c-4b61-89c3-182f06f82e5c", "exchange"],
  EXCHANGE_S_FOUNDATION: ["113feb6c-3fe4-4440-bddc-54d774bf0318", "exchange"],
  SHAREPOINTENTERPRISE: ["5dbe027f-2339-4123-9542-606e4d348a72", "SharePoint"],
  SHAREPOINTSTANDARD: ["c7699d2e-19aa-44de-8edf-1736da088ca1", "SharePoint"],
  SHAREPOINTDESKLESS: ["902b47e5-dcb2-4fdc-858b-c63a90a2bdb9", "SharePoint"],
  SHAREPOINTWAC: ["e95bec33-7c88-4a70-8e19-b10bd9d0c014", "MicrosoftOffice"],
  TEAMS1: ["57ff2da0-773e-42df-b2af-ffb7a2317929", "TeamspaceAPI"],
  FLOW_P2_VIRAL: ["50e68c76-46c6-4674-81f9-75456511b170", "ProcessSimple"],
} as const;

function sku(skuId: string, skuPartNumber: string, names: readonly (keyof typeof PLANS)[]): Tenant["skus"][number] {
  return { skuId, skuPartNumber, plans: names.map((name) => ({ id: PLANS[name][0], name, service: PLANS[name][1] })) };
}

const E3 = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const BUSINESS = "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46";
const FRONTLINE = "44575883-256e-4a79-9da4-ebe9acabe2b2";
const SHAREPOINT_1 = "1fc08a02-8b3d-43b9-831e-f76859e04e1a";
const EXCHANGE_1 = "4b9405b0-7788-4568-add1-99614e613b69";
const FLOW_FREE = "f30db892-07e9-47e9-837c-80727f46fd3d";

export function subscribedSkus(): Tenant["skus"] {
  return [
    sku(E3, "SPE_E3", ["EXCHANGE_S_ENTERPRISE", "SHAREPOINTENTERPRISE", "SHAREPOINTWAC", "TEAMS1"]),
    sku(BUSINESS, "SPB", ["EXCHANGE_S_STANDARD", "SHAREPOINTSTANDARD", "SHAREPOINTWAC", "TEAMS1"]),
    sku(FRONTLINE, "M365_F1", ["EXCHANGE_S_FOUNDATION", "SHAREPOINTDESKLESS", "TEAMS1"]),
    sku(SHAREPOINT_1, "SHAREPOINTSTANDARD", ["EXCHANGE_S_FOUNDATION", "SHAREPOINTSTANDARD"]),
    sku(EXCHANGE_1, "EXCHANGESTANDARD", ["EXCHANGE_S_STANDARD"]),
    sku(FLOW_FREE, "FLOW_FREE", ["EXCHANGE_S_FOUNDATION", "FLOW_P2_VIRAL"]),
  ];
}

/** What a user may use: both services, one of them, or neither. */
export type Licence = "full" | "sharepoint" | "exchange" | "none";

/** Licences that amount to `licence`, in one of the ways that occur in tenants; `variant` chooses among them. */
export function licencesFor(licence: Licence, variant: number): SandboxUser["assignedLicenses"] {
  if (licence === "full")
    return variant % 3 === 0 ? [{ skuId: BUSINESS, disabledPlans: [] }] : [{ skuId: E3, disabledPlans: [] }];
  if (licence === "exchange") return [{ skuId: EXCHANGE_1, disabledPlans: [] }];
  if (licence === "none") return variant % 2 === 0 ? [] : [{ skuId: FLOW_FREE, disabledPlans: [] }];
  if (variant % 3 === 0) return [{ skuId: E3, disabledPlans: [PLANS.EXCHANGE_S_ENTERPRISE[0]] }];
  return [{ skuId: variant % 3 === 1 ? FRONTLINE : SHAREPOINT_1, disabledPlans: [] }];
}
