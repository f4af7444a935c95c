import type { Db } from "./database.js";

/** Lists of which a run tells what it saw. */
export type SeenList = "seen_users" | "seen_masters" | "seen_files" | "seen_findings";

/** What a listing saw, until it is over. */
export interface Seen {
  /** `runId` begins anew where another run's was kept. @param value a number to keep with the key, null by default */
  note(runId: string, key: string | Buffer, value?: number | null): void;
  /** From here on the table is there and holds what this run saw, be it nothing; SQL that names it is prepared after this. */
  of(runId: string): void;
  count(): number;
  forget(): void;
}

/**
 * What a run saw of a list, beside the rows themselves: in a table that lasts as long as the connection. A mark in the rows would write each of
 * them in every run, in the order in which a service lists them and therefore at random: at 100,000 users that was most of what a warm run wrote.
 * Where rows have a column `seen_run`, it is from before and tells of nothing any more.
 */
export function seenIn(db: Db, list: SeenList): Seen {
  let current: string | null = null;
  let add: ReturnType<typeof prepareAdd> | null = null;

  function prepareAdd() {
    return db.prepare<[string | Buffer, number | null]>(`INSERT OR IGNORE INTO temp.${list}(key, value) VALUES (?, ?)`);
  }
  function of(runId: string): void {
    if (current === runId) return;
    db.exec(
      `CREATE TEMP TABLE IF NOT EXISTS ${list} (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID; DELETE FROM temp.${list}`,
    );
    add ??= prepareAdd();
    current = runId;
  }
  return {
    note(runId, key, value = null) {
      of(runId);
      add?.run(key, value);
    },
    of,
    count: () => db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM temp.${list}`).get()?.n ?? 0,
    forget() {
      db.exec(`DROP TABLE IF EXISTS temp.${list}`);
      current = null;
    },
  };
}
