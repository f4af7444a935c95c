import type { AccessToken, HostName, SandboxResponse } from "./http.js";
import { jsonResponse } from "./responses.js";
import { graphError } from "./routes/graph/errors.js";
import type { SandboxState } from "./state.js";

export type Authorization =
  | { readonly kind: "ok"; readonly token: AccessToken | null }
  | { readonly kind: "refused"; readonly answer: SandboxResponse; readonly flag: string | null };

/** Checks the bearer token of a request; the login host takes none. Each service refuses in its own words. */
export function authorize(state: SandboxState, host: HostName, authorization: string | undefined): Authorization {
  if (host === "login") return { kind: "ok", token: null };
  const jwt = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? "")?.[1];
  if (jwt === undefined) return { kind: "refused", answer: refusal(state, host, "missing"), flag: "no-token" };
  const reading = state.tokens.read(jwt);
  if (reading.kind !== "valid") return { kind: "refused", answer: refusal(state, host, reading.kind), flag: null };
  if (!state.audiences.accepts(host, reading.token.audience)) {
    return { kind: "refused", answer: refusal(state, host, "audience"), flag: "wrong-audience" };
  }
  if (host.startsWith("sharepoint") && reading.token.method === "secret") {
    return { kind: "refused", answer: refusal(state, host, "secret"), flag: "secret-token-for-sharepoint" };
  }
  return { kind: "ok", token: reading.token };
}

type Refusal = "missing" | "malformed" | "expired" | "audience" | "secret";

/** The 401 of a host; also used by the fault that revokes tokens in mid-run. */
export function refusal(state: SandboxState, host: HostName, why: Refusal): SandboxResponse {
  if (host === "graph") return graphRefusal(state, why);
  return host.startsWith("sharepoint") ? sharePointRefusal(state, why) : exchangeRefusal(why);
}

/** facts/graph-entra-exchange.md 1.4: 401 InvalidAuthenticationToken. */
function graphRefusal(state: SandboxState, why: Refusal): SandboxResponse {
  const messages: { readonly [why in Refusal]: string } = {
    missing: "Access token is empty.",
    malformed: "IDX14100: JWT is not well formed, there are no dots (.).",
    expired: "Lifetime validation failed, the token is expired.",
    audience: "Access token validation failure. Invalid audience.",
    secret: "Access token validation failure.",
  };
  const answer = graphError(state, 401, "InvalidAuthenticationToken", messages[why]);
  const authority = `${state.origins.login}/common/oauth2/authorize`;
  const challenge = `Bearer realm="", authorization_uri="${authority}", client_id="00000003-0000-0000-c000-000000000000"`;
  return { ...answer, headers: { ...answer.headers, "www-authenticate": challenge } };
}

/** facts/sharepoint.md 3.3: the texts and the x-ms-diagnostics header; `Unsupported app only token.` in facts/graph-entra-exchange.md 6.2. */
function sharePointRefusal(state: SandboxState, why: Refusal): SandboxResponse {
  const texts: { readonly [why in Refusal]: string } = {
    missing: "Unsupported security token.",
    malformed: "Unsupported security token.",
    expired: "Invalid JWT token. The token is expired.",
    audience: "Invalid issuer or signature.",
    secret: "Unsupported app only token.",
  };
  const diagnostics: { readonly [why in Refusal]: string } = {
    missing: '3001000;reason="There has been an error authenticating the request.";category="invalid_client"',
    malformed: '3001000;reason="There has been an error authenticating the request.";category="invalid_client"',
    expired: '3000003;reason="Invalid JWT token. The token is expired.";category="invalid_client"',
    audience: '3000006;reason="Token contains invalid signature.";category="invalid_client"',
    secret: '3001000;reason="Unsupported app only token.";category="invalid_client"',
  };
  return jsonResponse(
    401,
    { error_description: texts[why] },
    {
      "x-ms-diagnostics": diagnostics[why],
      "www-authenticate": `Bearer realm="${state.tenant.id}",client_id="00000003-0000-0ff1-ce00-000000000000"`,
    },
  );
}

function exchangeRefusal(why: Refusal): SandboxResponse {
  const reason =
    why === "audience" ? "The audience of the token is invalid." : "The token is missing, malformed or expired.";
  return {
    status: 401,
    headers: {
      "x-ms-diagnostics": `2000003;reason="${reason}";error_category="invalid_token"`,
      "www-authenticate": 'Bearer client_id="00000002-0000-0ff1-ce00-000000000000"',
    },
    body: "",
  };
}
