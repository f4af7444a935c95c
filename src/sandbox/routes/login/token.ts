import type { AccessToken, SandboxRequest, SandboxResponse } from "../../http.js";
import { jsonResponse } from "../../responses.js";
import { loginAppOf, type LoginApp } from "../../registry.js";
import type { SandboxState } from "../../state.js";
import { TOKEN_SECONDS } from "../../tokens.js";
import { checkAssertion } from "./assertion.js";
import { issuerOf } from "./discovery.js";
import * as errors from "./errors.js";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** `POST /{tenant}/oauth2/v2.0/token` with grant client_credentials (facts/graph-entra-exchange.md 6.1). `v1`: `resource` instead of `scope`. */
export function tokenEndpoint(
  state: SandboxState,
  request: SandboxRequest,
  tenant: string,
  v1: boolean,
): SandboxResponse {
  const form = new URLSearchParams(request.body.toString());
  const grant = form.get("grant_type");
  if (grant === null) return errors.missingParameter("grant_type");
  if (grant !== "client_credentials") return errors.unsupportedGrant(grant);
  const clientId = form.get("client_id");
  if (clientId === null) return errors.missingParameter("client_id");
  const app = loginAppOf(state.registry, state.tenant.app, clientId);
  if (app === null) return errors.unknownApp(clientId, tenant);

  const credential = checkCredential(state, request, form, app);
  if (typeof credential !== "string") return credential;
  const scope = v1 ? `${form.get("resource") ?? ""}/.default` : (form.get("scope") ?? "").trim();
  if (scope === "" || /\s/.test(scope)) return errors.invalidScope(scope);
  if (!scope.endsWith("/.default")) return errors.scopeWithoutDefault(scope);
  const resource = scope.slice(0, -"/.default".length);
  const jwt = issueFor(state, request, resource, credential, app);
  if (jwt === null) return errors.unknownResource(resource, tenant);
  return jsonResponse(
    200,
    { token_type: "Bearer", expires_in: TOKEN_SECONDS, ext_expires_in: TOKEN_SECONDS, access_token: jwt },
    { "cache-control": "no-store, no-cache", pragma: "no-cache" },
  );
}

function checkCredential(
  state: SandboxState,
  request: SandboxRequest,
  form: URLSearchParams,
  app: LoginApp,
): AccessToken["method"] | SandboxResponse {
  const assertion = form.get("client_assertion");
  if (assertion !== null) {
    if (form.get("client_assertion_type") !== ASSERTION_TYPE) return errors.missingParameter("client_assertion_type");
    const result = checkAssertion(state, request, assertion, app);
    return result.kind === "ok" ? result.method : result.answer;
  }
  const secret = form.get("client_secret");
  if (secret === null) return errors.noCredential();
  if (app.clientSecret === null || secret !== app.clientSecret) return errors.wrongSecret(app.clientId);
  return state.services.secretExpired ? errors.expiredSecret(app.clientId) : "secret";
}

/** A token for a resource this tenant knows, with the roles granted there; null for any other resource. */
export function issueFor(
  state: SandboxState,
  request: SandboxRequest,
  resource: string,
  method: AccessToken["method"],
  app: Pick<LoginApp, "clientId" | "rolesFor">,
): string | null {
  const roleSet = state.audiences.rolesOf(resource);
  if (roleSet === null) return null;
  const token: AccessToken = { audience: resource, roles: app.rolesFor(roleSet), appId: app.clientId, method };
  return state.tokens.issue(token, state.tenant.id, issuerOf(state, request));
}
