import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CredentialConfig } from "../../src/model/config.js";
import type { TenantOptions } from "../../src/stores/index.js";
import { sandboxTenant, type SandboxTenant } from "../support/sandbox-tenant.js";

let sandbox: SandboxTenant;
const before = { ...process.env };
beforeAll(async () => {
  sandbox = await sandboxTenant({ users: 10 });
});
afterAll(async () => {
  await sandbox.stop();
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

function secret(text: string): CredentialConfig {
  return { kind: "client-secret", clientId: sandbox.server.clientId, clientSecret: { reveal: () => text } };
}

async function firstUser(options: Partial<TenantOptions>): Promise<unknown> {
  const tenant = sandbox.open(options);
  for await (const page of tenant.directory.users()) return page[0];
  return null;
}

describe("every kind of credential reaches Graph", () => {
  it("certificate, with one token a service", async () => {
    const tenant = sandbox.open();
    const users = tenant.directory.users()[Symbol.asyncIterator]();
    await Promise.all([
      users.next(),
      tenant.cloudPhotos.policy(),
      tenant.cloudPhotos.policy(),
      tenant.sharePoint.locate(),
    ]);
    // Graph and the My Site host, each with its discovery at most once.
    expect(tenant.meter.cost().requests.login).toBeLessThanOrEqual(4);
  });

  it("client secret; SharePoint demands a certificate and the message says so", async () => {
    const credential = secret(sandbox.server.clientSecret);
    expect(await firstUser({ credential })).toBeTruthy();
    await expect(sandbox.open({ credential }).sharePoint.locate()).rejects.toMatchObject({
      code: "certificate-needed",
      hint: expect.stringContaining("credential.kind: certificate") as string,
    });
  });

  it("managed identity of an App Service", async () => {
    const running = JSON.parse(await readFile(join(sandbox.dir, "sandbox.json"), "utf8")) as { identityHeader: string };
    process.env["IDENTITY_ENDPOINT"] = `${sandbox.server.origins.login}/msi/token`;
    process.env["IDENTITY_HEADER"] = running.identityHeader;
    expect(await firstUser({ credential: { kind: "managed-identity", clientId: null } })).toBeTruthy();
  });

  it("workload identity", async () => {
    process.env["AZURE_FEDERATED_TOKEN_FILE"] = join(sandbox.dir, "federated-token.jwt");
    const credential = { kind: "workload-identity", clientId: sandbox.server.clientId } as const;
    expect(await firstUser({ credential })).toBeTruthy();
  });

  it("default, from the environment", async () => {
    process.env["AZURE_TENANT_ID"] = sandbox.server.tenantId;
    process.env["AZURE_CLIENT_ID"] = sandbox.server.clientId;
    process.env["AZURE_CLIENT_SECRET"] = sandbox.server.clientSecret;
    expect(await firstUser({ credential: { kind: "default", clientId: null } })).toBeTruthy();
  });
});

describe("what is wrong is said, with the cure", () => {
  it("a wrong secret", async () => {
    const error = firstUser({ credential: secret("not-the-secret") });
    await expect(error).rejects.toMatchObject({
      code: "secret-wrong",
      message: expect.stringContaining("AADSTS7000215") as string,
      hint: expect.stringContaining("credential.clientSecret") as string,
    });
    await expect(error).rejects.not.toMatchObject({ message: expect.stringContaining("not-the-secret") as string });
  });

  it("an expired secret", async () => {
    await sandbox.set("secretExpired=on");
    await expect(firstUser({ credential: secret(sandbox.server.clientSecret) })).rejects.toMatchObject({
      code: "secret-expired",
    });
    await sandbox.set("secretExpired=off");
  });

  it("an unknown app and an unknown tenant", async () => {
    const other = "11111111-2222-4333-8444-555555555555";
    const certificatePath = join(sandbox.dir, "app.pem");
    await expect(
      firstUser({ credential: { kind: "certificate", clientId: other, certificatePath } }),
    ).rejects.toMatchObject({ code: "app-unknown" });
    await expect(firstUser({ tenantId: other })).rejects.toMatchObject({ code: "tenant-unknown" });
  });

  it("a certificate file that is missing, or holds no key", async () => {
    const { clientId } = sandbox.server;
    const missing = { kind: "certificate", clientId, certificatePath: join(sandbox.dir, "none.pem") } as const;
    await expect(firstUser({ credential: missing })).rejects.toMatchObject({
      code: "certificate-unreadable",
      errorClass: "usage",
    });
    const pem = await readFile(join(sandbox.dir, "app.pem"), "utf8");
    const keyless = join(sandbox.dir, "keyless.pem");
    await writeFile(keyless, pem.slice(0, pem.indexOf("-----BEGIN PRIVATE KEY-----")));
    await expect(
      firstUser({ credential: { kind: "certificate", clientId, certificatePath: keyless } }),
    ).rejects.toMatchObject({
      message: expect.stringContaining("no private key") as string,
    });
  });

  it("a permission that is missing", async () => {
    await sandbox.set("role.graph.User.Read.All=off");
    await expect(firstUser({})).rejects.toMatchObject({
      code: "permission-missing",
      hint: expect.stringContaining("User.Read.All") as string,
    });
    await sandbox.set("role.graph.User.Read.All=on");
  });

  it("a host where nothing listens, and a CA that is not trusted", async () => {
    const endpoints = { ...sandbox.server.origins, login: "https://127.0.0.1:1" };
    await expect(firstUser({ endpoints })).rejects.toMatchObject({
      code: "unreachable",
      hint: expect.stringContaining("tenant.endpoints.login") as string,
    });
    await expect(firstUser({ ca: undefined })).rejects.toMatchObject({ code: "tls-untrusted" });
  });
});
