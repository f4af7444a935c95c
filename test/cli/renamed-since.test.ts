import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodriftHere, type CliResult } from "../support/cli.js";

interface Action {
  readonly user: { readonly id: string; readonly upn: string } | null;
}

let dir: string;
let sandbox: RunningSandboxServer;
let plan: string;
/** Names that a person may know of the user who was renamed after the plan was made and the run was done. */
const renamed = { then: "", id: "", now: "" };
let runId = "";
/** A user of whom the plan and the run know nothing. */
let without = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-renamed-"));
  sandbox = await startSandbox({ dir, users: 40, seed: 5 });
  plan = join(dir, "plan.json");
  await run("audit", "--plan", plan);
  const { actions } = JSON.parse(await readFile(plan, "utf8")) as { actions: readonly Action[] };
  const [first] = actions.flatMap(({ user }) => user ?? []);
  Object.assign(renamed, { then: first?.upn, id: first?.id, now: "another.name@contoso.com" });
  const planned = new Set(actions.map(({ user }) => user?.id));
  without = [...sandbox.tenant.users.values()].find(({ id }) => !planned.has(id))?.upn ?? "";
  const { stdout } = await run("apply", plan, "--format", "json", "--user", renamed.then);
  runId = (JSON.parse(stdout) as { run: { id: string } }).run.id;
  await setSandbox(dir, [`user.${renamed.then}.upn=${renamed.now}`]);
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

function run(...args: string[]): Promise<CliResult> {
  return photodriftHere([...args, "--config", join(dir, "photodrift.yaml"), "--quiet"]);
}

describe("a user who was renamed since is meant by every name", () => {
  it.each(["then", "id", "now"] as const)("by %s, in an undo", async (name) => {
    const { code, stdout } = await run("undo", runId, "--user", renamed[name], "--format", "json");
    expect(code).toBe(2);
    const { actions } = JSON.parse(stdout) as { actions: readonly Action[] };
    expect(new Set(actions.map(({ user }) => user?.id))).toEqual(new Set([renamed.id]));
  });

  it.each(["then", "id", "now"] as const)("by %s, in a saved plan, which tells why it writes nothing", async (name) => {
    const { stdout } = await run("apply", plan, "--format", "json", "--user", renamed[name]);
    const { outcomes } = JSON.parse(stdout) as { outcomes: readonly { kind: string; error: { code: string } }[] };
    expect(new Set(outcomes.map(({ kind, error }) => `${kind} ${error.code}`))).toEqual(
      new Set(["skipped user-renamed"]),
    );
  });

  it("and one for whom the run wrote nothing is told as that, also under a name that no audit has seen", async () => {
    const nothing = [64, expect.stringContaining("has written nothing for the users named")];
    const before = await run("undo", runId, "--user", without);
    expect([before.code, before.stderr]).toEqual(nothing);
    await setSandbox(dir, [`user.${without}.upn=new.${without}`]);
    const after = await run("undo", runId, "--user", `new.${without}`);
    expect([after.code, after.stderr]).toEqual(nothing);
  });
});
