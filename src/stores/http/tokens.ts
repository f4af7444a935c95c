import { cloudHosts, sharePointHost } from "../../model/clouds.js";
import type { Cloud, Endpoints } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import { begun } from "../../model/parallel.js";
import type { TokenCredential } from "./credential.js";
import { loginFailure, unknownResource } from "./login-failures.js";
import { readBody } from "../answers/described.js";
import { tokenClaims } from "../answers/login.js";
import { excerpt } from "./redact.js";
import type { Authorizer, Timer, WireResponse } from "./types.js";

export type Resource = "graph" | "exchange" | "sharepoint" | "sharepointMy" | "sharepointAdmin";

/** A token is renewed when it has less left than this, milliseconds; the login library itself never hands out an older one. */
const RENEW_BEFORE = 5 * 60_000;
/**
 * After a refused token was renewed, the next renewal of that service waits so long, milliseconds: a service that refuses every token must
 * not become a storm of logins.
 */
const RENEWAL_REST = 30_000;

export interface Tokens {
  authorizer(resource: Resource): Authorizer;
  /** Asks for the token of a service that will be asked soon, beside whatever is under way. A failure is told to whoever needs the token. */
  soon(resource: Resource): void;
  /** The roles in the token, null where it cannot be read. For explanation only: a token's content is the service's business. */
  roles(resource: Resource): Promise<readonly string[] | null>;
}

interface Held {
  readonly token: string;
  /** How long it lives from when it was got, milliseconds. */
  readonly life: number;
  /** By the steady clock. */
  readonly gotAt: number;
}

export interface TokensOptions {
  readonly endpoints: Endpoints;
  readonly tenantName: string;
  readonly cloud: Cloud;
  readonly timer: Timer;
  /** Makes a credential with an empty cache; a token that the service refused is cached in the old one. */
  readonly credential: () => Promise<TokenCredential>;
}

/** The name by which a service is known as a resource in its cloud; an emulated or fronted tenant may accept it as audience. */
function wellKnownName(resource: Resource, tenantName: string, cloud: Cloud): string {
  switch (resource) {
    case "graph":
      return `https://${cloudHosts(cloud).graph}`;
    case "exchange":
      return `https://${cloudHosts(cloud).exchangeResource}`;
    case "sharepoint":
    case "sharepointMy":
    case "sharepointAdmin":
      return `https://${sharePointHost(resource, tenantName, cloud)}`;
  }
}

/**
 * Tokens for each service, one request at a time per service (the login library has no single flight, facts/graph-entra-exchange.md
 * fact 9), renewed five minutes early. The scope is `{origin of the endpoint}/.default`, because the resource is that host. Where the
 * login does not know it, or the service refuses a fresh token, the service's well-known name in the cloud is tried once and remembered.
 */
export function createTokens(options: TokensOptions): Tokens {
  const { timer } = options;
  const sources = new Map<Resource, ReturnType<typeof createSource>>();
  let credential: Promise<TokenCredential> | null = null;
  let firstLogin: Promise<unknown> | null = null;

  function shared(): Promise<TokenCredential> {
    credential ??= options.credential();
    return credential;
  }

  /** The first login goes alone: what it learns of the tenant's login serves the others, and what is wrong with it is asked once. */
  async function login(scope: string): ReturnType<TokenCredential["getToken"]> {
    const asking = await shared();
    if (firstLogin !== null) await firstLogin;
    const token = asking.getToken(scope);
    firstLogin ??= token.catch(() => undefined);
    return token;
  }

  function createSource(resource: Resource) {
    const origin = options.endpoints[resource];
    const names = [...new Set([origin, wellKnownName(resource, options.tenantName, options.cloud)])];
    let name = 0;
    let settled = names.length === 1;
    let held: Held | null = null;
    let flight: Promise<Held> | null = null;
    let renewedAt = Number.NEGATIVE_INFINITY;
    let renewals = 0;

    async function fetchToken(): Promise<Held> {
      for (;;) {
        const audience = names[name] ?? origin;
        try {
          const token = await login(`${audience}/.default`);
          if (token === null || token.token === "") throw new Error("the login answered without a token");
          return { token: token.token, life: token.expiresOnTimestamp - timer.now(), gotAt: timer.steady() };
        } catch (error) {
          if (!settled && unknownResource(error) && name + 1 < names.length) {
            name++;
            settled = true;
            continue;
          }
          throw error instanceof PhotodriftError ? error : loginFailure(error, options.endpoints.login, audience);
        }
      }
    }

    async function current(): Promise<Held> {
      if (held !== null && held.gotAt + held.life - timer.steady() > Math.min(RENEW_BEFORE, held.life / 2)) return held;
      flight ??= fetchToken()
        .then((token) => (held = token))
        .finally(() => (flight = null));
      return await flight;
    }

    async function refused(used: string, response: WireResponse): Promise<boolean> {
      const words = `${response.body.toString("utf8", 0, 2000)} ${response.headers["x-ms-diagnostics"] ?? ""}`;
      if (/unsupported app only token/i.test(words)) return false;
      if (held === null || `Bearer ${held.token}` !== used) return true;
      if (timer.steady() - renewedAt >= RENEWAL_REST) renewals = 0;
      // Once at once; each name of the service once, as long as none has been taken. After that the same token is tried again.
      if (renewals >= (settled ? 1 : names.length)) return true;
      renewals++;
      renewedAt = timer.steady();
      if (!settled) name = (name + 1) % names.length;
      // The old credential would answer from its cache.
      credential = null;
      held = null;
      return true;
    }

    return {
      current,
      authorizer: {
        header: async () => `Bearer ${(await current()).token}`,
        accepted: () => {
          settled = true;
        },
        refused,
      } satisfies Authorizer,
    };
  }

  function source(resource: Resource): ReturnType<typeof createSource> {
    const known = sources.get(resource) ?? createSource(resource);
    sources.set(resource, known);
    return known;
  }

  return {
    authorizer: (resource) => source(resource).authorizer,
    soon(resource) {
      void begun(source(resource).current());
    },
    async roles(resource) {
      const { token } = await source(resource).current();
      return rolesOf(token);
    },
  };
}

function rolesOf(token: string): readonly string[] | null {
  const claims = readBody(tokenClaims, Buffer.from(token.split(".")[1] ?? "", "base64url"));
  return claims.kind === "read" ? claims.value.roles.map((role) => excerpt(role, 80)) : null;
}
