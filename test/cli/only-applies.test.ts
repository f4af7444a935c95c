import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { setSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodriftHere } from "../support/cli.js";

let dir: string;
let sandbox: RunningSandboxServer;
/** Thumbnails of this user are named by a UPN that is nobody's any more; PictureURL alone tells whose they are. */
const upn = "renamed@contoso.com";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-only-applies-"));
  sandbox = await startSandbox({ dir, users: 40, seed: 5 });
  process.env["PHOTODRIFT_PLAN_KEY"] = "of the pipeline";
  const truth = JSON.parse(await readFile(join(dir, "truth.json"), "utf8")) as {
    users: { upn: string; findings: unknown[] }[];
  };
  const files = await readdir(join(dir, "photos"));
  const was = truth.users.find((one) => one.findings.length === 0 && files.includes(`${one.upn}.jpg`))?.upn ?? "";
  await setSandbox(dir, [`user.${was}.upn=${upn}`, `user.${upn}.aliases=none`]);
  await writeFile(join(dir, "map.csv"), `user,file\n${upn},${was}.jpg\n`);
  await machine("auditor");
});
afterAll(async () => {
  delete process.env["PHOTODRIFT_PLAN_KEY"];
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

/** A configuration with a state file of its own. */
async function machine(name: string): Promise<void> {
  const text = await readFile(join(dir, "photodrift.yaml"), "utf8");
  const own = text.replace(/^state: .*$/m, `state: ./${name}.db`).replace("source:", "source:\n  mapping: ./map.csv");
  await writeFile(join(dir, `${name}.yaml`), own);
}

function on(name: string, ...args: string[]) {
  return photodriftHere([...args, "--config", join(dir, `${name}.yaml`), "--quiet"]);
}

/** Takes a thumbnail away, audits on one machine and carries the signed plan out on another. */
async function roundTrip(name: string) {
  await setSandbox(dir, [`user.${upn}.photo.M=none`]);
  const plan = join(dir, "plan.json");
  await on("auditor", "audit", "--plan", plan, "--user", upn);
  const { stdout } = await on(name, "apply", plan, "--format", "json");
  const { outcomes } = JSON.parse(stdout) as { outcomes: { kind: string; address: string; error?: unknown }[] };
  return outcomes.map(({ kind, address, error }) => ({ kind, address, ...(error === undefined ? {} : { error }) }));
}

const WRITTEN = ["MThumb", "profile"].map((slot) => ({ kind: "applied", address: `sharepoint/${upn}/${slot}` }));

it("a machine that only applies writes where PictureURL says, the second time too", async () => {
  await machine("applier");
  expect(await roundTrip("applier")).toEqual(WRITTEN);
  expect(await roundTrip("applier")).toEqual(WRITTEN);
});

it("and one that has the users of the directory and never read a profile", async () => {
  await machine("directory");
  await on("directory", "audit", "--store", "entra");
  expect(await roundTrip("directory")).toEqual(WRITTEN);
});
