import { sql, type Transaction } from "kysely";
import type { Db } from "../sqlite/database.js";
import { carriedTables, type Change } from "./changes.js";
import type { FleetTables } from "./migrations.js";

/** Rows of one statement; a statement stays at some megabytes. */
const PAGE = 1_000;
/** The counter of the journal's numbers: a number is never given twice, not even after its entry was dropped. */
const SEQUENCE = "sqlite_sequence";

const BLOB = "$blob";

/** A row as text: names and values, binary ones in base64. */
export function encodeRow(row: Readonly<Record<string, unknown>>): string {
  const values = Object.entries(row).map(([name, value]) => [
    name,
    Buffer.isBuffer(value) ? { [BLOB]: value.toString("base64") } : value,
  ]);
  return JSON.stringify(Object.fromEntries(values));
}

export function decodeRow(text: string): Record<string, unknown> {
  const row = JSON.parse(text) as Record<string, unknown>;
  for (const [name, value] of Object.entries(row)) {
    if (value !== null && typeof value === "object") {
      row[name] = Buffer.from((value as { [BLOB]: string })[BLOB], "base64");
    }
  }
  return row;
}

/** Writes changes of a tenant, in the transaction that proved the lease. */
export async function writeChanges(
  transaction: Transaction<FleetTables>,
  tenant: string,
  changes: readonly Change[],
): Promise<void> {
  for (let at = 0; at < changes.length; at += PAGE) {
    const page = changes.slice(at, at + PAGE);
    const kept = page.filter(({ row }) => row !== null);
    const gone = page.filter(({ row }) => row === null);
    if (kept.length > 0) {
      await sql`INSERT INTO photodrift.rows (tenant, tbl, key, row)
        SELECT ${tenant}, * FROM unnest(${kept.map(({ table }) => table)}::text[], ${kept.map(({ key }) => key)}::text[],
                                        ${kept.map(({ row }) => encodeRow(row ?? {}))}::text[])
        ON CONFLICT (tenant, tbl, key) DO UPDATE SET row = excluded.row`.execute(transaction);
    }
    if (gone.length > 0) {
      await sql`DELETE FROM photodrift.rows USING
          unnest(${gone.map(({ table }) => table)}::text[], ${gone.map(({ key }) => key)}::text[]) AS gone(tbl, key)
        WHERE rows.tenant = ${tenant} AND rows.tbl = gone.tbl AND rows.key = gone.key`.execute(transaction);
    }
  }
  await writeRuns(
    transaction,
    tenant,
    changes.filter(({ table }) => table === "runs"),
  );
}

/** What the fleet's pages read over all tenants: heads, counts and costs of runs; no finding, no employee. */
async function writeRuns(
  transaction: Transaction<FleetTables>,
  tenant: string,
  changes: readonly Change[],
): Promise<void> {
  for (const { key, row } of changes) {
    const [id] = JSON.parse(key) as [string];
    if (row === null) {
      await transaction.deleteFrom("runs").where("tenant", "=", tenant).where("run_id", "=", id).execute();
      continue;
    }
    const { mode, trigger, started_at, finished_at, head, summary, cost } = row as Record<string, string | null>;
    await sql`INSERT INTO photodrift.runs (tenant, run_id, started_at, finished_at, mode, trigger, head, summary, cost)
      VALUES (${tenant}, ${id}, ${started_at}, ${finished_at}, ${mode}, ${trigger},
              ${jsonb(head)}::jsonb, ${jsonb(summary)}::jsonb, ${jsonb(cost)}::jsonb)
      ON CONFLICT (tenant, run_id) DO UPDATE SET started_at = excluded.started_at, finished_at = excluded.finished_at,
        mode = excluded.mode, trigger = excluded.trigger, head = excluded.head, summary = excluded.summary, cost = excluded.cost`.execute(
      transaction,
    );
  }
}

/** jsonb knows no NUL. */
function jsonb(text: string | null | undefined): string | null {
  return text == null ? null : text.replaceAll("\\u0000", "");
}

/** The change that carries the journal's counter, where the copy has one. */
export function sequenceOf(db: Db): Change | null {
  const row = db
    .prepare<[], Record<string, unknown>>("SELECT name, seq FROM sqlite_sequence WHERE name = 'journal'")
    .get();
  return row === undefined ? null : { table: SEQUENCE, key: '["journal"]', row };
}

/** Every row of a working copy, as changes: what replaces all that the database has. */
export function* allRows(db: Db): Iterable<Change> {
  for (const { name, key } of carriedTables(db)) {
    for (const row of db.prepare<[], Record<string, unknown>>(`SELECT * FROM "${name}"`).iterate()) {
      yield { table: name, key: JSON.stringify(key.map((column) => row[column])), row };
    }
  }
}

/** Fills an empty working copy, whose schema is that of the rows, with the tenant's rows; pages stay small. */
export async function loadRows(transaction: Transaction<FleetTables>, tenant: string, db: Db): Promise<void> {
  db.pragma("foreign_keys = OFF");
  const inserts = new Map<string, ReturnType<Db["prepare"]>>();
  const put = db.transaction((rows: readonly { tbl: string; row: string }[]) => {
    for (const { tbl, row } of rows) {
      const values = decodeRow(row);
      const names = Object.keys(values);
      const shape = `${tbl}(${names.join()})`;
      const insert =
        inserts.get(shape) ??
        db.prepare(
          `INSERT INTO "${tbl}"(${names.map((name) => `"${name}"`).join()}) VALUES (${names.map(() => "?").join()})`,
        );
      inserts.set(shape, insert);
      insert.run(...Object.values(values));
    }
  });
  let last: { readonly tbl: string; readonly key: string } | undefined = { tbl: "", key: "" };
  while (last !== undefined) {
    const page: readonly { tbl: string; key: string; row: string }[] = await transaction
      .selectFrom("rows")
      .select(["tbl", "key", "row"])
      .where("tenant", "=", tenant)
      .where(sql<boolean>`(tbl, key) > (${last.tbl}, ${last.key})`)
      .orderBy("tbl")
      .orderBy("key")
      .limit(PAGE)
      .execute();
    // The counter goes in last: rows of the journal move it.
    put(page.filter(({ tbl }) => tbl !== SEQUENCE));
    for (const { row } of page.filter(({ tbl }) => tbl === SEQUENCE)) {
      const { seq } = decodeRow(row);
      db.prepare("DELETE FROM sqlite_sequence WHERE name = 'journal'").run();
      db.prepare("INSERT INTO sqlite_sequence(name, seq) VALUES ('journal', ?)").run(seq);
    }
    last = page.length < PAGE ? undefined : page.at(-1);
  }
  db.pragma("foreign_keys = ON");
}
