import { basename, dirname, extname, join, resolve } from "node:path";
import { makeFolder } from "../../files/folders.js";
import { readReport } from "../../fleet/index.js";
import { createImageReader } from "../../image/index.js";
import { EXIT } from "../../model/exit-codes.js";
import type { FleetConfig, FleetTenant } from "../../model/fleet.js";
import { type FleetReport, fleetSchema } from "../../model/fleet-report.js";
import { renderFleetReport, renderReport, writeReport } from "../../report/index.js";
import { createWorkingCopies } from "../../state/index.js";
import { readFleetState, type FleetDatabase } from "../../state/postgres/index.js";
import { withEngine } from "./engine.js";
import type { FleetFlags } from "./flags.js";
import { reportCommand } from "../commands/report.js";
import { runsCommand } from "../commands/runs.js";
import type { Invocation } from "../line/globals.js";
import { reportSourceOf } from "../sessions/report-source.js";
import { requireFormats } from "../terminal/formats.js";
import { jsonText, writeResult } from "../terminal/results.js";
import { readFleetFiles } from "./files.js";
import { lookedAt } from "./look.js";
import { inFolder, tenantNamed, withFleetDatabase, withWorkFolder } from "./session.js";

/** The fleet in one report, or one tenant's run out of the database. @param words [tenant, run]; without a run the last one */
export async function fleetReport(
  flags: FleetFlags,
  [word, run]: readonly string[],
  invocation: Invocation,
): Promise<number> {
  if (flags.schema) {
    requireFormats(invocation, "--schema", ["json"]);
    await writeResult(invocation, () => [jsonText(fleetSchema("report"))]);
    return EXIT.ok;
  }
  const { fleet, tenants, problems } = readFleetFiles(flags.fleet, invocation.env);
  if (word !== undefined) {
    return withTenantRead(fleet, tenantNamed(tenants, word), invocation, (given) =>
      reportCommand({ ...flags, run, schema: false, audience: "operator" }, given),
    );
  }
  return withEngine(fleet, async (database) => {
    const report = await readReport(database, await lookedAt(tenants), problems);
    const page = invocation.outputs.find(({ format, file }) => format === "html" && file !== null)?.file ?? null;
    const led = page === null ? report : await withPages({ fleet, database, tenants, report }, page, invocation);
    await writeResult(invocation, (format) => renderFleetReport(led, format));
    return EXIT.ok;
  });
}

interface Pages {
  readonly fleet: FleetConfig;
  readonly database: FleetDatabase;
  readonly tenants: readonly FleetTenant[];
  readonly report: FleetReport;
}

/** Writes the report of each tenant's last complete run into a folder beside the page, and lets the page lead there. */
async function withPages(
  { fleet, database, tenants, report }: Pages,
  page: string,
  invocation: Invocation,
): Promise<FleetReport> {
  const folder = `${basename(page, extname(page))}-tenants`;
  await makeFolder(join(dirname(resolve(page)), folder));
  const step = invocation.progress.step("tenants' pages", tenants.length);
  const rows: FleetReport["tenants"] = [];
  await withWorkFolder(fleet, async (work) => {
    for (const row of report.tenants) {
      const tenant = tenants.find(({ id }) => id === row.tenant);
      const file = join(folder, `${row.tenant}.html`);
      const written =
        tenant !== undefined && row.found !== null
          ? await writePage(database, tenant, work, row.found.runId, join(dirname(resolve(page)), file))
          : false;
      rows.push({ ...row, page: written ? file.replaceAll("\\", "/") : null });
      step.tick();
    }
  });
  step.done();
  return { ...report, tenants: rows };
}

async function writePage(
  database: FleetDatabase,
  tenant: FleetTenant,
  folder: string,
  runId: string,
  file: string,
): Promise<boolean> {
  const reading = await readFleetState(database, { tenant: tenant.id, folder });
  try {
    const { records } = reading.state;
    const run = records.run(runId);
    if (run === null) return false;
    const config = inFolder(tenant.config, folder);
    const images = createImageReader({ copies: createWorkingCopies(config.state) });
    const source = reportSourceOf(records, images, config, run, { plan: null, report: file });
    await writeReport(renderReport(source, "html", { color: false, width: 120, pictures: true }), file);
    return true;
  } finally {
    await reading.close();
  }
}

/** Past runs of a tenant, out of the database. */
export async function fleetRuns(flags: FleetFlags, word: string, invocation: Invocation): Promise<number> {
  const { fleet, tenants } = readFleetFiles(flags.fleet, invocation.env);
  return withTenantRead(fleet, tenantNamed(tenants, word), invocation, (given) =>
    runsCommand({ ...flags, limit: 100 }, given),
  );
}

/** Works over a copy of a tenant's state, as it stands now; nothing of it goes back. */
async function withTenantRead(
  fleet: FleetConfig,
  tenant: FleetTenant,
  invocation: Invocation,
  work: (given: Invocation) => Promise<number>,
): Promise<number> {
  return withFleetDatabase(fleet, (database) =>
    withWorkFolder(fleet, async (folder) => {
      const copy = await readFleetState(database, { tenant: tenant.id, folder });
      try {
        const reading = { state: copy.state, config: inFolder(tenant.config, folder) };
        // `outputs` is checked when it is first asked for: it is not to be copied.
        return await work(Object.assign(Object.create(invocation) as Invocation, { reading }));
      } finally {
        await copy.close();
      }
    }),
  );
}
