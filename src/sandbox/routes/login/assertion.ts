import { constants, createHash, verify, X509Certificate, type VerifyKeyObjectInput } from "node:crypto";
import type { AccessToken, SandboxRequest, SandboxResponse } from "../../http.js";
import type { LoginApp } from "../../registry.js";
import type { SandboxState } from "../../state.js";
import { decodePart } from "../../tokens.js";
import * as errors from "./errors.js";

export type AssertionResult =
  | { readonly kind: "ok"; readonly method: AccessToken["method"] }
  | { readonly kind: "refused"; readonly answer: SandboxResponse };

/**
 * Checks a `client_assertion`: one signed with the application's certificate (PS256 or RS256; `x5t#S256` or `x5t`; aud, iss, sub, exp as
 * facts/graph-entra-exchange.md 6.1 measured MSAL to send them), or the text of a workload-identity token file from the sandbox's own issuer.
 */
export function checkAssertion(
  state: SandboxState,
  request: SandboxRequest,
  assertion: string,
  app: LoginApp,
): AssertionResult {
  const { clientId } = app;
  const parts = assertion.split(".");
  const header = parts.length === 3 ? decodePart(parts[0] ?? "") : null;
  const claims = parts.length === 3 ? decodePart(parts[1] ?? "") : null;
  if (!header || !claims) return refuse(errors.malformedAssertion("It does not have three parts of base64url JSON."));
  if (claims["iss"] !== clientId) return checkFederated(state, assertion, claims);

  return (
    checkSignature(state, assertion, header, app) ??
    checkSubject(claims, clientId) ??
    checkTimes(state, claims) ??
    checkAudience(state, request, claims) ?? { kind: "ok", method: "certificate" }
  );
}

/** The header names a certificate of the application that holds, and the signature is made with its key. */
function checkSignature(
  state: SandboxState,
  assertion: string,
  header: { readonly [name: string]: unknown },
  app: LoginApp,
): AssertionResult | null {
  const presented = thumbprintOf(header);
  if (presented === null)
    return refuse(errors.malformedAssertion("No certificate thumbprint specified in token header."));
  const form = header["x5t#S256"] === undefined ? "x5t" : "x5t#S256";
  const known = app.certificates
    .map(({ certificate: given, endsAt }) => ({ certificate: new X509Certificate(given), endsAt }))
    .find((one) => presented === thumbprints(one.certificate)[form]);
  if (known === undefined) return refuse(errors.badAssertion("The key was not found.", hexOf(presented)));
  if (known.endsAt <= state.clock.real())
    return refuse(errors.badAssertion("The key used is expired.", hexOf(presented)));
  const { certificate } = known;
  if (!signatureFits(header["alg"], assertion, certificate)) {
    const reason = "The provided signature value did not match the expected signature value.";
    return refuse(errors.badAssertion(reason, hexOf(presented)));
  }
  return null;
}

function checkSubject(claims: { readonly [claim: string]: unknown }, clientId: string): AssertionResult | null {
  if (claims["sub"] === clientId) return null;
  return refuse(errors.malformedAssertion("The subject must be the application id."));
}

function refuse(answer: SandboxResponse): AssertionResult {
  return { kind: "refused", answer };
}

function checkTimes(state: SandboxState, claims: { readonly [claim: string]: unknown }): AssertionResult | null {
  const now = state.clock.real();
  const expires = Number(claims["exp"]) * 1000;
  const begins = Number(claims["nbf"] ?? claims["iat"] ?? 0) * 1000;
  if (Number.isNaN(expires)) return refuse(errors.malformedAssertion("The 'exp' claim is missing."));
  // Entra tolerates five minutes of clock skew.
  if (expires + 300_000 < now || begins - 300_000 > now) {
    return refuse(errors.assertionExpired(new Date(now), new Date(expires)));
  }
  return null;
}

/** `aud` is the token endpoint without its query, by tenant id or domain; the issuer form is accepted too. */
function checkAudience(
  state: SandboxState,
  request: SandboxRequest,
  claims: { readonly [claim: string]: unknown },
): AssertionResult | null {
  const { tenant } = state;
  const login = request.origins.login.toLowerCase();
  const names = [tenant.id, tenant.domain, `${tenant.name}.onmicrosoft.com`].map((name) => name.toLowerCase());
  const audience = String(claims["aud"]).toLowerCase().replace(/\/$/, "");
  const fits = names.some((name) =>
    [
      `${login}/${name}/oauth2/v2.0/token`,
      `${login}/${name}/oauth2/token`,
      `${login}/${name}/v2.0`,
      `${login}/${name}`,
    ].includes(audience),
  );
  return fits ? null : refuse(errors.assertionAudience(audience, `${login}/${tenant.id}/oauth2/v2.0/token`));
}

function checkFederated(
  state: SandboxState,
  assertion: string,
  claims: { readonly [claim: string]: unknown },
): AssertionResult {
  const issuer = String(claims["iss"]);
  const subject = String(claims["sub"]);
  if (issuer !== federatedIssuer(state)) return refuse(errors.unknownFederation(issuer, subject));
  if (!state.tokens.readFederated(assertion)) return refuse(errors.badAssertion("The key was not found.", ""));
  if (claims["aud"] !== "api://AzureADTokenExchange" || subject !== FEDERATED_SUBJECT) {
    return refuse(errors.unknownFederation(issuer, subject));
  }
  return checkTimes(state, claims) ?? { kind: "ok", method: "assertion" };
}

export const FEDERATED_SUBJECT = "system:serviceaccount:photodrift:photodrift";

/** The outside issuer that the sandbox's application trusts; it stands for a Kubernetes cluster or CI system. */
export function federatedIssuer(state: Pick<SandboxState, "origins">): string {
  return `${state.origins.login}/federated`;
}

function thumbprintOf(header: { readonly [name: string]: unknown }): string | null {
  const value = header["x5t#S256"] ?? header["x5t"];
  return typeof value === "string" ? value.replace(/=+$/, "") : null;
}

function thumbprints(certificate: X509Certificate): { readonly "x5t#S256": string; readonly x5t: string } {
  const hash = (name: string): string => createHash(name).update(certificate.raw).digest("base64url");
  return { "x5t#S256": hash("sha256"), x5t: hash("sha1") };
}

function hexOf(thumbprint: string): string {
  return Buffer.from(thumbprint, "base64url").toString("hex").toUpperCase();
}

function signatureFits(algorithm: unknown, jwt: string, certificate: X509Certificate): boolean {
  if (algorithm !== "PS256" && algorithm !== "RS256") return false;
  const at = jwt.lastIndexOf(".");
  const key: VerifyKeyObjectInput =
    algorithm === "PS256"
      ? {
          key: certificate.publicKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        }
      : { key: certificate.publicKey };
  return verify("sha256", Buffer.from(jwt.slice(0, at)), key, Buffer.from(jwt.slice(at + 1), "base64url"));
}
