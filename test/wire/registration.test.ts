import { createSign, createHash, randomUUID, type KeyObject, createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeCertificate, type MadeCertificate } from "../../src/setup/certificate.js";
import { openSandbox, type Answer, type TestSandbox } from "../support/sandbox.js";

/**
 * Applications, service principals and app role assignments as documented (learn.microsoft.com/graph/api/application-post-applications,
 * application-update, serviceprincipal-post-serviceprincipals, serviceprincipal-post-approleassignments; resources/keycredential), and what
 * the login makes of them.
 */
let sandbox: TestSandbox & { readonly close: () => Promise<void> };
let admin: string;
let made: MadeCertificate;

beforeAll(async () => {
  sandbox = await openSandbox({ users: 3 });
  admin = await readFile(join(sandbox.dir, "admin-token.jwt"), "utf8");
  made = await makeCertificate("wire", Date.now());
});
afterAll(() => sandbox.close());
beforeEach(async () => void (await sandbox.set({ directoryLag: "0" })));

const GRAPH = "00000003-0000-0000-c000-000000000000";
const USER_READ_ALL = "df021288-bdef-4463-88db-98f22de89214";

function graph(method: string, path: string, body?: object, token = admin): Promise<Answer> {
  return sandbox.send(`${sandbox.origins.graph}/v1.0${path}`, {
    method,
    token,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
}

const field = (answer: Answer, name: string): string => String((answer.json as Record<string, unknown>)[name]);
const code = (answer: Answer): string => (answer.json as { error: { code: string } }).error.code;
const listOf = (answer: Answer) => (answer.json as { value: Record<string, unknown>[] }).value;
const key = (more: object = {}) => ({
  type: "AsymmetricX509Cert",
  usage: "Verify",
  key: made.certificate.base64,
  ...more,
});

async function resource(appId = GRAPH): Promise<string> {
  const found = await graph("GET", `/servicePrincipals?$filter=${encodeURIComponent(`appId eq '${appId}'`)}`);
  return String(listOf(found)[0]?.["id"]);
}

async function application(): Promise<{ id: string; appId: string; principal: string }> {
  const app = await graph("POST", "/applications", { displayName: randomUUID(), keyCredentials: [key()] });
  const principal = await graph("POST", "/servicePrincipals", { appId: field(app, "appId") });
  return { id: field(app, "id"), appId: field(app, "appId"), principal: field(principal, "id") };
}

describe("applications", () => {
  it("POST answers 201 with id and appId; keys show only where they are selected of one application", async () => {
    const answer = await graph("POST", "/applications", {
      displayName: "one",
      signInAudience: "AzureADMyOrg",
      requiredResourceAccess: [{ resourceAppId: GRAPH, resourceAccess: [{ id: USER_READ_ALL, type: "Role" }] }],
      keyCredentials: [key()],
    });
    expect(answer.status).toBe(201);
    const id = field(answer, "id");
    const keysOf = async (query: string) =>
      (await graph("GET", `/applications/${id}${query}`)).json as { keyCredentials: { key: string | null }[] };
    expect((await keysOf("")).keyCredentials[0]?.key).toBeNull();
    expect((await keysOf("?$select=id,keyCredentials")).keyCredentials[0]).toMatchObject({
      key: made.certificate.base64,
      customKeyIdentifier: Buffer.from(made.certificate.thumbprint, "hex").toString("base64"),
    });
    const filter = encodeURIComponent("displayName eq 'one'");
    expect(listOf(await graph("GET", `/applications?$filter=${filter}&$select=id,appId`))).toEqual([
      { id, appId: field(answer, "appId") },
    ]);
  });

  it.each([
    ["no name", {}, "Request_BadRequest"],
    ["an unknown property", { displayName: "x", colour: "red" }, "Request_BadRequest"],
    [
      "a permission of no type",
      { displayName: "x", requiredResourceAccess: [{ resourceAppId: GRAPH, resourceAccess: [{ id: USER_READ_ALL }] }] },
      "Request_BadRequest",
    ],
    [
      "a key that is no certificate",
      { displayName: "x", keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key: "AAAA" }] },
      "KeyCredentialsInvalidValue",
    ],
    [
      "a key for signing",
      { displayName: "x", keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Sign", key: "AAAA" }] },
      "KeyCredentialsInvalidUsage",
    ],
  ])("POST refuses %s", async (_, body, wanted) => {
    const answer = await graph("POST", "/applications", body);
    expect([answer.status, code(answer)]).toEqual([400, wanted]);
  });

  it("a key cannot outlive its certificate, nor be changed under its id", async () => {
    const late = await graph("POST", "/applications", {
      displayName: "x",
      keyCredentials: [key({ endDateTime: "2099-01-01T00:00:00Z" })],
    });
    expect(code(late)).toBe("KeyCredentialsInvalidEndDate");
    const { id } = await application();
    const whole = (await graph("GET", `/applications/${id}?$select=keyCredentials`)).json as {
      keyCredentials: object[];
    };
    const other = (await makeCertificate("other", Date.now())).certificate.base64;
    const kept = await graph("PATCH", `/applications/${id}`, {
      keyCredentials: [...whole.keyCredentials, key({ key: other })],
    });
    expect(kept.status).toBe(204);
    const changed = await graph("PATCH", `/applications/${id}`, {
      keyCredentials: [{ ...whole.keyCredentials[0], key: other }],
    });
    expect([changed.status, changed.text.includes("is not allowed")]).toEqual([400, true]);
  });

  it("an application of its own may neither register nor grant", async () => {
    const token = await sandbox.secretToken(sandbox.origins.graph);
    expect((await graph("GET", "/applications", undefined, token)).status).toBe(403);
    expect((await graph("POST", "/applications", { displayName: "x" }, token)).status).toBe(403);
    expect((await graph("POST", "/servicePrincipals", { appId: "x" }, token)).status).toBe(403);
  });
});

describe("service principals and grants", () => {
  it("an unknown application has none; a second one is 409", async () => {
    const unknown = await graph("POST", "/servicePrincipals", { appId: randomUUID() });
    expect([unknown.status, unknown.text.includes("does not reference a valid application object")]).toEqual([
      400,
      true,
    ]);
    const { appId } = await application();
    const second = await graph("POST", "/servicePrincipals", { appId });
    expect([second.status, code(second)]).toEqual([409, "Request_MultipleObjectsWithSameKeyValue"]);
  });

  it("grants a role once, lists it, takes it back", async () => {
    const { principal } = await application();
    const path = `/servicePrincipals/${principal}/appRoleAssignments`;
    const body = { principalId: principal, resourceId: await resource(), appRoleId: USER_READ_ALL };
    expect((await graph("POST", path, body)).status).toBe(201);
    const twice = await graph("POST", path, body);
    expect([twice.status, twice.text.includes("already exists")]).toEqual([400, true]);
    const [granted] = listOf(await graph("GET", path));
    expect(granted).toMatchObject({
      appRoleId: USER_READ_ALL,
      resourceDisplayName: "Microsoft Graph",
      principalType: "ServicePrincipal",
    });
    expect((await graph("DELETE", `${path}/${String(granted?.["id"])}`)).status).toBe(204);
    expect(listOf(await graph("GET", path))).toEqual([]);
  });

  it.each([
    ["a role the service does not define", { appRoleId: randomUUID() }, 400],
    ["another principal", { principalId: randomUUID() }, 404],
    ["an unknown service", { resourceId: randomUUID() }, 404],
    ["no role", { appRoleId: undefined }, 400],
  ])("refuses to grant %s", async (_, wrong, status) => {
    const { principal } = await application();
    const body = { principalId: principal, resourceId: await resource(), appRoleId: USER_READ_ALL, ...wrong };
    expect((await graph("POST", `/servicePrincipals/${principal}/appRoleAssignments`, body)).status).toBe(status);
  });

  it("what was just made is not known everywhere at once (switch directoryLag)", async () => {
    await sandbox.set({ directoryLag: "1" });
    const app = await graph("POST", "/applications", { displayName: "slow" });
    const body = { appId: field(app, "appId") };
    expect((await graph("POST", "/servicePrincipals", body)).status).toBe(400);
    expect((await graph("POST", "/servicePrincipals", body)).status).toBe(201);
  });
});

describe("login of a registered application", () => {
  async function tokenOf(appId: string, privateKey: KeyObject, thumbprint: string): Promise<Answer> {
    const url = `${sandbox.origins.login}/${sandbox.tenantId}/oauth2/v2.0/token`;
    const seconds = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const head = part({ alg: "RS256", typ: "JWT", "x5t#S256": thumbprint });
    const claims = part({
      aud: url,
      iss: appId,
      sub: appId,
      jti: randomUUID(),
      nbf: seconds,
      iat: seconds,
      exp: seconds + 600,
    });
    const signature = createSign("sha256").update(`${head}.${claims}`).sign(privateKey, "base64url");
    const form = new URLSearchParams({
      client_id: appId,
      grant_type: "client_credentials",
      scope: `${sandbox.origins.graph}/.default`,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: `${head}.${claims}.${signature}`,
    });
    return sandbox.send(url, { method: "POST", body: form.toString() });
  }
  const thumbprint = () =>
    createHash("sha256").update(Buffer.from(made.certificate.base64, "base64")).digest("base64url");

  it("has exactly the granted roles", async () => {
    const { appId, principal } = await application();
    const body = { principalId: principal, resourceId: await resource(), appRoleId: USER_READ_ALL };
    await graph("POST", `/servicePrincipals/${principal}/appRoleAssignments`, body);
    const answer = await tokenOf(appId, createPrivateKey(made.keyPem), thumbprint());
    expect(answer.status).toBe(200);
    const claims = JSON.parse(
      Buffer.from(field(answer, "access_token").split(".")[1] ?? "", "base64url").toString(),
    ) as object;
    expect(claims).toMatchObject({ appid: appId, roles: ["User.Read.All"] });
  });

  it("without a service principal the tenant does not know it (AADSTS700016); another key is none of its own (700027)", async () => {
    const app = await graph("POST", "/applications", { displayName: "no principal", keyCredentials: [key()] });
    const unknown = await tokenOf(field(app, "appId"), createPrivateKey(made.keyPem), thumbprint());
    expect(unknown.text).toContain("AADSTS700016");
    const { appId } = await application();
    const other = await makeCertificate("other", Date.now());
    const wrong = createHash("sha256").update(Buffer.from(other.certificate.base64, "base64")).digest("base64url");
    expect((await tokenOf(appId, createPrivateKey(other.keyPem), wrong)).text).toContain("AADSTS700027");
  });
});
