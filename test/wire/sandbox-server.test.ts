import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  seedSandbox,
  setSandbox,
  startSandbox,
  stopSandbox,
  type RunningSandboxServer,
} from "../../src/sandbox/index.js";
import { readSandbox } from "../../src/sandbox/remote.js";

/** Starting, changing and stopping: what CONTRACT section 8 promises of the folder. */
const folders: string[] = [];
const running: RunningSandboxServer[] = [];

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "photodrift-server-"));
  folders.push(dir);
  return dir;
}

async function started(dir: string, options: { seed?: number; faults?: string } = {}): Promise<RunningSandboxServer> {
  const server = await startSandbox({ dir, users: 5, profile: "clean", ...options });
  running.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await Promise.all(folders.splice(0).map((dir) => rm(dir, { recursive: true, force: true })));
});

interface Config {
  readonly tenant: { readonly id: string; readonly cloud: string; readonly caFile: string; readonly endpoints: object };
  readonly credential: object;
  readonly source: { readonly folder: string };
}

describe("start", () => {
  it("writes the folder that an audit needs, with the real ports", async () => {
    const dir = await folder();
    const server = await started(dir);
    const files = await readdir(dir);
    for (const name of ["ca.pem", "app.pem", "photos", "truth.json", "sandbox.json", "photodrift.yaml"])
      expect(files).toContain(name);
    const config = parse(await readFile(join(dir, "photodrift.yaml"), "utf8")) as Config;
    expect(config.tenant).toMatchObject({
      id: server.tenantId,
      cloud: "custom",
      caFile: "./ca.pem",
      endpoints: server.origins,
    });
    expect(config.credential).toEqual({ kind: "certificate", clientId: server.clientId, certificatePath: "./app.pem" });
    expect(config.source.folder).toBe("./photos");
    expect(new Set(Object.values(server.origins)).size).toBe(6);
    expect((await stat(join(dir, "app.pem"))).mode & 0o077).toBe(0);
  });

  it("refuses a folder in use, and leaves the first one running", async () => {
    const dir = await folder();
    await started(dir);
    await expect(startSandbox({ dir, users: 5 })).rejects.toThrow(/already runs/);
    await expect(readSandbox(dir, "log")).resolves.toHaveProperty("summary");
  });

  it("two in two folders do not collide, and the same seed gives the same tenant", async () => {
    const [first, second] = [await folder(), await folder()];
    const servers = await Promise.all([started(first, { seed: 7 }), started(second, { seed: 7 })]);
    expect(servers[0].tenantId).toBe(servers[1].tenantId);
    const ports = servers.flatMap((server) => Object.values(server.origins));
    expect(new Set(ports).size).toBe(12);
    expect(await readFile(join(first, "truth.json"), "utf8")).toBe(await readFile(join(second, "truth.json"), "utf8"));
  });

  it("says what is wrong with its options, and leaves no lock", async () => {
    const dir = await folder();
    await expect(startSandbox({ dir, users: 0 })).rejects.toThrow(/users/);
    await expect(startSandbox({ dir, profile: "nonsense" })).rejects.toThrow(/known: demo/);
    await expect(startSandbox({ dir, faults: "nonsense" })).rejects.toThrow(/fault/);
    await started(dir);
  });

  it("a taken port is an error, not a crash", async () => {
    const server = await started(await folder());
    const port = Number(new URL(server.origins.graph).port);
    await expect(startSandbox({ dir: await folder(), users: 3, ports: { login: port } })).rejects.toThrow(/EADDRINUSE/);
  });
});

describe("set and stop", () => {
  it("changes the running tenant and says what it does not know", async () => {
    const dir = await folder();
    await started(dir);
    await setSandbox(dir, ["clock=+72h", "policy.source=onPremises", "fault=500,host=login", "fault=503,host=login"]);
    const state = (await readSandbox(dir, "state?hashes=0")) as {
      faults: string[];
      switches: object;
      tenant: { now: string };
    };
    expect(state.faults).toEqual(["500,host=login", "503,host=login"]);
    expect(state.switches).toMatchObject({ photoUpdateSource: "onPremises" });
    expect(Date.parse(state.tenant.now) - Date.now()).toBeGreaterThan(71 * 3_600_000);
    await expect(setSandbox(dir, ["colour=red"])).rejects.toThrow(/unknown key "colour"/);
    await expect(setSandbox(dir, ["user.nobody@x.photo.entra=none"])).rejects.toThrow(/no user/);
    await expect(setSandbox(dir, ["novalue"])).rejects.toThrow(/key=value/);
  });

  it("places pictures by file, copy, placeholder and none, each under a new etag", async () => {
    const dir = await folder();
    await started(dir);
    interface Dump {
      readonly users: { upn: string; exchange: { etag: string; sha256: string } | null }[];
      readonly library: { path: string; sha256: string }[];
    }
    const before = (await readSandbox(dir, "state")) as Dump;
    const [first, second] = before.users.filter((user) => user.exchange !== null);
    const [file = ""] = await readdir(join(dir, "photos"));
    await setSandbox(dir, [
      `user.${first?.upn}.photo.exchange=copy-of:${second?.upn}`,
      `user.${first?.upn}.photo.S=placeholder`,
      `user.${first?.upn}.photo.M=none`,
      `user.${first?.upn}.photo.L=${join(dir, "photos", file)}`,
    ]);
    const after = (await readSandbox(dir, "state")) as Dump;
    const changed = after.users.find((user) => user.upn === first?.upn);
    expect(changed?.exchange?.sha256).toBe(second?.exchange?.sha256);
    expect(changed?.exchange?.etag).not.toBe(second?.exchange?.etag);
    expect(after.library).toHaveLength(before.library.length - 1);
    // Tenants are compared by what they hold, not by what was written last.
    const paths = after.library.map(({ path }) => path);
    expect(paths).toEqual(paths.toSorted());
  });

  it("stop frees the folder and tells the one who waits", async () => {
    const dir = await folder();
    const server = await started(dir);
    expect(await stopSandbox(dir)).toBe(true);
    await server.stopped;
    expect(await stopSandbox(dir)).toBe(false);
    expect(await readdir(dir)).not.toContain("sandbox.json");
    await expect(setSandbox(dir, ["clock=real"])).rejects.toThrow(/no sandbox runs/);
    await started(dir);
  });
});

it("seed writes the same files without serving", async () => {
  const dir = await folder();
  const { tenantId } = await seedSandbox({ dir, users: 5, profile: "clean", seed: 3 });
  const files = await readdir(dir);
  expect(files).toContain("truth.json");
  expect(files).toContain("photodrift.yaml");
  expect(files).not.toContain("sandbox.json");
  const server = await started(dir, { seed: 3 });
  expect(server.tenantId).toBe(tenantId);
});
