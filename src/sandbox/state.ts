import { setTimeout as sleep } from "node:timers/promises";
import type { Audiences } from "./audiences.js";
import type { Clock } from "./clock.js";
import type { FaultBook } from "./faults.js";
import type { HostName, SandboxRequest, SandboxResponse } from "./http.js";
import type { RequestLog } from "./log.js";
import type { Registry } from "./registry.js";
import type { Tenant } from "./tenant.js";
import type { TokenAuthority } from "./tokens.js";
import type { Watch } from "./accusations.js";

/** Choices beside the tenant's own switches: how strict the services are, and which of two unknown answers they give. */
export interface ServiceSwitches {
  /** By which clock access tokens expire; a client measures with the real one. */
  tokenClock: "real" | "virtual";
  /** Answer to an expired delta token (facts/graph-entra-exchange.md 3.2 knows both). */
  deltaExpired: "gone" | "bad-request";
  /** Users per page of /users/delta: not documented. */
  deltaPage: number;
  /** Identity resource units and four at once per mailbox are enforced. */
  throttling: boolean;
  /** EWS GetUserPhoto is open (blocked by default since 2026-10-01). */
  ews: boolean;
  /** An app password past its end date: AADSTS7000222. */
  secretExpired: boolean;
  /** So many requests after a new application or service principal find that it is not known everywhere yet. */
  directoryLag: number;
  /** Milliseconds that every answer takes, and every part of a batch: Graph works on four at a time, SharePoint on one after another. */
  latency: number;
}

/** One recorded sendMail. */
export interface SentMail {
  readonly at: string;
  readonly sender: string;
  readonly message: unknown;
}

/** A change that /users/delta shows. Photos are never among them (facts/graph-entra-exchange.md 3.2). */
export interface DirectoryChange {
  readonly sequence: number;
  readonly userId: string;
  readonly properties: readonly string[];
}

/** Everything one running sandbox knows. */
export interface SandboxState {
  readonly tenant: Tenant;
  readonly clock: Clock;
  readonly dir: string;
  readonly origins: { readonly [host in HostName]: string };
  readonly audiences: Audiences;
  readonly tokens: TokenAuthority;
  readonly faults: FaultBook;
  readonly log: RequestLog;
  readonly watch: Watch;
  readonly services: ServiceSwitches;
  readonly registry: Registry;
  readonly mails: SentMail[];
  readonly directoryChanges: DirectoryChange[];
  /** Role template ids of photoUpdateSettings. */
  allowedRoles: string[];
  readonly policyId: string;
  /** Secret of the managed-identity endpoint (X-IDENTITY-HEADER). */
  readonly identityHeader: string;
}

export function defaultServices(): ServiceSwitches {
  return {
    tokenClock: "real",
    deltaExpired: "gone",
    deltaPage: 200,
    throttling: true,
    ews: false,
    secretExpired: false,
    directoryLag: 1,
    latency: 0,
  };
}

/** The way to the service and back: what one answer, or one part of a batch, waits for. */
export async function travel({ services }: SandboxState): Promise<void> {
  if (services.latency > 0) await sleep(services.latency);
}

/** Answers one request; unlike a Route it knows the whole sandbox, and never answers null. */
export type Endpoint = (request: SandboxRequest) => Promise<SandboxResponse> | SandboxResponse;

/** Notes a change of directory properties for /users/delta. */
export function noteDirectoryChange(state: SandboxState, userId: string, properties: readonly string[]): void {
  state.directoryChanges.push({ sequence: state.directoryChanges.length + 1, userId, properties });
}
