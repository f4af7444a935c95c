import { existsSync } from "node:fs";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative } from "node:path";
import { makeFolder } from "../../files/folders.js";
import { starterConfig, withCredential } from "../../config/index.js";
import { applicationBody, powerShellScript, shellScript, type Registration } from "../../setup/index.js";
import { writeWhole } from "../../files/whole-file.js";
import { withConfig } from "../line/command-to-type.js";
import type { Invocation } from "../line/globals.js";
import type { SetupCertificate } from "./certificate.js";
import type { SetupTarget } from "./target.js";

/** Writes `setup/` beside the configuration: scripts, manifest and the public certificate. Nothing in it is secret. */
export async function writeSetupFiles(folder: string, registration: Registration): Promise<void> {
  const target = join(folder, "setup");
  await makeFolder(target);
  await writeFile(join(target, "register-app.ps1"), powerShellScript(registration));
  await writeFile(join(target, "register-app.sh"), shellScript(registration));
  await chmod(join(target, "register-app.sh"), 0o755).catch(() => undefined);
  await writeFile(join(target, "manifest.json"), `${JSON.stringify(applicationBody(registration), null, 2)}\n`);
  await writeFile(join(target, "photodrift.cer"), registration.certificate.pem);
}

export interface Remembered {
  readonly text: string;
  /** True where the configuration can be checked now. */
  readonly usable: boolean;
}

/** Puts the credential into the configuration, or writes a new one; comments and other keys stay. */
export async function rememberRegistration(
  invocation: Pick<Invocation, "configPath">,
  what: {
    readonly target: SetupTarget;
    readonly certificate: SetupCertificate;
    readonly clientId: string;
    readonly folder: string | undefined;
  },
): Promise<Remembered> {
  const { configPath } = invocation;
  const { target, certificate, clientId } = what;
  const shown = relative(".", configPath);
  const credential = {
    kind: "certificate",
    clientId,
    certificatePath: pathFrom(configPath, certificate.path),
  } as const;
  if (existsSync(configPath)) {
    const before = await readFile(configPath, "utf8");
    const after = withCredential(before, credential);
    if (after === before) return { text: `${shown} names this credential already.\n`, usable: true };
    // A configuration is never half there; it keeps the permissions it has.
    await writeWhole(configPath, [after], { mode: (await stat(configPath)).mode & 0o777 });
    return { text: `${shown}: credential set.\n`, usable: true };
  }
  const { tenantId, tenantName, cloud } = target;
  if (tenantId === null || tenantName === null || cloud === "custom") {
    const words = ["init", "--client-id", clientId, "--certificate", credential.certificatePath];
    return { text: `Next: ${withConfig(configPath, ...words)}\n`, usable: false };
  }
  const folder = what.folder ?? "./photos";
  const starter = starterConfig({
    tenantId,
    tenantName,
    cloud,
    credential,
    folder,
    domain: null,
    patterns: [],
    userPhotosFolder: null,
  });
  await makeFolder(dirname(configPath));
  await writeFile(configPath, starter, { flag: "wx" });
  return { text: `Wrote ${shown}.\n`, usable: true };
}

/** Relative to the configuration where it lies below it, with slashes on every system. */
function pathFrom(configPath: string, path: string): string {
  const way = relative(dirname(configPath), path);
  return isAbsolute(way) || way.startsWith("..") ? path : `./${way.replaceAll("\\", "/")}`;
}
