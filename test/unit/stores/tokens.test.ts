import { describe, expect, it } from "vitest";
import type { Endpoints } from "../../../src/model/config.js";
import type { TokenCredential } from "../../../src/stores/http/credential.js";
import { loginFailure } from "../../../src/stores/http/login-failures.js";
import { createTokens, type Tokens } from "../../../src/stores/http/tokens.js";
import { fakeService, fakeTimer } from "../../support/fake-service.js";

const endpoints: Endpoints = {
  login: "https://login.test",
  graph: "https://graph.test",
  exchange: "https://exchange.test",
  sharepoint: "https://sp.test",
  sharepointMy: "https://contoso-my.sharepoint.test",
  sharepointAdmin: "https://contoso-admin.sharepoint.test",
};

function source(getToken: (scope: string, count: number) => string | Error, minutes = 60) {
  const timer = fakeTimer();
  const scopes: string[] = [];
  let credentials = 0;
  const credential = async (): Promise<TokenCredential> => {
    credentials++;
    return {
      async getToken(scope) {
        scopes.push(scope);
        await new Promise((resolve) => setImmediate(resolve));
        const token = getToken(scope, scopes.length);
        if (token instanceof Error) throw token;
        return { token, expiresOnTimestamp: timer.now() + minutes * 60_000 };
      },
    };
  };
  const tokens = createTokens({ endpoints, tenantName: "contoso", cloud: "custom", timer, credential });
  return { tokens, scopes, timer, made: () => credentials };
}

const header = (tokens: Tokens): Promise<string> => tokens.authorizer("graph").header();
const answer = (status: number, text = "") => ({ status, headers: {}, body: Buffer.from(text) });

