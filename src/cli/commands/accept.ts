import { masterSha } from "../../model/picture.js";
import type { Argv } from "yargs";
import { photosOf } from "../../compare/picture.js";
import { unreadable } from "../../compare/rules/unreadable.js";
import { loadConfig } from "../../config/index.js";
import { slotOf } from "../../model/address.js";
import type { ComparedUser } from "../../model/compared.js";
import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import type { UserId } from "../../model/ids.js";
import { observe } from "../../run/audit.js";
import type { Observed } from "../../run/audited.js";
import { joinUser } from "../../run/join.js";
import { auditedUser } from "../../run/named-users.js";
import type { State } from "../../state/index.js";
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
    .option("reset", { type: "boolean", default: false, describe: "forget what was accepted or kept for these users" });
}

/** A store, or a picture in it, that could not be read: whether it is wanted nobody can say. */
interface NotRead {
  readonly address: string;
  readonly message: string;
}

interface Taken {
  readonly upn: string;
  readonly userId: string;
  readonly addresses: readonly string[];
  readonly notRead: readonly NotRead[];
}

/** Records the tenant's present photo of each user as wanted: as long as it and the master stand, it is no drift. */
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
    refuseOutOfScope(context, flags.users);
    const taken: Taken[] = [];
    for (const user of context.roster.inScope()) {
      const compared = await joinUser(context, user);
      const addresses = accept(bench.state, compared);
      taken.push({ upn: user.upn, userId: user.id, addresses, notRead: notReadOf(context, compared) });
    }
    await writeList(invocation, {
      title: "Accepted pictures",
      columns: ["upn", "accepted", "not read"],
      rows: taken.map(({ upn, addresses, notRead }) => [
        upn,
        addresses.join(" "),
        notRead.map(({ address, message }) => `${address}: ${message}`).join("; "),
      ]),
      json: { accepted: taken },
      text: taken.map(takenText).join(""),
    });
    return taken.some(({ notRead }) => notRead.length > 0) ? EXIT.incomplete : EXIT.ok;
  });
}

/** Nobody's picture is accepted where one of the users is not looked at, as where one does not exist. */
function refuseOutOfScope({ ports, roster }: Observed, names: readonly string[]): void {
  const reasons = new Map<string, string>();
  for (const name of names) {
    const user = ports.records.user(name);
    const scope = user === null ? null : roster.scope(user);
    if (user !== null && scope?.in === false) reasons.set(user.upn, scope.reason);
  }
  if (reasons.size === 0) return;
  const leftOut = [...reasons].map(([upn, reason]) => `${upn}: ${reason}`).join("; ");
  throw new PhotodriftError(
    "user-out-of-scope",
    `Nothing was accepted, for photodrift does not look at everybody named: ${leftOut}.`,
    "Name the other users alone, or change the scope of the configuration.",
    "usage",
  );
}

/** Accepts every picture of the user that was read. Gives their addresses. */
function accept({ records }: Pick<State, "records">, compared: ComparedUser): readonly string[] {
  return records.transaction(() =>
    photosOf(compared).flatMap(({ address, observed }) => {
      const slot = slotOf(address);
      if (slot === null || observed.kind !== "present" || observed.signature === null) return [];
      records.accept(compared.user.id, { slot, sha256: observed.signature.sha256, master: masterSha(compared) });
      return [address];
    }),
  );
}

function notReadOf({ failures }: Observed, compared: ComparedUser): readonly NotRead[] {
  const { licences } = compared.user;
  const stores = [...failures].filter(([store]) => store !== "sharepoint" || licences.sharePoint);
  const refused = unreadable.check(compared).filter(({ address }) => slotOf(address) !== "profile");
  const unseen = photosOf(compared).filter(({ observed: one }) => one.kind === "present" && one.signature === null);
  return [
    ...stores.map(([store, { message }]) => ({ address: `${store}/*`, message })),
    ...refused.map(({ address, summary }) => ({ address, message: summary })),
    ...unseen.map(({ address }) => ({ address, message: "The picture was not read." })),
  ];
}

function takenText({ upn, addresses, notRead }: Taken): string {
  const none = notRead.length === 0 ? "has no picture to accept" : "nothing was accepted";
  const lines = [`${plain(upn)}: ${addresses.length === 0 ? none : `accepted ${addresses.join(", ")}`}`];
  for (const { address, message } of notRead) lines.push(`  not accepted: ${plain(address)}: ${plain(message)}`);
  return `${lines.join("\n")}\n`;
}

/** Ends what was accepted, and what a person decided to keep: both are one (CONTRACT section 9). Nobody's where one of the users is not known. */
async function reset(flags: AcceptFlags, invocation: Invocation, config: Config): Promise<number> {
  return withState(config, async (state) => {
    const users = flags.users.map((name) => auditedUser(state.records, name));
    const reset = users.map(({ id, upn }) => ({ upn, userId: id, ...forget(state, id) }));
    await writeList(invocation, {
      title: "Forgotten pictures",
      columns: ["upn", "forgotten"],
      rows: reset.map(({ upn, forgotten }) => [upn, String(forgotten)]),
      json: { reset },
      text: reset.map(forgottenText).join(""),
    });
    return EXIT.ok;
  });
}

interface Forgotten {
  /** Pictures that are not wanted any more, whether they were accepted or kept. */
  readonly forgotten: number;
  /** Those of them that a person decided to keep. */
  readonly keeps: number;
}

function forget({ records }: Pick<State, "records">, userId: UserId): Forgotten {
  return records.transaction(() => {
    const keeps = records.decisionsOf(userId).filter(({ kind }) => kind === "keep");
    for (const { findingId } of keeps) records.endDecision(findingId);
    return { forgotten: records.forgetAccepted(userId) + keeps.length, keeps: keeps.length };
  });
}

function forgottenText({ upn, forgotten, keeps }: Forgotten & { readonly upn: string }): string {
  const decided = keeps === 0 ? "" : `, ${keeps} of them kept by a decision`;
  return `${plain(upn)}: forgot ${forgotten} accepted pictures${decided}\n`;
}
