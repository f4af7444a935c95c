import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { pictureFolders } from "../../src/cli/init/find-folder.js";
import { sharePointNames, type TenantHosts } from "../../src/cli/init/find-tenant.js";
import { initAnswers, type InitAnswers, type InitSight } from "../../src/cli/init/flow.js";
import { openQuestions } from "../../src/cli/init/questions.js";
import { loadConfig, starterConfig, type StarterAnswers } from "../../src/config/index.js";
import type { DirectoryUser } from "../../src/model/user.js";
import { openAdminGraph } from "../../src/stores/admin-graph.js";
import { openTenantFinder, type TenantFinder } from "../../src/stores/find-tenant.js";
import { openSandbox, type TestSandbox } from "../support/sandbox.js";
import { photodrift } from "../support/cli.js";

const env = { HTTPS_PROXY: "", https_proxy: "" };
const { signal } = new AbortController();
let sandbox: TestSandbox & { readonly close: () => Promise<void> };
let finder: TenantFinder;
let dir: string;

beforeAll(async () => {
  sandbox = await openSandbox({ users: 40, seed: 3 });
  finder = openTenantFinder({ ca: sandbox.ca, env, signal });
  dir = await mkdtemp(join(tmpdir(), "photodrift-init-"));
});
afterAll(async () => {
  await finder.close();
  await sandbox.close();
  await rm(dir, { recursive: true, force: true });
});

/** Only `contoso` is a site of this tenant, as the sandbox is one; other names are hosts that are not there. */
const hosts = (): TenantHosts => ({
  login: () => sandbox.origins.login,
  sharePoint: (name) => (name === "contoso" ? sandbox.origins.sharepoint : `https://${name}.invalid`),
});

const FLAGS: InitAnswers = {
  "tenant-id": undefined,
  "tenant-name": undefined,
  cloud: "global",
  credential: undefined,
  "client-id": "1b2e6f3c-0000-4000-8000-000000000001",
  certificate: undefined,
  "secret-env": "PHOTODRIFT_CLIENT_SECRET",
  folder: undefined,
  domain: undefined,
  pattern: undefined,
  "user-photos-folder": undefined,
};

async function init(
  flags: Partial<InitAnswers>,
  sight: Partial<InitSight> = {},
  typed: readonly string[] | null = null,
): Promise<{ answers: StarterAnswers; said: string; asked: readonly string[] }> {
  const asked: string[] = [];
  let said = "";
  const ask = (question: string): Promise<string> => {
    const answer = typed?.[asked.push(question) - 1];
    if (answer === undefined) throw new Error(`nobody answers: ${question}`);
    return Promise.resolve(answer);
  };
  const questions = openQuestions({ ask: typed === null ? null : ask, say: (text) => (said += text) });
  const nothing: InitSight = {
    finder,
    hosts: hosts(),
    folders: () => Promise.resolve([]),
    pictures: () => Promise.resolve(null),
    users: () => Promise.resolve(null),
  };
  return { answers: await initAnswers({ ...FLAGS, ...flags }, questions, { ...nothing, ...sight }), said, asked };
}

/** The sandbox's users and files, as an administrator and the disk show them. */
async function sandboxSight(): Promise<Pick<InitSight, "pictures" | "users">> {
  const token = await readFile(join(sandbox.dir, "admin-token.jwt"), "utf8");
  const truth = JSON.parse(await readFile(join(sandbox.dir, "truth.json"), "utf8")) as { users: { upn: string }[] };
  return {
    pictures: () => Promise.resolve(truth.users.map(({ upn }) => `${upn}.jpg`)),
    async users() {
      const graph = openAdminGraph({ graph: sandbox.origins.graph, token, ca: sandbox.ca, env });
      const users: DirectoryUser[] = [];
      for await (const page of graph.users()) users.push(...page);
      await graph.close();
      return users;
    },
  };
}

