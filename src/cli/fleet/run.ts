import { typedFleet, type FleetFlags } from "./flags.js";
import type { FleetTenant } from "../../model/fleet.js";
import type { Invocation } from "../line/globals.js";
import { readFleetTenants } from "./tenant-files.js";
import { invokedTenant, tenantNamed, withFleetDatabase, withWorkFolder } from "./session.js";

/**
 * Audits or applies one tenant here and now, over its state in the database: as `photodrift audit` and `photodrift apply` do, with their
 * reports and exit codes. No worker takes the tenant up meanwhile.
 */
export async function fleetRun(flags: FleetFlags, word: string, invocation: Invocation): Promise<number> {
  const command = (tenant: FleetTenant) => ["fleet", "run", tenant.id, "--mode", flags.mode, ...typedFleet(flags)];
  return withTenant(flags, word, invocation, command, async (given) => {
    const filters = { user: flags.user, group: undefined, rule: undefined, store: undefined, full: false };
    const common = {
      ...flags,
      ...filters,
      plan: undefined,
      "fail-on": "warning",
      "exit-zero": false,
      notify: true,
    } as const;
    if (flags.mode === "audit") {
      const { auditCommand } = await import("../commands/audit.js");
      return auditCommand(common, given);
    }
    const { applyCommand } = await import("../commands/apply.js");
    return applyCommand({ ...common, interactive: false, "max-changes": undefined, schema: false }, given);
  });
}

/** Takes a run of a tenant back, whichever machine carried it out. */
export async function fleetUndo(flags: FleetFlags, word: string, run: string, invocation: Invocation): Promise<number> {
  const command = (tenant: FleetTenant) => ["fleet", "undo", ...typedFleet(flags), tenant.id];
  const { undoCommand } = await import("../commands/undo.js");
  return withTenant(flags, word, invocation, command, (given) => undoCommand({ ...flags, run, notify: true }, given));
}

async function withTenant(
  { fleet: path }: Pick<FleetFlags, "fleet">,
  word: string,
  invocation: Invocation,
  command: (tenant: FleetTenant) => readonly string[],
  work: (given: Invocation) => Promise<number>,
): Promise<number> {
  const { fleet, tenants } = readFleetTenants(path, invocation.env);
  const tenant = tenantNamed(tenants, word);
  return withFleetDatabase(fleet, (database) =>
    withWorkFolder(fleet, (folder) => {
      const given = invokedTenant(database, tenant, folder, command(tenant));
      // `outputs` is checked when it is first asked for: it is not to be copied.
      return work(Object.assign(Object.create(invocation) as Invocation, { tenant: given }));
    }),
  );
}
