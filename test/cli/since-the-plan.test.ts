import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { setSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodriftHere, type CliResult } from "../support/cli.js";

interface Action {
  readonly action: string;
  readonly address: string;
  readonly before: { readonly photo?: string };
  readonly user: { readonly id: string; readonly upn: string } | null;
}
interface Outcome {
  readonly address: string;
  readonly kind: string;
  readonly error?: { readonly code: string };
}

let dir: string;
let sandbox: RunningSandboxServer;
let config: string;
let plan: string;
let actions: readonly Action[];
/** Users of whom the plan writes a picture, each for one test. */
let upns: string[];
let one: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-since-"));
  sandbox = await startSandbox({ dir, users: 120, seed: 5 });
  config = join(dir, "wide.yaml");
  plan = join(dir, "plan.json");
  await configure(WIDE);
  await list("no.csv");
  await list("pins.csv");
  await run("audit", "--plan", plan);
  actions = (JSON.parse(await readFile(plan, "utf8")) as { actions: readonly Action[] }).actions;
  upns = [...new Set(actions.flatMap((one) => (shows(one) && one.user !== null ? [one.user.upn] : [])))];
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  await list("no.csv");
  await list("pins.csv");
  await configure(WIDE);
});

const WIDE = "limits: {maxChangePercent: 100}\npolicy: {consent: ./no.csv, pins: ./pins.csv}\n";

function shows({ action }: Action): boolean {
  return action === "upload-photo" || action === "write-thumbnail";
}

function next(): string {
  const upn = upns.shift();
  if (upn === undefined) throw new Error("the plan has too few users");
  return upn;
}

function list(file: string, ...users: readonly string[]): Promise<void> {
  return writeFile(join(dir, file), `user\n${users.join("\n")}\n`);
}

async function configure(more: string): Promise<void> {
  await writeFile(config, `${await readFile(join(dir, "photodrift.yaml"), "utf8")}${more}`);
}

function run(...args: string[]): Promise<CliResult> {
  return photodriftHere([...args, "--config", config, "--quiet"]);
}

/** Carries out a part of the plan; the outcomes as `kind code`. */
async function applied(...flags: string[]) {
  const { code, stdout, stderr } = await run("apply", plan, "--format", "json", ...flags);
  if (stdout === "") return { code, stderr, told: [] };
  const { outcomes } = JSON.parse(stdout) as { outcomes: readonly Outcome[] };
  const told = outcomes.map(({ kind, error }) => `${kind} ${error?.code ?? ""}`.trim());
  return { code, stderr, told: [...new Set(told)] };
}

function id(upn: string): string {
  return actions.find(({ user }) => user?.upn === upn)?.user?.id ?? "";
}

let names = 0;
async function rename(upn: string, to = `neu.${String(names++)}@contoso.com`): Promise<string> {
  await setSandbox(dir, [`user.${upn}.upn=${to}`]);
  return to;
}

describe("what happened since a plan was made is obeyed", () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ["the user has another name", () => rename(one), "skipped user-renamed"],
    [
      "the user said no under a name that came since",
      async () => list("no.csv", await rename(one)),
      "skipped user-renamed",
    ],
    ["the user said no", () => list("no.csv", one), "skipped consent-withdrawn"],
    ["the user is pinned", () => list("pins.csv", one), "skipped pinned"],
    ["the account was switched off", () => setSandbox(dir, [`user.${one}.enabled=off`]), "skipped out-of-scope"],
    [
      "two users swapped their names",
      async () => {
        const other = next();
        const between = await rename(one);
        await rename(other, one);
        await rename(between, other);
      },
      "skipped user-renamed",
    ],
    [
      "the user left",
      async () => {
        sandbox.tenant.users.delete(id(one));
        sandbox.tenant.byUpn.delete(one.toLowerCase());
      },
      "skipped user-not-found",
    ],
  ])("%s", async (_, happens, expected) => {
    one = next();
    await happens();
    const { code, told } = await applied("--user", id(one));
    expect(told).toContain(expected);
    expect(told).not.toContain("applied");
    expect(code).not.toBe(0);
  });

  it("a picture was accepted", async () => {
    const replaced = actions.find(
      (action) => shows(action) && action.before.photo === "present" && upns.includes(action.user?.upn ?? ""),
    );
    const [store, upn = ""] = replaced?.address.split("/") ?? [];
    upns = upns.filter((each) => each !== upn);
    expect((await run("accept", upn)).code).toBe(0);
    expect((await applied("--user", upn, "--store", store ?? "")).told).toContain("skipped accepted");
  });

  it("rows of lists that name nobody are told, after everybody was looked at", async () => {
    await list("no.csv", "nobody.at.all@contoso.com");
    const { stderr } = await photodriftHere(["apply", plan, "--config", config, "--store", "entra"]);
    expect(stderr).toMatch(/1 row of .*no\.csv cannot be followed/);
  });
});

describe("a part of a plan", () => {
  function members(): readonly string[] {
    const [group] = sandbox.tenant.groups.values();
    return group?.members ?? [];
  }

  it("is what concerns members of a group", async () => {
    const [group] = sandbox.tenant.groups.keys();
    const inside = actions.filter(({ user }) => members().includes(user?.id ?? ""));
    expect(inside.length).toBeGreaterThan(0);
    expect(inside.length).toBeLessThan(actions.length);
    const { stdout } = await run("apply", plan, "--format", "json", "--group", group ?? "");
    const { outcomes } = JSON.parse(stdout) as { outcomes: readonly Outcome[] };
    expect(outcomes.map(({ address }) => address).sort()).toEqual(inside.map(({ address }) => address).sort());
  });

  it.each<[string, string[], number, RegExp]>([
    ["a group that is not there", ["--group", "11111111-1111-4111-8111-111111111111"], 64, /no group 11111111/],
    ["a user who is not there", ["--user", "nobody@contoso.com"], 64, /"nobody@contoso\.com"/],
  ])("is refused for %s, and nothing is written", async (_, flags, expected, words) => {
    const { code, stderr, told } = await applied(...flags);
    expect(stderr).toMatch(words);
    expect([code, told]).toEqual([expected, []]);
  });

  it("is held against the limits by itself", async () => {
    await configure("limits: {maxChangePercent: 5}\n");
    const whole = await applied();
    expect([whole.code, whole.told]).toEqual([3, []]);
    expect(whole.stderr).toContain("apply in parts");
    expect((await applied("--user", next())).told).toEqual(["applied"]);
  });
});

describe("undo", () => {
  it("names a user for whom nothing was written, and brings no picture back to one who said no under a name that came since", async () => {
    one = next();
    const { stdout } = await run("apply", plan, "--format", "json", "--user", one);
    const { run: head, outcomes } = JSON.parse(stdout) as { run: { id: string }; outcomes: readonly Outcome[] };
    expect(outcomes.map(({ kind }) => kind)).toContain("applied");
    const unknown = await run("undo", head.id, "--yes", "--user", "nobody@contoso.com");
    expect([unknown.code, unknown.stderr]).toEqual([64, expect.stringContaining('"nobody@contoso.com"')]);

    await list("no.csv", await rename(one));
    const undone = await run("undo", head.id, "--yes", "--format", "json");
    const after = JSON.parse(undone.stdout) as { outcomes: readonly (Outcome & { action: string })[] };
    expect(after.outcomes.filter(({ action, kind }) => /upload|write/.test(action) && kind === "applied")).toEqual([]);
  });
});
