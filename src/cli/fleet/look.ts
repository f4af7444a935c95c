import type { LookedAt } from "../../fleet/index.js";
import type { FleetTenant } from "../../model/fleet.js";
import { readKeyPair } from "../../stores/index.js";

/** Tenants as status and report need them, with the ends of their certificates. */
export function lookedAt(tenants: readonly FleetTenant[]): Promise<readonly LookedAt[]> {
  return Promise.all(
    tenants.map(async (tenant) => ({
      id: tenant.id,
      name: tenant.name,
      certificateEndsAt: await certificateEnd(tenant),
    })),
  );
}

/** Null for credentials without a certificate, and where it cannot be read here. */
async function certificateEnd({ config: { credential } }: FleetTenant): Promise<string | null> {
  if (credential.kind !== "certificate") return null;
  try {
    const pair = await readKeyPair(credential.certificatePath, credential.certificatePassword?.reveal() ?? null);
    return new Date(Date.parse(pair.certificate.validTo)).toISOString();
  } catch {
    return null;
  }
}
