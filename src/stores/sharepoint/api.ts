import { plainBody, plainHeaders, toResponse } from "../http/fetch-shape.js";
import { httpFailure } from "../http/failures.js";
import { notJson } from "../http/graph.js";
import type { Tokens } from "../http/tokens.js";
import type { Door, WireRequest, WireResponse } from "../http/types.js";
import {
  DefaultParse,
  InjectHeaders,
  type Queryable,
  RejectOnError,
  ResolveOnData,
  spfi,
  type SPFI,
  type TimelinePipe,
} from "./pnp.js";

export const NEEDS_FILES = "Sites.FullControl.All (or Sites.Read.All) of SharePoint";
export const NEEDS_PROFILES = "User.ReadWrite.All (or User.Read.All) of SharePoint, beside Sites.FullControl.All";

export type SharePointHost = "sharepointMy" | "sharepointAdmin";

/** What a call is about; see WireRequest. */
export interface Purpose {
  readonly asks: string;
  readonly needs?: string;
  readonly purpose?: "read" | "write";
  readonly repeat?: "always" | "if-refused";
  readonly maxBytes?: number;
  readonly flaw?: (response: WireResponse) => string | null;
  /** Sees the answer with its headers, which the client's parser drops. */
  readonly onAnswer?: (response: WireResponse) => void;
}

/** SharePoint through the vendor's client, which builds the requests; every one leaves through the door. */
export interface SharePoint {
  readonly door: Door;
  /** A client for calls of one purpose. Build queries anew from it: the client's query objects keep their settings. */
  on(host: SharePointHost, purpose: Purpose): SPFI;
  origin(host: SharePointHost): string;
}

const ACCEPT = "application/json;odata=nometadata";

/** 500 answers of SharePoint that are settled: asking again gives the same (facts/sharepoint.md 2.1, 3.3). */
const SETTLED =
  /SPQueryThrottledException|PropertyNotEditable|Property Not Found|User Profile Error|UserNotFound|UserProfileNotFound|managing your own data/i;

export function openSharePoint(
  origins: { readonly sharepointMy: string; readonly sharepointAdmin: string },
  door: Door,
  tokens: Tokens,
): SharePoint {
  function on(host: SharePointHost, purpose: Purpose): SPFI {
    const base = origins[host];
    const authorizer = tokens.authorizer(host);
    return spfi(base).using(
      InjectHeaders({ Accept: ACCEPT, "Content-Type": "application/json;charset=utf-8" }),
      RejectOnError(),
      ResolveOnData(),
      DefaultParse(),
      throughDoor(async (url, init) => {
        const request = wireRequest(url, init, purpose);
        if (url.origin !== base) throw new TypeError(`a link out of ${base} is not followed`);
        const answer = await door.send({ ...request, authorizer });
        purpose.onAnswer?.(answer);
        if (answer.status < 200 || answer.status > 299) throw httpFailure(request, answer);
        return toResponse(answer);
      }),
    );
  }
  return { door, on, origin: (host) => origins[host] };
}

function wireRequest(url: URL, init: RequestInit, purpose: Purpose): WireRequest {
  const path = url.pathname.toLowerCase();
  const json = !path.endsWith("/$value") && !path.endsWith("/$batch") && (init.method ?? "GET") === "GET";
  const flaw = purpose.flaw ?? (json ? notJson : purpose.purpose === "write" ? notWritten : undefined);
  return {
    service: "sharepoint",
    method: init.method ?? "GET",
    url: url.toString(),
    headers: plainHeaders(init.headers),
    body: plainBody(init.body),
    asks: purpose.asks,
    repeat: purpose.repeat ?? "always",
    purpose: purpose.purpose ?? "read",
    settled: (response) => SETTLED.test(response.body.toString("utf8", 0, 4000)),
    ...(purpose.needs === undefined ? {} : { needs: purpose.needs }),
    ...(purpose.maxBytes === undefined ? {} : { maxBytes: purpose.maxBytes }),
    ...(flaw === undefined ? {} : { flaw }),
  };
}

/** A write is answered with JSON or with nothing; a sign-in page says nothing of what became of it. */
function notWritten(response: WireResponse): string | null {
  return response.body.length === 0 ? null : notJson(response);
}

function throughDoor(send: (url: URL, init: RequestInit) => Promise<Response>): TimelinePipe {
  return (instance: Queryable<unknown>) => {
    instance.on.send.replace(send);
    return instance;
  };
}

/** Claims name of a user in SharePoint. */
export function accountName(upn: string): string {
  return `i:0#.f|membership|${upn}`;
}
