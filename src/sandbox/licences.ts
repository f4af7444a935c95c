import type { SandboxUser, Tenant } from "./tenant.js";

interface Plan {
  readonly id: string;
  readonly name: string;
  readonly service: string;
}

/** Service plans that give a mailbox, by id (facts/graph-entra-exchange.md 3.3; never by service name). */
export const mailboxPlans: ReadonlySet<string> = new Set([
  "9aaf7827-d63c-4b61-89c3-182f06f82e5c",
  "efb87545-963c-4e0d-99df-69c6916d9eb0",
  "4a82b400-a79f-41a4-b4e2-e94f5787b113",
  "e9b4930a-925f-45e2-ac2a-3f7788ca6fdd",
  "8c3069c0-ccdb-44be-ab77-986203a67df2",
  "88f4d7ef-a73b-4246-8047-516022144c9f",
  "1126bef5-da20-4f07-b45e-ad25d2581aa8",
  "d42bdbd6-c335-4231-ab3d-c8f348d5aff5",
  "90927877-dcff-4af6-b346-2332c0b15bb7",
  "fc52cc4b-ed7d-472d-bbe7-b081c23ecc56",
]);

/** The plans that a user's licences switch on. */
export function plansOf(tenant: Tenant, user: SandboxUser): Plan[] {
  return user.assignedLicenses.flatMap(({ skuId, disabledPlans }) => {
    const sku = tenant.skus.find((known) => known.skuId === skuId);
    return sku ? sku.plans.filter((plan) => !disabledPlans.includes(plan.id)) : [];
  });
}
