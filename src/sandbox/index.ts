import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createWatch } from "./accusations.js";
import { createAudiences } from "./audiences.js";
import { advance } from "./behaviour.js";
import { createClock } from "./clock.js";
import { controlRoutes } from "./control/index.js";
import { createFaultBook } from "./faults.js";
import { parseFaults } from "./fault-rules.js";
import { configText, removeRunning, takeFolder, writeCertificates, writeConfig, writeRunning } from "./folder.js";
import { HOSTS } from "./http.js";
import { createRequestLog } from "./log.js";
import { exchangeRoutes } from "./routes/exchange/index.js";
import { graphRoutes } from "./routes/graph/index.js";
import { ADMIN_SCOPES, AZURE_CLI } from "./routes/login/administrator.js";
import { FEDERATED_SUBJECT, federatedIssuer } from "./routes/login/assertion.js";
import { loginRoutes } from "./routes/login/index.js";
import { sharePointRoutes } from "./routes/sharepoint/index.js";
import { listen, type Origins } from "./listeners.js";
import { aroundParts, aroundSubRequests, createListener, unknownRoute } from "./server.js";
import { defaultServices, type SandboxState } from "./state.js";
import { faultsText, prepare, type SandboxOptions } from "./prepare.js";
import { createRegistry } from "./registry.js";
import { findUser, type Tenant } from "./tenant.js";
import { createTokenAuthority } from "./tokens.js";

export { readSandbox, setSandbox, stopSandbox } from "./remote.js";
export type { SandboxOptions } from "./prepare.js";

export interface RunningSandboxServer {
  readonly origins: Origins;
  /** Absolute. */
  readonly dir: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The live tenant: what is changed here is served at once. */
  readonly tenant: Tenant;
  readonly stop: () => Promise<void>;
  /** Settles when it was stopped, by `stop` or from outside. */
  readonly stopped: Promise<void>;
}

const FEDERATED_DAYS = 30;
const TICK = 60_000;

/**
 * Starts an emulated tenant: seeds DIR, opens six TLS listeners on loopback, and writes DIR/photodrift.yaml last. Throws Error when DIR is in
 * use by a live sandbox, RangeError for wrong options.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandboxServer> {
  const dir = resolve(options.dir);
  const faults = options.faults === undefined ? "none" : await faultsText(options.faults);
  parseFaults(faults);
  const release = await takeFolder(dir);
  try {
    return await start(dir, { ...options, faults }, release);
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

async function start(
  dir: string,
  options: SandboxOptions,
  release: () => Promise<void>,
): Promise<RunningSandboxServer> {
  const clock = createClock();
  const services = { ...defaultServices(), latency: options.latency ?? 0 };
  // Keys are made on other threads while the tenant is seeded.
  const [prepared, tokens] = await Promise.all([
    prepare(dir, options),
    createTokenAuthority(() => (services.tokenClock === "virtual" ? clock.now() : clock.real())),
  ]);
  const { tenant, patterns, extraConfig, certificates } = prepared;
  tenant.now = clock.now;
  // From here on the services know what was there at the beginning.
  await advance(tenant);
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
    registry: createRegistry(tenant.app, new Date(clock.now()).toISOString()),
    mails: [],
    directoryChanges: [],
    allowedRoles: [],
    policyId: randomUUID(),
    identityHeader: randomUUID(),
  };
  if (options.faults !== undefined) state.faults.replace(options.faults);
  // Time goes by of itself, too.
  const ticking = setInterval(() => void advance(tenant).catch(() => undefined), TICK);
  ticking.unref();

  let stopping: Promise<void> | null = null;
  let settle: () => void = () => undefined;
  const stopped = new Promise<void>((resolveStopped) => (settle = resolveStopped));
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      clearInterval(ticking);
      await listeners.close();
      await removeRunning(dir);
      await release();
      settle();
    })();
    return stopping;
  };
  const sharePoint = sharePointRoutes(tenant, aroundParts(state));
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
    const administrator = {
      audience: origins.graph,
      roles: ADMIN_SCOPES,
      appId: AZURE_CLI,
      method: "delegated",
    } as const;
    const adminToken = tokens.issue(administrator, tenant.id, `${origins.login}/${tenant.id}/v2.0`);
    await writeFile(join(dir, "admin-token.jwt"), adminToken, { mode: 0o600 });
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
      tenant,
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
