import { sql, type Kysely, type Migration } from "kysely";

/** Tables of the schema `photodrift`, as far as this program reads and writes them. */
export interface FleetTables {
  tenants: {
    readonly tenant: string;
    /** Counts the holders: a push that carries a lower number is refused. */
    readonly lease: string;
    readonly holder: string | null;
    /** False while somebody holds the tenant, or died holding it. */
    readonly released: boolean;
    readonly held_since: Date | null;
    /** Counts the pushes: equal to what a working copy knows = the copy is whole. */
    readonly generation: string;
    /** Schema version of the rows. */
    readonly schema: number;
  };
  rows: { readonly tenant: string; readonly tbl: string; readonly key: string; readonly row: string };
  backups: { readonly tenant: string; readonly sha256: string; readonly bytes: Buffer };
  runs: {
    readonly tenant: string;
    readonly run_id: string;
    readonly started_at: Date;
    readonly finished_at: Date | null;
    readonly mode: string;
    readonly trigger: string;
    readonly head: unknown;
    readonly summary: unknown;
    readonly cost: unknown;
  };
}

/**
 * Steps of the database's schema, in order of their names. Only ever added to, and each only adds: workers of the version before go on
 * working beside newer ones. The rows of a tenant carry a schema version of their own, the state file's.
 */
export const FLEET_MIGRATIONS: Readonly<Record<string, Migration>> = {
  "001-state": {
    async up(db: Kysely<unknown>) {
      const own = (column: string) => `${column} = current_setting('photodrift.tenant', true)`;
      const statements = [
        `CREATE TABLE photodrift.tenants (
           tenant text COLLATE "C" PRIMARY KEY, lease bigint NOT NULL DEFAULT 0, holder text, released boolean NOT NULL DEFAULT true,
           held_since timestamptz, generation bigint NOT NULL DEFAULT 0, schema integer NOT NULL DEFAULT 0)`,
        `CREATE TABLE photodrift.rows (
           tenant text COLLATE "C" NOT NULL, tbl text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, row text NOT NULL,
           PRIMARY KEY (tenant, tbl, key))`,
        `CREATE TABLE photodrift.backups (
           tenant text COLLATE "C" NOT NULL, sha256 text COLLATE "C" NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (tenant, sha256))`,
        // Pictures are packed already.
        `ALTER TABLE photodrift.backups ALTER COLUMN bytes SET STORAGE EXTERNAL`,
        `CREATE TABLE photodrift.runs (
           tenant text COLLATE "C" NOT NULL, run_id text COLLATE "C" NOT NULL, started_at timestamptz NOT NULL, finished_at timestamptz,
           mode text NOT NULL, trigger text NOT NULL, head jsonb, summary jsonb, cost jsonb, PRIMARY KEY (tenant, run_id))`,
        `CREATE INDEX runs_by_time ON photodrift.runs (started_at DESC)`,
        // One tenant's rows are never read under another's run, whatever a statement says.
        ...["rows", "backups"].flatMap((table) => [
          `ALTER TABLE photodrift.${table} ENABLE ROW LEVEL SECURITY`,
          `ALTER TABLE photodrift.${table} FORCE ROW LEVEL SECURITY`,
          `CREATE POLICY own_tenant ON photodrift.${table} USING (${own("tenant")}) WITH CHECK (${own("tenant")})`,
        ]),
      ];
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  },
  // Workers, what they follow, and the runs that due times lead to.
  "002-due-runs": {
    async up(db: Kysely<unknown>) {
      await sql
        .raw(
          `CREATE TABLE photodrift.workers (
     id text PRIMARY KEY, lock_key bigint NOT NULL UNIQUE, host text NOT NULL, pid integer NOT NULL, version text NOT NULL,
     concurrency integer NOT NULL, slots text[] NOT NULL DEFAULT '{}', started_at timestamptz NOT NULL DEFAULT now());
   CREATE TABLE photodrift.followed (
     tenant text COLLATE "C" NOT NULL, schedule text COLLATE "C" NOT NULL, expression text NOT NULL, settled_to timestamptz NOT NULL,
     PRIMARY KEY (tenant, schedule));
   CREATE TABLE photodrift.due_runs (
     tenant text COLLATE "C" NOT NULL, schedule text COLLATE "C" NOT NULL, due timestamptz NOT NULL,
     state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'skipped', 'missed')),
     kind text NOT NULL, missed integer NOT NULL DEFAULT 0, attempts integer NOT NULL DEFAULT 0, begun integer NOT NULL DEFAULT 0,
     worker text, not_before timestamptz, started_at timestamptz, finished_at timestamptz, run_id text, verdict text, reason text,
     PRIMARY KEY (tenant, schedule, due));
   CREATE INDEX due_runs_open ON photodrift.due_runs (tenant, schedule) WHERE state IN ('waiting', 'running')`,
        )
        .execute(db);
    },
  },
  // How often a worker died in a run.
  "003-deaths": {
    async up(db: Kysely<unknown>) {
      await sql.raw(`ALTER TABLE photodrift.due_runs ADD COLUMN cut_off integer NOT NULL DEFAULT 0`).execute(db);
    },
  },
  // When a worker's files last had an entry; whether a run that is late was told.
  "004-seen": {
    async up(db: Kysely<unknown>) {
      await sql
        .raw(`ALTER TABLE photodrift.followed ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now()`)
        .execute(db);
      await sql.raw(`ALTER TABLE photodrift.due_runs ADD COLUMN told boolean NOT NULL DEFAULT false`).execute(db);
    },
  },
};
