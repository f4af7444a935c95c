import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CertificateSet } from "./certificates.js";
import type { HostName } from "./http.js";
import type { Tenant } from "./tenant.js";

/** DIR/sandbox.json: how others find a running sandbox. */
export interface RunningSandbox {
  readonly pid: number;
  readonly startedAt: string;
  readonly origins: { readonly [host in HostName]: string };
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** For IDENTITY_HEADER, with IDENTITY_ENDPOINT = login origin + /msi/token. */
  readonly identityHeader: string;
}

const RUNNING = "sandbox.json";
const LOCK = "sandbox.lock";

/** Takes a folder for this process. Throws Error when a live process holds it. Returns the way to give it back. */
export async function takeFolder(dir: string): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true });
  const lock = join(dir, LOCK);
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: "wx" });
      return () => rm(lock, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = Number(await readFile(lock, "utf8").catch(() => ""));
    if (isAlive(holder)) {
      throw new Error(
        `a sandbox already runs in ${dir} (process ${holder}); stop it with: photodrift sandbox stop --dir ${dir}`,
      );
    }
    await rm(lock, { force: true });
  }
}

/** True while some process, alive or dead, has the folder. */
export function isTaken(dir: string): boolean {
  return existsSync(join(dir, LOCK));
}

/** True for a process of this machine, also one of another user. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export async function writeCertificates(dir: string, certificates: CertificateSet): Promise<void> {
  await writeFile(join(dir, "ca.pem"), certificates.caPem);
  const pem = `${certificates.appCertificatePem}${certificates.appKeyPem}`;
  await writeFile(join(dir, "app.pem"), pem, { mode: 0o600 });
}

export async function writeRunning(dir: string, running: RunningSandbox): Promise<void> {
  await writeAtomically(join(dir, RUNNING), `${JSON.stringify(running, null, 2)}\n`, 0o600);
}

export async function removeRunning(dir: string): Promise<void> {
  await rm(join(dir, RUNNING), { force: true });
}

/** Null when nothing was started in the folder, or it was stopped. */
export async function readRunning(dir: string): Promise<RunningSandbox | null> {
  try {
    return JSON.parse(await readFile(join(dir, RUNNING), "utf8")) as RunningSandbox;
  } catch {
    return null;
  }
}

/** DIR/photodrift.yaml: the configuration of an audit of this tenant. Written last, at once: who sees it can use it. */
export async function writeConfig(dir: string, text: string): Promise<void> {
  await writeAtomically(join(dir, "photodrift.yaml"), text);
}

/** The configuration of CONTRACT section 3 for this tenant; `extra` is YAML that the seed wants added. */
export function configText(
  tenant: Tenant,
  origins: { readonly [host in HostName]: string },
  patterns: readonly string[],
  extra: string,
): string {
  const endpoints = Object.entries(origins).map(([host, origin]) => `    ${host}: ${origin}`);
  const lines = [
    "# Written by `photodrift sandbox`: an emulated tenant on this machine. Try: photodrift audit --config photodrift.yaml",
    "tenant:",
    `  id: ${tenant.id}`,
    `  name: ${tenant.name}`,
    "  cloud: custom",
    "  caFile: ./ca.pem",
    "  endpoints:",
    ...endpoints,
    "credential:",
    "  kind: certificate",
    `  clientId: ${tenant.app.clientId}`,
    "  certificatePath: ./app.pem",
    "source:",
    "  folder: ./photos",
    `  patterns: [${patterns.map((pattern) => JSON.stringify(pattern)).join(", ")}]`,
    `  domain: ${tenant.domain}`,
    "state: ./photodrift.db",
    "reports: ./reports",
    "",
  ];
  return lines.join("\n") + (extra === "" ? "" : `${extra.trimEnd()}\n`);
}

async function writeAtomically(path: string, text: string, mode = 0o644): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, text, { mode });
  await rename(part, path);
}
