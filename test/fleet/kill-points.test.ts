import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { BackupStore } from "../../src/run/journal-port.js";
import type { HeldState } from "../../src/state/held.js";
import { SCHEMA } from "../../src/state/postgres/copy.js";
import { holdFleetState, openFleetDatabase, type FleetDatabase } from "../../src/state/postgres/index.js";
import { takeLease, type LeaseTimes } from "../../src/state/postgres/lease.js";
import { replaceAll } from "../../src/state/postgres/push.js";
import { openDatabase } from "../../src/state/sqlite/database.js";
import { hasPostgres, startPostgres, type TestPostgres } from "../support/postgres.js";
import {
  prepare,
  PowerCut,
  resume,
  striker,
  undisturbed,
  work,
  type Moment,
  type Resumed,
  type Template,
} from "../unit/apply/kill-rig.js";
import { KILL_SCENARIOS } from "../unit/apply/kill-worlds.js";
import { rigOver } from "../unit/apply/rig.js";

const fleet = await hasPostgres();
/** Every moment with PHOTODRIFT_KILL=whole, else every so many. */
const EVERY = process.env["PHOTODRIFT_KILL"] === "whole" ? 1 : 13;
const TENANT = "contoso.com";
/** Patient with a busy machine; nobody is waited for, since the stage knows that the first worker is dead. */
const TIMES: LeaseTimes = { beat: 1_000, fresh: 15_000, silence: 60_000, margin: -15_000 };

let server: TestPostgres;
let database: FleetDatabase;
let folder: string;

const hold = (worker: string): Promise<HeldState> =>
  holdFleetState(database, { tenant: TENANT, holder: worker, folder: join(folder, worker), times: TIMES });

/** The pictures of the rig are known by their content, not by a file. */
const byContent = (backups: BackupStore): BackupStore => ({
  ...backups,
  path: (sha256) => sha256,
  put(bytes) {
    const kept = backups.put(bytes);
    // Nobody hears what a worker that died was doing.
    kept.catch(() => undefined);
    return kept;
  },
});

/** Puts the state before the run into the database. */
async function reset(template: Template): Promise<void> {
  const lease = await takeLease(database, { tenant: TENANT, holder: "stage", times: TIMES });
  const db = openDatabase(template.file, TENANT);
  await replaceAll({ database, tenant: TENANT, lease, db }, SCHEMA);
  db.close();
  await lease.release();
  const held = await hold("stage");
  for await (const sha256 of held.state.backups.all()) await held.state.backups.remove(sha256);
  for (const bytes of template.backups.values()) await held.state.backups.put(bytes);
  await held.release();
}

/** The worker is gone from one moment to the next: what it had not made safe is lost with it. */
async function die(held: HeldState): Promise<void> {
  await database.pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'photodrift lease'",
  );
  await vi.waitFor(() => expect(held.lost?.aborted).toBe(true), { timeout: 10_000, interval: 5 });
  await held.release().catch(() => undefined);
}

async function killAndResumeElsewhere(template: Template, moment: Moment): Promise<Resumed> {
  await reset(template);
  const tenant = template.tenant.copy();
  const first = await hold("first");
  const rig = rigOver(
    first.state,
    tenant,
    striker("SIGKILL", moment.at, new AbortController()),
    byContent(first.state.backups),
  );
  await work(rig, template.scenario, "run-cut", new AbortController().signal).catch((error: unknown) => {
    if (!(error instanceof PowerCut)) throw error;
  });
  await die(first);
  const second = await hold("second");
  try {
    const kept = byContent(second.state.backups);
    return await resume(rigOver(second.state, tenant, undefined, kept), tenant, kept, template.scenario, false);
  } finally {
    await second.release();
  }
}

describe.skipIf(!fleet)(
  "a worker that dies at any moment, and another that takes its run up (needs PostgreSQL)",
  () => {
    beforeAll(async () => {
      server = await startPostgres();
      database = openFleetDatabase(server.url);
      await database.migrate();
      folder = mkdtempSync(join(tmpdir(), "photodrift-fleet-kill-"));
    }, 60_000);
    afterAll(async () => {
      await database.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
      process.stdout.write(
        `\n${String(points)} moments at which a worker died; taken up elsewhere ${String(resumed)}, writes doubled ${String(doubled)}\n`,
      );
    });

    let points = 0;
    let resumed = 0;
    let doubled = 0;

    it.each(KILL_SCENARIOS)("$name: same end byte for byte, no write twice", { timeout: 900_000 }, async (scenario) => {
      const template = await prepare(scenario, mkdtempSync(join(folder, "scenario-")));
      const { end, moments } = await undisturbed(template);
      const faults: string[] = [];
      for (const moment of moments.filter((_, nth) => nth % EVERY === 0)) {
        const found = await killAndResumeElsewhere(template, moment);
        points++;
        const twice = found.end.writes.length - end.writes.length;
        doubled += Math.max(0, twice);
        const whole = found.integrity === "ok" && found.open === 0 && found.lost === 0;
        if (whole && twice === 0 && found.end.tenant === end.tenant) resumed++;
        else
          faults.push(
            `at ${String(moment.at)} ${moment.step}: ${JSON.stringify({ ...found, end: found.end.writes, wanted: end.writes })}`,
          );
      }
      expect(faults).toEqual([]);
    });

    it("was tried in every scenario", () => {
      expect(points).toBeGreaterThanOrEqual(KILL_SCENARIOS.length * 3);
      expect({ resumed, doubled }).toEqual({ resumed: points, doubled: 0 });
    });
  },
);
