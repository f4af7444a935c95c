import type { Acceptance } from "../../model/decision.js";
import type { LastApplied } from "../../model/last-applied.js";
import type { AppliedRecords } from "../../run/records/applied.js";
import type { Db } from "./database.js";

interface AcceptedRow {
  readonly slot: string;
  readonly sha256: string;
  /** `NO_MASTER` where the user had none; null in rows of before masters were noted. */
  readonly master: string | null;
}

const NO_MASTER = "";

function acceptanceOf({ slot, sha256, master }: AcceptedRow): Acceptance {
  return master === null ? { slot, sha256 } : { slot, sha256, master: master === NO_MASTER ? null : master };
}

/** What we put where, and what was accepted there. */
export function appliedRecords(db: Db): AppliedRecords {
  const lastAppliedOf = db.prepare<[string, string], { json: string }>(
    "SELECT json FROM last_applied WHERE user_id = ? AND slot = ?",
  );
  const setLastApplied = db.prepare("INSERT OR REPLACE INTO last_applied(user_id, slot, json) VALUES (?, ?, ?)");
  const acceptedOf = db.prepare<[string], AcceptedRow>(
    "SELECT slot, sha256, master FROM accepted WHERE user_id = ? ORDER BY slot",
  );
  const setAccepted = db.prepare("INSERT OR REPLACE INTO accepted(user_id, slot, sha256, master) VALUES (?, ?, ?, ?)");
  const dropAccepted = db.prepare("DELETE FROM accepted WHERE user_id = ? AND slot = coalesce(?, slot)");
  return {
    lastApplied(userId, slot) {
      const row = lastAppliedOf.get(userId, slot);
      return row === undefined ? null : (JSON.parse(row.json) as LastApplied);
    },
    saveLastApplied(userId, slot, applied) {
      setLastApplied.run(userId, slot, JSON.stringify(applied));
    },
    forgetLastApplied(userId, slot) {
      db.prepare("DELETE FROM last_applied WHERE user_id = ? AND slot = ?").run(userId, slot);
    },
    acceptances: (userId) => acceptedOf.all(userId).map(acceptanceOf),
    accept(userId, { slot, sha256, master }) {
      setAccepted.run(userId, slot, sha256, master === null ? NO_MASTER : (master ?? null));
    },
    forgetAccepted: (userId, slot) => dropAccepted.run(userId, slot ?? null).changes,
  };
}