describe("what init finds out by itself", () => {
  it("a domain is enough: tenant id by OpenID Connect discovery, SharePoint name proved by the site's own challenge", async () => {
    const { answers, said } = await init({ "tenant-id": "contoso.com" });
    expect(answers).toMatchObject({
      tenantId: sandbox.tenantId,
      tenantName: "contoso",
      cloud: "global",
      domain: "contoso.com",
    });
    expect(said).toContain(`contoso.com is the tenant ${sandbox.tenantId}`);
  });

  it("the users' domain stands for the tenant where nothing else names it", async () => {
    const { answers } = await init({ domain: "contoso.com" });
    expect(answers).toMatchObject({ tenantId: sandbox.tenantId, domain: "contoso.com" });
  });

  it("a site of another tenant is no proof: the name must be given", async () => {
    const strange: TenantFinder = {
      ...finder,
      sharePointTenant: () => Promise.resolve("11111111-1111-4111-8111-111111111111"),
    };
    await expect(init({ "tenant-id": "contoso.com" }, { finder: strange })).rejects.toThrow("init needs --tenant-name");
  });

  it("an unknown domain is wrong usage with its cure, not a configuration that cannot work", async () => {
    await expect(init({ "tenant-id": "nobody.example" })).rejects.toMatchObject({
      code: "tenant-unknown",
      errorClass: "usage",
    });
  });

  it("a login that cannot be reached is told, and the answers are taken as given", async () => {
    const away: TenantHosts = { ...hosts(), login: () => "https://login.invalid" };
    const { answers, said } = await init({ "tenant-id": "contoso.com", "tenant-name": "contoso" }, { hosts: away });
    expect(answers).toMatchObject({ tenantId: "contoso.com", tenantName: "contoso" });
    expect(said).toContain("was not looked up");
  });

  it.each([
    ["graph.microsoft.us", undefined, "usgov"],
    ["dod-graph.microsoft.us", undefined, "usgov-dod"],
    ["graph.microsoft.us", "DOD", "usgov-dod"],
    ["microsoftgraph.chinacloudapi.cn", undefined, "china"],
    ["graph.microsoft.com", "GCC", "global"],
  ])("the cloud of %s (%s) is %s", async (host, scope, cloud) => {
    const { tenantOf } = await import("../../src/stores/answers/tenant.js");
    const issuer = `https://login.example/${sandbox.tenantId}/v2.0`;
    const body = Buffer.from(JSON.stringify({ issuer, msgraph_host: host, tenant_region_sub_scope: scope }));
    expect(tenantOf(body)).toMatchObject({ kind: "read", value: { id: sandbox.tenantId.toLowerCase(), cloud } });
  });

  it.each([
    ["contoso.com", ["contoso"]],
    ["contoso.onmicrosoft.com", ["contoso", "contosoonmicrosoft"]],
    ["mail.contoso-group.co.uk", ["mail", "mailcontoso-group"]],
    ["contoso-group.de", ["contoso-group", "contosogroup"]],
  ])("likely SharePoint names of %s", (domain, names) => {
    expect(sharePointNames(domain)).toEqual(expect.arrayContaining(names));
  });

  it("the folder beside the configuration with most pictures", async () => {
    for (const [folder, count] of [
      ["portraits", 5],
      ["logos", 2],
      ["empty", 0],
      [".hidden", 9],
    ] as const) {
      await mkdir(join(dir, folder), { recursive: true });
      for (let at = 0; at < count; at++) await writeFile(join(dir, folder, `p${String(at)}.jpg`), "x");
    }
    expect(await pictureFolders(dir)).toEqual([
      { folder: "./portraits", pictures: 5 },
      { folder: "./logos", pictures: 2 },
    ]);
    const { answers } = await init({ "tenant-id": "contoso.com" }, { folders: () => pictureFolders(dir) });
    expect(answers.folder).toBe("./portraits");
  });

  it("the pattern with the number of users it fits, and ten matches to look at, before anything is written", async () => {
    const { answers, said } = await init({ "tenant-id": "contoso.com" }, await sandboxSight());
    expect(answers.patterns[0]).toBe("{upn}");
    expect(said).toMatch(/\{upn\} +fits 40 users/);
    expect(said.split("For example:\n")[1]?.trimEnd().split("\n")).toHaveLength(10);
    const file = join(dir, "found.yaml");
    await mkdir(join(dir, "photos"), { recursive: true });
    await writeFile(file, starterConfig({ ...answers, credential: { kind: "managed-identity", clientId: null } }));
    expect(loadConfig(file, {}).source).toMatchObject({ patterns: [...answers.patterns], domain: "contoso.com" });
  });

  it("without anybody signed in: a guess from the names, called a guess", async () => {
    const { answers, said } = await init(
      { "tenant-id": "contoso.com" },
      { pictures: () => Promise.resolve(["Anna Berg.jpg", "Bo Ek.png", "Ceren Yıldız.jpg", "logo.png"]) },
    );
    expect(answers.patterns).toEqual(["{first} {last}"]);
    expect(said).toContain("not proved");
  });

  it("on a terminal what was found is the answer to Enter, and every answer can be typed over", async () => {
    const typed = ["contoso.com", "", "managed-identity", "", "{mail}, {upn}"];
    const { answers, asked } = await init({ "client-id": undefined }, await sandboxSight(), typed);
    expect(asked[1]).toContain("[contoso]");
    expect(answers).toMatchObject({ tenantName: "contoso", folder: "./photos", patterns: ["{mail}", "{upn}"] });
  });
});

