import { type Described, jsonOf } from "../answers/described.js";
import { keepReading } from "../answers/kept.js";
import { plainBody, plainHeaders, toResponse } from "../http/fetch-shape.js";
import { httpFailure, OutcomeUnknown, unusableAnswer } from "../http/failures.js";
import type { Tokens } from "../http/tokens.js";
import type { Door, WireRequest, WireResponse } from "../http/types.js";
import {
  InjectHeaders,
  type Queryable,
  RejectOnError,
  ResolveOnData,
  spfi,
  type SPFI,
  TextParse,
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
  /**
   * The described values of one call's answer; an answer that is not as described is asked for again (a write's is `outcome-unknown`).
   * Throws what the door throws, HttpFailure, and `unusable-answer` for an answer that stays wrong.
   */
  ask<T>(
    host: SharePointHost,
    purpose: Purpose,
    answer: Described<T>,
    call: (sp: SPFI) => Promise<unknown>,
  ): Promise<T>;
  origin(host: SharePointHost): string;
  /** The host will be asked soon: its token is asked for beside whatever is under way. */
  soon(host: SharePointHost): void;
  /** A part of a batch was refused for its token. */
  tokenRefused(host: SharePointHost, answer: WireResponse): Promise<void>;
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
      // The client gives back text: what an answer means is said by its description.
      TextParse(),
      throughDoor(async (url, init) => {
        const request = wireRequest(url, init, purpose);
        if (url.origin !== base) throw unusableAnswer(request, `a link leads out of ${base} and is not followed`);
        const answer = await door.send({ ...request, authorizer });
        purpose.onAnswer?.(answer);
        if (answer.status < 200 || answer.status > 299) throw httpFailure(request, answer);
        return toResponse(answer);
      }),
    );
  }

  return {
    door,
    on,
    origin: (host) => origins[host],
    soon: (host) => {
      tokens.soon(host);
    },
    async tokenRefused(host, answer) {
      const authorizer = tokens.authorizer(host);
      await authorizer.refused(await authorizer.header(), answer);
    },
    async ask(host, purpose, answer, call) {
      const kept = keepReading(answer);
      const asked = { ...purpose, flaw: kept.flaw };
      await call(on(host, asked));
      const reading = kept.reading();
      if (reading.kind === "read") return reading.value;
      const failure = unusableAnswer(wireRequest(new URL(origins[host]), {}, purpose), reading.because);
      if (purpose.purpose !== "write") throw failure;
      throw new OutcomeUnknown("outcome-unknown", failure.message, failure.hint, "incomplete", failure);
    },
  };
}

function wireRequest(url: URL, init: RequestInit, purpose: Purpose): WireRequest {
  const { flaw = purpose.purpose === "write" ? notWritten : undefined } = purpose;
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
  if (response.body.length === 0) return null;
  const json = jsonOf(response.body);
  return json.kind === "read" ? null : json.because;
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
