import { writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { mkdirSync } from "node:fs";
import { createInterface, type Interface } from "node:readline/promises";
import type { Argv } from "yargs";
import { starterConfig, type StarterAnswers } from "../../config/index.js";
import { PhotodriftError, systemReason } from "../../model/index.js";
import { EXIT } from "../../model/exit-codes.js";
import type { GlobalFlags, Invocation } from "../globals.js";

export interface InitFlags extends GlobalFlags {
  readonly "tenant-id": string | undefined;
  readonly "tenant-name": string | undefined;
  readonly cloud: string;
  readonly credential: string | undefined;
  readonly "client-id": string | undefined;
  readonly certificate: string | undefined;
  readonly "secret-env": string;
  readonly folder: string | undefined;
  readonly domain: string | undefined;
  readonly "user-photos-folder": string | undefined;
}

const CLOUDS = ["global", "usgov", "usgov-dod", "china"] as const;
const KINDS = ["certificate", "client-secret", "managed-identity", "workload-identity", "default"] as const;

export function initFlags<T>(yargs: Argv<T>) {
  return yargs
    .option("tenant-id", { type: "string", describe: "tenant id (GUID) or domain" })
    .option("tenant-name", {
      type: "string",
      describe: "first part of the SharePoint address: contoso of contoso.sharepoint.com",
    })
    .option("cloud", { type: "string", default: "global", choices: CLOUDS, describe: "Microsoft cloud" })
    .option("credential", { type: "string", choices: KINDS, describe: "how the program signs in" })
    .option("client-id", { type: "string", describe: "application (client) id" })
    .option("certificate", { type: "string", describe: "PEM file with certificate and private key" })
    .option("secret-env", {
      type: "string",
      default: "PHOTODRIFT_CLIENT_SECRET",
      describe: "environment variable that holds the client secret",
    })
    .option("folder", { type: "string", describe: "folder of master portraits" })
    .option("domain", { type: "string", describe: "mail domain, for file names without one" })
    .option("user-photos-folder", {
      type: "string",
      describe: "folder in the User Photos library, found by itself when left out",
    });
}

/** Writes a commented photodrift.yaml. Asks on a terminal, takes flags otherwise, and never overwrites. */
export async function initCommand(flags: InitFlags, invocation: Invocation): Promise<number> {
  const asks = process.stdin.isTTY && invocation.terminal.errIsTerminal;
  const reader = asks ? createInterface({ input: process.stdin, output: process.stderr }) : null;
  try {
    const text = starterConfig(await answersOf(flags, reader));
    mkdirSync(dirname(invocation.configPath), { recursive: true, mode: 0o700 });
    await writeNew(invocation.configPath, text);
  } finally {
    reader?.close();
  }
  const shown = relative(".", invocation.configPath);
  await invocation.terminal.out(
    `Wrote ${shown}.\nNext: photodrift doctor${shown === "photodrift.yaml" ? "" : ` --config ${shown}`}\n`,
  );
  return EXIT.ok;
}

async function answersOf(flags: InitFlags, reader: Interface | null): Promise<StarterAnswers> {
  const missing: string[] = [];
  const ask = async (
    flag: string,
    given: string | undefined,
    question: string,
    fallback: string | null,
  ): Promise<string> => {
    if (given !== undefined && given !== "") return given;
    if (reader !== null) {
      const answer = (await reader.question(`${question}${fallback === null ? "" : ` [${fallback}]`}: `)).trim();
      if (answer !== "") return answer;
    }
    if (fallback === null) missing.push(`--${flag}`);
    return fallback ?? "";
  };
  const tenantId = await ask("tenant-id", flags["tenant-id"], "Tenant id (GUID) or domain", null);
  const tenantName = await ask(
    "tenant-name",
    flags["tenant-name"],
    "SharePoint name (contoso of contoso.sharepoint.com)",
    null,
  );
  const kind = parseKind(await ask("credential", flags.credential, `Credential (${KINDS.join(", ")})`, "certificate"));
  const needsClient = kind === "certificate" || kind === "client-secret";
  const clientId = needsClient
    ? await ask("client-id", flags["client-id"], "Application (client) id", null)
    : (flags["client-id"] ?? "");
  const certificatePath =
    kind === "certificate"
      ? await ask("certificate", flags.certificate, "PEM with certificate and key", "./app.pem")
      : "";
  const folder = await ask("folder", flags.folder, "Folder of master portraits", "./photos");
  if (missing.length > 0) {
    throw new PhotodriftError(
      "usage",
      `init needs ${missing.join(", ")}.`,
      "Give the flags, or run it on a terminal to be asked.",
      "usage",
    );
  }
  return {
    tenantId,
    tenantName,
    cloud: CLOUDS.find((cloud) => cloud === flags.cloud) ?? "global",
    credential: credentialOf(kind, clientId, certificatePath, flags["secret-env"]),
    folder,
    domain: flags.domain ?? null,
    userPhotosFolder: flags["user-photos-folder"] ?? null,
  };
}

function parseKind(text: string): (typeof KINDS)[number] {
  const found = KINDS.find((kind) => kind === text);
  if (found !== undefined) return found;
  throw new PhotodriftError(
    "usage",
    `There is no credential kind "${text}".`,
    `Known are ${KINDS.join(", ")}.`,
    "usage",
  );
}

function credentialOf(
  kind: (typeof KINDS)[number],
  clientId: string,
  certificatePath: string,
  secretEnv: string,
): StarterAnswers["credential"] {
  if (kind === "certificate") return { kind, clientId, certificatePath };
  if (kind === "client-secret") return { kind, clientId, secretEnv };
  return { kind, clientId: clientId === "" ? null : clientId };
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") {
      throw new PhotodriftError(
        "config-exists",
        `${path} exists already; it is never overwritten.`,
        "Move it away, or name another file with --config.",
        "usage",
      );
    }
    throw new PhotodriftError(
      "config-unwritable",
      `${path} cannot be written: ${systemReason(error)}.`,
      "Name a file that can be written with --config.",
    );
  }
}
