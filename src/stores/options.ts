import type { Cloud, CredentialConfig, Endpoints } from "../model/config.js";
import type { Timer } from "./http/types.js";

export interface TenantOptions {
  /** Origins, `https://host[:port]`. */
  readonly endpoints: Endpoints;
  /** GUID or domain. */
  readonly tenantId: string;
  /** First label of the SharePoint hosts. */
  readonly tenantName: string;
  /** Names the well-known resources; `global` by default. */
  readonly cloud?: Cloud | undefined;
  readonly credential: CredentialConfig;
  /** PEM text of extra certificate authorities. */
  readonly ca?: string | undefined;
  /** Ceiling of requests under way per host; the level below it is found by itself. */
  readonly concurrency: number;
  readonly userPhotosFolder?: string | undefined;
  /** HTTPS_PROXY, HTTP_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS. */
  readonly env: NodeJS.ProcessEnv;
  /** A host asks everybody to wait for so many seconds. */
  readonly onThrottle?: ((host: string, seconds: number) => void) | undefined;
  /** Ends every request and every wait; they reject with PhotodriftError `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** Asked before every try of every request; the request fails with what it rejects with. */
  readonly beforeRequest?: (() => Promise<void>) | undefined;
  /** The longest that one request waits for throttling to end, seconds; 900 by default. */
  readonly patienceSeconds?: number | undefined;
  /** The machine's clock by default. */
  readonly timer?: Timer | undefined;
}
