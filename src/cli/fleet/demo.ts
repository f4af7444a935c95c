import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeFolder } from "../../files/folders.js";
import { readStatus } from "../../fleet/index.js";
import { PhotodriftError } from "../../model/errors.js";
import { EXIT } from "../../model/exit-codes.js";
import { startSandbox } from "../../sandbox/index.js";
import { withEngine } from "./engine.js";
import type { FleetFlags } from "./flags.js";
import type { Invocation } from "../line/globals.js";
import { readFleetFiles } from "./files.js";
import { lookedAt } from "./look.js";
import { startOwnPostgres } from "./own-postgres.js";
import { fleetReport } from "./report.js";

const TENANTS = [
  { name: "adatum", users: 40, seed: 11 },
  { name: "fabrikam", users: 25, seed: 12 },
  { name: "tailspin", users: 15, seed: 13 },
];
const WORKERS = 2;
/** Marks a folder as the demo's own. */
const MARK = ".photodrift-fleet-demo";
const PATIENCE_MS = 120_000;
/** Workers are up by then; what is due earlier than they are is caught up only where they knew of it. */
const DUE_IN_MS = 12_000;

/**
 * A fleet to look at: three sandbox tenants, PostgreSQL in a temporary folder, two workers as processes, a schedule that is due at once;
 * then the report. Exit code 0 although the tenants have drift; others mean that the demo itself failed.
 */
export async function fleetDemo(invocation: Invocation): Promise<number> {
  const dir = resolve(MARK);
  const say = (line: string): void => (invocation.quiet ? undefined : invocation.terminal.err(`${line}\n`));
  say("Starting PostgreSQL in a temporary folder …");
  const postgres = await startOwnPostgres();
  const ends: (() => Promise<unknown>)[] = [() => postgres.stop()];
  try {
    await clear(dir);
    for (const { name, users, seed } of TENANTS) {
      say(`Starting the sandbox tenant ${name} with ${String(users)} users …`);
      const sandbox = await startSandbox({ dir: join(dir, "tenants", name), users, seed, profile: "demo" });
      ends.push(() => sandbox.stop());
      await called(join(dir, "tenants", name, "photodrift.yaml"), name);
    }
    const file = await writeFleet(dir, postgres.url);
    const workers = Array.from({ length: WORKERS }, () => startWorker(file, invocation.env));
    ends.push(() => Promise.all(workers.map(endWorker)));
    say(`${String(WORKERS)} workers audit ${String(TENANTS.length)} tenants …`);
    await allAudited(file, workers, invocation);
    await showReport(file, invocation);
    await invocation.terminal.out(nextSteps());
    return EXIT.ok;
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** The sandbox calls every tenant contoso; three of one name would tell nothing. */
async function called(file: string, name: string): Promise<void> {
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/^( +name: ).*$/m, `$1${name}`));
}

async function writeFleet(dir: string, url: string): Promise<string> {
  const file = join(dir, "fleet.yaml");
  await makeFolder(join(dir, "schedules"), 0o777);
  const due = new Date(Date.now() + DUE_IN_MS);
  const cron = [due.getUTCSeconds(), due.getUTCMinutes(), due.getUTCHours(), "*", "*", "*"].join(" ");
  await writeFile(join(dir, "schedules", "audit.yaml"), `cron: "${cron}"\nmode: audit\n`);
  const lines = [
    `database: ${url}`,
    "tenants: ./tenants/*/photodrift.yaml",
    "schedules: ./schedules",
    "concurrency: 2",
    "",
  ];
  await writeFile(file, lines.join("\n"), { mode: 0o600 });
  return file;
}

function startWorker(file: string, env: NodeJS.ProcessEnv): ChildProcess {
  const main = process.argv[1] ?? "";
  // The demo talks to loopback only: a proxy of the surroundings has no part in it.
  const direct = {
    ...env,
    HTTPS_PROXY: "",
    https_proxy: "",
    HTTP_PROXY: "",
    http_proxy: "",
    ALL_PROXY: "",
    all_proxy: "",
  };
  return spawn(process.execPath, [main, "fleet", "worker", "--fleet", file, "--quiet"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: direct,
  });
}

async function endWorker(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

/** Resolves when every tenant has a run. Throws PhotodriftError `demo-silent`. */
async function allAudited(file: string, workers: readonly ChildProcess[], { env, signal }: Invocation): Promise<void> {
  const { fleet, tenants } = readFleetFiles(file, env);
  const looked = await lookedAt(tenants);
  const end = Date.now() + PATIENCE_MS;
  await withEngine(fleet, async (database) => {
    for (;;) {
      const status = await readStatus(database, looked, []);
      if (status.tenants.every(({ lastRun }) => lastRun !== null)) return;
      if (Date.now() > end || workers.every(({ exitCode }) => exitCode !== null)) {
        const hint = "Run it again; with --verbose it says more.";
        throw new PhotodriftError("demo-silent", "The demo's workers did not audit every tenant.", hint);
      }
      await sleep(500, undefined, { signal });
    }
  });
}

async function showReport(file: string, invocation: Invocation): Promise<void> {
  await makeFolder("reports");
  const outputs = [{ format: "html" as const, file: resolve("reports", "photodrift-fleet.html") }];
  const flags: Pick<FleetFlags, "fleet" | "schema"> = { fleet: file, schema: false };
  const given = Object.create(invocation) as Invocation;
  Object.defineProperty(given, "outputs", { value: outputs });
  await fleetReport(flags as FleetFlags, [], given);
}

async function clear(dir: string): Promise<void> {
  if (!existsSync(dir)) return;
  if (!existsSync(join(dir, "fleet.yaml")) && !existsSync(join(dir, "tenants"))) {
    const message = `${dir} exists and was not made by the demo.`;
    throw new PhotodriftError("demo-folder", message, "Move it away, then start again.");
  }
  await rm(dir, { recursive: true, force: true });
}

function nextSteps(): string {
  const page = relative(".", resolve("reports", "photodrift-fleet.html"));
  return [
    "",
    `The fleet's page, which leads to each tenant's: ${page}`,
    "",
    "Your own fleet: a PostgreSQL database, a fleet.yaml that names it and the tenants, then on any number of machines:",
    "  npx photodrift fleet worker --fleet fleet.yaml",
    "",
  ].join("\n");
}
