import { createHash } from "node:crypto";
import type { HostName } from "./http.js";
import { findUser, type Tenant } from "./tenant.js";

/** Watches a client's manners; every method answers with the flags that the request earned. */
export interface Watch {
  /** Called when a request arrives. */
  readonly arrival: (request: WatchedRequest) => string[];
  /** Called when it was answered; throttled answers start a time in which a retry is early. */
  readonly answer: (request: WatchedRequest, status: number, retryAfterSeconds: number | null) => void;
  /** Forgets what was written: the tenant was changed from outside, so the same write may be needed again. */
  readonly forgetWrites: () => void;
}

export interface WatchedRequest {
  readonly host: HostName;
  readonly method: string;
  readonly target: string;
  readonly userAgent: string;
  readonly body: Buffer;
  readonly batched: boolean;
}

const MEMORY = 20_000;
/** Timers may fire a little early; a client that is right by its own clock is not accused. */
const SLACK = 30;
/** Without Retry-After a client must still back off (learn.microsoft.com/graph/throttling): at once is rude. */
const LEAST_BACK_OFF = 100;

export function createWatch(tenant: Tenant): Watch {
  const closedUntil = new Map<string, number>();
  const written = new Map<string, string>();

  return {
    arrival: (request) => {
      const flags: string[] = [];
      const until = closedUntil.get(identity(request));
      if (until !== undefined && Date.now() < until - SLACK) flags.push("early-retry");
      if (request.host.startsWith("sharepoint") && !/\b(NON)?ISV\|[^|]+\|[^|]+/.test(request.userAgent)) {
        flags.push("undecorated-user-agent");
      }
      if (isUnneeded(tenant, written, request)) flags.push("unneeded-write");
      return flags;
    },
    answer: (request, status, retryAfterSeconds) => {
      const key = identity(request);
      if (status === 429 || status === 503) {
        if (closedUntil.size > MEMORY) closedUntil.clear();
        closedUntil.set(key, Date.now() + (retryAfterSeconds === null ? LEAST_BACK_OFF : retryAfterSeconds * 1000));
      } else closedUntil.delete(key);
      const upload = uploadTarget(request);
      if (upload !== null && status >= 200 && status < 300) {
        if (written.size > MEMORY) written.clear();
        written.set(upload, request.method === "DELETE" ? "" : digest(request.body));
      } else if (
        request.host.startsWith("sharepoint") &&
        request.method !== "GET" &&
        /getfileby/i.test(request.target)
      ) {
        written.clear(); // A file was deleted or recycled: writing it again is no longer unneeded.
      }
    },
    forgetWrites: () => written.clear(),
  };
}

/** Same method, place and content: a token request is the same whatever its assertion and correlation id. */
function identity(request: WatchedRequest): string {
  if (request.host === "login") return `login ${request.method} ${request.target.split("?")[0]}`;
  const content = request.body.length === 0 ? "" : digest(request.body);
  return `${request.host} ${request.method} ${request.target} ${content}`;
}

function digest(bytes: Buffer): string {
  return createHash("sha1").update(bytes).digest("base64");
}

/** The place an upload goes to, in one spelling; null for requests that upload nothing. */
function uploadTarget(request: WatchedRequest): string | null {
  const target = request.target.toLowerCase();
  if (request.host === "graph") return /\/photo\/\$value$/.test(target) && request.method !== "GET" ? target : null;
  if (request.method !== "POST" || !/addusingpath|\/files\/add\(|\/\$value/.test(target)) return null;
  return `${request.host} ${target}`;
}

function isUnneeded(tenant: Tenant, written: ReadonlyMap<string, string>, request: WatchedRequest): boolean {
  const upload = uploadTarget(request);
  if (upload !== null) return request.body.length > 0 && written.get(upload) === digest(request.body);
  if (request.method !== "POST" || !request.host.startsWith("sharepoint")) return false;
  const target = request.target.toLowerCase();
  if (!target.includes("setsinglevalueprofileproperty") && !target.includes("$batch")) return false;
  return profileWrites(request.body).some((write) => isSameValue(tenant, write));
}

interface ProfileWrite {
  readonly accountName: string;
  readonly propertyName: string;
  readonly propertyValue: string;
}

/** Bodies of SetSingleValueProfileProperty, alone or as the one-line JSON parts of a multipart batch. */
function profileWrites(body: Buffer): ProfileWrite[] {
  const writes: ProfileWrite[] = [];
  for (const line of body.toString().split(/\r?\n/)) {
    if (!line.startsWith("{") || !line.includes("propertyName")) continue;
    try {
      writes.push(JSON.parse(line) as ProfileWrite);
    } catch {
      // Not ours to judge: the route answers a malformed body.
    }
  }
  return writes;
}

function isSameValue(tenant: Tenant, write: ProfileWrite): boolean {
  const upn = write.accountName.split("|").at(-1) ?? "";
  const profile = findUser(tenant, upn)?.profile;
  if (!profile) return false;
  const values: { readonly [name: string]: string } = {
    PictureURL: profile.pictureUrl,
    "SPS-PicturePlaceholderState": profile.placeholderState,
    "SPS-PictureExchangeSyncState": profile.exchangeSyncState,
    "SPS-PictureTimestamp": profile.timestamp,
  };
  return values[write.propertyName] === write.propertyValue;
}
