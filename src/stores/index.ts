import { createCloudPhotoReader } from "./cloud-photo/reader.js";
import { createDirectoryReader } from "./directory/reader.js";
import { createCredential } from "./http/credential.js";
import { createDoor } from "./http/door.js";
import { createExchange } from "./http/exchange.js";
import { openGraph } from "./http/graph.js";
import { createMeter } from "./http/meter.js";
import { openNetwork } from "./http/network.js";
import { outsideFetch } from "./http/outside.js";
import { systemTimer } from "./http/timer.js";
import { createTokens } from "./http/tokens.js";
import type { Exchange } from "./http/types.js";
import type { TenantOptions } from "./options.js";
import type { TenantReaders } from "./readers.js";
import { openSharePoint } from "./sharepoint/api.js";
import { createSharePointReader } from "./sharepoint/reader.js";

export type { TenantOptions } from "./options.js";
export { readKeyPair, type KeyPair } from "./certificate/index.js";
export type { Probe } from "./probe.js";
export type { OpenTenant, TenantConnection, TenantReaders } from "./readers.js";
export { preflight } from "./preflight.js";
export { networkProbes } from "./preflight-network.js";

/**
 * Opens a tenant for reading; nothing is sent before the first question. This module knows no writer: `openWriters` in writers.js does.
 * Errors: PhotodriftError `ca-invalid` or `proxy-invalid` (usage).
 */
export function openTenant(options: TenantOptions): TenantReaders {
  const meter = createMeter();
  const closing = new AbortController();
  const network = openNetwork({ ca: options.ca, env: options.env });
  const door = createDoor({
    exchange: guarded(createExchange(network), options.beforeRequest),
    meter,
    timer: options.timer ?? systemTimer,
    concurrency: Math.max(1, options.concurrency),
    patience: (options.patienceSeconds ?? 900) * 1000,
    signal: AbortSignal.any([closing.signal, ...(options.signal == null ? [] : [options.signal])]),
    onThrottle: options.onThrottle,
  });
  const { endpoints, tenantId } = options;
  const tokens = createTokens({
    endpoints,
    tenantName: options.tenantName,
    cloud: options.cloud ?? "global",
    timer: door.timer,
    credential: () =>
      createCredential({ credential: options.credential, tenantId, login: endpoints.login, door, ca: options.ca }),
  });
  const graph = openGraph(endpoints.graph, door, tokens);
  const sharePoint = openSharePoint(endpoints, door, tokens);
  return {
    directory: createDirectoryReader(graph),
    cloudPhotos: createCloudPhotoReader(graph, meter),
    sharePoint: createSharePointReader(sharePoint, meter, options.userPhotosFolder),
    meter,
    outside: outsideFetch(network),
    connection: { graph, sharePoint, tokens, door },
    close() {
      closing.abort();
      return network.close();
    },
  };
}

/** Nothing leaves, not even a second try, unless `before` resolves. */
function guarded(exchange: Exchange, before: (() => Promise<void>) | undefined): Exchange {
  if (before === undefined) return exchange;
  return async (request) => {
    await before();
    return exchange(request);
  };
}
