import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fleetReader } from "../../src/cli/fleet/files.js";
import { followedFiles } from "../../src/fleet/followed-files.js";
import { heal } from "../../src/fleet/follow.js";
import { prepareEngine } from "../../src/fleet/index.js";
import type { FleetEntry } from "../../src/fleet/ports.js";
import type { Schedule } from "../../src/model/schedule.js";
import { seedSandbox } from "../../src/sandbox/index.js";
import { openFleetDatabase, type FleetDatabase } from "../../src/state/postgres/index.js";
import { hasPostgres, startPostgres, type TestPostgres } from "../support/postgres.js";

const FAR = Date.UTC(2100, 0, 1);

function entry(tenant: string): FleetEntry {
  const timetable = {
    idle: false,
    delayMs: 0,
    expression: "x",
    after: () => FAR,
    lastIn: () => null,
    countIn: () => 0,
  };
  return { tenant, schedule: { name: "nightly" } as Schedule, timetable };
}

describe.skipIf(!(await hasPostgres()))("what a fleet follows (needs PostgreSQL)", () => {
  let postgres: TestPostgres;
  let database: FleetDatabase;
  let names = 0;

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    database = openFleetDatabase(await postgres.database(`follow${String(names++)}`));
    await prepareEngine(database);
    return () => database.close();
  });

  const column = async (sql: string): Promise<readonly string[]> =>
    (await database.pool.query<{ it: string }>(sql)).rows.map(({ it: value }) => value);
  const followed = () => column("SELECT tenant AS it FROM photodrift.followed ORDER BY 1");
  const jobs = () => column("SELECT key AS it FROM photodrift_jobs.jobs WHERE key IS NOT NULL ORDER BY 1");

  it("an entry that is taken out of a worker's files goes, one of another worker's stays", async () => {
    let now: readonly FleetEntry[] | null = [entry("a"), entry("b")];
    const files = followedFiles(database, { read: () => now });
    await files.read(true);
    await followedFiles(database, { read: () => [entry("c")] }).read(true);
    expect(await followed()).toEqual(["a", "b", "c"]);
    now = [entry("a")];
    await files.read(false);
    expect(await followed()).toEqual(["a", "c"]);
    expect(await jobs()).toEqual(["due:a:nightly", "due:c:nightly"]);
  });

  it("a life that begins while the source tells of no change follows all that is known", async () => {
    let told: readonly FleetEntry[] | null = [entry("a"), entry("b")];
    const files = followedFiles(database, { read: () => told });
    await files.read(true);
    told = null;
    await database.pool.query("TRUNCATE photodrift.followed");
    await files.read(true);
    expect(await followed()).toEqual(["a", "b"]);
  });

  it("a job that was lost comes back; what no worker's files had for a day is forgotten", async () => {
    await followedFiles(database, { read: () => ["a", "b", "c"].map(entry) }).read(true);
    await database.pool.query("SELECT photodrift_jobs.remove_job('due:a:nightly')");
    await database.pool.query("UPDATE photodrift.followed SET seen_at = now() - interval '25 hours'");
    await heal(database, [entry("a"), entry("b")]);
    expect(await followed()).toEqual(["a", "b"]);
    expect(await jobs()).toEqual(["due:a:nightly", "due:b:nightly"]);
  });
});

describe("files of a fleet, read again and again", () => {
  it("a tenant whose file is wrong for a while keeps what it last said; one whose file is gone goes", async () => {
    const dir = await mkdtemp(join(tmpdir(), "photodrift-fleet-files-"));
    try {
      for (const [at, name] of ["a", "b"].entries())
        await seedSandbox({ dir: join(dir, "tenants", name), users: 1, seed: at + 1 });
      await mkdir(join(dir, "schedules"));
      await writeFile(join(dir, "schedules", "nightly.yaml"), "cron: 0 2 * * *\n");
      await writeFile(
        join(dir, "fleet.yaml"),
        "database: postgres://nobody@localhost/none\ntenants: ./tenants/*/photodrift.yaml\n",
      );
      const read = fleetReader(join(dir, "fleet.yaml"), {});
      const file = join(dir, "tenants", "a", "photodrift.yaml");
      expect(read().entries).toHaveLength(2);
      const text = await readFile(file, "utf8");
      await writeFile(file, text.slice(0, 40));
      const broken = read();
      expect(broken.entries).toHaveLength(2);
      expect(broken.problems.map((problem) => problem.file)).toEqual([file]);
      await writeFile(file, text);
      expect(read().problems).toEqual([]);
      await rm(file);
      expect(read().entries).toHaveLength(1);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
