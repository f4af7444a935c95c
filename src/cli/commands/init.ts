import { writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Argv } from "yargs";
import { makeFolderNow } from "../../files/folders.js";
import { readConfig, starterConfig, type StarterAnswers } from "../../config/index.js";
import { EXIT } from "../../model/exit-codes.js";
import { CREDENTIAL_KINDS, MICROSOFT_CLOUDS } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import { systemReason } from "../../model/system-errors.js";
import type { DirectoryUser } from "../../model/user.js";
import { createMasterSource } from "../../source/index.js";
import { openTenantFinder } from "../../stores/find-tenant.js";
import { openTenantOf } from "../compose.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { pictureFolders } from "../init/find-folder.js";
import { MICROSOFT_HOSTS } from "../init/find-tenant.js";
import { initAnswers, type InitAnswers, type InitSight } from "../init/flow.js";
import { openQuestions } from "../init/questions.js";
import { requireUsable } from "../init/usable.js";
import { withConfig } from "../line/command-to-type.js";
import { pathInFile } from "../line/path-in-file.js";
import { administratorOf, targetOf } from "../setup/target.js";

export interface InitFlags extends GlobalFlags, InitAnswers {
  readonly offline: boolean;
}

export function initFlags<T>(yargs: Argv<T>) {
  return yargs
    .option("tenant-id", { type: "string", describe: "domain of your users, or tenant id (GUID)" })
    .option("tenant-name", {
      type: "string",
      describe: "contoso of contoso.sharepoint.com; found by itself where it can be",
    })
    .option("cloud", { type: "string", default: "global", choices: MICROSOFT_CLOUDS, describe: "Microsoft cloud" })
    .option("credential", { type: "string", choices: CREDENTIAL_KINDS, describe: "how the program signs in" })
    .option("client-id", { type: "string", describe: "application (client) id" })
    .option("certificate", { type: "string", describe: "PEM file with certificate and private key" })
    .option("secret-env", {
      type: "string",
      default: "PHOTODRIFT_CLIENT_SECRET",
      describe: "environment variable that holds the client secret",
    })
    .option("folder", {
      type: "string",
      describe: "folder of master portraits; the one beside the configuration that holds pictures",
    })
    .option("domain", { type: "string", describe: "mail domain, for file names without one; that of the users" })
    .option("pattern", {
      type: "string",
      array: true,
      nargs: 1,
      describe: "how file names find users, such as {upn}; found by itself where users can be read",
    })
    .option("offline", { type: "boolean", default: false, describe: "find nothing out over the network" })
    .option("user-photos-folder", {
      type: "string",
      describe: "folder in the User Photos library, found by itself when left out",
    });
}

/**
 * Writes a commented photodrift.yaml. What can be found out (tenant, SharePoint name, folder, patterns) is proposed; the rest is asked on a
 * terminal and taken from flags otherwise. Never overwrites.
 */
export async function initCommand(flags: InitFlags, invocation: Invocation): Promise<number> {
  const { terminal, configPath, env, signal } = invocation;
  const asks = process.stdin.isTTY && terminal.errIsTerminal;
  const reader = asks ? createInterface({ input: process.stdin, output: process.stderr }) : null;
  const finder = flags.offline ? null : openTenantFinder({ env, signal });
  try {
    const questions = openQuestions({
      ask: reader === null ? null : (question) => reader.question(question, { signal }),
      say: (text) => {
        if (!invocation.quiet) terminal.err(text);
      },
    });
    const answers = await initAnswers(withOwnPaths(flags, configPath), questions, sightOf(flags, finder, invocation));
    requireUsable("init", configPath, answers);
    makeFolderNow(dirname(configPath));
    await writeNew(configPath, starterConfig(answers));
  } finally {
    reader?.close();
    await finder?.close();
  }
  await terminal.out(`Wrote ${relative(".", configPath)}.\nNext: ${withConfig(configPath, "doctor")}\n`);
  return EXIT.ok;
}

/** Paths that were typed as flags; an answer on the terminal is one of the file, as the proposal beside it. */
function withOwnPaths(flags: InitFlags, configPath: string): InitFlags {
  const own = (typed: string | undefined) => (typed === undefined ? undefined : pathInFile(typed, configPath));
  return { ...flags, folder: own(flags.folder), certificate: own(flags.certificate) };
}

function sightOf(flags: InitFlags, finder: InitSight["finder"], invocation: Invocation): InitSight {
  const base = dirname(resolve(invocation.configPath));
  return {
    finder,
    hosts: MICROSOFT_HOSTS,
    folders: () => pictureFolders(base),
    async pictures(folder) {
      try {
        const { files } = await createMasterSource({ folder: resolve(base, folder), recursive: false }).scan();
        return files.map(({ file }) => file);
      } catch {
        return null;
      }
    },
    users: (answers) => (flags.offline ? Promise.resolve(null) : usersFor(answers, invocation)),
  };
}

/** Users by the administrator who is signed in, else by the credential that was answered; null where neither may read them. */
async function usersFor(answers: StarterAnswers, invocation: Invocation): Promise<readonly DirectoryUser[] | null> {
  try {
    const { tenantId, tenantName, cloud } = answers;
    const target = { "tenant-id": tenantId, "tenant-name": tenantName, "client-id": undefined, cloud };
    const administrator = await administratorOf(targetOf(target, invocation), invocation);
    if (administrator !== null) return await all(administrator.users(), () => administrator.close());
    const { configPath, env, signal, progress } = invocation;
    const tenant = openTenantOf({ config: readConfig(configPath, starterConfig(answers), env), progress, env, signal });
    return await all(tenant.directory.users(), () => tenant.close());
  } catch (error) {
    if (error instanceof PhotodriftError && error.code === "interrupted") throw error;
    return null;
  }
}

async function all(
  pages: AsyncIterable<readonly DirectoryUser[]>,
  close: () => Promise<void>,
): Promise<readonly DirectoryUser[]> {
  try {
    const users: DirectoryUser[] = [];
    for await (const page of pages) users.push(...page);
    return users;
  } finally {
    await close();
  }
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
