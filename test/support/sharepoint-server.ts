import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DefaultParse, InjectHeaders, RejectOnError, ResolveOnData } from "@pnp/queryable";
import { DefaultHeaders, spfi } from "@pnp/sp";
import "@pnp/sp/webs/index.js";
import "@pnp/sp/lists/index.js";
import "@pnp/sp/items/index.js";
import "@pnp/sp/files/index.js";
import "@pnp/sp/folders/index.js";
import "@pnp/sp/profiles/index.js";
import "@pnp/sp/batching.js";
import { HOSTS, type HostName, type Route, type SandboxResponse } from "../../src/sandbox/http.js";
import { sharePointRoutes } from "../../src/sandbox/routes/sharepoint/index.js";
import { seedTenant, type SeedOptions } from "../../src/sandbox/seed.js";
import type { Tenant } from "../../src/sandbox/tenant.js";

/** SharePoint's routes alone on three loopback ports, without TLS and tokens: every request is given `roles`. */
export interface SharePointServer {
  readonly tenant: Tenant;
  readonly origins: { readonly [host in HostName]: string };
  roles: string[];
  /** Paths that the routes did not know. */
  readonly unknown: string[];
  readonly send: (url: string, options?: SendOptions) => Promise<Response>;
  readonly close: () => Promise<void>;
}

export interface SendOptions {
  readonly method?: string;
  readonly accept?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Buffer;
}

const EVERY_ROLE = ["Sites.FullControl.All", "User.ReadWrite.All"];

export async function serveSharePoint(options: Partial<SeedOptions> = {}): Promise<SharePointServer> {
  const dir = await mkdtemp(join(tmpdir(), "photodrift-sharepoint-"));
  const { tenant } = await seedTenant({ users: 20, seed: 5, profile: "clean", ...options, dir });
  const origins = Object.fromEntries(HOSTS.map((host) => [host, ""])) as { [host in HostName]: string };
  const served = { tenant, origins, roles: EVERY_ROLE, unknown: [] as string[] };
  const route = sharePointRoutes(tenant);
  const servers: Server[] = [];
  for (const host of ["sharepoint", "sharepointMy", "sharepointAdmin"] as const) {
    const server = listener(host, route, served);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origins[host] = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    servers.push(server);
  }
  return Object.assign(served, {
    send: (url: string, given: SendOptions = {}) =>
      fetch(url, {
        method: given.method ?? "GET",
        headers: { accept: given.accept ?? "application/json;odata=nometadata", ...given.headers },
        ...(given.body === undefined ? {} : { body: new Uint8Array(Buffer.from(given.body)) }),
      }),
    close: async () => {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      await rm(dir, { recursive: true, force: true });
    },
  });
}

function listener(host: HostName, route: Route, served: Omit<SharePointServer, "send" | "close">): Server {
  return createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const target = request.url ?? "/";
      const token = { audience: "", roles: served.roles, appId: "app", method: "certificate" } as const;
      void route({
        host,
        method: request.method ?? "GET",
        url: new URL(target, served.origins[host]),
        target,
        headers: request.headers,
        body: Buffer.concat(parts),
        token,
        origins: served.origins,
      }).then((answer: SandboxResponse | null) => {
        if (answer === null) served.unknown.push(`${request.method ?? ""} ${target}`);
        response.writeHead(answer?.status ?? 501, answer?.headers ?? {});
        response.end(answer?.body ?? "unknown");
      });
    });
  });
}

/* PnPjs declares its members by module augmentations that NodeNext does not resolve; these are the ones the tests call. */

type Query<T> = (() => Promise<T>) & {
  select(...names: string[]): Query<T>;
  expand(...names: string[]): Query<T>;
  top(count: number): Query<T>;
  filter(text: string): Query<T>;
};

export interface PnpFile {
  (): Promise<{ Name: string; ETag: string; Length: string; UniqueId: string }>;
  getBuffer(): Promise<ArrayBuffer>;
  setContent(content: ArrayBuffer | Buffer): Promise<unknown>;
  delete(etag?: string): Promise<void>;
  recycle(): Promise<string>;
}

export interface PnpFolder {
  (): Promise<{ Name: string; ItemCount: number }>;
  readonly files: Query<{ Name: string; Length: string }[]> & {
    addUsingPath(
      name: string,
      content: ArrayBuffer | Buffer,
      options: { Overwrite: boolean },
    ): Promise<{ UniqueId: string }>;
  };
}

export interface PnpItems<T> extends Query<T[]> {
  select(...names: string[]): PnpItems<T>;
  expand(...names: string[]): PnpItems<T>;
  top(count: number): PnpItems<T>;
  [Symbol.asyncIterator](): AsyncIterator<T[]>;
}

export interface PnpList {
  (): Promise<{ Id: string; Title: string; ItemCount: number; LastItemModifiedDate: string }>;
  select(...names: string[]): PnpList;
  readonly items: PnpItems<{ Id: number; FileLeafRef: string; File: { Length: string; ETag: string } }>;
  readonly rootFolder: { readonly folders: Query<{ Name: string; ServerRelativeUrl: string }[]> };
  getChanges(query: object): Promise<{ ChangeType: number; UniqueId: string }[]>;
  getListItemChangesSinceToken(query: object): Promise<string>;
  renderListDataAsStream(parameters: object): Promise<{ Row: { FileLeafRef: string }[]; NextHref?: string }>;
}

export interface Pnp {
  readonly web: {
    getList(url: string): PnpList;
    readonly lists: { getByTitle(title: string): PnpList };
    getFolderByServerRelativePath(path: string): PnpFolder;
    getFileByServerRelativePath(path: string): PnpFile;
    getFileById(id: string): PnpFile;
  };
  readonly profiles: {
    getPropertiesFor(
      account: string,
    ): Promise<{ PictureUrl: string | null; AccountName: string; "odata.null"?: boolean }>;
    getUserProfilePropertyFor(account: string, property: string): Promise<string>;
    setSingleValueProfileProperty(account: string, property: string, value: string): Promise<void>;
  };
  batched(): [Pnp, () => Promise<void>];
}

interface Sending {
  readonly on: { readonly send: { replace(send: (url: URL, init: RequestInit) => Promise<Response>): unknown } };
}

/** The transport: Node's fetch, without retries. */
function overFetch(instance: Sending): Sending {
  instance.on.send.replace((url, init) => fetch(url.toString(), init));
  return instance;
}

/** The unmodified @pnp/sp on one of the hosts. */
export function pnpOn(server: SharePointServer, host: HostName, accept = "application/json"): Pnp {
  const sp = spfi(server.origins[host]).using(
    DefaultHeaders(),
    InjectHeaders({ Accept: accept }),
    RejectOnError(),
    ResolveOnData(),
    DefaultParse(),
  );
  sp.using(overFetch);
  return sp as unknown as Pnp;
}
