import { resolve } from "node:path";
import { fleetTenants, loadFleet } from "../../config/index.js";
import type { FleetConfig, FleetTenant } from "../../model/fleet.js";

/**
 * Reads a fleet and its tenants once, for what has nothing to do with schedules. Files of tenants that are wrong stop nobody else.
 * @throws ConfigError of fleet.yaml itself
 */
export function readFleetTenants(
  path: string,
  env: NodeJS.ProcessEnv,
): { readonly fleet: FleetConfig; readonly tenants: readonly FleetTenant[] } {
  const fleet = loadFleet(resolve(path), env);
  const { tenants } = fleetTenants(fleet.tenants, env);
  return { fleet, tenants };
}
