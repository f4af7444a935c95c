import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { makeFolder } from "../../files/folders.js";
import { loadConfig } from "../../config/index.js";
import { startSandbox } from "../../sandbox/index.js";
import { PhotodriftError } from "../../model/errors.js";
import { runAudit } from "../sessions/audit.js";
import { printReports, standardFiles } from "../sessions/print-reports.js";
import { NO_FILTERS } from "../compose.js";
import { withWorkbenchOf } from "../sessions/workbench.js";
import { EXIT } from "../../model/exit-codes.js";
import type { Invocation } from "../line/globals.js";

const DEMO_USERS = 60;
const DEMO_SEED = 1;

/**
 * The main job on an embedded default: a sandbox tenant with generated portraits, one audit, the report on the terminal and under
 * reports/. Exit code 0 although the demo tenant has drift; other exit codes mean that the demo itself failed.
 */
export async function demoCommand(invocation: Invocation): Promise<number> {
  const dir = resolve(".photodrift-demo");
  const reports = resolve("reports");
  await clear(dir);
  await makeFolder(reports);
  const { terminal } = invocation;
  if (!invocation.quiet)
    terminal.err(`Starting a sandbox tenant with ${DEMO_USERS} users in ${relative(".", dir)} …\n`);
  const sandbox = await startSandbox({ dir, users: DEMO_USERS, seed: DEMO_SEED, profile: "demo" });
  try {
    const config = loadConfig(join(dir, "photodrift.yaml"), invocation.env);
    const { progress, signal } = invocation;
    const surroundings = { progress, signal, env: directEnv(invocation.env) };
    const code = await withWorkbenchOf(config, surroundings, "photodrift demo", async (bench) => {
      const session = await runAudit(bench, NO_FILTERS, {
        trigger: "demo",
        failOn: "warning",
        signal: invocation.signal,
      });
      await printReports(bench, session.run.id, invocation, standardFiles(reports, session.run.id));
      return session.exitCode;
    });
    if (code !== EXIT.ok && code !== EXIT.drift) return code;
  } finally {
    await sandbox.stop();
  }
  const text = invocation.outputs.every(({ format, file }) => file !== null || format === "text");
  // In any other format standard output holds the report alone.
  if (text) await terminal.out(nextSteps(relative(".", dir)));
  else terminal.err(nextSteps(relative(".", dir)));
  return EXIT.ok;
}

/** The demo talks to loopback only: a proxy of the surroundings has no part in it. */
function directEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    HTTPS_PROXY: _a,
    https_proxy: _b,
    HTTP_PROXY: _c,
    http_proxy: _d,
    ALL_PROXY: _e,
    all_proxy: _f,
    ...rest
  } = env;
  return rest;
}

async function clear(dir: string): Promise<void> {
  if (!existsSync(dir)) return;
  if (!existsSync(join(dir, "truth.json")) && !existsSync(join(dir, "sandbox.json"))) {
    throw new PhotodriftError(
      "demo-folder",
      `${dir} exists and was not made by the demo.`,
      "Move it away, then start again.",
    );
  }
  await rm(dir, { recursive: true, force: true });
}

function nextSteps(dir: string): string {
  return [
    "",
    "This was a rehearsal tenant. Keep it running and try the rest on it, in two terminals:",
    `  npx photodrift sandbox start --dir ${dir}`,
    `  npx photodrift audit --config ${dir}/photodrift.yaml --plan plan.json`,
    "",
    "Your own tenant:",
    "  npx photodrift init",
    "",
  ].join("\n");
}
