import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "csv-parse/sync";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { setSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodrift, type CliResult } from "../support/cli.js";

/** A name that attacks every output at once: spreadsheet, page, terminal, and reading direction. */
const HOSTILE_NAME = "=cmd|' /C calc'!A0</script><img src=x onerror=alert(1)>\u001b[31m\u202egpj.exe";

interface Finding {
  readonly rule: string;
  readonly address: string;
  readonly summary: string;
  readonly remedy: { readonly cure?: string };
}
interface Report {
  readonly run: { readonly verdict: string; readonly exitCode: number; readonly complete: boolean };
  readonly summary: { readonly byRule: Readonly<Record<string, number>> };
  readonly findings: readonly Finding[];
}

let dir: string;
let sandbox: RunningSandboxServer;
let base: string;
let configs = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-hostile-"));
  sandbox = await startSandbox({ dir, users: 16, seed: 3 });
  base = await readFile(join(dir, "photodrift.yaml"), "utf8");
});
afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});
afterEach(async () => {
  await setSandbox(dir, ["faults=none", "policy.source=none"]);
});

/** A configuration of its own with a state file of its own, changed by `change`. */
async function config(change: (text: string) => string = (text) => text): Promise<string> {
  const file = join(dir, `config-${++configs}.yaml`);
  await writeFile(file, change(base).replace("./photodrift.db", `./state-${configs}.db`));
  return file;
}

function withSecret(secret: string): (text: string) => string {
  return (text) =>
    text
      .replace("kind: certificate", "kind: client-secret")
      .replace(/certificatePath: .*/, `clientSecret: "${secret}"`);
}

async function audit(file: string, ...flags: string[]): Promise<CliResult & { readonly report: Report }> {
  const result = await photodrift(["audit", "--config", file, "--quiet", "--format", "json", ...flags], dir);
  return { ...result, report: (result.stdout === "" ? {} : JSON.parse(result.stdout)) as Report };
}

describe("what ends an audit", () => {
  it.each([
    ["a wrong secret", 1, withSecret("wrong~SECRET~value"), /client secret is wrong/],
    [
      "an unreachable host",
      1,
      (text: string) => text.replace(/graph: .*/, "graph: https://127.0.0.1:9"),
      /endpoints\.graph/,
    ],
    [
      "an empty source folder",
      3,
      (text: string) => text.replace("folder: ./photos", "folder: ./empty"),
      /holds no image/,
    ],
    [
      "a missing source folder",
      1,
      (text: string) => text.replace("folder: ./photos", "folder: ./gone"),
      /does not exist/,
    ],
    [
      "a missing marker",
      3,
      (text: string) => text.replace("folder: ./photos", "folder: ./photos\n  marker: .here"),
      /\.here/,
    ],
    ["a state file that is a folder", 1, (text: string) => text.replace("./photodrift.db", "./empty"), /state file/],
    [
      "a state file that is none",
      1,
      (text: string) => text.replace("./photodrift.db", "./truth.json"),
      /not a database/,
    ],
  ] as const)("%s: exit code %i, one message with its cure", async (_, expected, change, words) => {
    await mkdir(join(dir, "empty"), { recursive: true });
    const { code, stdout, stderr } = await audit(await config(change));
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/^error: .+\n {2}cure: .+\n$/);
    expect(stderr).not.toContain("wrong~SECRET~value");
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
  });

  it("a missing permission names it", async () => {
    await setSandbox(dir, ["role.graph.User.Read.All=off"]);
    const { code, stderr } = await audit(await config());
    await setSandbox(dir, ["role.graph.User.Read.All=on"]);
    expect(code).toBe(1);
    expect(stderr).toContain("User.Read.All of Microsoft Graph");
  });
});