it("--offline asks nobody: what is not given is missing, by name", async () => {
  const { code, stderr } = await photodrift(["init", "--offline", "--tenant-id", "contoso.com"], dir);
  expect(code).toBe(64);
  expect(stderr).toContain("--tenant-name, --client-id");
});

describe("an answer that no configuration can hold is refused before anything is written, by its flag", () => {
  const GOOD: Readonly<Record<string, string>> = {
    "tenant-id": "contoso.com",
    "tenant-name": "contoso",
    "client-id": "1b2e6f3c-0000-4000-8000-000000000001",
    certificate: "not-yet-there.pem",
  };
  const inNewFolder = (name: string) => join(dir, name, "photodrift.yaml");
  const typed = (flags: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);

  it.each([
    ["tenant-id", "bad id"],
    ["tenant-name", "contoso.sharepoint.com"],
    ["tenant-name", "con toso"],
    ["client-id", " "],
    ["certificate", " "],
    ["secret-env", "bad name"],
    ["folder", " "],
    ["folder", "portrait.jpg"],
    ["domain", "x y"],
    ["pattern", "{fist}"],
    ["pattern", "{upn"],
    ["pattern", "portrait"],
    ["user-photos-folder", "a/b"],
  ])("init --%s=%s", async (flag, value) => {
    const kind: Readonly<Record<string, string>> = flag === "secret-env" ? { credential: "client-secret" } : {};
    const config = inNewFolder("refused");
    await writeFile(join(dir, "portrait.jpg"), "x");
    const given = { ...GOOD, ...kind, "tenant-id": "contoso.com", [flag]: value };
    const { code, stdout, stderr } = await photodrift(["init", "--offline", "--config", config, ...typed(given)], dir);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toContain(`  --${flag}: `);
    await expect(readFile(config)).rejects.toThrow("ENOENT");
  });

  it("all of them at once; and the good ones give a file, whose certificate and secret may come later", async () => {
    const bad = { ...GOOD, "tenant-id": "bad id", domain: "x y" };
    const { stderr } = await photodrift(["init", "--offline", "--config", inNewFolder("x y"), ...typed(bad)], dir);
    expect(stderr).toMatch(/ {2}--tenant-id: .*\n(.*\n)? {2}--domain: /);
    for (const kind of ["certificate", "client-secret"]) {
      const config = inNewFolder(`good ${kind}`);
      const words = ["init", "--offline", "--credential", kind, "--config", config, ...typed(GOOD)];
      const { code, stdout } = await photodrift(words, dir);
      expect(code).toBe(0);
      expect(stdout).toContain(`Next: photodrift doctor --config "good ${kind}/photodrift.yaml"`);
    }
  });

  it.each([
    ["folder", "source", "folder", "masters", "../masters"],
    ["folder", "source", "folder", "elsewhere/masters", "./masters"],
    ["folder", "source", "folder", "/srv/masters", "/srv/masters"],
    ["folder", "source", "folder", "\\\\files01\\hr", "\\\\files01\\hr"],
    ["certificate", "credential", "certificatePath", "keys/app.pem", "../keys/app.pem"],
  ])("init --%s starts at the folder that people are in: %s.%s %s", async (flag, section, key, value, written) => {
    const config = join(dir, "elsewhere", `${flag}-${encodeURIComponent(value)}.yaml`);
    const words = ["init", "--offline", "--config", config, ...typed({ ...GOOD, [flag]: value })];
    expect((await photodrift(words, dir)).code).toBe(0);
    expect(parse(await readFile(config, "utf8"))).toMatchObject({ [section]: { [key]: written } });
  });

  it.each([
    ["client-id", "not a guid"],
    ["client-id", "1b2e6f3c"],
    ["tenant-id", "bad id"],
    ["tenant-name", "contoso.sharepoint.com"],
    ["folder", " "],
  ])("setup --%s=%s", async (flag, value) => {
    const config = inNewFolder("never");
    const argv = ["setup", "--config", config, `--${flag}=${value}`];
    const { code, stdout, stderr } = await photodrift(argv, dir, { PATH: "/nonexistent" });
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toContain(`--${flag}: `);
    await expect(readFile(join(dir, "never", "app.pem"))).rejects.toThrow("ENOENT");
  });
});
