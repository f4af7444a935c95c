import { closeSync, existsSync, openSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { makeFolderNow } from "../../files/folders.js";
import { PhotodriftError } from "../../model/errors.js";
import { systemError, systemReason } from "../../model/system-errors.js";
import { MIGRATIONS } from "./migrations.js";

export type Db = Database.Database;

/**
 * Bytes of the write-ahead log from which on it is copied into the file. It grows beyond by what one commit writes: one page of a listing touches
 * every page of a table, 33 MB with 100,000 users.
 */
const LARGEST_LOG = 28 * 1024 * 1024;
/** Bytes that stay of it afterwards. */
const KEPT_LOG = 16 * 1024 * 1024;
/** Of new files; a file keeps the pages that it was made with. Most of what is kept is pictures of 1.5 KB: ends of smaller pages stay free. */
const PAGE_BYTES = 8192;

/**
 * Opens (and creates) the state file: WAL, full fsync at commit, foreign keys, schema brought to the newest version in one transaction.
 * The file holds employee data: it is created readable by its owner only.
 * @param schema version that the file is brought to at least, the newest by default
 * @param synchronous OFF where the file is made again after a power cut
 * Throws PhotodriftError: `state-unusable` (not a database, no permission, disk full), `state-too-new`, `state-other-tenant`.
 */
export function openDatabase(
  path: string,
  tenant: string | null,
  schema: number = MIGRATIONS.length,
  synchronous: "FULL" | "OFF" = "FULL",
): Db {
  let db: Db;
  try {
    makeFolderNow(dirname(path));
    if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
    db = new Database(path, { timeout: 10_000 });
    db.pragma(`page_size = ${String(PAGE_BYTES)}`);
    db.pragma("journal_mode = WAL");
    db.pragma(`synchronous = ${synchronous}`);
    db.pragma("foreign_keys = ON");
    db.pragma("cache_size = -8000");
    // A page that is written again and again goes into the file once in seven times the default.
    const page = db.pragma("page_size", { simple: true }) as number;
    db.pragma(`wal_autocheckpoint = ${String(LARGEST_LOG / page)}`);
    // What one large transaction left of the log is given back with the next checkpoint.
    db.pragma(`journal_size_limit = ${String(KEPT_LOG)}`);
    migrate(db, path, schema);
  } catch (error) {
    if (error instanceof PhotodriftError) throw error;
    const known = systemError(error);
    throw new PhotodriftError(
      "state-unusable",
      `The state file ${path} cannot be opened: ${systemReason(error)}.`,
      known?.cure ??
        "Check the key `state` in the configuration: the folder must be writable and the file one that photodrift made. Move a damaged file away and audit again; it is made anew.",
      "failed",
      error,
    );
  }
  if (tenant !== null) claimTenant(db, path, tenant);
  return db;
}

function migrate(db: Db, path: string, schema: number): void {
  const version = db.pragma("user_version", { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    throw new PhotodriftError(
      "state-too-new",
      `The state file ${path} was written by a newer photodrift (schema ${version}, known ${MIGRATIONS.length}).`,
      "Install the newer version again, or name another file under `state`.",
    );
  }
  for (let next = version; next < schema; next++) {
    db.transaction(() => {
      db.exec(MIGRATIONS[next] ?? "");
      db.pragma(`user_version = ${next + 1}`);
    })();
  }
}

/** A state file belongs to one tenant: findings of two tenants must never mix. */
function claimTenant(db: Db, path: string, tenant: string): void {
  const key = tenant.toLowerCase();
  db.prepare("INSERT INTO meta(key, value) VALUES ('tenant', ?) ON CONFLICT(key) DO NOTHING").run(key);
  const row = db.prepare("SELECT value FROM meta WHERE key = 'tenant'").get() as { value: string };
  if (row.value === key) return;
  db.close();
  throw new PhotodriftError(
    "state-other-tenant",
    `The state file ${path} belongs to tenant ${row.value}, the configuration names ${key}.`,
    "Name another file under `state` for this tenant.",
    "usage",
  );
}
