import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.js";
import { setSandbox, startSandbox } from "../../src/sandbox/index.js";
import { photodrift, type CliResult } from "../support/cli.js";

interface Report {
  readonly run: { readonly id: string; readonly tenant: string };
  readonly findings: readonly Finding[];
  readonly outcomes: readonly { readonly address: string; readonly kind: string; readonly decidedBy?: string }[];
}
interface PlanDocument {
  readonly actions: readonly {
    readonly action: string;
    readonly address: string;
    readonly because: string;
    readonly decidedBy?: string;
  }[];
}
type Row = Record<string, unknown>;

let dir = "";
let stop: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-decide-"));
  const running = await startSandbox({ dir, users: 30, seed: 1 });
  stop = () => running.stop();
  await appendFile(join(dir, "photodrift.yaml"), "limits: {maxChangePercent: 100}\n");
  // Everything that needs no decision is put right first.
  await run("apply", "--yes");
});
afterAll(async () => {
  await stop();
  await rm(dir, { recursive: true, force: true });
});

function run(...args: string[]): Promise<CliResult> {
  return photodrift([...args, "--config", join(dir, "photodrift.yaml"), "--quiet"], dir);
}

async function audit(): Promise<Report> {
  return JSON.parse((await run("audit", "--format", "json")).stdout) as Report;
}

const ASKED = [
  "reframed-photo",
  "wrong-person",
  "removed-in-tenant",
  "stores-disagree",
  "wrong-dimensions",
  "orphan-thumbnail",
];

/** What the report's page would save, written by the manual alone (CONTRACT section 9). */
function row(finding: Finding, decision: string, changes: Row = {}): Row {
  const facts = finding.rule === "stores-disagree" ? (finding.actual["cloud"] as Row) : finding.actual;
  return {
    findingId: finding.id,
    address: finding.address,
    user: finding.user?.id ?? null,
    rule: finding.rule,
    decision,
    seen: facts["sha256"] ?? facts["etag"] ?? "absent",
    master: finding.expected["sha256"] ?? null,
    by: "Hanna HR",
    at: "2026-11-25T09:00:00.000Z",
    ...changes,
  };
}

async function decide(report: Report, decisions: readonly Row[], changes: Row = {}) {
  const file = join(dir, "decisions.json");
  const { id, tenant } = report.run;
  await writeFile(
    file,
    JSON.stringify({ formatVersion: "1.0", tenant, basedOn: { runId: id }, decisions, ...changes }),
  );
  const { code, stdout, stderr } = await run("decide", file, "--format", "json");
  const result = (stdout === "" ? null : JSON.parse(stdout)) as {
    taken: readonly unknown[];
    refused: readonly { line: number; reason: string }[];
  } | null;
  return { code, stderr, result };
}

