import type { Argv } from "yargs";
import { loadConfig } from "../../config/index.js";
import { PhotodriftError, slotOf } from "../../model/index.js";
import { observe } from "../../run/audit.js";
import { joinUser } from "../../run/join.js";
import { openState } from "../../state/index.js";
import { auditSettings, newRun, NO_FILTERS } from "../compose.js";
import { EXIT } from "../exit-codes.js";
import { withWorkbench } from "../workbench-session.js";
import type { GlobalFlags, Invocation } from "../globals.js";

export interface AcceptFlags extends GlobalFlags {
  readonly users: readonly string[];
  readonly reset: boolean;
}

export function acceptFlags<T>(yargs: Argv<T>) {
  return yargs
    .positional("users", { type: "string", array: true, demandOption: true, describe: "UPNs or object ids" })
    .option("reset", { type: "boolean", default: false, describe: "forget what was accepted for these users" });
}

/** Records the tenant's present photo of each user as wanted: as long as it stands, it is no drift. */
export async function acceptCommand(flags: AcceptFlags, invocation: Invocation): Promise<number> {
  if (flags.reset) {
    const config = loadConfig(invocation.configPath, invocation.env);
    return reset(flags, invocation, config.state, config.tenant.id);
  }
  return withWorkbench(invocation, "photodrift accept", async (bench) => {
    const { config } = bench;
    const filters = { ...NO_FILTERS, users: flags.users, full: true };
    const settings = auditSettings(config, filters, { mode: "audit", trigger: "cli", signal: invocation.signal });
    const context = await observe(bench.ports, settings, newRun(bench.ports.clock.now()).id);
    for (const user of context.roster.inScope()) {
      const compared = await joinUser(context, user);
      const accepted: string[] = [];
      bench.state.records.transaction(() => {
        for (const photo of [...compared.cloud, ...Object.values(compared.sharePoint.photos)]) {
          const slot = slotOf(photo.address);
          if (slot === null || photo.observed.kind !== "present" || photo.observed.signature === null) continue;
          bench.state.records.accept(user.id, slot, photo.observed.signature.sha256);
          accepted.push(photo.address);
        }
      });
      const text = accepted.length === 0 ? "has no picture to accept" : `accepted ${accepted.join(", ")}`;
      await invocation.terminal.out(`${user.upn}: ${text}\n`);
    }
    return EXIT.ok;
  });
}

async function reset(flags: AcceptFlags, invocation: Invocation, path: string, tenant: string): Promise<number> {
  const state = openState(path, tenant);
  try {
    for (const name of flags.users) {
      const user = state.records.user(name);
      if (user === null) {
        throw new PhotodriftError(
          "user-unknown",
          `No audit has seen a user "${name}".`,
          "Give the UPN or the object id.",
          "usage",
        );
      }
      const forgotten = state.records.forgetAccepted(user.id);
      await invocation.terminal.out(`${user.upn}: forgot ${forgotten} accepted pictures\n`);
    }
    return EXIT.ok;
  } finally {
    state.close();
  }
}
