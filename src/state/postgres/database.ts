import { Kysely, Migrator, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import { PhotodriftError } from "../../model/errors.js";
import { systemReason } from "../../model/system-errors.js";
import { watchSession, type SessionTimes, type WatchedSession } from "./session.js";
import { FLEET_MIGRATIONS, type FleetTables } from "./migrations.js";

/** The database of a fleet. */
export interface FleetDatabase {
  readonly db: Kysely<FleetTables>;
  readonly pool: pg.Pool;
  /** Opens a watched session, see watchSession. */
  session(name: string, times: SessionTimes, now?: () => number): Promise<WatchedSession>;
  /** Brings the schema to this version's; does nothing where a newer one was there. Safe to call from many workers at once. */
  migrate(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** PEM text of the authority that signed the database's certificate; TLS is checked against it. */
  readonly ca?: string | undefined;
  /** Connections at most, 10 by default. */
  readonly connections?: number | undefined;
  /** After so long the server ends a transaction in which nothing is asked, with its locks: its process was stopped or cut off. Milliseconds. */
  readonly silence?: number | undefined;
}

/** What one statement may take before the connection counts as lost, milliseconds. */
const STATEMENT_MS = 60_000;
const SILENCE_MS = 60_000;
const CONNECT_MS = 10_000;

/**
 * Opens a pool on the fleet's database; nothing is sent before the first question.
 * @param url `postgres://user:password@host:port/name?sslmode=…`
 * Every question throws PhotodriftError `database-unreachable` where there is no way to the server, `database-untrusted` where its certificate
 * cannot be proved, `postgres-too-old` below the oldest version that is served, `database-failed` else.
 */
export function openFleetDatabase(url: string, options: DatabaseOptions = {}): FleetDatabase {
  const settings: pg.ClientConfig = {
    connectionString: options.ca === undefined ? url : withoutTls(url),
    application_name: "photodrift",
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    ...(options.ca === undefined ? {} : { ssl: { ca: options.ca, rejectUnauthorized: true } }),
  };
  const pool = new pg.Pool({
    ...settings,
    max: options.connections ?? 10,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: options.silence ?? SILENCE_MS,
    query_timeout: STATEMENT_MS + 5_000,
  });
  // A connection that breaks while nobody uses it is replaced by the pool.
  pool.on("error", () => undefined);
  const db = new Kysely<FleetTables>({ dialect: new PostgresDialect({ pool }) }).withSchema("photodrift");
  return {
    db,
    pool,
    session: (name, times, now) => watchSession(new pg.Client(settings), name, times, now),
    migrate: () => asDatabaseError(() => migrate(db)),
    close: () => db.destroy(),
  };
}

/** The client lets what the address says of TLS take the place of the authority that was given: that one is checked, always. */
function withoutTls(url: string): string {
  const address = new URL(url);
  for (const name of ["sslmode", "sslrootcert", "ssl", "uselibpqcompat"]) address.searchParams.delete(name);
  return address.toString();
}

const OLDEST = 13;

/** Throws PhotodriftError `postgres-too-old` for a server_version_num of before PostgreSQL 13. */
export function requireVersion(versionNumber: number): void {
  if (versionNumber >= OLDEST * 10_000) return;
  throw new PhotodriftError(
    "postgres-too-old",
    `The fleet's database is PostgreSQL ${String(Math.floor(versionNumber / 10_000))}, and ${String(OLDEST)} is the oldest that does.`,
    `Name a server of PostgreSQL ${String(OLDEST)} or newer as \`database\` in fleet.yaml, or upgrade this one (pg_upgrade).`,
    "failed",
  );
}

async function migrate(db: Kysely<FleetTables>): Promise<void> {
  const server = await sql<{
    version: string;
    steps: string | null;
  }>`SELECT current_setting('server_version_num') AS version,
    to_regclass('photodrift.kysely_migration')::text AS steps`.execute(db);
  requireVersion(Number(server.rows[0]?.version));
  if (server.rows[0]?.steps != null && (await isUpToDate(db))) return;
  const migrator = new Migrator({
    db: db.withoutPlugins(),
    provider: { getMigrations: () => Promise.resolve({ ...FLEET_MIGRATIONS }) },
    migrationTableSchema: "photodrift",
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  // Another worker of a newer version may have been first.
  if (await isUpToDate(db).catch(() => false)) return;
  throw error instanceof Error ? error : new Error("the schema could not be made");
}

/** True where every step was made, or also ones that this version does not know: what it does know is there, too. */
async function isUpToDate(db: Kysely<FleetTables>): Promise<boolean> {
  const steps = await sql<{ name: string }>`SELECT name FROM photodrift.kysely_migration`.execute(db);
  const done = new Set(steps.rows.map(({ name }) => name));
  const known = Object.keys(FLEET_MIGRATIONS);
  return known.every((name) => done.has(name)) || [...done].some((name) => !(name in FLEET_MIGRATIONS));
}

/**
 * Works in one transaction that sees the rows of this tenant and of no other.
 * @param isolation `repeatable read` shows one moment, whatever others commit meanwhile
 */
export function inTenant<T>(
  { db }: FleetDatabase,
  tenant: string,
  work: (transaction: Transaction<FleetTables>) => Promise<T>,
  isolation: "read committed" | "repeatable read" = "read committed",
): Promise<T> {
  return asDatabaseError(() =>
    db
      .transaction()
      .setIsolationLevel(isolation)
      .execute(async (transaction) => {
        await sql`SELECT set_config('photodrift.tenant', ${tenant}, true)`.execute(transaction);
        return work(transaction.withSchema("photodrift"));
      }),
  );
}

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EPIPE",
  "EAI_AGAIN",
  "ENOENT",
  // The server is starting, stopping, or has dropped the connection (class 57 and 08 of PostgreSQL's error codes).
  "57P01",
  "57P02",
  "57P03",
  "08006",
  "08003",
  "08001",
  "53300",
]);
const LOST =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error/;

/** True where asking again later may help. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnreachable);
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === "string" && UNREACHABLE.has(code)) || LOST.test(error.message);
}

/** Codes of Node's TLS for a certificate that proves nothing (nodejs.org/api/tls.html#x509-certificate-error-codes). */
function isUntrusted(error: unknown): boolean {
  const { code } = error instanceof Error ? (error as { code?: unknown }) : {};
  return typeof code === "string" && /CERT|SIGNATURE|ALTNAME/.test(code);
}

/** True for errors of the working copy, which have names of their own. */
function isLocal(error: unknown): boolean {
  return error instanceof Error && error.name === "SqliteError";
}

/** Runs database work; its errors become PhotodriftErrors that name the cure and no secret. */
export async function asDatabaseError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PhotodriftError || isLocal(error)) throw error;
    const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
    if (isUnreachable(error)) {
      throw new PhotodriftError(
        "database-unreachable",
        `The fleet's database cannot be reached: ${systemReason(first)}.`,
        "Check `database` in fleet.yaml, that the server runs and accepts this host; a worker tries again by itself.",
        "failed",
        error,
      );
    }
    if (isUntrusted(first)) {
      throw new PhotodriftError(
        "database-untrusted",
        `The certificate of the fleet's database is not trusted: ${systemReason(first)}.`,
        "Name the authority that signed it as `caFile` in fleet.yaml, and the host as the certificate has it in `database`.",
        "failed",
        error,
      );
    }
    throw new PhotodriftError(
      "database-failed",
      `The fleet's database refused: ${systemReason(first)}.`,
      "Check that the user of `database` in fleet.yaml may connect and owns its schema: CREATE DATABASE photodrift OWNER that_user; - no superuser is needed.",
      "failed",
      error,
    );
  }
}
