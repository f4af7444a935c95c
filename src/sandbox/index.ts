import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createWatch } from "./accusations.js";
import { createAudiences } from "./audiences.js";
import { makeCertificates, type CertificateSet } from "./certificates.js";
import { createClock } from "./clock.js";
import { controlRoutes } from "./control/index.js";
import { createFaultBook } from "./faults.js";
import { parseFaults } from "./fault-rules.js";
import { configText, removeRunning, takeFolder, writeCertificates, writeConfig, writeRunning } from "./folder.js";
import { HOSTS } from "./http.js";
import { createRequestLog } from "./log.js";
import { exchangeRoutes } from "./routes/exchange/index.js";
import { graphRoutes } from "./routes/graph/index.js";
import { FEDERATED_SUBJECT, federatedIssuer } from "./routes/login/assertion.js";
import { loginRoutes } from "./routes/login/index.js";
import { sharePointRoutes } from "./routes/sharepoint/index.js";
import { seedTenant } from "./seed.js";
import { PROFILES, type ProfileName } from "./seed/profiles.js";
import { aroundSubRequests, createListener, listen, unknownRoute, type Origins, type Ports } from "./server.js";
import { defaultServices, type SandboxState } from "./state.js";
import { findUser, type Tenant } from "./tenant.js";
import { createTokenAuthority } from "./tokens.js";

export { readSandbox, setSandbox, stopSandbox } from "./remote.js";
export { FAULT_PROFILES } from "./fault-rules.js";
export { PROFILES } from "./seed/profiles.js";

export interface SandboxOptions {
  readonly dir: string;
  /** Default: 60. */
  readonly users?: number;
  readonly seed?: number;
  /** demo, clean, german, legacy or large. */
  readonly profile?: string;
  /** Fault rules or a fault profile, as `faults=` of `sandbox set`. */
  readonly faults?: string;
  /** A folder of real portraits. */
  readonly photos?: string;
  /** 0 or absent: a free port. */
  readonly ports?: Ports;
}

export interface RunningSandboxServer {
  readonly origins: Origins;
  /** Absolute. */
  readonly dir: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly stop: () => Promise<void>;
  /** Settles when it was stopped, by `stop` or from outside. */
  readonly stopped: Promise<void>;
}

const DEFAULT_USERS = 60;
const FEDERATED_DAYS = 30;

/**
 * Starts an emulated tenant: seeds DIR, opens six TLS listeners on loopback, and writes DIR/photodrift.yaml last. Throws Error when DIR is in
 * use by a live sandbox, RangeError for wrong options.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandboxServer> {
  const dir = resolve(options.dir);
  if (options.faults !== undefined) parseFaults(options.faults);
  const release = await takeFolder(dir);
  try {
    return await start(dir, options, release);
  } catch (error) {
    await release();
    throw error;
  }
}

/** Writes DIR's files without serving them. The endpoints of its photodrift.yaml lead nowhere until `sandbox start`. */
export async function seedSandbox(
  options: Omit<SandboxOptions, "faults" | "ports">,
): Promise<{ readonly dir: string; readonly tenantId: string }> {
  const dir = resolve(options.dir);
  const release = await takeFolder(dir);
  try {
    const { tenant, patterns, extraConfig, certificates } = await prepare(dir, options);
    await writeCertificates(dir, certificates);
    const nowhere = Object.fromEntries(HOSTS.map((host, at) => [host, `https://127.0.0.1:${4431 + at}`])) as Origins;
    await writeConfig(dir, configText(tenant, nowhere, patterns, extraConfig));
    return { dir, tenantId: tenant.id };
  } finally {
    await release();
  }
}

interface Prepared {
  readonly tenant: Tenant;
  readonly patterns: readonly string[];
  readonly extraConfig: string;
  readonly certificates: CertificateSet;
}

async function prepare(dir: string, options: SandboxOptions): Promise<Prepared> {
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

async function start(
  dir: string,
  options: SandboxOptions,
  release: () => Promise<void>,
): Promise<RunningSandboxServer> {
  const clock = createClock();
  const services = defaultServices();
  // Keys are made on other threads while the tenant is seeded.
  const [prepared, tokens] = await Promise.all([
    prepare(dir, options),
    createTokenAuthority(() => (services.tokenClock === "virtual" ? clock.now() : clock.real())),
  ]);
  const { tenant, patterns, extraConfig, certificates } = prepared;
  tenant.now = clock.now;
  let serve: ReturnType<typeof createListener> | null = null;
  const listeners = await listen(certificates, options.ports ?? {}, async (host, request, response) => {
    await serve?.(host, request, response);
  });
  const { origins } = listeners;
  const state: SandboxState = {
    tenant,
    clock,
    dir,
    origins,
    audiences: createAudiences(tenant.name, origins),
    tokens,
    faults: createFaultBook(options.seed ?? 1, (user) => spellingsOf(tenant, user)),
    log: createRequestLog(),
    watch: createWatch(tenant),
    services,
    mails: [],
    directoryChanges: [],
    allowedRoles: [],
    policyId: randomUUID(),
    identityHeader: randomUUID(),
  };
  if (options.faults !== undefined) state.faults.replace(options.faults);

  let stopping: Promise<void> | null = null;
  let settle: () => void = () => undefined;
  const stopped = new Promise<void>((resolveStopped) => (settle = resolveStopped));
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      await listeners.close();
      await removeRunning(dir);
      await release();
      settle();
    })();
    return stopping;
  };
  const sharePoint = sharePointRoutes(tenant);
  serve = createListener(state, {
    routes: {
      login: loginRoutes(state),
      graph: graphRoutes(state, aroundSubRequests(state), (what) => unknownRoute(state, "graph", what)),
      exchange: exchangeRoutes(state),
      sharepoint: sharePoint,
      sharepointMy: sharePoint,
      sharepointAdmin: sharePoint,
    },
    // The answer to the request that stops the sandbox leaves first.
    control: controlRoutes(state, () => void setTimeout(() => void stop(), 20)),
  });

  try {
    await writeCertificates(dir, certificates);
    const assertion = tokens.federatedAssertion(federatedIssuer(state), FEDERATED_SUBJECT, FEDERATED_DAYS * 86_400);
    await writeFile(join(dir, "federated-token.jwt"), assertion, { mode: 0o600 });
    const secret = { clientSecret: tenant.app.clientSecret ?? "", identityHeader: state.identityHeader };
    const running = {
      pid: process.pid,
      startedAt: new Date().toISOString(),
      origins,
      tenantId: tenant.id,
      clientId: tenant.app.clientId,
    };
    await writeRunning(dir, { ...running, ...secret });
    await writeConfig(dir, configText(tenant, origins, patterns, extraConfig));
    return {
      origins,
      dir,
      tenantId: tenant.id,
      clientId: tenant.app.clientId,
      clientSecret: secret.clientSecret,
      stop,
      stopped,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** How a user shows up in requests: id, UPN, and the two stems of library files. */
function spellingsOf(tenant: Tenant, name: string): string[] {
  const user = findUser(tenant, name);
  const upn = (user?.upn ?? name).toLowerCase();
  return [upn, upn.replace(/[@.]/g, "_"), ...(user ? [user.id.toLowerCase()] : [])];
}