describe("tokens", () => {
  it("asks once for twenty callers, per resource", async () => {
    const { tokens, scopes } = source((scope) => scope);
    const headers = await Promise.all(Array.from({ length: 20 }, () => header(tokens)));
    expect(new Set(headers)).toEqual(new Set(["Bearer https://graph.test/.default"]));
    await tokens.authorizer("sharepointMy").header();
    expect(scopes).toEqual(["https://graph.test/.default", "https://contoso-my.sharepoint.test/.default"]);
  });

  it.each([
    ["that works", "t"],
    ["that fails", new Error("AADSTS7000215: Invalid client secret")],
  ] as const)("lets a first login %s go alone, and the others side by side after it", async (_, first) => {
    const asked: string[] = [];
    const { tokens, scopes } = source((scope, count) => {
      asked.push(`${scope.slice(8, -9)} with ${String(scopes.length)} begun`);
      return count === 1 ? first : "t";
    });
    const resources = ["graph", "sharepointMy", "sharepointAdmin"] as const;
    await Promise.allSettled(resources.map((resource) => tokens.authorizer(resource).header()));
    expect(asked).toEqual([
      "graph.test with 1 begun",
      "contoso-my.sharepoint.test with 3 begun",
      "contoso-admin.sharepoint.test with 3 begun",
    ]);
  });

  it("has the token of a service that was to be asked soon, and tells its failure to whoever needs it", async () => {
    const { tokens, scopes } = source((_, count) => (count === 1 ? new Error("no route") : "t"));
    tokens.soon("graph");
    await expect(header(tokens)).rejects.toThrow("no route");
    tokens.soon("graph");
    expect(await header(tokens)).toBe("Bearer t");
    expect(scopes).toHaveLength(2);
  });

  it("renews five minutes before the end", async () => {
    const { tokens, timer } = source((_, count) => `token-${String(count)}`);
    expect(await header(tokens)).toBe("Bearer token-1");
    await timer.sleep(54 * 60_000);
    expect(await header(tokens)).toBe("Bearer token-1");
    await timer.sleep(2 * 60_000);
    expect(await header(tokens)).toBe("Bearer token-2");
  });

  it.each([
    "AADSTS500011: The resource principal named https://graph.test was not found",
    "AADSTS70011: invalid scope",
  ])("falls back to the well-known name once: %s", async (message) => {
    const { tokens, scopes, timer } = source((scope) => (scope.includes("graph.test") ? new Error(message) : "ok"));
    expect(await header(tokens)).toBe("Bearer ok");
    await timer.sleep(58 * 60_000);
    await header(tokens);
    const known = "https://graph.microsoft.com/.default";
    expect(scopes).toEqual(["https://graph.test/.default", known, known]);
  });

  it("tries the well-known name when the service refuses a fresh token, for all callers together", async () => {
    const { tokens, scopes } = source((scope) => scope);
    const { door, calls } = fakeService(
      (call) =>
        call.headers["authorization"] === "Bearer https://graph.microsoft.com/.default"
          ? { json: {} }
          : { status: 401, json: { error: { code: "InvalidAuthenticationToken", message: "Invalid audience." } } },
      { tokens },
    );
    const request = {
      service: "graph",
      method: "GET",
      url: "https://graph.test/v1.0/users",
      headers: {},
      asks: "list the users",
      repeat: "always",
      purpose: "read",
      authorizer: tokens.authorizer("graph"),
    } as const;
    const answers = await Promise.all([door.send(request), door.send(request), door.send(request)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(scopes).toHaveLength(2);
    expect(calls).toHaveLength(6);
  });

  it("gets a fresh token from a fresh credential after a 401 in mid-run", async () => {
    const { tokens, timer, made } = source((_, count) => `token-${String(count)}`);
    const authorizer = tokens.authorizer("graph");
    const used = await authorizer.header();
    authorizer.accepted();
    await timer.sleep(60_000);
    expect(await authorizer.refused(used, answer(401))).toBe(true);
    expect(await authorizer.header()).toBe("Bearer token-2");
    expect(made()).toBe(2);
  });

  it("does not fetch again for a token that somebody renewed already", async () => {
    const { tokens, timer, scopes } = source((_, count) => `token-${String(count)}`);
    const authorizer = tokens.authorizer("graph");
    const used = await authorizer.header();
    authorizer.accepted();
    await timer.sleep(60_000);
    await Promise.all([authorizer.refused(used, answer(401)), authorizer.refused(used, answer(401))]);
    await authorizer.header();
    expect(await authorizer.refused(used, answer(401))).toBe(true);
    await authorizer.header();
    expect(scopes).toHaveLength(2);
  });

  it("renews a token refused right after it was issued once at once, and makes no storm of logins", async () => {
    const { tokens, scopes, timer } = source((_, count) => `token-${String(count)}`);
    const authorizer = tokens.authorizer("graph");
    authorizer.accepted();
    for (let n = 0; n < 20; n++) expect(await authorizer.refused(await authorizer.header(), answer(401))).toBe(true);
    await authorizer.header();
    expect(scopes).toHaveLength(2);
    await timer.sleep(31_000);
    await authorizer.refused(await authorizer.header(), answer(401));
    await authorizer.header();
    expect(scopes).toHaveLength(3);
  });

  it("knows that no other token helps where a certificate is demanded", async () => {
    const { tokens } = source(() => "t");
    const authorizer = tokens.authorizer("sharepointMy");
    const used = await authorizer.header();
    expect(await authorizer.refused(used, answer(401, '{"error":"Unsupported app only token."}'))).toBe(false);
  });

  it("reads the roles for explanation", async () => {
    const claims = Buffer.from(JSON.stringify({ roles: ["User.Read.All"] })).toString("base64url");
    expect(await source(() => `e30.${claims}.x`).tokens.roles("graph")).toEqual(["User.Read.All"]);
    expect(await source(() => "opaque").tokens.roles("graph")).toBeNull();
  });
});

describe("login errors", () => {
  it.each([
    ["7000215", "secret-wrong", "credential.clientSecret"],
    ["7000222", "secret-expired", "credential.clientSecret"],
    ["700016", "app-unknown", "credential.clientId"],
    ["90002", "tenant-unknown", "tenant.id"],
    ["700027", "certificate-wrong", "credential.certificatePath"],
  ])("AADSTS%s names its cure", (number, code, cure) => {
    const message = `invalid_client: Error(s): ${number} - Timestamp: 2026-01-01 - Description: AADSTS${number}: It is wrong. Trace ID: 1 Correlation ID: 2 - Correlation ID: 2 - Trace ID: 1`;
    const error = loginFailure(new Error(message), "https://login.test", "https://graph.test");
    expect(error.code).toBe(code);
    expect(error.hint).toContain(cure);
    expect(error.message).toBe(
      `cannot get a token for https://graph.test from login.test: AADSTS${number}: It is wrong.`,
    );
  });
});