it("a client secret: SharePoint refuses it, the cloud part is true, and the cure is a certificate", async () => {
  const file = await config(withSecret(sandbox.clientSecret));
  const { code, stdout, stderr, report } = await audit(
    file,
    "--output",
    join(dir, "secret.json"),
    "--output",
    join(dir, "secret.html"),
    "--format",
    "json",
  );
  expect(code).toBe(4);
  expect(report.run).toMatchObject({ verdict: "incomplete", complete: false });
  const unreadable = report.findings.filter(({ rule }) => rule === "unreadable");
  expect(unreadable.map(({ address }) => address)).toEqual(["sharepoint/*"]);
  expect(unreadable[0]?.remedy.cure).toContain("certificate");
  expect(report.findings.some(({ address }) => address.startsWith("exchange/"))).toBe(true);
  const state = await readFile(file.replace(/config-(\d+)\.yaml$/, "state-$1.db"), "latin1");
  const page = await readFile(join(dir, "secret.html"), "utf8");
  for (const text of [stdout, stderr, state, page]) expect(text).not.toContain(sandbox.clientSecret);
});

it("one store down: exit code 4, and nothing is taken for absent there", async () => {
  await setSandbox(dir, ["faults=sharepoint-down"]);
  const { code, report } = await audit(await config());
  expect(code).toBe(4);
  expect(report.findings.filter(({ address }) => address.startsWith("sharepoint/")).map(({ rule }) => rule)).toEqual([
    "unreadable",
  ]);
});

it("names that attack are harmless in every format", async () => {
  const truth = JSON.parse(await readFile(join(dir, "truth.json"), "utf8")) as {
    users: { upn: string; findings: { rule: string }[] }[];
  };
  const victim = truth.users.find(({ findings }) => findings.some(({ rule }) => rule === "stale-photo"))?.upn ?? "";
  await setSandbox(dir, [`user.${victim}.displayName=${HOSTILE_NAME}`]);
  const file = await config();
  const outputs = ["csv", "html", "md", "txt"].flatMap((format) => ["--output", join(dir, `hostile.${format}`)]);
  const { stdout, report } = await audit(file);
  expect(report.run.verdict).toBe("drift");
  expect(stdout).toContain("u001b"); // JSON keeps the name, escaped
  await photodrift(["report", "--config", file, ...outputs], dir);
  const read = (format: string) => readFile(join(dir, `hostile.${format}`), "utf8");
  const rows = parse<Record<string, string>>(await read("csv"), { columns: true });
  expect(rows.length).toBe(report.findings.length);
  for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  expect(await read("html")).not.toMatch(/<\/script><img|<img src=x/);
  // eslint-disable-next-line no-control-regex -- the terminal must not see them
  for (const format of ["txt", "md"]) expect(await read(format)).not.toMatch(/[\u001b\u202e]/);
  const explained = await photodrift(["explain", victim, "--config", file, "--quiet"], dir);
  // eslint-disable-next-line no-control-regex -- the terminal must not see them
  expect(explained.stdout).not.toMatch(/[\u001b\u202e]/);
  expect(explained.code).toBe(0);
});

it("the JSON report obeys its schema; the same input gives the same bytes but for ids and times", async () => {
  const schema = JSON.parse((await photodrift(["report", "--schema"], dir)).stdout) as object;
  const file = await config();
  await audit(file);
  const [second, third] = [await audit(file), await audit(file)];
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  validate(second.report);
  expect(validate.errors ?? []).toEqual([]);
  const bare = (text: string) =>
    text
      .replace(/"(id|startedAt|finishedAt)": "[^"]*"/g, '"$1": ""')
      .replace(/"(bytesIn|bytesOut|waitedSeconds)": \d+/g, '"$1": 0');
  expect(bare(third.stdout)).toBe(bare(second.stdout));
});

describe("reports", () => {
  it("go to new folders; a file that cannot be written ends with exit code 1 and says why", async () => {
    const file = await config();
    const target = join(dir, "new", "folder", "report.json");
    expect((await photodrift(["audit", "--config", file, "-q", "--output", target], dir)).stdout).toContain(
      "DRIFT FOUND",
    );
    expect(JSON.parse(await readFile(target, "utf8"))).toHaveProperty("formatVersion", "1.0");
    for (const bad of ["/proc/photodrift/report.json", dir]) {
      const { code, stderr } = await photodrift(["report", "--config", file, "--format", "json", "--output", bad], dir);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: cannot write .+\n {2}cure: .+\n$/);
    }
  });
});
