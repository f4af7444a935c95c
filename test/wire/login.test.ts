import { createHash, createPrivateKey, constants, sign, X509Certificate } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from "@azure/identity";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openSandbox, type Answer, type TestSandbox } from "../support/sandbox.js";

/**
 * The token endpoints, through the unmodified @azure/identity 4.13.1 where a credential of it exists.
 * Sources: facts/graph-entra-exchange.md 6.1, 6.2; facts/dependencies.md 1.4; src/sandbox/routes/login/errors.ts names those of the errors.
 */
let sandbox: TestSandbox & { readonly close: () => Promise<void> };

beforeAll(async () => {
  sandbox = await openSandbox({ users: 3 });
});
afterAll(() => sandbox.close());
afterEach(async () => {
  await sandbox.set({ secretExpired: "off", tokenClock: "real", clock: "real", faults: "none" });
});

function identityOptions(): { authorityHost: string; disableInstanceDiscovery: boolean; tlsOptions: { ca: string } } {
  return { authorityHost: sandbox.origins.login, disableInstanceDiscovery: true, tlsOptions: { ca: sandbox.ca } };
}

function claimsOf(jwt: string): { [claim: string]: unknown } {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()) as { [claim: string]: unknown };
}

async function requestToken(fields: { [name: string]: string }, tenant = sandbox.tenantId): Promise<Answer> {
  const form = new URLSearchParams({ client_id: sandbox.clientId, grant_type: "client_credentials", ...fields });
  return sandbox.send(`${sandbox.origins.login}/${tenant}/oauth2/v2.0/token`, {
    method: "POST",
    body: form.toString(),
  });
}

interface AssertionParts {
  readonly alg?: "PS256" | "RS256";
  readonly thumbprint?: "x5t#S256" | "x5t";
  readonly claims?: { readonly [claim: string]: unknown };
  readonly spoil?: boolean;
}

