import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleetSite, PASSED, type FleetSite } from "../support/fleet-site.js";
import { until } from "../support/fleet.js";
import { hasPostgres, startPostgres, type TestPostgres } from "../support/postgres.js";

interface StatusJson {
  readonly workers: readonly { readonly concurrency: number; readonly running: number }[];
  readonly tenants: readonly {
    readonly name: string;
    readonly lastRun: { readonly verdict: string; readonly mode: string } | null;
    readonly next: unknown;
  }[];
}
interface ReportJson {
  readonly totals: { readonly tenants: number; readonly usersWithDrift: number };
  readonly tenants: readonly {
    readonly name: string;
    readonly found: { readonly runId: string } | null;
    readonly certificateEndsAt: string | null;
  }[];
}

describe.skipIf(!(await hasPostgres()))("fleet commands (needs PostgreSQL)", () => {
  let postgres: TestPostgres;
  let site: FleetSite;

  beforeAll(async () => {
    postgres = await startPostgres();
    site = await fleetSite(postgres.url, {
      adatum: { seed: 21, profile: "demo", users: 14 },
      tailspin: { seed: 22, profile: "clean", users: 6 },
    });
    await site.schedule("nightly", 'cron: "30 2 * * *"\ntimezone: Europe/Berlin\njitter: 30m\n');
  });
  afterAll(async () => {
    await site.stop();
    await postgres.stop();
  });

  async function json<T>(...args: readonly string[]): Promise<T> {
    const { stdout, stderr } = await site.cli(...args, "--format", "json");
    expect(stderr).not.toMatch(/error|secret-of-the-database/);
    return JSON.parse(stdout) as T;
  }

  it("plan tells what would run until when, each tenant at its own share of the jitter, without the database", async () => {
    const { plan } = await json<{ plan: { at: string; tenant: string }[] }>("plan", "--until", "2d");
    expect(plan).toHaveLength(4);
    expect(new Set(plan.map(({ at }) => at.slice(11))).size).toBe(2);
    const { code, stderr } = await site.cli("plan", "--until", "soon");
    expect([code, stderr]).toEqual([64, expect.stringContaining('--until does not take "soon"')]);
  });

  it("plan of many runs: text tells the first and how many more, lists have all, and what fills the memory is refused", async () => {
    await site.schedule("minutely", 'cron: "* * * * *"\n');
    try {
      const { stdout } = await site.cli("plan", "--until", "3h");
      const { plan } = await json<{ plan: unknown[] }>("plan", "--until", "3h");
      expect(plan.length).toBeGreaterThanOrEqual(2 * 179);
      expect(stdout).toContain(`… and ${String(plan.length - 100)} more.`);
      expect(stdout.trimEnd().split("\n")).toHaveLength(102);
      const { code, stderr } = await site.cli("plan", "--until", "90d");
      expect([code, stderr]).toEqual([64, expect.stringContaining("--until 1h")]);
      const far = await site.cli("plan", "--until", "3650d");
      expect([far.code, far.stderr]).toEqual([64, expect.stringContaining("at most 366d")]);
    } finally {
      await rm(join(site.dir, "schedules", "minutely.yaml"));
    }
  });

  it("run audits one tenant here and now, named by name, folder or id; a wrong name gets the nearest", async () => {
    const clean = await site.cli("run", "tailspin");
    expect(clean.code, clean.stderr).toBe(0);
    const drifted = await site.cli("run", site.tenants.get("adatum")?.id ?? "", "--quiet");
    expect(drifted.code).toBe(2);
    const wrong = await site.cli("run", "adatmu");
    expect([wrong.code, wrong.stderr]).toEqual([64, expect.stringContaining('Did you mean "adatum"?')]);
  });

  it("status and report tell every tenant, fit their schemas, and never the database's password", async () => {
    const status = await json<StatusJson>("status");
    const report = await json<ReportJson>("report");
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const [kind, document] of [
      ["status", status],
      ["report", report],
    ] as const) {
      const schema = await json<object>(kind, "--schema");
      expect(ajv.validate(schema, document), JSON.stringify(ajv.errors)).toBe(true);
    }
    expect(status.tenants.map(({ name, lastRun }) => [name, lastRun?.verdict])).toEqual([
      ["adatum", "drift"],
      ["tailspin", "in-sync"],
    ]);
    expect(report.tenants.map(({ name }) => name)).toEqual(["adatum", "tailspin"]);
    expect(report.totals.usersWithDrift).toBeGreaterThan(0);
    expect(report.tenants[0]?.certificateEndsAt).toMatch(/^20\d\d-/);
    const { stdout } = await site.cli("status");
    expect(stdout).toContain("No worker is alive. Next: photodrift fleet worker");
  });

  it("the page leads to each tenant's own, rendered beside it out of the database", async () => {
    const { code, stderr } = await site.cli("report", "--format", "html", "--output", "fleet.html");
    expect(code, stderr).toBe(0);
    const page = await readFile(join(site.dir, "fleet.html"), "utf8");
    const links = [...page.matchAll(/href="(fleet-tenants\/[^"]+)"/g)].map(([, href]) => href ?? "");
    expect(new Set(links).size).toBe(2);
    const own = await readFile(join(site.dir, links[0] ?? ""), "utf8");
    expect(own).toContain("adatum");
    expect(own).toContain("data:");
    expect(page).not.toMatch(/<script|https?:\/\//);
  });

  it("apply over the database is undone from another process, picture for picture", async () => {
    const tenant = site.tenants.get("adatum");
    if (tenant === undefined) throw new Error("no tenant");
    const shown = async () => picturesOf(await tenant.pictures());
    const before = await shown();
    const plan = await site.cli("run", "adatum", "--mode", "apply");
    expect(plan.code).toBe(2);
    // The fleet's file is not the usual one here: a line without it would carry out something else.
    const file = join(site.dir, "fleet.yaml");
    expect(plan.stdout).toContain(`photodrift fleet run ${tenant.id} --mode apply --fleet ${file} --yes\n`);
    const applied = await site.cli("run", "adatum", "--mode", "apply", "--yes");
    expect([2, 0]).toContain(applied.code);
    expect(await shown()).not.toEqual(before);
    const { runs } = await json<{ runs: { id: string; mode: string }[] }>("runs", "adatum");
    const id = runs.find(({ mode }) => mode === "apply")?.id ?? "";
    const printed = await site.cli("undo", "adatum", id);
    expect([printed.code, printed.stdout]).toEqual([
      2,
      expect.stringContaining(`photodrift fleet undo --fleet ${file} ${tenant.id} ${id} --yes\n`),
    ]);
    const undone = await site.cli("undo", "adatum", id, "--yes");
    expect(undone.code, undone.stderr).toBe(0);
    expect(await shown()).toEqual(before);
  });

  it("a worker carries out what is due, serves its health and figures, and ends on request", async () => {
    await site.schedule("soon", `cron: "${PASSED}"\n`);
    const worker = site.worker("--port", "0");
    const said = await until(
      () => Promise.resolve(worker.said()),
      (text) => text.includes("is at work"),
    );
    const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? "";
    const status = await until(
      () => json<StatusJson>("status"),
      ({ workers }) => workers.length === 1,
    );
    expect(status.tenants.every(({ next }) => next !== null)).toBe(true);
    expect(await (await fetch(`${origin}/healthz`)).json()).toMatchObject({ status: "ok" });
    await site.makeDue("soon");
    await until(
      async () => (await site.pool.query("SELECT FROM photodrift.due_runs WHERE state = 'done'")).rowCount,
      (count) => count === 2,
    );
    const figures = await until(
      async () => (await fetch(`${origin}/metrics`)).text(),
      (text) => (text.match(/photodrift_runs_total\{/g) ?? []).length === 2 && /photodrift_workers 1/.test(text),
    );
    for (const name of [
      "users_with_drift",
      "findings",
      "last_run_verdict",
      "last_run_duration_seconds",
      "throttled_seconds_30d",
      "certificate_end_timestamp_seconds",
      "next_run_timestamp_seconds",
    ])
      expect(figures).toMatch(new RegExp(`^photodrift_${name}\\{[^}]*name="adatum"`, "m"));
    worker.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect((await json<StatusJson>("status")).workers).toEqual([]);
  });

  it("a wrong file of one tenant or schedule is told by plan, and stops nobody else", async () => {
    await site.schedule("broken", "cron: every night\n");
    await site.schedule("foreign", 'cron: "@daily"\nconfig: ../elsewhere/photodrift.yaml\n');
    const plan = await site.cli("plan");
    expect(plan.code).toBe(64);
    expect(plan.stderr).toContain("is no cron expression");
    expect(plan.stderr).toContain("is none of the fleet's tenants");
    expect((await json<StatusJson>("status")).tenants).toHaveLength(2);
  });

  it.each([
    ["a database that is not there", "postgres://u:hidden-word@127.0.0.1:9/none", 1, "cannot be reached"],
    ["a wrong password", "", 1, "refused"],
  ])("%s is told with its cure and without its password", async (_what, given, code, told) => {
    const url = given === "" ? postgres.url.replace(/\/\/photodrift:[^@]+@/, "//nobody:hidden-word@") : given;
    const file = join(site.dir, "other.yaml");
    await writeFile(file, `database: ${url}\ntenants: ./tenants/*/photodrift.yaml\n`);
    const { photodrift } = await import("../support/cli.js");
    const result = await photodrift(["fleet", "status", "--fleet", file], site.dir);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(told)]);
    expect(result.stderr).not.toContain("hidden-word");
  });
});

/** What the tenant shows: the size of each photo - the service encodes what it is sent anew -, and the bytes of each thumbnail. */
function picturesOf(state: unknown): unknown {
  const { users, library } = state as {
    readonly users: readonly { readonly upn: string; readonly entra: Photo | null; readonly exchange: Photo | null }[];
    readonly library: readonly { readonly path: string; readonly sha256: string }[];
  };
  const size = (photo: Photo | null): string =>
    photo === null ? "none" : `${String(photo.width)}x${String(photo.height)}`;
  return {
    photos: users.map(({ upn, entra, exchange }) => [upn, size(entra), size(exchange)]),
    thumbnails: library.map(({ path, sha256 }) => [path, sha256]).sort(),
  };
}

interface Photo {
  readonly width: number;
  readonly height: number;
}
