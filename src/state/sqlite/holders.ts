import { sha256Of } from "../../files/digest.js";
import type { UserId } from "../../model/ids.js";
import type { HolderTraits, MasterHolder, MasterRecords } from "../../run/records/masters.js";
import type { Db } from "./database.js";
import { keptHash, type KeptHash } from "./short-forms.js";

const TRAITS = ["name", "employee", "upn"] as const satisfies readonly (keyof HolderTraits)[];

/** By what those are known again whose master a file is or was. */
export function holderRecords(db: Db): Pick<MasterRecords, "unknownHolders" | "knowHolder" | "holdersOf"> {
  const unknown = db.prepare<[], { user_id: string }>("SELECT user_id FROM user_masters WHERE who IS NULL LIMIT 500");
  const know = db.prepare("UPDATE user_masters SET who = ? WHERE user_id = ?");
  const holders = db.prepare<[KeptHash, KeptHash, string], { user_id: string; who: string | null }>(
    `SELECT user_id, who FROM user_masters WHERE substr(sha256, 1, 6) = substr(?, 1, 6) AND sha256 = ? AND file = ?
     ORDER BY user_id`,
  );
  return {
    unknownHolders: () => unknown.all().map((row) => row.user_id as UserId),
    knowHolder(userId, traits) {
      know.run(traits === null ? "" : TRAITS.map((trait) => digestOf(userId, trait, traits[trait])).join(" "), userId);
    },
    holdersOf(file, sha256) {
      const kept = keptHash(sha256);
      return holders.all(kept, kept, file).map((row) => holder(row.user_id as UserId, row.who ?? ""));
    },
  };
}

function holder(userId: UserId, who: string): MasterHolder {
  const kept = who.split(" ");
  return {
    userId,
    had(trait, value) {
      const then = kept[TRAITS.indexOf(trait)] ?? "";
      return then === "" ? null : then === digestOf(userId, trait, value);
    },
  };
}

/** Of two users with the same name the digests differ. */
function digestOf(userId: UserId, trait: string, value: string): string {
  return value === "" ? "" : sha256Of(Buffer.from([trait, userId, value].join("\n"))).slice(0, 12);
}
