import { dirname, join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Argv } from "yargs";
import type { StarterAnswers } from "../../config/index.js";
import { makeFolder } from "../../files/folders.js";
import { MICROSOFT_CLOUDS, type Cloud } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import { isGuid } from "../../model/ids.js";
import { ACCESS_MODES, permissionsOf, type AccessMode } from "../../model/permissions.js";
import { carryOut, planRegistration, type Registration } from "../../setup/index.js";
import { EXIT } from "../../model/exit-codes.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { pathInFile } from "../line/path-in-file.js";
import { requireUsable } from "../init/usable.js";
import { pathToType } from "../line/command-to-type.js";
import { setupCertificate, type SetupCertificate } from "../setup/certificate.js";
import {
  certificateLines,
  manualLines,
  permissionLines,
  planLines,
  setupAgain,
  type SetupPlaces,
} from "../setup/lines.js";
import { rememberRegistration, writeSetupFiles } from "../setup/files.js";
import { administratorOf, completed, targetOf, type Administrator, type SetupTarget } from "../setup/target.js";
import { doctorCommand } from "./doctor.js";

export interface SetupFlags extends GlobalFlags {
  readonly mode: AccessMode;
  readonly notify: readonly string[] | undefined;
  readonly from: string | undefined;
  readonly renew: boolean;
  readonly name: string;
  readonly "tenant-id": string | undefined;
  readonly "tenant-name": string | undefined;
  readonly "client-id": string | undefined;
  readonly cloud: Exclude<Cloud, "custom">;
  readonly folder: string | undefined;
  readonly yes: boolean;
}

export function setupFlags<T>(yargs: Argv<T>) {
  return yargs
    .option("mode", {
      type: "string",
      choices: ACCESS_MODES,
      default: "audit",
      describe: "what the permissions are for: reading only (audit), or writing too (apply)",
    })
    .option("notify", {
      type: "string",
      array: true,
      nargs: 1,
      choices: ["mail"],
      describe: "mail: also allow to send notices by mail",
    })
    .option("from", { type: "string", describe: "take over this file of certificate and key instead of making one" })
    .option("renew", { type: "boolean", default: false, describe: "make a new key and certificate beside the old one" })
    .option("name", { type: "string", default: "photodrift", describe: "name of the app registration" })
    .option("tenant-id", { type: "string", describe: "tenant id (GUID) or domain, where no configuration names it" })
    .option("tenant-name", {
      type: "string",
      describe: "contoso of contoso.sharepoint.com, where no configuration names it",
    })
    .option("cloud", {
      type: "string",
      default: "global",
      choices: MICROSOFT_CLOUDS,
      describe: "Microsoft cloud, where no configuration names it",
    })
    .option("client-id", {
      type: "string",
      describe: "an app registration that exists; its id goes into the configuration",
    })
    .option("folder", { type: "string", describe: "folder of master portraits, for a new configuration" })
    .option("yes", {
      alias: "y",
      type: "boolean",
      default: false,
      describe: "register the app and grant its permissions, as the signed-in administrator",
    });
}

/**
 * Makes what a real tenant needs before the first audit: key and certificate, the app registration as scripts and manifest, with --yes the
 * registration itself, the configuration's credential; then checks the result.
 */
export async function setupCommand(flags: SetupFlags, invocation: Invocation): Promise<number> {
  checkName(flags.name);
  checkClientId(flags["client-id"]);
  const { terminal, configPath } = invocation;
  const folder = dirname(configPath);
  const known = targetOf(flags, invocation);
  if (!known.configured) requireUsable("setup", configPath, answersOf(flags));
  const administrator = await administratorOf(known, invocation);
  try {
    const target = administrator === null ? known : await completed(known, administrator);
    await makeFolder(folder);
    const certificate = await setupCertificate({
      folder,
      configured: target.certificatePath,
      password: target.certificatePassword,
      from: flags.from === undefined ? null : resolve(flags.from),
      renew: flags.renew,
      name: flags.name,
      now: Date.now(),
    });
    const registration = registrationOf(flags, target, certificate);
    await terminal.out(certificateLines(certificate));
    await terminal.out(permissionLines(registration));
    await writeSetupFiles(folder, registration);
    const places = { configPath, flags: flagsAgain(flags, certificate) };
    const clientId = await register({ flags, registration, administrator, places, invocation });
    if (clientId === null) {
      await terminal.out(manualLines(registration, places));
      return EXIT.ok;
    }
    const remembered = await rememberRegistration(invocation, {
      target,
      certificate,
      clientId,
      folder: flags.folder === undefined ? undefined : pathInFile(flags.folder, configPath),
    });
    await terminal.out(remembered.text);
    if (!remembered.usable) return EXIT.ok;
  } finally {
    await administrator?.close();
  }
  await terminal.out("\n");
  return await doctorCommand(flags, invocation);
}

