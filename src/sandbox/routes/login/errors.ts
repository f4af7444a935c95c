import { randomUUID } from "node:crypto";
import type { SandboxResponse } from "../../http.js";
import { jsonResponse } from "../../responses.js";

/**
 * One function per error of the token endpoint. Codes, OAuth error names and texts as users report them: 7000215 and 7000222 in
 * github.com/MicrosoftDocs/azure-docs issues 33356 and 48669, 700027 in pnp/cli-microsoft365 issue 1621, 500011 in
 * rootinc/laravel-azure-middleware issue 51, 70011 in microsoftgraph/msgraph-sdk-python-core issue 49, 1002012 in azure-docs issue 99862.
 */
function loginError(status: number, error: string, code: number, message: string): SandboxResponse {
  const timestamp = `${new Date().toISOString().slice(0, 19).replace("T", " ")}Z`;
  const traceId = randomUUID();
  const correlationId = randomUUID();
  const trailer = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  return jsonResponse(
    status,
    {
      error,
      error_description: `AADSTS${code}: ${message} ${trailer}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
    { "cache-control": "no-store, no-cache", "x-ms-request-id": traceId },
  );
}

export function wrongSecret(appId: string): SandboxResponse {
  const text =
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, " +
    `not the client secret ID, for a secret added to app '${appId}'.`;
  return loginError(401, "invalid_client", 7000215, text);
}

export function expiredSecret(appId: string): SandboxResponse {
  const text =
    `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for your app: ` +
    "https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.";
  return loginError(401, "invalid_client", 7000222, text);
}

export function unknownApp(appId: string, tenant: string): SandboxResponse {
  const text =
    `Application with identifier '${appId}' was not found in the directory '${tenant}'. This can happen if the application has not been ` +
    "installed by the administrator of the tenant or consented to by any user in the tenant. " +
    "You may have sent your authentication request to the wrong tenant.";
  return loginError(400, "unauthorized_client", 700016, text);
}

export function unknownTenant(tenant: string): SandboxResponse {
  const text =
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. ` +
    "Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.";
  return loginError(400, "invalid_request", 90002, text);
}

/** `reason` as in the service: `The key was not found.`, `The provided signature value did not match the expected signature value.` */
export function badAssertion(reason: string, thumbprint: string): SandboxResponse {
  const text =
    `Client assertion contains an invalid signature. [Reason - ${reason}, Thumbprint of key used by client: '${thumbprint}', ` +
    "Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id.]";
  return loginError(401, "invalid_client", 700027, text);
}

export function assertionExpired(now: Date, expired: Date): SandboxResponse {
  const text =
    "Client assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, " +
    `or request a new token. Current time: ${now.toISOString()}, expiry time of assertion ${expired.toISOString()}.`;
  return loginError(401, "invalid_client", 700024, text);
}

export function assertionAudience(audience: string, wanted: string): SandboxResponse {
  const text = `Client assertion audience claim does not match Realm issuer. Review the documentation. Got '${audience}', expected '${wanted}'.`;
  return loginError(401, "invalid_client", 700023, text);
}

/** The JWT is no JWT, or lacks what an assertion needs. */
export function malformedAssertion(why: string): SandboxResponse {
  return loginError(400, "invalid_request", 50027, `JWT token is invalid or malformed. ${why}`);
}

export function unknownFederation(issuer: string, subject: string): SandboxResponse {
  const text =
    `No matching federated identity record found for presented assertion. Assertion Issuer: '${issuer}'. Assertion Subject: '${subject}'. ` +
    "Please check your federated identity credential Subject, Audience and Issuer against the presented assertion.";
  return loginError(401, "invalid_client", 700211, text);
}

export function noCredential(): SandboxResponse {
  const text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
  return loginError(401, "invalid_client", 7000218, text);
}

export function invalidScope(scope: string): SandboxResponse {
  const text =
    "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. " +
    `The scope ${scope} is not valid.`;
  return loginError(400, "invalid_scope", 70011, text);
}

export function scopeWithoutDefault(scope: string): SandboxResponse {
  const text =
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the ` +
    "resource identifier (application ID URI).";
  return loginError(400, "invalid_scope", 1002012, text);
}

export function unknownResource(resource: string, tenant: string): SandboxResponse {
  const text =
    `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if the application has not been ` +
    "installed by the administrator of the tenant or consented to by any user in the tenant. " +
    "You might have sent your authentication request to the wrong tenant.";
  return loginError(400, "invalid_resource", 500011, text);
}

export function unsupportedGrant(grant: string): SandboxResponse {
  return loginError(400, "unsupported_grant_type", 70003, `The app requested an unsupported grant type '${grant}'.`);
}

export function missingParameter(name: string): SandboxResponse {
  return loginError(
    400,
    "invalid_request",
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  );
}
