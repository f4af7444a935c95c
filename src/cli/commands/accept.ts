import type { Argv } from "yargs";
import { loadConfig } from "../../config/index.js";
import { nameTheUser } from "../../desired/index.js";
import { slotOf } from "../../model/address.js";
import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import { observe } from "../../run/audit.js";
import { joinUser } from "../../run/join.js";
import { auditSettings, newRun, NO_FILTERS } from "../compose.js";
import { EXIT } from "../../model/exit-codes.js";
import { withWorkbench } from "../sessions/workbench.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { writeList } from "../terminal/results.js";
import { withState } from "../sessions/state.js";
import { plain } from "../../model/text.js";

export interface AcceptFlags extends GlobalFlags {
  readonly users: readonly string[];
  readonly reset: boolean;
}

export function acceptFlags<T>(yargs: Argv<T>) {
  return yargs
    .positional("users", { type: "string", array: true, demandOption: true, describe: "UPNs or object ids" })
    .option("reset", { type: "boolean", default: false, describe: "forget what was accepted for these users" });
}

interface Taken {
  readonly upn: string;
  readonly userId: string;
  readonly addresses: readonly string[];
}

function takenWords(addresses: readonly string[]): string {
  return addresses.length === 0 ? "has no picture to accept" : `accepted ${addresses.join(", ")}`;
}

/** Records the tenant's present photo of each user as wanted: as long as it stands, it is no drift. */
export async function acceptCommand(flags: AcceptFlags, invocation: Invocation): Promise<number> {
  if (flags.reset) {
    const config = loadConfig(invocation.configPath, invocation.env);
    return reset(flags, invocation, config);
  }
  return withWorkbench(invocation, "photodrift accept", async (bench) => {
    const { config } = bench;
    const filters = { ...NO_FILTERS, users: flags.users, full: true };
    const settings = auditSettings(config, filters, { mode: "audit", trigger: "cli", signal: invocation.signal });
    const context = await observe(bench.ports, settings, newRun(bench.ports.clock.now()).id);
    const taken: Taken[] = [];
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
      taken.push({ upn: user.upn, userId: user.id, addresses: accepted });
    }
    await writeList(invocation, {
      title: "Accepted pictures",
      columns: ["upn", "accepted"],
      rows: taken.map(({ upn, addresses }) => [upn, addresses.join(" ")]),
      json: { accepted: taken },
      text: taken.map(({ upn, addresses }) => `${plain(upn)}: ${takenWords(addresses)}\n`).join(""),
    });
    return EXIT.ok;
  });
}

async function reset(flags: AcceptFlags, invocation: Invocation, config: Config): Promise<number> {
  return withState(config, async (state) => {
    const reset: { readonly upn: string; readonly userId: string; readonly forgotten: number }[] = [];
    for (const name of flags.users) {
      const user = state.records.user(name);
      if (user === null) {
        throw new PhotodriftError(
          "user-unknown",
          `No audit has seen a user "${name}".`,
          nameTheUser(name, state.records.users()),
          "usage",
        );
      }
      reset.push({ upn: user.upn, userId: user.id, forgotten: state.records.forgetAccepted(user.id) });
    }
    await writeList(invocation, {
      title: "Forgotten pictures",
      columns: ["upn", "forgotten"],
      rows: reset.map(({ upn, forgotten }) => [upn, String(forgotten)]),
      json: { reset },
      text: reset.map(({ upn, forgotten }) => `${plain(upn)}: forgot ${forgotten} accepted pictures\n`).join(""),
    });
    return EXIT.ok;
  });
}
