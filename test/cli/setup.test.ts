import { cp, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from "vitest";
import { setSandbox } from "../../src/sandbox/index.js";
import { photodrift, type CliResult } from "../support/cli.js";
import { openSandbox, type TestSandbox } from "../support/sandbox.js";

/** From nothing to a true report of one's own tenant: `setup --yes`, `audit`. The sandbox plays the tenant and its administrator. */
let sandbox: TestSandbox & { readonly close: () => Promise<void> };
let admin: string;
let dir: string;

beforeAll(async () => {
  sandbox = await openSandbox({ users: 12, profile: "demo", seed: 4 });
  admin = await readFile(join(sandbox.dir, "admin-token.jwt"), "utf8");
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-setup-"));
  await cp(join(sandbox.dir, "ca.pem"), join(dir, "ca.pem"));
  const whole = await readFile(join(sandbox.dir, "photodrift.yaml"), "utf8");
  const without = whole.replace(/^credential:\n(?: {2}.*\n)+/m, "# who signs in: photodrift setup\n");
  await writeFile(
    join(dir, "photodrift.yaml"),
    without.replace("folder: ./photos", `folder: ${join(sandbox.dir, "photos")}`),
  );
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const run = (args: readonly string[], env: NodeJS.ProcessEnv = { PHOTODRIFT_ADMIN_TOKEN: admin }): Promise<CliResult> =>
  photodrift(args, dir, { PATH: "/nonexistent", ...env });
const config = () => readFile(join(dir, "photodrift.yaml"), "utf8");
const clientId = async () => /clientId: (\S+)/.exec(await config())?.[1] ?? "";

describe("with an administrator's token", () => {
  it("setup --yes, then audit: nothing else is typed; doctor is green with exactly the permissions of the mode", async () => {
    await sandbox.set({ directoryLag: "2" });
    const setup = await run(["setup", "--yes"]);
    expect([setup.code, setup.stderr]).toEqual([0, ""]);
    expect(setup.stdout).toContain("Everything is in place. Next: photodrift audit");
    expect(setup.stdout).not.toMatch(/^(FAIL|warn)/m);
    expect(setup.stdout).toContain("none: exactly what audit needs");
    expect(await config()).toContain("# who signs in: photodrift setup\n");
    expect((await stat(join(dir, "app.pem"))).mode & 0o777).toBe(0o600);
    expect((await readdir(join(dir, "setup"))).sort()).toEqual([
      "manifest.json",
      "photodrift.cer",
      "register-app.ps1",
      "register-app.sh",
    ]);
    const audit = await run(["audit", "--format", "json"], {});
    expect(audit.code).toBe(2);
    expect((JSON.parse(audit.stdout) as { run: { complete: boolean } }).run.complete).toBe(true);
  });

  it("shows first, changes nothing without --yes", async () => {
    await sandbox.clearLog();
    const shown = await run(["setup", "--name", "shown-only"]);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('+ make the app registration "shown-only"');
    expect(shown.stdout).toContain("+ grant Sites.Read.All of SharePoint");
    expect(shown.stdout).toContain("photodrift setup --yes");
    const written = (await sandbox.log()).entries.filter(({ method }) => method !== "GET");
    expect(written).toEqual([]);
    expect(await clientId()).toBe("");
  });

  it("a second run changes nothing; a wider mode adds what it needs to the same app", async () => {
    expect((await run(["setup", "--yes", "--name", "twice"])).code).toBe(0);
    const first = await clientId();
    await sandbox.clearLog();
    const again = await run(["setup", "--yes", "--name", "twice"]);
    expect(again.stdout).toContain("everything is registered and granted");
    expect(
      (await sandbox.log()).entries.filter(
        ({ host, method }) => host === "graph" && method !== "GET" && method !== "POST",
      ),
    ).toEqual([]);
    const wider = await run(["setup", "--yes", "--mode", "apply", "--notify", "mail"]);
    expect(wider.code).toBe(0);
    expect(wider.stdout).toContain("+ grant ProfilePhoto.ReadWrite.All of Microsoft Graph");
    expect(wider.stdout).not.toContain("+ make");
    expect(await clientId()).toBe(first);
    // What audit needed and apply contains is left as granted, and named.
    expect(wider.stdout).toMatch(
      /^warn {2}permissions too many: apply does not need ProfilePhoto\.Read\.All of Microsoft Graph, Sites\.Read/m,
    );
  });

  it("--renew adds a second certificate beside the first", async () => {
    expect((await run(["setup", "--yes", "--name", "renewed"])).code).toBe(0);
    const before = await readFile(join(dir, "app.pem"), "utf8");
    const renewed = await run(["setup", "--yes", "--renew"]);
    expect(renewed.code).toBe(0);
    expect(await readFile(join(dir, "app.pem"), "utf8")).toBe(before);
    expect(await config()).toMatch(/certificatePath: \.\/app-\d{4}-\d\d-\d\d\.pem/);
  });

  it("--from takes over a key that exists, and never writes it", async () => {
    const own = join(dir, "own.pem");
    await cp(join(sandbox.dir, "app.pem"), own);
    const before = await readFile(own, "utf8");
    const taken = await run(["setup", "--yes", "--name", "taken-over", "--from", "own.pem"]);
    expect([taken.code, taken.stderr]).toEqual([0, ""]);
    expect(await config()).toContain("certificatePath: ./own.pem");
    expect(await readFile(own, "utf8")).toBe(before);
    expect(await readdir(dir)).not.toContain("app.pem");
  });

  it.each([
    ["an ended or foreign token", { PHOTODRIFT_ADMIN_TOKEN: "aaaa.bbbb.cccc" }, "az login"],
    ["something that is no token", { PHOTODRIFT_ADMIN_TOKEN: "secret word" }, "PHOTODRIFT_ADMIN_TOKEN"],
    ["nobody signed in", {}, "az login"],
  ])("%s: usage error with the cure, and the files are there", async (_, env, cure) => {
    const { code, stderr } = await run(["setup", "--yes"], env);
    expect([code, stderr.includes(cure)]).toEqual([64, true]);
    expect(stderr).not.toContain("secret word");
  });

  it("tells a sign-in page for an answer as that, and makes nothing of it", async () => {
    await setSandbox(sandbox.dir, ["fault=html-for-json,host=graph,route=*/applications*"]);
    const { code, stderr } = await run(["setup", "--yes", "--name", "not-read"]);
    await setSandbox(sandbox.dir, ["faults=none"]);
    expect(code).toBe(4);
    expect(stderr).toContain("it is a web page where JSON was asked for");
    expect(stderr).not.toMatch(/unexpected/i);
  });

  it("a token without the right to grant says which permission the administrator lacks", async () => {
    const token = await sandbox.secretToken(sandbox.origins.graph);
    const { code, stderr } = await run(["setup", "--yes"], { PHOTODRIFT_ADMIN_TOKEN: token });
    expect(code).toBe(1);
    expect(stderr).toContain("Application.ReadWrite.All");
  });
});

describe("without an administrator", () => {
  it("writes the files, says what to click, and takes the client id afterwards", async () => {
    const made = await run(["setup"], {});
    expect(made.code).toBe(0);
    expect(made.stdout).toContain("adminconsent?client_id=APPLICATION_ID");
    expect(made.stdout).toContain("bash setup/register-app.sh");
    expect(await clientId()).toBe("");
    const given = await run(["setup", "--client-id", sandbox.clientId, "--from", join(sandbox.dir, "app.pem")], {});
    expect(given.code).toBe(0);
    expect(await clientId()).toBe(sandbox.clientId);
  });

  it("works in an empty folder; a key is never overwritten", async () => {
    await rm(join(dir, "photodrift.yaml"));
    const first = await run(["setup", "--tenant-id", "contoso.com", "--tenant-name", "contoso"], {});
    expect(first.code).toBe(0);
    const key = await readFile(join(dir, "app.pem"), "utf8");
    expect((await run(["setup"], {})).code).toBe(0);
    expect(await readFile(join(dir, "app.pem"), "utf8")).toBe(key);
    expect((await run(["setup", "--renew"], {})).code).toBe(0);
    const twice = await run(["setup", "--renew"], {});
    expect([twice.code, twice.stderr.includes("never overwritten")]).toEqual([64, true]);
  });

  it("makes the configuration's folder, and what it says to type is right from where one is", async () => {
    const typed = [
      "--config",
      "my x/photodrift.yaml",
      "--mode",
      "apply",
      "--notify",
      "mail",
      "--tenant-name",
      "contoso",
    ];
    const made = await run(["setup", ...typed], {});
    expect([made.code, made.stderr]).toEqual([0, ""]);
    const again = '--mode apply --notify mail --tenant-name contoso --config "my x/photodrift.yaml"';
    expect(made.stdout).toContain(`Then: photodrift setup --client-id APPLICATION_ID ${again}\n`);
    expect(made.stdout).toContain(`  photodrift setup --yes ${again}  `);
    const files = [...made.stdout.matchAll(/"(my x\/setup\/[^"]+)"/g)].map(([, file]) => file ?? "");
    expect(files).toHaveLength(4);
    for (const file of files) expect((await stat(join(dir, file))).isFile()).toBe(true);
    const refused = await run(["setup", "--yes", ...typed], {});
    expect(refused.stderr).toContain(`type \`photodrift setup --yes ${again}\``);
  });

  it("a key that was made anew is the one of the next line", async () => {
    const renewed = await run(["setup", "--renew"], {});
    const [, file = ""] = /Then: photodrift setup --client-id APPLICATION_ID --from (\S+)\n/.exec(renewed.stdout) ?? [];
    expect((await stat(join(dir, file))).mode & 0o777).toBe(0o600);
  });

  it("--from without a key is wrong usage", async () => {
    const { code, stdout, stderr } = await run(["setup", "--from", "ca.pem"], {});
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain("it holds no private key");
  });
});
