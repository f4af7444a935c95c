import { sql, type Transaction } from "kysely";
import type { Db } from "../sqlite/database.js";
import { carriedTables, keyText, type Change } from "./changes.js";
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
      yield { table: name, key: keyText(key.map((column) => row[column])), row };
    }
  }
}

/**
 * Fills an empty working copy, whose schema is that of the rows, with the tenant's rows; pages stay small.
 * @param previews `later`: the copy knows of which pictures there is a preview, and not what it shows (see fleetPreviews)
 */
export async function loadRows(
  transaction: Transaction<FleetTables>,
  tenant: string,
  db: Db,
  previews: "now" | "later",
): Promise<void> {
  const row =
    previews === "now" ? sql<string>`row` : sql<string | null>`CASE WHEN tbl = 'previews' THEN NULL ELSE row END`;
  const put = db.transaction(putterOf(db));
  let page = readPage({ tbl: "", key: "" });
  for (;;) {
    const rows = await page;
    const last = rows.length < PAGE ? undefined : rows.at(-1);
    // The server reads the next page while this one is written.
    if (last !== undefined) page = readPage(last);
    put(rows);
    if (last === undefined) return;
  }

  function readPage(after: { readonly tbl: string; readonly key: string }): Promise<readonly LoadedRow[]> {
    const read = transaction
      .selectFrom("rows")
      .select(["tbl", "key", row.as("row")])
      .where("tenant", "=", tenant)
      .where(sql<boolean>`(tbl, key) > (${after.tbl}, ${after.key})`)
      .orderBy("tbl")
      .orderBy("key")
      .limit(PAGE)
      .execute();
    // Where writing fails nobody waits for it any more.
    read.catch(() => undefined);
    return read;
  }
}

interface LoadedRow {
  readonly tbl: string;
  readonly key: string;
  /** null: a preview that is fetched when it is asked for. */
  readonly row: string | null;
}

function putterOf(db: Db): (rows: readonly LoadedRow[]) => void {
  const prepare = (text: string) => db.prepare(text);
  const inserts = new Map<string, ReturnType<typeof prepare>>();
  const mark = db.prepare("INSERT INTO previews(sha256, jpeg) VALUES (?, zeroblob(0))");

  function insertOf(tbl: string, names: readonly string[]): ReturnType<typeof prepare> {
    const shape = `${tbl}(${names.join()})`;
    const known = inserts.get(shape);
    if (known !== undefined) return known;
    const columns = names.map((name) => `"${name}"`).join();
    const made = prepare(`INSERT INTO "${tbl}"(${columns}) VALUES (${names.map(() => "?").join()})`);
    inserts.set(shape, made);
    return made;
  }

  return (rows) => {
    for (const { tbl, key, row } of rows) {
      if (row === null) {
        mark.run((JSON.parse(key) as [string])[0]);
        continue;
      }
      const values = decodeRow(row);
      // The counter comes after the rows of the journal, which move it: "sqlite_sequence" sorts after "journal".
      if (tbl === SEQUENCE) db.prepare("DELETE FROM sqlite_sequence WHERE name = 'journal'").run();
      insertOf(tbl, Object.keys(values)).run(...Object.values(values));
    }
  };
}
