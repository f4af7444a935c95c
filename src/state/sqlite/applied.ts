import type { LastApplied } from "../../model/last-applied.js";
import type { AppliedRecords } from "../../run/records/applied.js";
import type { Db } from "./database.js";

/** What we put where, and what was accepted there. */
export function appliedRecords(db: Db): AppliedRecords {
  const lastAppliedOf = db.prepare<[string, string], { json: string }>(
    "SELECT json FROM last_applied WHERE user_id = ? AND slot = ?",
  );
  const setLastApplied = db.prepare("INSERT OR REPLACE INTO last_applied(user_id, slot, json) VALUES (?, ?, ?)");
  const acceptedOf = db.prepare<[string, string], { sha256: string }>(
    "SELECT sha256 FROM accepted WHERE user_id = ? AND slot = ?",
  );
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
    accepted(userId, slot) {
      return acceptedOf.get(userId, slot)?.sha256 ?? null;
    },
    accept(userId, slot, sha256) {
      db.prepare("INSERT OR REPLACE INTO accepted(user_id, slot, sha256) VALUES (?, ?, ?)").run(userId, slot, sha256);
    },
    forgetAccepted(userId) {
      return db.prepare("DELETE FROM accepted WHERE user_id = ?").run(userId).changes;
    },
  };
}
