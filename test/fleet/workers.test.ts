import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleetSite, PASSED, writesOf, type FleetSite } from "../support/fleet-site.js";
import { until } from "../support/fleet.js";
import { photodrift } from "../support/cli.js";
import { sandboxTenant, type SandboxTenant } from "../support/sandbox-tenant.js";
import { hasPostgres, startPostgres, type TestPostgres } from "../support/postgres.js";
import { readSandbox } from "../../src/sandbox/index.js";

const TENANT = { seed: 31, profile: "demo", users: 24 } as const;

interface Library {
  readonly library: readonly { readonly path: string; readonly sha256: string; readonly version: number }[];
}

/** A worker that applies is killed in the middle: sandbox tenants count what arrives. */
describe.skipIf(!(await hasPostgres()))("fleet workers over sandbox tenants (needs PostgreSQL)", () => {
  let postgres: TestPostgres;
  let site: FleetSite;
  let alone: SandboxTenant;

  beforeAll(async () => {
    postgres = await startPostgres();
    site = await fleetSite(postgres.url, { adatum: TENANT });
    alone = await sandboxTenant(TENANT);
  });
  afterAll(async () => {
    await site.stop();
    await alone.stop();
    await postgres.stop();
  });

  it("an apply whose worker is killed is taken up: nothing is written twice, and the end is that of one machine", async () => {
    const tenant = site.tenants.get("adatum");
    if (tenant === undefined) throw new Error("no tenant");
    const single = await photodrift(["apply", "--yes", "--config", `${alone.dir}/photodrift.yaml`], alone.dir);
    expect([0, 2, 3]).toContain(single.code);
    await tenant.set("latency=25");
    await site.schedule("mend", `cron: "${PASSED}"\nmode: apply\n`);
    const workers = [site.worker(), site.worker()];
    await site.makeDue("mend");
    await until(
      () => tenant.log(),
      (log) => writesOf(log).length >= 3,
      120,
    );
    const { rows } = await site.pool.query<{ pid: number }>(
      "SELECT w.pid FROM photodrift.workers w JOIN photodrift.due_runs d ON d.worker = w.id WHERE d.state = 'running'",
    );
    const victim = workers.find(({ process: { pid } }) => pid === rows[0]?.pid);
    victim?.kill("SIGKILL");
    const { rows: ended } = await until(
      () =>
        site.pool.query<{ state: string; attempts: number; reason: string | null }>(
          "SELECT state, attempts, reason FROM photodrift.due_runs",
        ),
      (answer) => answer.rows.some(({ state }) => state === "done" || state === "failed"),
      // Longer than a run that could not look at everything is put off: then its row says why.
      500,
    );
    expect(ended).toEqual([{ state: "done", attempts: 2, reason: null }]);
    const pictures = async (dir: string): Promise<unknown> =>
      ((await readSandbox(dir, "state?hashes=1")) as Library).library.map(({ path, sha256 }) => [path, sha256]);
    expect(await pictures(tenant.dir)).toEqual(await pictures(alone.dir));
    const count = (writes: readonly string[]): number => writes.length;
    const twice = count(writesOf(await tenant.log())) - count(writesOf(await alone.log()));
    expect(twice).toBeLessThanOrEqual(0);
  }, 900_000);
});