async function assertionWith(parts: AssertionParts = {}): Promise<string> {
  const pem = await readFile(join(sandbox.dir, "app.pem"), "utf8");
  const certificate = new X509Certificate(pem);
  const thumbprint = parts.thumbprint ?? "x5t#S256";
  const digest = createHash(thumbprint === "x5t" ? "sha1" : "sha256")
    .update(certificate.raw)
    .digest("base64url");
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: parts.alg ?? "PS256", typ: "JWT", [thumbprint]: digest };
  const claims = {
    aud: `${sandbox.origins.login}/${sandbox.tenantId}/oauth2/v2.0/token`,
    iss: sandbox.clientId,
    sub: sandbox.clientId,
    jti: "1",
    nbf: now,
    exp: now + 600,
    ...parts.claims,
  };
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode(header)}.${encode(claims)}`;
  const key = createPrivateKey(pem);
  const padding = header.alg === "PS256" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const options = header.alg === "PS256" ? { key, padding, saltLength: 32 } : { key, padding };
  const signature = sign("sha256", Buffer.from(parts.spoil === true ? `${text}x` : text), options);
  return `${text}.${signature.toString("base64url")}`;
}

function withAssertion(assertion: string, scope = "https://graph.microsoft.com/.default"): { [name: string]: string } {
  const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  return { client_assertion: assertion, client_assertion_type: type, scope };
}

describe("credentials of @azure/identity", () => {
  it("gives a token for a client secret after one discovery and one POST [M facts 6.1]", async () => {
    await sandbox.clearLog();
    const credential = new ClientSecretCredential(
      sandbox.tenantId,
      sandbox.clientId,
      sandbox.clientSecret,
      identityOptions(),
    );
    const token = await credential.getToken("https://graph.microsoft.com/.default");
    expect(claimsOf(token.token)).toMatchObject({
      aud: "https://graph.microsoft.com",
      appidacr: "1",
      tid: sandbox.tenantId,
    });
    const { entries } = await sandbox.log();
    expect(entries.map(({ method, path }) => `${method} ${path.split("?")[0]}`)).toEqual([
      `GET /${sandbox.tenantId}/v2.0/.well-known/openid-configuration`,
      `POST /${sandbox.tenantId}/oauth2/v2.0/token`,
    ]);
  });

  it("verifies the PS256 assertion that MSAL signs with app.pem [M facts 6.1]", async () => {
    const credential = new ClientCertificateCredential(
      sandbox.tenantId,
      sandbox.clientId,
      { certificatePath: join(sandbox.dir, "app.pem") },
      identityOptions(),
    );
    const token = await credential.getToken("https://contoso-my.sharepoint.com/.default");
    const claims = claimsOf(token.token);
    expect(claims).toMatchObject({ aud: "https://contoso-my.sharepoint.com", appidacr: "2" });
    expect(claims["roles"]).toContain("User.ReadWrite.All");
    const left = token.expiresOnTimestamp - Date.now();
    expect(left).toBeGreaterThan(3_500_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
  });

  it("takes the tenant's domain for its id", async () => {
    const credential = new ClientSecretCredential(
      "contoso.com",
      sandbox.clientId,
      sandbox.clientSecret,
      identityOptions(),
    );
    await expect(credential.getToken("https://graph.microsoft.com/.default")).resolves.toHaveProperty("token");
  });

  it("takes a workload identity's token file as it stands [M facts 6.1]", async () => {
    const credential = new WorkloadIdentityCredential({
      ...identityOptions(),
      tenantId: sandbox.tenantId,
      clientId: sandbox.clientId,
      tokenFilePath: join(sandbox.dir, "federated-token.jwt"),
    });
    const token = await credential.getToken("https://graph.microsoft.com/.default");
    expect(claimsOf(token.token)["aud"]).toBe("https://graph.microsoft.com");
  });

  it("refuses an assertion of an issuer that nobody registered: AADSTS700211", async () => {
    const stranger = Buffer.from('{"alg":"RS256"}').toString("base64url");
    const claims = Buffer.from('{"iss":"https://elsewhere.example","sub":"x"}').toString("base64url");
    const credential = new ClientAssertionCredential(
      sandbox.tenantId,
      sandbox.clientId,
      () => Promise.resolve(`${stranger}.${claims}.AAAA`),
      identityOptions(),
    );
    await expect(credential.getToken("https://graph.microsoft.com/.default")).rejects.toThrow(/700211/);
  });

  it("answers App Service's managed-identity endpoint [M facts 6.1]", async () => {
    const running = JSON.parse(await readFile(join(sandbox.dir, "sandbox.json"), "utf8")) as { identityHeader: string };
    process.env["IDENTITY_ENDPOINT"] = `${sandbox.origins.login}/msi/token`;
    process.env["IDENTITY_HEADER"] = running.identityHeader;
    try {
      const credential = new ManagedIdentityCredential({ tlsOptions: { ca: sandbox.ca } });
      const token = await credential.getToken("https://graph.microsoft.com/.default");
      expect(claimsOf(token.token)["aud"]).toBe("https://graph.microsoft.com");
    } finally {
      delete process.env["IDENTITY_ENDPOINT"];
      delete process.env["IDENTITY_HEADER"];
    }
  });

  it("answers the instance metadata form, only with its header [M facts 6.1]", async () => {
    const url = `${sandbox.origins.login}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com`;
    const refused = await sandbox.send(url);
    expect(refused.status).toBe(400);
    const granted = await sandbox.send(url, { headers: { Metadata: "true" } });
    expect(granted.status).toBe(200);
    expect(granted.json).toMatchObject({ token_type: "Bearer", resource: "https://graph.microsoft.com" });
  });
});

describe("client assertions", () => {
  it.each(["PS256", "RS256"] as const)("verifies %s", async (alg) => {
    expect((await requestToken(withAssertion(await assertionWith({ alg })))).status).toBe(200);
  });

  it("finds the certificate by x5t (SHA-1) too", async () => {
    expect((await requestToken(withAssertion(await assertionWith({ thumbprint: "x5t" })))).status).toBe(200);
  });

  it("refuses a signature that does not fit: AADSTS700027 [O cli-microsoft365#1621]", async () => {
    const answer = await requestToken(withAssertion(await assertionWith({ spoil: true })));
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({ error: "invalid_client", error_codes: [700027] });
  });

  it("refuses an expired one: AADSTS700024", async () => {
    const past = Math.floor(Date.now() / 1000) - 3600;
    const answer = await requestToken(withAssertion(await assertionWith({ claims: { nbf: past - 600, exp: past } })));
    expect(answer.json).toMatchObject({ error_codes: [700024] });
  });

  it("refuses one made for another endpoint: AADSTS700023", async () => {
    const answer = await requestToken(
      withAssertion(await assertionWith({ claims: { aud: "https://login.example/token" } })),
    );
    expect(answer.json).toMatchObject({ error_codes: [700023] });
  });
});

describe("errors of the token endpoint", () => {
  const scope = "https://graph.microsoft.com/.default";

  it("wrong secret: 401 AADSTS7000215, as @azure/identity shows it [M dependencies 1.4]", async () => {
    const credential = new ClientSecretCredential(sandbox.tenantId, sandbox.clientId, "wrong", identityOptions());
    await expect(credential.getToken(scope)).rejects.toThrow(/invalid_client: Error\(s\): 7000215/);
  });

  it("expired secret: AADSTS7000222 [O azure-docs#48669]", async () => {
    await sandbox.set({ secretExpired: "on" });
    const answer = await requestToken({ client_secret: sandbox.clientSecret, scope });
    expect(answer.json).toMatchObject({ error: "invalid_client", error_codes: [7000222] });
  });

  it("unknown application: AADSTS700016", async () => {
    const answer = await requestToken({ client_id: "11111111-1111-4111-8111-111111111111", client_secret: "x", scope });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ error: "unauthorized_client", error_codes: [700016] });
  });

  it("unknown tenant: AADSTS90002, at discovery already", async () => {
    const answer = await sandbox.send(`${sandbox.origins.login}/nobody.example/v2.0/.well-known/openid-configuration`);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ error: "invalid_request", error_codes: [90002] });
  });

  it.each([
    ["no scope", "", 70011],
    ["two scopes", "https://graph.microsoft.com/.default openid", 70011],
    ["a scope without /.default", "https://graph.microsoft.com/User.Read.All", 1002012],
    ["another resource", "https://elsewhere.example/.default", 500011],
  ])("%s [O msgraph-sdk-python-core#49, azure-docs#99862]", async (_case, wanted, code) => {
    const answer = await requestToken({ client_secret: sandbox.clientSecret, scope: wanted });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ error_codes: [code] });
  });
});

describe("audiences", () => {
  it("takes the cloud's names and the listeners' own origins for resources", async () => {
    const { origins } = sandbox;
    const names = ["https://graph.microsoft.com", origins.graph, "https://outlook.office365.com", origins.exchange];
    const sharePoint = ["", "-my", "-admin"].map((suffix) => `https://contoso${suffix}.sharepoint.com`);
    for (const resource of [...names, ...sharePoint, "00000003-0000-0ff1-ce00-000000000000", origins.sharepointAdmin]) {
      expect(claimsOf(await sandbox.secretToken(resource))["aud"]).toBe(resource);
    }
  });

  it("Graph: 401 InvalidAuthenticationToken for another service's token, and the log accuses [O facts 1.4]", async () => {
    await sandbox.clearLog();
    const token = await sandbox.secretToken("https://contoso.sharepoint.com");
    const answer = await sandbox.send(`${sandbox.origins.graph}/v1.0/users`, { token });
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({ error: { code: "InvalidAuthenticationToken" } });
    const { summary } = await sandbox.log();
    expect(summary.accusations).toContainEqual(expect.objectContaining({ kind: "wrong-audience", count: 1 }));
  });

  it("SharePoint: 401 for a Graph token, with its own words and x-ms-diagnostics [O sharepoint.md 3.3]", async () => {
    const token = await sandbox.secretToken("https://graph.microsoft.com");
    const answer = await sandbox.send(`${sandbox.origins.sharepointMy}/_api/web`, { token });
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({ error_description: "Invalid issuer or signature." });
    expect(answer.headers["x-ms-diagnostics"]).toContain("3000006");
  });

  it("SharePoint: refuses tokens got by secret [D sp-dev-docs security-apponly-azuread.md]", async () => {
    const token = await sandbox.secretToken("https://contoso-my.sharepoint.com");
    const answer = await sandbox.send(`${sandbox.origins.sharepointMy}/_api/web`, { token });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain("Unsupported app only token.");
  });

  it("tokens end after 3,599 s of the clock they are told to follow", async () => {
    const token = await sandbox.secretToken("https://graph.microsoft.com");
    await sandbox.set({ tokenClock: "virtual", clock: "+2h" });
    const answer = await sandbox.send(`${sandbox.origins.graph}/v1.0/users`, { token });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain("Lifetime validation failed, the token is expired.");
  });
});

it("the discovery document leads to keys that verify the tokens", async () => {
  const url = `${sandbox.origins.login}/${sandbox.tenantId}/v2.0/.well-known/openid-configuration`;
  const discovery = (await sandbox.send(url)).json as { jwks_uri: string; issuer: string };
  const keys = (await sandbox.send(discovery.jwks_uri)).json as { keys: { kid: string }[] };
  const token = await sandbox.secretToken("https://graph.microsoft.com");
  const header = JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as { kid: string };
  expect(keys.keys.map((key) => key.kid)).toContain(header.kid);
  expect(claimsOf(token)["iss"]).toBe(discovery.issuer);
});

it("an assertion file that was edited is refused", async () => {
  const file = join(sandbox.dir, "federated-token.jwt");
  const text = await readFile(file, "utf8");
  const edited = join(sandbox.dir, "edited.jwt");
  await writeFile(edited, `${text.slice(0, -8)}AAAAAAAA`);
  const answer = await requestToken(withAssertion(await readFile(edited, "utf8")));
  expect(answer.status).toBe(401);
});
