import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CredentialConfig } from "../../src/model/config.js";
import type { DirectoryUser } from "../../src/model/user.js";
import {
  readSandbox,
  setSandbox,
  startSandbox,
  type RunningSandboxServer,
  type SandboxOptions,
} from "../../src/sandbox/index.js";
import { openTenant, type TenantOptions, type TenantReaders } from "../../src/stores/index.js";

export interface SandboxLog {
  readonly entries: readonly {
    readonly host: string;
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly userAgent: string;
    readonly flags: readonly string[];
    readonly batched: boolean;
  }[];
  readonly summary: { readonly accusations: readonly { readonly kind: string; readonly count: number }[] };
}

/** The tenant as it sees itself. */
export interface SandboxState {
  readonly users: readonly {
    readonly id: string;
    readonly upn: string;
    readonly deleted: boolean;
    readonly entra: { readonly etag: string } | null;
    readonly exchange: { readonly etag: string } | null;
    readonly profile: { readonly pictureUrl: string; readonly placeholderState: string } | null;
  }[];
  readonly library: readonly { readonly path: string; readonly uniqueId: string; readonly version: number }[];
}

export interface SandboxTenant {
  readonly server: RunningSandboxServer;
  readonly dir: string;
  readonly certificate: CredentialConfig;
  open(options?: Partial<TenantOptions>): TenantReaders;
  set(...pairs: readonly string[]): Promise<void>;
  log(): Promise<SandboxLog>;
  state(): Promise<SandboxState>;
  stop(): Promise<void>;
}

/** A sandbox in a folder of its own, and tenants opened on it with its own CA and certificate. */
export async function sandboxTenant(options: Omit<SandboxOptions, "dir"> = {}): Promise<SandboxTenant> {
  const dir = await mkdtemp(join(tmpdir(), "photodrift-contract-"));
  const server = await startSandbox({ users: 40, seed: 3, ...options, dir });
  const ca = await readFile(join(dir, "ca.pem"), "utf8");
  const certificatePath = join(dir, "app.pem");
  const certificate: CredentialConfig = { kind: "certificate", clientId: server.clientId, certificatePath };
  const opened: TenantReaders[] = [];
  return {
    server,
    dir,
    certificate,
    open(more = {}) {
      const tenant = openTenant({
        endpoints: server.origins,
        tenantId: server.tenantId,
        tenantName: "contoso",
        cloud: "custom",
        credential: certificate,
        ca,
        concurrency: 8,
        env: {},
        ...more,
      });
      opened.push(tenant);
      return tenant;
    },
    set: async (...pairs) => void (await setSandbox(dir, pairs)),
    log: async () => (await readSandbox(dir, "log")) as SandboxLog,
    state: async () => (await readSandbox(dir, "state?hashes=0")) as SandboxState,
    async stop() {
      await Promise.all(opened.map((tenant) => tenant.close()));
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** All users of a tenant in one list; tests are small. */
export async function allUsers(tenant: TenantReaders): Promise<readonly DirectoryUser[]> {
  const users: DirectoryUser[] = [];
  for await (const page of tenant.directory.users()) users.push(...page);
  return users;
}
