import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import type { FleetConfig, FleetTenant } from "../model/fleet.js";
import { checkYaml, valueAt, type Report } from "./check.js";
import { listOf, path, section, text, whole } from "./fields.js";
import { loadConfig } from "./load.js";
import { matchingFiles } from "./path-pattern.js";
import { invalidFile, type Problem } from "./problems.js";
import { readTextFile } from "./read-file.js";
import { secretOf } from "./secret-fields.js";
import { messageOf } from "../model/caught.js";

const ADDRESS = "the address of a PostgreSQL database such as postgres://user:password@host:5432/photodrift";

const database = secretOf(
  z
    .string({ error: ADDRESS })
    .refine((value) => /^postgres(ql)?:\/\/\S+$/i.test(value) && URL.canParse(value), { error: ADDRESS }),
);

const pattern = path("tenant files such as ./tenants/*/photodrift.yaml");
const PATTERNS = "the path of tenant files such as ./tenants/*/photodrift.yaml, or a list of such paths";

export const fleetSchema = section({
  database,
  caFile: path("a PEM file with certificates to trust").optional(),
  tenants: z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    listOf(pattern, PATTERNS).min(1, { error: PATTERNS }),
  ),
  schedules: path("the folder of schedule files").default("./schedules"),
  concurrency: whole(1, 200).default(4),
  health: section({
    port: whole(0, 65_535).optional(),
    host: text("an address of this machine such as 127.0.0.1 or 0.0.0.0", /^[\w.:-]+$/).default("127.0.0.1"),
  }).prefault({}),
  workFolder: path("a folder for working copies").optional(),
});

/**
 * Reads `fleet.yaml`: checked, `${NAME}` filled in from `env`, defaults set, paths absolute (relative ones start at the file). The
 * database's address never stands in a message.
 * @throws ConfigError `config-missing` or `config-invalid` (every problem at once); both exit code 64
 */
export function loadFleet(path: string, env: NodeJS.ProcessEnv): FleetConfig {
  const cure =
    "Write one with `database`, `tenants` and `schedules` (the README shows one), or name yours with --fleet FILE.";
  const content = readTextFile(path, cure);
  const file = resolve(path);
  const folder = dirname(file);
  const parsed = checkYaml(path, content, fleetSchema, env, (raw, report) => checkPlaces(raw, folder, report));
  const files = parsed.tenants.flatMap((one) => matchingFiles(resolve(folder, one)));
  return {
    file,
    database: parsed.database,
    caFile: parsed.caFile === undefined ? null : resolve(folder, parsed.caFile),
    tenants: [...new Set(files)],
    schedules: resolve(folder, parsed.schedules),
    concurrency: parsed.concurrency,
    health: { port: parsed.health.port ?? null, host: parsed.health.host },
    workFolder: parsed.workFolder === undefined ? null : resolve(folder, parsed.workFolder),
  };
}

function checkPlaces(raw: unknown, folder: string, report: Report): void {
  const given = valueAt(raw, ["tenants"]);
  const patterns = typeof given === "string" ? [given] : Array.isArray(given) ? (given as unknown[]) : [];
  for (const [i, one] of patterns.entries()) {
    if (typeof one !== "string" || one.includes("${") || matchingFiles(resolve(folder, one)).length > 0) continue;
    const at = typeof given === "string" ? ["tenants"] : ["tenants", i];
    report(at, `"${one}" fits no file, expected the photodrift.yaml of at least one tenant`);
  }
  const schedules = valueAt(raw, ["schedules"]) ?? "./schedules";
  if (typeof schedules === "string" && !schedules.includes("${") && !isFolder(resolve(folder, schedules))) {
    report(["schedules"], `there is no folder ${resolve(folder, schedules)}, expected the folder of schedule files`);
  }
  const caFile = valueAt(raw, ["caFile"]);
  if (typeof caFile === "string" && !caFile.includes("${") && !existsSync(resolve(folder, caFile))) {
    report(["caFile"], `there is no file ${resolve(folder, caFile)}, expected a PEM file with certificates to trust`);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The tenants of a fleet, and what is wrong with files that are none. */
export interface FleetTenants {
  readonly tenants: readonly FleetTenant[];
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

/** Reads the tenants of a fleet. @param load reads one file; what it throws is a problem of that file and stops no other tenant */
export function fleetTenants(
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  load: typeof loadConfig = loadConfig,
): FleetTenants {
  const tenants = new Map<string, FleetTenant>();
  const problems: { file: string; message: string }[] = [];
  for (const file of files) {
    try {
      const config = load(file, env);
      const id = config.tenant.id.toLowerCase();
      const other = tenants.get(id);
      if (other === undefined) tenants.set(id, { id, name: config.tenant.name, config });
      else problems.push({ file, message: sameTenant(file, id, other.config.file) });
    } catch (error) {
      problems.push({ file, message: messageOf(error) });
    }
  }
  return { tenants: [...tenants.values()], problems };
}

/** The error for two files of one tenant: their runs would stand in each other's way. */
function sameTenant(file: string, id: string, other: string): string {
  const problem: Problem = {
    file,
    line: 1,
    column: 1,
    key: "tenant.id",
    message: `"${id}" is the tenant of ${other} already, expected one file for each tenant`,
  };
  return invalidFile(file, [problem]).message;
}
