import type { SandboxRequest, SandboxResponse } from "../../http.js";
import { jsonResponse } from "../../responses.js";
import type { SandboxState } from "../../state.js";

/** `GET /{tenant}/v2.0/.well-known/openid-configuration`: what MSAL reads before the first token (facts/graph-entra-exchange.md 6.1). */
export function openIdConfiguration(state: SandboxState, request: SandboxRequest, tenantId: string): SandboxResponse {
  const login = request.origins.login;
  return jsonResponse(200, {
    token_endpoint: `${login}/${tenantId}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${login}/${tenantId}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: issuerOf(state, request),
    request_uri_parameter_supported: false,
    authorization_endpoint: `${login}/${tenantId}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${login}/${tenantId}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    end_session_endpoint: `${login}/${tenantId}/oauth2/v2.0/logout`,
    tenant_region_scope: "EU",
    cloud_instance_name: "microsoftonline.com",
    cloud_graph_host_name: "graph.windows.net",
    msgraph_host: new URL(request.origins.graph).host,
  });
}

export function issuerOf(state: SandboxState, request: SandboxRequest): string {
  return `${request.origins.login}/${state.tenant.id}/v2.0`;
}

/** `GET /common/discovery/instance`: asked when a client leaves instance discovery on and is pointed here. */
export function instanceDiscovery(state: SandboxState, request: SandboxRequest): SandboxResponse {
  const host = new URL(request.origins.login).host;
  return jsonResponse(200, {
    tenant_discovery_endpoint: `${request.origins.login}/${state.tenant.id}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  });
}
