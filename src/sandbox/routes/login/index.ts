import type { Route, SandboxRequest, SandboxResponse } from "../../http.js";
import { jsonResponse } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import { instanceDiscovery, openIdConfiguration } from "./discovery.js";
import * as errors from "./errors.js";
import { managedIdentityToken } from "./managed-identity.js";
import { tokenEndpoint } from "./token.js";

/** Everything the login host answers. Tenants are named by id or by a verified domain. */
export function loginRoutes(state: SandboxState): Route {
  return (request) => Promise.resolve(answer(state, request));
}

function answer(state: SandboxState, request: SandboxRequest): SandboxResponse | null {
  const path = request.url.pathname.toLowerCase();
  if (request.method === "GET") {
    if (path === "/common/discovery/instance") return instanceDiscovery(state, request);
    if (path === "/msi/token" || path === "/metadata/identity/oauth2/token")
      return managedIdentityToken(state, request);
  }
  const [, tenant = "", ...rest] = path.split("/");
  const tail = rest.join("/");
  const known = KNOWN_TAILS.has(`${request.method} ${tail}`);
  if (!known) return null;
  if (!namesTenant(state, tenant)) return errors.unknownTenant(tenant);
  switch (tail) {
    case "oauth2/v2.0/token":
      return tokenEndpoint(state, request, tenant, false);
    case "oauth2/token":
      return tokenEndpoint(state, request, tenant, true);
    case "discovery/v2.0/keys":
      return jsonResponse(200, state.tokens.jwks());
    default:
      return openIdConfiguration(state, request, state.tenant.id);
  }
}

const KNOWN_TAILS = new Set([
  "GET v2.0/.well-known/openid-configuration",
  "GET .well-known/openid-configuration",
  "GET discovery/v2.0/keys",
  "POST oauth2/v2.0/token",
  "POST oauth2/token",
]);

function namesTenant(state: SandboxState, name: string): boolean {
  const { id, domain, name: short } = state.tenant;
  return [id, domain, `${short}.onmicrosoft.com`].some((known) => known.toLowerCase() === name);
}
