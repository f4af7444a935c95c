import { appendFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleetSite, PASSED, type FleetSite, type SiteTenant } from "../support/fleet-site.js";
import { until } from "../support/fleet.js";
import { hasPostgres, startPostgres, type TestPostgres } from "../support/postgres.js";

interface DueRow {
  readonly tenant: string;
  readonly state: string;
  readonly reason: string | null;
  readonly not_before: Date | null;
}

/** Takes what a webhook is sent. */
async function startReceiver(): Promise<{ readonly server: Server; readonly url: string; readonly got: string[] }> {
  const got: string[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => (text += part));
    request.on("end", () => {
      got.push(text);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`, got };
}

/** One worker with one place: who is in trouble would keep it from all others. */
describe.skipIf(!(await hasPostgres()))("tenants in trouble beside others (needs PostgreSQL)", () => {
  let postgres: TestPostgres;
  let site: FleetSite;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  const sound = ["fabrikam", "northwind"];

  beforeAll(async () => {
    postgres = await startPostgres();
    receiver = await startReceiver();
    // By id the troubled ones may come first or last: every other tenant has to wait for neither.
    const names = ["adatum", "contoso", ...sound];
    site = await fleetSite(
      postgres.url,
      Object.fromEntries(names.map((name, at) => [name, { users: 6, seed: 41 + at }])),
    );
    const entry = `\nnotify:\n  - {kind: webhook, url: "${receiver.url}", on: always}\n`;
    await appendFile(join(tenant("adatum").dir, "photodrift.yaml"), entry);
  });
  afterAll(async () => {
    await site.stop();
    await postgres.stop();
    receiver.server.close();
  });

  function tenant(name: string): SiteTenant {
    const found = site.tenants.get(name);
    if (found === undefined) throw new Error(`no tenant ${name}`);
    return found;
  }
  const rows = async (): Promise<readonly DueRow[]> =>
    (await site.pool.query<DueRow>("SELECT tenant, state, reason, not_before FROM photodrift.due_runs")).rows;
  const rowOf = (found: readonly DueRow[], name: string) => found.find((row) => row.tenant === tenant(name).id);

  it("a pause of 300 s and a login that fails delay no other tenant, and are told once", async () => {
    await tenant("adatum").set("faults=429,host=graph,after=300");
    await tenant("contoso").set("faults=500,host=login");
    await site.schedule("nightly", `cron: "${PASSED}"\n`);
    site.worker("--concurrency", "1");
    await site.makeDue("nightly");
    const found = await until(
      () => rows().catch(() => []),
      (now) =>
        now.length === 4 &&
        sound.every((name) => rowOf(now, name)?.state === "done") &&
        ["adatum", "contoso"].every((name) => rowOf(now, name)?.reason !== null),
      120,
    );
    const throttled = rowOf(found, "adatum");
    expect(throttled).toMatchObject({
      state: "waiting",
      reason: expect.stringMatching(/asks for a pause of (29\d|300) s/) as string,
    });
    expect(Number(throttled?.not_before) - Date.now()).toBeGreaterThan(180_000);
    expect(rowOf(found, "contoso")).toMatchObject({ state: "waiting", reason: expect.any(String) as string });
    const { stdout } = await site.cli("status");
    const why = rowOf(found, "contoso")?.reason ?? "";
    expect(why).not.toMatch(/^verdict /u);
    expect(stdout).toContain(`contoso: ${why}\n`);
    expect(receiver.got).toEqual([]);

    // The pause is over: the run ends, and that is told.
    await tenant("adatum").set("faults=none");
    await site.pool.query("UPDATE photodrift_jobs._private_jobs SET run_at = now() WHERE payload->>'tenant' = $1", [
      tenant("adatum").id,
    ]);
    await until(rows, (now) => rowOf(now, "adatum")?.state === "done", 60);
    expect(receiver.got).toHaveLength(1);
    expect(receiver.got[0]).toMatch(/"verdict":"drift"/);
  });
});
