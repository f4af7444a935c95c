import type { Db } from "../sqlite/database.js";

/** Tables that tell of one machine alone, and stay there. */
const LOCAL = new Set(["run_lock", "report_files"]);

/** A row that changed: as it is now, or null where it is gone. `key` is that of `keyText`. */
export interface Change {
  readonly table: string;
  readonly key: string;
  readonly row: Readonly<Record<string, unknown>> | null;
}

/** Before the digits of bytes in a key: JSON has no bytes. */
const BYTES = "\u0001";

/** The primary key of a row as a JSON array; as the triggers make it, to the letter. */
export function keyText(values: readonly unknown[]): string {
  return JSON.stringify(
    values.map((value) => (Buffer.isBuffer(value) ? BYTES + value.toString("hex").toUpperCase() : value)),
  );
}

function keyValues(text: string): readonly unknown[] {
  const values = JSON.parse(text) as unknown[];
  return values.map((value) =>
    typeof value === "string" && value.startsWith(BYTES) ? Buffer.from(value.slice(BYTES.length), "hex") : value,
  );
}

interface Table {
  readonly name: string;
  readonly key: readonly string[];
}

/** Notices what changes in a working copy. */
export interface Changes {
  /** Rows waiting, counted once each. */
  count(): number;
  /** What changed since the last call, as it is at this moment. */
  take(): readonly Change[];
  /** Puts back what could not be carried on; a row that changed again meanwhile is taken as it is then. */
  giveBack(changes: readonly Change[]): void;
  /** Writes to one table, as a whole, what came from the database itself: it is not noticed. */
  apart(table: string, work: () => void): void;
}

/** Tables of the state that are carried along, with the columns of their primary keys. */
export function carriedTables(db: Db): readonly Table[] {
  return db
    .prepare<[], { name: string }>(
      "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .all()
    .filter(({ name }) => !LOCAL.has(name))
    .map(({ name }) => ({
      name,
      key: (db.pragma(`table_info(${quoted(name)})`) as { name: string; pk: number }[])
        .filter(({ pk }) => pk > 0)
        .sort((a, b) => a.pk - b.pk)
        .map((column) => column.name),
    }));
}

/**
 * Watches every table by triggers that last as long as this connection: nothing in the file tells of them. Changes of a transaction that is
 * rolled back are forgotten with it.
 */
export function watchChanges(db: Db): Changes {
  const tables = new Map(carriedTables(db).map((table) => [table.name, table]));
  db.pragma("temp_store = MEMORY");
  db.exec("CREATE TEMP TABLE changed (tbl TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (tbl, key)) WITHOUT ROWID");
  for (const table of tables.values()) db.exec(triggersOf(table));
  const counted = db.prepare<[], { waiting: number }>("SELECT count(*) AS waiting FROM temp.changed");
  const waiting = db.prepare<[], { tbl: string; key: string }>("SELECT tbl, key FROM temp.changed ORDER BY tbl, key");
  const clear = db.prepare("DELETE FROM temp.changed");
  const note = db.prepare("INSERT OR IGNORE INTO temp.changed(tbl, key) VALUES (?, ?)");
  const readers = new Map(
    [...tables.values()].map(({ name, key }) => {
      const where = key.map((column) => `${quoted(column)} IS ?`).join(" AND ");
      return [
        name,
        db.prepare<unknown[], Record<string, unknown>>(`SELECT * FROM main.${quoted(name)} WHERE ${where}`),
      ];
    }),
  );
  return {
    count: () => counted.get()?.waiting ?? 0,
    take: db.transaction(() => {
      const changes = waiting.all().map(({ tbl, key }): Change => {
        const row = readers.get(tbl)?.get(...keyValues(key)) ?? null;
        return { table: tbl, key, row };
      });
      clear.run();
      return changes;
    }),
    giveBack: db.transaction((changes: readonly Change[]) => {
      for (const { table, key } of changes) note.run(table, key);
    }),
    apart: db.transaction((name: string, work: () => void) => {
      const table = tables.get(name);
      if (table === undefined) throw new TypeError(`no table ${name}`);
      for (const event of EVENTS) db.exec(`DROP TRIGGER temp.${triggerOf(table, event)}`);
      work();
      db.exec(triggersOf(table));
    }),
  };
}

const EVENTS = ["INSERT", "UPDATE", "DELETE"] as const;

function triggerOf({ name }: Table, event: (typeof EVENTS)[number]): string {
  return quoted(`watch_${name}_${event}`);
}

function triggersOf(table: Table): string {
  const { name, key } = table;
  const part = (value: string) => `CASE typeof(${value}) WHEN 'blob' THEN char(1) || hex(${value}) ELSE ${value} END`;
  const of = (row: "NEW" | "OLD") => `json_array(${key.map((column) => part(`${row}.${quoted(column)}`)).join(", ")})`;
  // No OR IGNORE: the conflict clause of the statement that fires a trigger takes the place of the trigger's own.
  const note = (row: "NEW" | "OLD") =>
    `INSERT INTO changed(tbl, key) SELECT '${name}', ${of(row)}
     WHERE NOT EXISTS (SELECT 1 FROM changed WHERE tbl = '${name}' AND key = ${of(row)});`;
  const trigger = (event: (typeof EVENTS)[number], body: string) =>
    `CREATE TEMP TRIGGER ${triggerOf(table, event)} AFTER ${event} ON main.${quoted(name)} BEGIN ${body} END;`;
  return [
    trigger("INSERT", note("NEW")),
    trigger("UPDATE", note("OLD") + note("NEW")),
    trigger("DELETE", note("OLD")),
  ].join("\n");
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
