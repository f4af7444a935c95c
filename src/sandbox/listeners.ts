import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { CertificateSet } from "./certificates.js";
import { HOSTS, type HostName } from "./http.js";

export type Origins = { readonly [host in HostName]: string };
export type Ports = { readonly [host in HostName]?: number };

export interface Listeners {
  readonly origins: Origins;
  readonly close: () => Promise<void>;
}

export type Listener = (host: HostName, request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Opens six TLS listeners on 127.0.0.1; port 0 or none takes a free one. All or none: a taken port closes the others again. */
export async function listen(certificates: CertificateSet, ports: Ports, serve: Listener): Promise<Listeners> {
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      ),
    );
  };
  const origins: { [host: string]: string } = {};
  try {
    for (const host of HOSTS) {
      const server = createServer(
        { key: certificates.serverKeyPem, cert: certificates.serverCertificatePem, keepAliveTimeout: 65_000 },
        (request, response) => void serve(host, request, response),
      );
      servers.push(server);
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(ports[host] ?? 0, "127.0.0.1", () => {
          server.removeListener("error", reject);
          resolve();
        });
      });
      server.on("error", () => undefined);
      origins[host] = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { origins: origins as Origins, close };
}
