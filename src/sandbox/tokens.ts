import { createPublicKey, generateKeyPair, randomUUID, sign, verify } from "node:crypto";
import { promisify } from "node:util";
import type { AccessToken } from "./http.js";

/** Entra gives app-only tokens 3,599 s (facts/graph-entra-exchange.md 6.1). */
export const TOKEN_SECONDS = 3599;

export type TokenReading =
  | { readonly kind: "valid"; readonly token: AccessToken }
  | { readonly kind: "expired" }
  | { readonly kind: "malformed" };

/** Issues and reads the access tokens of one run of the sandbox; RS256 with a key of its own, published as a JWKS. */
export interface TokenAuthority {
  readonly issue: (token: AccessToken, tenantId: string, issuer: string) => string;
  readonly read: (jwt: string) => TokenReading;
  /** A signed assertion of an outside issuer, as a Kubernetes or CI workload would present. `seconds` is its life. */
  readonly federatedAssertion: (issuer: string, subject: string, seconds: number) => string;
  /** The claims of a federated assertion whose signature is right, else null. */
  readonly readFederated: (jwt: string) => { readonly [claim: string]: unknown } | null;
  readonly jwks: () => unknown;
}

interface IssuedToken {
  readonly token: AccessToken;
  readonly expiresAt: number;
}

const METHOD_ACR = { secret: "1", certificate: "2", assertion: "2", "managed-identity": "2", delegated: "0" } as const;
const CACHE_LIMIT = 5000;

/** `now` is the clock that tokens are dated and expire by, in milliseconds. */
export async function createTokenAuthority(now: () => number): Promise<TokenAuthority> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const publicKey = createPublicKey(privateKey);
  const kid = randomUUID().replaceAll("-", "").slice(0, 27);
  // Verifying RS256 costs 30 µs; every request carries the same few tokens.
  const known = new Map<string, IssuedToken>();

  function signed(claims: object): string {
    const head = encode({ typ: "JWT", alg: "RS256", kid, x5t: kid });
    const text = `${head}.${encode(claims)}`;
    return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
  }

  function verified(jwt: string): { readonly [claim: string]: unknown } | null {
    const parts = jwt.split(".");
    if (parts.length !== 3) return null;
    const text = Buffer.from(`${parts[0]}.${parts[1]}`);
    if (!verify("sha256", text, publicKey, Buffer.from(parts[2] ?? "", "base64url"))) return null;
    return decodePart(parts[1] ?? "");
  }

  function remember(jwt: string): IssuedToken | null {
    const cached = known.get(jwt);
    if (cached) return cached;
    const claims = verified(jwt);
    if (!claims || typeof claims["aud"] !== "string" || typeof claims["exp"] !== "number") return null;
    const issued: IssuedToken = {
      token: {
        audience: claims["aud"],
        roles: Array.isArray(claims["roles"]) ? claims["roles"].map(String) : scopesOf(claims["scp"]),
        appId: String(claims["appid"]),
        method: claims["sandbox_method"] as AccessToken["method"],
      },
      expiresAt: claims["exp"] * 1000,
    };
    if (known.size >= CACHE_LIMIT) known.clear();
    known.set(jwt, issued);
    return issued;
  }

  return {
    issue: (token, tenantId, issuer) => {
      const seconds = Math.floor(now() / 1000);
      const jwt = signed({
        aud: token.audience,
        iss: issuer,
        iat: seconds,
        nbf: seconds,
        exp: seconds + TOKEN_SECONDS,
        app_displayname: "photodrift sandbox application",
        appid: token.appId,
        appidacr: METHOD_ACR[token.method],
        idtyp: token.method === "delegated" ? "user" : "app",
        oid: token.appId,
        ...(token.method === "delegated" ? { scp: token.roles.join(" ") } : { roles: token.roles }),
        sub: token.appId,
        tid: tenantId,
        uti: randomUUID(),
        ver: "1.0",
        sandbox_method: token.method,
      });
      return jwt;
    },
    read: (jwt) => {
      const issued = remember(jwt);
      if (!issued) return { kind: "malformed" };
      return issued.expiresAt <= now() ? { kind: "expired" } : { kind: "valid", token: issued.token };
    },
    federatedAssertion: (issuer, subject, seconds) => {
      const at = Math.floor(Date.now() / 1000);
      return signed({
        aud: "api://AzureADTokenExchange",
        iss: issuer,
        sub: subject,
        iat: at,
        nbf: at,
        exp: at + seconds,
      });
    },
    readFederated: verified,
    jwks: () => ({ keys: [{ ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" }] }),
  };
}

function scopesOf(claim: unknown): readonly string[] {
  return typeof claim === "string" ? claim.split(" ") : [];
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** One JSON part of a JWT; null when it is none. */
export function decodePart(part: string): { readonly [claim: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null ? (value as { [claim: string]: unknown }) : null;
  } catch {
    return null;
  }
}
