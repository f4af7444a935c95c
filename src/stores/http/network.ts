import { readFileSync } from "node:fs";
import { createSecureContext, rootCertificates } from "node:tls";
import type { Dispatcher } from "undici";
import api from "undici/lib/api/index.js";
import Agent from "undici/lib/dispatcher/agent.js";
import Dispatchers from "undici/lib/dispatcher/dispatcher.js";
import EnvHttpProxyAgent from "undici/lib/dispatcher/env-http-proxy-agent.js";
import { PhotodriftError } from "../../model/errors.js";
import { proxiesOf } from "./proxies.js";

// As the index of undici does: whoever gets a dispatcher asks it, and the agent of a proxy its own.
Object.assign(Dispatchers.prototype, api);

/** milliseconds */
const CONNECT_TIMEOUT = 10_000;
const SILENCE_TIMEOUT = 60_000;

export interface NetworkOptions {
  /** PEM text of extra certificate authorities. */
  readonly ca?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

export interface Network {
  /** The dispatcher for a URL: through the proxy, or direct. */
  dispatcherFor(url: URL): Dispatcher;
  close(): Promise<void>;
}

/**
 * Connections with the trust and the proxies of the environment. `ca` adds to the built-in authorities (and to NODE_EXTRA_CA_CERTS), it
 * does not replace them. HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured for every host, loopback included: name it in NO_PROXY to reach
 * it directly. Only the metadata address of Azure machines is never proxied, it exists on the machine alone.
 * Errors: PhotodriftError `ca-invalid` or `proxy-invalid` (usage).
 */
export function openNetwork(options: NetworkOptions): Network {
  const secureContext = options.ca === undefined ? undefined : trust(options.ca, options.env);
  const tls = secureContext === undefined ? {} : { secureContext };
  const connect = { ...tls, timeout: CONNECT_TIMEOUT };
  const common = { connect, headersTimeout: SILENCE_TIMEOUT, bodyTimeout: SILENCE_TIMEOUT, keepAliveTimeout: 20_000 };
  const direct = new Agent(common);
  const { https, http, exempt } = proxiesOf(options.env);
  const proxied =
    https === "" && http === ""
      ? direct
      : new EnvHttpProxyAgent({
          ...common,
          requestTls: connect,
          proxyTls: connect,
          httpProxy: http,
          httpsProxy: https,
          noProxy: exempt,
        });
  return {
    dispatcherFor: (url) => (url.hostname === "169.254.169.254" ? direct : proxied),
    close: async () => {
      await Promise.all([direct.destroy(), proxied === direct ? undefined : proxied.destroy()]);
    },
  };
}

function trust(ca: string, env: NodeJS.ProcessEnv): ReturnType<typeof createSecureContext> {
  if (!ca.includes("-----BEGIN CERTIFICATE-----")) throw badAuthority("it holds no certificate in PEM form");
  const extra = env["NODE_EXTRA_CA_CERTS"];
  const more: string[] = [];
  if (extra !== undefined && extra !== "") {
    try {
      more.push(readFileSync(extra, "utf8"));
    } catch {
      // Node itself only warns about an unreadable NODE_EXTRA_CA_CERTS.
    }
  }
  try {
    return createSecureContext({ ca: [...rootCertificates, ...more, ca] });
  } catch (error) {
    throw badAuthority(error instanceof Error ? error.message : "it cannot be parsed");
  }
}

function badAuthority(why: string): PhotodriftError {
  return new PhotodriftError(
    "ca-invalid",
    `tenant.caFile cannot be used: ${why}`,
    "give a PEM file with the certificate of the authority (-----BEGIN CERTIFICATE-----)",
    "usage",
  );
}
