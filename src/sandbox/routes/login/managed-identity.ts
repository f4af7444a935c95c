import type { RoleSet } from "../../audiences.js";
import type { SandboxRequest, SandboxResponse } from "../../http.js";
import { jsonResponse, queryOption } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import { TOKEN_SECONDS } from "../../tokens.js";
import { issueFor } from "./token.js";

/**
 * The two token endpoints of a managed identity (facts/graph-entra-exchange.md 6.1): App Service `GET /msi/token` with X-IDENTITY-HEADER, and
 * the instance metadata service `GET /metadata/identity/oauth2/token` with `Metadata: true`. On a machine they answer on plain HTTP at
 * link-local addresses; here they share the login listener.
 */
export function managedIdentityToken(state: SandboxState, request: SandboxRequest): SandboxResponse {
  const appService = request.url.pathname.toLowerCase() === "/msi/token";
  if (appService && request.headers["x-identity-header"] !== state.identityHeader) {
    return identityError(401, "unauthorized", "The X-IDENTITY-HEADER is missing or wrong.");
  }
  if (!appService && String(request.headers["metadata"]).toLowerCase() !== "true") {
    return identityError(400, "bad_request_102", "Required metadata header not specified");
  }
  const clientId = queryOption(request.url, "client_id");
  if (clientId !== undefined && clientId.toLowerCase() !== state.tenant.app.clientId.toLowerCase()) {
    return identityError(400, "invalid_request", "Identity not found");
  }
  const resource = queryOption(request.url, "resource") ?? "";
  const { app } = state.tenant;
  const identity = { clientId: app.clientId, rolesFor: (roleSet: RoleSet) => app.roles[roleSet] };
  const jwt = issueFor(state, request, resource, "managed-identity", identity);
  if (jwt === null) {
    const text = `AADSTS500011: The resource principal named ${resource} was not found in the tenant named ${state.tenant.id}.`;
    return identityError(400, "invalid_resource", text);
  }
  const expires = Math.floor(state.clock.real() / 1000) + TOKEN_SECONDS;
  return jsonResponse(200, {
    access_token: jwt,
    client_id: state.tenant.app.clientId,
    expires_in: String(TOKEN_SECONDS),
    expires_on: String(expires),
    resource,
    token_type: "Bearer",
  });
}

function identityError(status: number, error: string, description: string): SandboxResponse {
  return jsonResponse(status, { error, error_description: description });
}
