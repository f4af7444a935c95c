import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { makeCertificates, type CertificateSet } from "./certificates.js";
import { seedTenant } from "./seed.js";
import { PROFILES, type ProfileName } from "./seed/profiles.js";
import type { Ports } from "./listeners.js";
import type { Tenant } from "./tenant.js";

/** What a sandbox is made of, as the command line has it. */
export interface SandboxOptions {
  readonly dir: string;
  /** Default: 60. */
  readonly users?: number;
  readonly seed?: number;
  /** demo, clean, german, legacy or large. */
  readonly profile?: string;
  /** Fault rules or a fault profile, as `faults=` of `sandbox set`. */
  readonly faults?: string;
  /** Milliseconds of every answer and every part of a batch, as `latency=` of `sandbox set`. */
  readonly latency?: number;
  /** A folder of real portraits. */
  readonly photos?: string;
  /** 0 or absent: a free port. */
  readonly ports?: Ports;
}

const DEFAULT_USERS = 60;

export interface Prepared {
  readonly tenant: Tenant;
  readonly patterns: readonly string[];
  readonly extraConfig: string;
  readonly certificates: CertificateSet;
}

/** Seeds DIR and makes the keys. Throws RangeError for options that cannot be. */
export async function prepare(dir: string, options: SandboxOptions): Promise<Prepared> {
  const { users = DEFAULT_USERS, seed = 1, photos } = options;
  if (!Number.isInteger(users) || users < 1) throw new RangeError(`users: ${users} is not a whole number from 1`);
  const profile = profileOf(options.profile ?? "demo");
  const [seeded, certificates] = await Promise.all([
    seedTenant({ users, seed, profile, dir, ...(photos === undefined ? {} : { photos: resolve(photos) }) }),
    makeCertificates(Date.now()),
  ]);
  const { app } = seeded.tenant;
  app.certificatePem = certificates.appCertificatePem;
  app.clientSecret ??= `sandbox~${app.clientId.slice(0, 8)}~secret`;
  return { ...seeded, certificates };
}

function profileOf(name: string): ProfileName {
  const profile = PROFILES.find((known) => known === name);
  if (profile === undefined) throw new RangeError(`profile "${name}" is unknown (known: ${PROFILES.join(", ")})`);
  return profile;
}

/** Rules as they stand, or the lines of a file of them (`#` begins a comment). */
export async function faultsText(faults: string): Promise<string> {
  if (!existsSync(faults)) return faults;
  const lines = (await readFile(faults, "utf8")).split(/\r?\n/).map((line) => line.replace(/#.*$/, "").trim());
  return lines.filter((line) => line !== "").join(";");
}
