import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "vitest";
import type { State } from "../../src/state/index.js";
import {
  holdFleetState,
  openFleetDatabase,
  readFleetState,
  type FleetDatabase,
  type LeaseTimes,
} from "../../src/state/postgres/index.js";
import { hasPostgres, startPostgres, type TestPostgres } from "../support/postgres.js";
import { temporaryState } from "../unit/state/made.js";

/** Short enough for a test, long enough for a busy machine. */
export const SHORT_TIMES: LeaseTimes = { beat: 400, fresh: 2_500, silence: 8_000, margin: 0 };

const fleet = await hasPostgres();

/** Every row of the tables that are carried, as text; previews are fetched first where the home does so when they are asked for. */
export async function dump({ db, records }: Pick<State, "db" | "records">): Promise<readonly string[]> {
  const previews = db.prepare<[], { sha256: string }>("SELECT sha256 FROM previews").all();
  for (const { sha256 } of previews) await records.preview(sha256);
  const tables = db
    .prepare<[], { name: string }>(
      "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .all()
    .filter(({ name }) => name !== "run_lock" && name !== "report_files");
  return tables
    .flatMap(({ name }) =>
      db
        .prepare(`SELECT * FROM "${name}"`)
        .all()
        .map((row) => `${name} ${JSON.stringify(row)}`),
    )
    .concat(JSON.stringify(db.prepare("SELECT * FROM sqlite_sequence").all()))
    .sort();
}

/**
 * One suite for every home that a tenant's state can have: a state file, and the database of a fleet. There, what the test left is handed
 * over after each test, and what the next worker gets must be the same, row for row.
 */
export function onEveryHome(suite: (state: () => State) => void): void {
  describe("in a state file", () => {
    let opened: ReturnType<typeof temporaryState>;
    beforeEach(() => {
      opened = temporaryState();
    });
    afterEach(() => opened.remove());
    suite(() => opened);
  });

  describe.skipIf(!fleet)("in the fleet's database (needs PostgreSQL)", () => {
    let server: TestPostgres;
    let database: FleetDatabase;
    let folder: string;
    let held: Awaited<ReturnType<typeof holdFleetState>>;
    let tenants = 0;
    beforeAll(async () => {
      server = await startPostgres();
      database = openFleetDatabase(server.url);
      await database.migrate();
      folder = mkdtempSync(join(tmpdir(), "photodrift-fleet-"));
    }, 60_000);
    afterAll(async () => {
      await database.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const wish = (worker: string) => ({
      tenant: `tenant-${String(tenants)}.example`,
      holder: worker,
      folder: join(folder, worker),
      times: SHORT_TIMES,
    });
    beforeEach(async () => {
      tenants++;
      held = await holdFleetState(database, wish("first"));
    });
    afterEach(async () => {
      const left = await dump(held.state);
      await held.release();
      const next = await holdFleetState(database, wish("second"));
      const found = await dump(next.state);
      await next.release();
      const reading = await readFleetState(database, { tenant: wish("").tenant, folder: join(folder, "reader") });
      const read = await dump(reading.state);
      await reading.close();
      expect(found).toEqual(left);
      expect(read).toEqual(left);
    });
    suite(() => held.state);
  });
}