function registrationOf(flags: SetupFlags, target: SetupTarget, { certificate }: SetupCertificate): Registration {
  const mail = target.mail || (flags.notify ?? []).includes("mail");
  return {
    displayName: flags.name,
    mode: flags.mode,
    mail,
    permissions: permissionsOf(flags.mode, mail),
    certificate,
    tenantId: target.tenantId,
    login: target.login,
    graph: target.graph,
    clientId: target.clientId,
  };
}

interface Registering {
  readonly flags: SetupFlags;
  readonly registration: Registration;
  readonly administrator: Administrator | null;
  readonly places: SetupPlaces;
  readonly invocation: Pick<Invocation, "terminal">;
}

/** Shows what would change in the tenant, and with --yes changes it. The client id once it is known. */
async function register({
  flags,
  registration,
  administrator,
  places,
  invocation,
}: Registering): Promise<string | null> {
  const { terminal } = invocation;
  if (administrator === null) {
    if (!flags.yes) return flags["client-id"] ?? null;
    const script = pathToType(join(dirname(places.configPath), "setup", "register-app.sh"));
    throw new PhotodriftError(
      "admin-token",
      "Nobody is signed in who could register the app.",
      `Sign in with \`az login --allow-no-subscriptions\`, or set PHOTODRIFT_ADMIN_TOKEN, and type \`${setupAgain(places, "--yes")}\` again; or run ${script}, or register-app.ps1 beside it.`,
      "usage",
    );
  }
  const plan = await planRegistration(administrator, registration);
  await terminal.out(planLines(plan, registration));
  if (plan.steps.length === 0 && plan.application !== null) return plan.application.appId;
  if (!flags.yes) {
    await terminal.out(`Nothing was changed in the tenant. Carry it out with: ${setupAgain(places, "--yes")}\n`);
    return flags["client-id"] ?? null;
  }
  const clientId = await carryOut(administrator, registration, plan, (ms) => sleep(ms));
  await terminal.out(`Done: the app registration has the client id ${clientId}.\n`);
  return clientId;
}

/** The name stands in filters and in scripts for two shells: plain letters, digits and a few marks keep all of them safe. */
function checkName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9 ._()-]{0,79}$/.test(name)) return;
  throw new PhotodriftError(
    "usage",
    `"${name}" is no name for an app registration here.`,
    "Take the letters a to z, digits, spaces, dots, hyphens and underscores, for example --name photodrift-audit.",
    "usage",
  );
}

function checkClientId(id: string | undefined): void {
  if (id === undefined || isGuid(id)) return;
  throw new PhotodriftError(
    "usage",
    `--client-id: "${id}" is no application (client) id.`,
    "It is a GUID, on the Overview page of the app registration.",
    "usage",
  );
}

/** A new configuration with what was typed; what is still to be found out is taken for good. */
function answersOf(flags: SetupFlags): StarterAnswers {
  return {
    tenantId: flags["tenant-id"] ?? "contoso.onmicrosoft.com",
    tenantName: flags["tenant-name"] ?? "contoso",
    cloud: flags.cloud,
    credential: { kind: "certificate", clientId: flags["client-id"] ?? "found later", certificatePath: "./app.pem" },
    folder: flags.folder ?? "./photos",
    domain: null,
    patterns: [],
    userPhotosFolder: null,
  };
}

/** Flags that the next `setup` needs as well. A key that was made anew is named: it is not in the configuration yet, and another --renew would make one more. */
function flagsAgain(flags: SetupFlags, { path }: SetupCertificate): readonly string[] {
  const { mode, name, cloud, folder } = flags;
  const taken = flags.renew || flags.from !== undefined ? relative(".", path) : undefined;
  const given: readonly (readonly [flag: string, value: string | undefined])[] = [
    ["mode", mode === "audit" ? undefined : mode],
    ...(flags.notify ?? []).map((kind) => ["notify", kind] as const),
    ["name", name === "photodrift" ? undefined : name],
    ["from", taken],
    ["tenant-id", flags["tenant-id"]],
    ["tenant-name", flags["tenant-name"]],
    ["cloud", cloud === "global" ? undefined : cloud],
    ["folder", folder],
  ];
  return given.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, value]));
}
