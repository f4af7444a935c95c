import type { UserId } from "../../model/ids.js";
import type { MasterPhoto } from "../../model/master.js";
import type { MasterPicture, MasterRecords, MasterVersion, RetiredMaster } from "../../run/records/masters.js";
import type { PictureRecords } from "../../run/records/pictures.js";
import type { UserRecords } from "../../run/records/users.js";
import type { Db } from "./database.js";
import { holderRecords } from "./holders.js";
import { inPages } from "./pages.js";
import { hashesOf, type HashesRow } from "./picture-hashes.js";
import { seenIn } from "./seen.js";
import { hashOf, keptHash, type KeptHash } from "./short-forms.js";
import { rowOfUser, userOf, type UserRow } from "./user-row.js";

interface JsonRow {
  readonly json: string;
}
interface MasterRow extends JsonRow {
  readonly file: string;
  readonly kind: MasterPhoto["kind"];
  readonly bytes: number;
  readonly mtime_ms: number;
  readonly sha256: KeptHash | null;
}

interface MasterPictureRow extends HashesRow {
  readonly file: string;
  readonly sha256: KeptHash;
}

/** Directory users and master files, and which master each user has or had. `signature` is asked of the image records. */
export function peopleRecords(db: Db, signature: PictureRecords["signature"]): UserRecords & MasterRecords {
  const seen = seenIn(db, "seen_users");
  const seenMasters = seenIn(db, "seen_masters");
  const insertUser = db.prepare(
    `INSERT INTO users(id, upn_key, json, seen_run) VALUES (?, ?, ?, '')
     ON CONFLICT(id) DO UPDATE SET upn_key = excluded.upn_key, json = excluded.json
     WHERE upn_key <> excluded.upn_key OR json <> excluded.json`,
  );
  const pageOfUsers = db.prepare<[string, string], UserRow>(
    "SELECT id, upn_key, json FROM users WHERE (upn_key, id) > (?, ?) ORDER BY upn_key, id LIMIT 200",
  );
  const oneUser = db.prepare<[string, string], UserRow>(
    "SELECT id, upn_key, json FROM users WHERE id = ? OR upn_key = ? LIMIT 1",
  );
  const ownersOfStem = db.prepare<[string, string], { id: string }>(
    `SELECT id FROM users WHERE id = ?
     UNION SELECT id FROM users WHERE replace(replace(upn_key, '@', '_'), '.', '_') = ?`,
  );
  const insertMaster = db.prepare(
    `INSERT INTO masters(file, kind, bytes, mtime_ms, sha256, json, seen_run) VALUES (?, ?, ?, ?, ?, ?, '')
     ON CONFLICT(file) DO UPDATE SET kind = excluded.kind, bytes = excluded.bytes, mtime_ms = excluded.mtime_ms,
       sha256 = excluded.sha256, json = excluded.json, seen_run = excluded.seen_run`,
  );
  const ownersOfMaster = db.prepare<KeptHash[], { user_id: string }>(
    "SELECT user_id FROM user_masters WHERE substr(sha256, 1, 6) = substr(?, 1, 6) AND sha256 = ? ORDER BY user_id",
  );
  const oneMaster = db.prepare<[string], MasterRow>("SELECT * FROM masters WHERE file = ?");
  const pageOfMasters = db.prepare<[string], MasterRow>("SELECT * FROM masters WHERE file > ? ORDER BY file LIMIT 200");
  const pageOfMasterPictures = db.prepare<[string], MasterPictureRow>(
    `SELECT m.file, m.sha256, p.version, p.hash, p.dct_hash, p.framings
     FROM masters m CROSS JOIN pictures p ON p.sha256 = m.sha256 WHERE m.file > ? ORDER BY m.file LIMIT 200`,
  );
  const currentMaster = db.prepare<[string], { sha256: KeptHash; file: string }>(
    "SELECT sha256, file FROM user_masters WHERE user_id = ?",
  );
  const setMaster = db.prepare(
    `INSERT INTO user_masters(user_id, file, sha256) VALUES (?, ?, ?)
     ON CONFLICT(user_id) DO UPDATE SET file = excluded.file, sha256 = excluded.sha256, who = NULL`,
  );
  const holders = holderRecords(db);
  const retire = db.prepare(
    "INSERT INTO retired_masters(user_id, sha256, file) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const unretire = db.prepare("DELETE FROM retired_masters WHERE user_id = ? AND sha256 = ?");
  const pageOfRetired = db.prepare<[string, string], { user_id: string; sha256: string; file: string }>(
    `SELECT user_id, sha256, file FROM retired_masters WHERE (user_id, sha256) > (?, ?)
     ORDER BY user_id, sha256 LIMIT 200`,
  );
  const allRetiredOf = db.prepare<[string], { sha256: string; file: string }>(
    "SELECT sha256, file FROM retired_masters WHERE user_id = ? ORDER BY sha256",
  );
  const retiredOf = db.prepare("SELECT 1 FROM retired_masters WHERE user_id = ? AND sha256 = ?");

  function masterOf(row: MasterRow): MasterPhoto | null {
    const { file, kind, bytes, mtime_ms: mtimeMs } = row;
    const parsed = { kind, file, bytes, mtimeMs, ...(JSON.parse(row.json) as object) } as MasterPhoto;
    if (parsed.kind !== "usable") return parsed;
    const found = row.sha256 === null ? null : signature(hashOf(row.sha256));
    return found === null ? null : { ...parsed, signature: found };
  }

  function masterRows(): Iterable<MasterRow> {
    return inPages((last: MasterRow | null) => pageOfMasters.all(last?.file ?? ""));
  }

  return {
    saveUsers(runId, users) {
      for (const user of users) {
        const { id, upn_key, json } = rowOfUser(user);
        insertUser.run(id, upn_key, json);
        seen.note(runId, user.id);
      }
    },
    forgetUsersUnseen(runId) {
      seen.of(runId);
      db.exec(`
        DELETE FROM cloud_photos WHERE user_id IN (SELECT id FROM users WHERE id NOT IN (SELECT key FROM temp.seen_users));
        DELETE FROM profiles WHERE user_id IN (SELECT id FROM users WHERE id NOT IN (SELECT key FROM temp.seen_users));
        DELETE FROM users WHERE id NOT IN (SELECT key FROM temp.seen_users);
      `);
      seen.forget();
    },
    *users() {
      const rows = inPages((last: UserRow | null) => pageOfUsers.all(last?.upn_key ?? "", last?.id ?? ""));
      for (const row of rows) yield userOf(row);
    },
    user(upnOrId) {
      const key = upnOrId.toLowerCase();
      const row = oneUser.get(key, key);
      return row === undefined ? null : userOf(row);
    },
    countUsers() {
      return (db.prepare("SELECT count(*) AS n FROM users").get() as { n: number }).n;
    },
    countUsersUnseen(runId) {
      seen.of(runId);
      const sql = "SELECT count(*) AS n FROM users WHERE id NOT IN (SELECT key FROM temp.seen_users)";
      return (db.prepare(sql).get() as { n: number }).n;
    },
    sharedUpns(runId) {
      seen.of(runId);
      return db
        .prepare<[], { upn_key: string }>(
          "SELECT upn_key FROM users WHERE id IN (SELECT key FROM temp.seen_users) GROUP BY upn_key HAVING count(*) > 1",
        )
        .all()
        .map((row) => row.upn_key);
    },
    ownersOfStem(stem) {
      return ownersOfStem.all(stem, stem).map((row) => row.id as UserId);
    },
    master(file) {
      const row = oneMaster.get(file);
      return row === undefined ? null : masterOf(row);
    },
    masterVersion(file) {
      const row = oneMaster.get(file);
      return row === undefined ? null : versionOf(row);
    },
    saveMaster(runId, master) {
      const sha = master.kind === "usable" ? master.signature.sha256 : null;
      const { file, kind, bytes, mtimeMs, ...rest } = master;
      const json = JSON.stringify({ ...rest, signature: undefined });
      insertMaster.run(file, kind, bytes, mtimeMs, keptHash(sha), json);
      seenMasters.note(runId, file);
    },
    seenMaster: (runId, file) => seenMasters.note(runId, file),
    forgetMastersUnseen(runId) {
      seenMasters.of(runId);
      db.exec(`
        INSERT INTO retired_masters(user_id, sha256, file)
          SELECT u.user_id, CASE typeof(u.sha256) WHEN 'blob' THEN lower(hex(u.sha256)) ELSE u.sha256 END, u.file FROM user_masters u JOIN masters m ON m.file = u.file
          WHERE m.file NOT IN (SELECT key FROM temp.seen_masters)
          ON CONFLICT DO NOTHING;
        DELETE FROM user_masters WHERE file IN (SELECT file FROM masters WHERE file NOT IN (SELECT key FROM temp.seen_masters));
        DELETE FROM masters WHERE file NOT IN (SELECT key FROM temp.seen_masters);
      `);
      seenMasters.forget();
    },
    *masters() {
      for (const row of masterRows()) {
        const master = masterOf(row);
        if (master !== null) yield master;
      }
    },
    *masterPictures() {
      const rows = inPages((last: MasterPictureRow | null) => pageOfMasterPictures.all(last?.file ?? ""));
      for (const row of rows) {
        yield { file: row.file, sha256: hashOf(row.sha256), ...hashesOf(row) } satisfies MasterPicture;
      }
    },
    countMasters() {
      return (db.prepare("SELECT count(*) AS n FROM masters").get() as { n: number }).n;
    },
    assignedMaster: (userId) => currentMaster.get(userId)?.file ?? null,
    assignMaster(userId, file, sha256) {
      const before = currentMaster.get(userId);
      const former = before === undefined ? null : hashOf(before.sha256);
      if (former === sha256 && before?.file === file) return;
      if (before !== undefined && former !== sha256) retire.run(userId, former, before.file);
      unretire.run(userId, sha256);
      setMaster.run(userId, file, keptHash(sha256));
    },
    ...holders,
    *retiredMasters() {
      const rows = inPages((last: { user_id: string; sha256: string } | null) =>
        pageOfRetired.all(last?.user_id ?? "", last?.sha256 ?? ""),
      );
      for (const row of rows) {
        yield { userId: row.user_id as UserId, sha256: row.sha256, file: row.file } satisfies RetiredMaster;
      }
    },
    retiredMastersOf(userId) {
      return allRetiredOf.all(userId).map((row) => ({ userId, ...row }));
    },
    isRetiredMasterOf(userId, sha256) {
      return retiredOf.get(userId, sha256) !== undefined;
    },
    ownersOfMaster(sha256) {
      return ownersOfMaster.all(keptHash(sha256), keptHash(sha256)).map((row) => row.user_id as UserId);
    },
  };
}

function versionOf({ file, kind, bytes, mtime_ms: mtimeMs, sha256, json }: MasterRow): MasterVersion {
  const { recipe } = JSON.parse(json) as Pick<MasterVersion, "recipe">;
  return { file, kind, bytes, mtimeMs, sha256: hashOf(sha256), ...(recipe === undefined ? {} : { recipe }) };
}