describe("decisions of a person", () => {
  it("refuse what does not hold, row by row, and take the rest", async () => {
    const report = await audit();
    const asked = report.findings.filter(({ rule }) => ASKED.includes(rule));
    const [first] = asked;
    const automatic = report.findings.find(({ rule }) => !ASKED.includes(rule));
    expect(asked.length).toBeGreaterThan(2);
    if (first === undefined || automatic === undefined) throw new Error("the sandbox seeds both");
    const { code, result } = await decide(report, [
      row(first, "leave"),
      row(first, "leave", { seen: "f".repeat(64) }),
      row(first, "leave", { master: "f".repeat(64) }),
      row(first, "leave", { findingId: "nobody-knows-it" }),
      row(first, "leave", { user: "00000000-0000-4000-8000-000000000000" }),
      row(automatic, "leave"),
      row(first, "destroy"),
      { ...row(first, "leave"), extra: 1 },
    ]);
    expect(code).toBe(4);
    expect(result?.taken).toHaveLength(1);
    expect(result?.refused.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    const others = [
      await decide(report, [row(first, "keep")], { tenant: "11111111-0000-4000-8000-000000000000" }),
      await decide(report, [row(first, "keep")], { basedOn: { runId: "20200101-000000-abcdef" } }),
    ];
    expect(others.map((one) => [one.code, one.result?.taken.length])).toEqual([
      [3, 0],
      [3, 0],
    ]);
    expect((await decide(report, [], { formatVersion: "9" })).code).toBe(64);
    expect((await decide(report, [], { tenant: "11111111-0000-4000-8000-000000000000" })).code).toBe(3);
    const left = (await audit()).findings.find(({ id }) => id === first.id);
    expect(left?.decided).toMatchObject({ kind: "leave", by: "Hanna HR" });
    await run("decide", "--reset");
  });

  it("never beat consent and pins", async () => {
    const report = await audit();
    const asked = report.findings.filter(
      ({ rule, remedy, user }) => rule === "wrong-person" && remedy.kind === "when-named" && user !== null,
    );
    const [first, ...more] = asked;
    const second = more.find(({ user }) => user?.id !== first?.user?.id);
    if (first?.user == null || second?.user == null) throw new Error("the sandbox seeds two");
    expect((await decide(report, [row(first, "fix"), row(second, "fix")])).code).toBe(0);
    await writeFile(join(dir, "said-no.csv"), `user\n${first.user.upn}\n`);
    await writeFile(join(dir, "pins.csv"), `user\n${second.user.upn}\n`);
    const yaml = await readFile(join(dir, "photodrift.yaml"), "utf8");
    await writeFile(join(dir, "photodrift.yaml"), `${yaml}policy: {consent: ./said-no.csv, pins: ./pins.csv}\n`);
    await run("audit", "--plan", "plan.json");
    const plan = JSON.parse(await readFile(join(dir, "plan.json"), "utf8")) as PlanDocument;
    const of = (upn: string) => plan.actions.filter(({ address }) => address.split("/")[1] === upn);
    expect(of(second.user.upn)).toEqual([]);
    expect(of(first.user.upn).filter(({ because }) => because !== "consent-withdrawn")).toEqual([]);
    // Without the two lists the same decisions ask for writes to both.
    await writeFile(join(dir, "photodrift.yaml"), yaml);
    await run("audit", "--plan", "plan.json");
    const free = JSON.parse(await readFile(join(dir, "plan.json"), "utf8")) as PlanDocument;
    const decided = free.actions.filter(({ decidedBy }) => decidedBy === "Hanna HR").map(({ address }) => address);
    expect(decided).toEqual(expect.arrayContaining([first.address, second.address]));
    await run("decide", "--reset");
  });

  it("put right exactly what was decided, keep what is to be kept, and are settled after that", async () => {
    const report = await audit();
    const asked = report.findings.filter(({ rule }) => ASKED.includes(rule));
    const fixable = asked.filter(({ remedy, rule }) => remedy.kind === "when-named" && rule !== "reframed-photo");
    const fix = fixable.slice(0, 1);
    const keep = asked.filter((finding) => finding.user?.id !== fix[0]?.user?.id && finding.user !== null).slice(0, 1);
    const { code, stderr } = await decide(report, [
      ...fix.map((one) => row(one, "fix")),
      ...keep.map((one) => row(one, "keep")),
    ]);
    expect([code, stderr]).toEqual([0, ""]);

    await run("audit", "--plan", "plan.json");
    const plan = JSON.parse(await readFile(join(dir, "plan.json"), "utf8")) as PlanDocument;
    const decided = plan.actions.filter(({ decidedBy }) => decidedBy === "Hanna HR");
    expect(decided.map(({ address }) => address)).toContain(fix[0]?.address);
    expect(plan.actions.filter(({ because }) => ASKED.includes(because))).toEqual(decided);

    const applied = JSON.parse((await run("apply", "plan.json", "--format", "json")).stdout) as Report;
    expect(applied.outcomes.filter(({ decidedBy }) => decidedBy !== undefined).map(({ kind }) => kind)).toEqual(
      decided.map(() => "applied"),
    );

    const after = await audit();
    expect(after.findings.filter(({ id }) => fix.some((one) => one.id === id))).toEqual([]);
    const kept = after.findings.filter(({ address }) => keep.some((one) => one.address === address));
    expect(kept.map(({ rule, drift }) => [rule, drift])).toEqual(keep.map(() => ["pinned", false]));
    expect(kept[0]?.summary).toContain("Hanna HR");
    const told = (await run("explain", keep[0]?.user?.upn ?? "")).stdout;
    expect(told).toContain("\nDecisions\n");
    expect(told).toContain(
      `keep ${keep[0]?.rule ?? ""} at ${keep[0]?.address ?? ""}, by Hanna HR on 2026-11-25; it holds`,
    );
    // Somebody else may decide anew: the later decision wins, and it is said whose it replaces.
    const other = await decide(
      report,
      keep.map((one) => row(one, "leave", { by: "Ivo IT" })),
    );
    expect([other.code, other.result?.taken]).toMatchObject([0, [{ replaces: { by: "Hanna HR", kind: "keep" } }]]);
    const { stdout } = await run("decide", "--list", "--format", "json");
    expect((JSON.parse(stdout) as { decisions: readonly unknown[] }).decisions).toHaveLength(1);
  });

  it("end when the stored picture changes", async () => {
    const report = await audit();
    const cloud = report.findings.find(
      ({ rule, address }) => ASKED.includes(rule) && /^(entra|exchange)\//.test(address) && rule !== "stores-disagree",
    );
    const { decisions } = JSON.parse((await run("decide", "--list", "--format", "json")).stdout) as {
      decisions: readonly { address: string }[];
    };
    const address = cloud?.address ?? decisions[0]?.address ?? "";
    if (cloud !== undefined) expect((await decide(report, [row(cloud, "leave")])).code).toBe(0);
    const upn = address.split("/")[1] ?? "";
    await setSandbox(dir, [`user.${upn}.photo.entra=none`, `user.${upn}.photo.exchange=none`]);
    await audit();
    const left = JSON.parse((await run("decide", "--list", "--format", "json")).stdout) as typeof decisions & {
      decisions: readonly { address: string }[];
    };
    expect(left.decisions.filter((one) => one.address === address)).toEqual([]);
    if (cloud === undefined) return;
    expect((await decide(report, [row(cloud, "keep")])).result?.refused[0]?.reason).toMatch(
      /changed since|does not stand/,
    );
  });
});
