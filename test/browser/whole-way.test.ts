import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.js";
import { readSandbox, setSandbox, startSandbox } from "../../src/sandbox/index.js";
import { photodrift, type CliResult } from "../support/cli.js";
import { chromiumPresent, reportPages, type ReportPages } from "../support/report-page.js";

interface Report {
  readonly findings: readonly Finding[];
  readonly outcomes: readonly { readonly address: string; readonly kind: string; readonly decidedBy?: string }[];
}

interface Logged {
  readonly method: string;
  readonly path: string;
}

interface Dump {
  readonly users: readonly {
    readonly upn: string;
    readonly entra: { readonly sha256: string } | null;
    readonly exchange: { readonly sha256: string } | null;
  }[];
  readonly library: readonly { readonly path: string; readonly sha256: string }[];
}

interface Decided {
  readonly address: string;
  readonly decision: "fix" | "keep" | "leave";
  readonly user: string | null;
}

/** From the report's page over `decide` and `audit --plan` to `apply`: what a person decided, and nothing else, reaches the tenant. */
describe.skipIf(!chromiumPresent)("a decision on its whole way", () => {
  let dir = "";
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let pages: ReportPages;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "photodrift whole-way-"));
    sandbox = await startSandbox({ dir, users: 40, seed: 2 });
    await appendFile(join(dir, "photodrift.yaml"), "limits: {maxChangePercent: 100}\n");
    // Everything that needs no decision is put right first.
    await run("apply", "--yes");
    pages = await reportPages();
  });
  afterAll(async () => {
    await pages.close();
    await sandbox.stop();
    await rm(dir, { recursive: true, force: true });
  });

  function run(...args: string[]): Promise<CliResult> {
    return photodrift([...args, "--config", join(dir, "photodrift.yaml"), "--quiet"], dir);
  }

  async function openReport(): Promise<Page> {
    await run("audit", "--output", join(dir, "drift.html"));
    return (await pages.openFile(join(dir, "drift.html"), "#show=open")).page;
  }

  async function saved(page: Page): Promise<{ readonly file: string; readonly decisions: readonly Decided[] }> {
    await page.fill("#by", "Hanna HR");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
    const text = await readFile(await download.path(), "utf8");
    const file = join(dir, download.suggestedFilename());
    await writeFile(file, text);
    return { file, decisions: (JSON.parse(text) as { decisions: readonly Decided[] }).decisions };
  }

  async function findings(): Promise<readonly Finding[]> {
    return (JSON.parse((await run("audit", "--format", "json")).stdout) as Report).findings;
  }

  /** What the sandbox was asked to write, by its own log. */
  async function writes(): Promise<readonly string[]> {
    const { entries } = (await readSandbox(dir, "log")) as { entries: readonly Logged[] };
    return entries
      .filter(({ method, path }) => /^(?:PUT|PATCH|DELETE)$/.test(method) || /addusingpath|setsinglevalue/i.test(path))
      .map(({ method, path }) => `${method} ${path}`);
  }

  /** What each user's cloud photo, and each thumbnail, is now. */
  async function pictures(): Promise<ReadonlyMap<string, string>> {
    const { users, library } = (await readSandbox(dir, "state")) as Dump;
    return new Map([
      ...users.map(({ upn, entra, exchange }) => [upn, `${entra?.sha256 ?? ""} ${exchange?.sha256 ?? ""}`] as const),
      ...library.map(({ path, sha256 }) => [path, sha256] as const),
    ]);
  }

  it("made by mouse and by keyboard: exactly the decided writes are made, and the next audit shows them settled", async () => {
    const page = await openReport();
    const cards = page.locator(".entry");
    // By mouse: the first that can be put right. By keyboard: the next one is kept.
    const fixed = cards.filter({ has: page.locator("button.fix:enabled") }).first();
    const name = await fixed.locator("h3").innerText();
    await fixed.getByRole("button", { name: "Put right" }).first().click();
    const before = await cards.locator("h3").allInnerTexts();
    const next = before.find((one) => one !== name) ?? "";
    for (let i = 0; i <= before.indexOf(next); i++) await page.keyboard.press("j");
    await page.keyboard.press("2");
    const { file, decisions } = await saved(page);
    const of = (kind: Decided["decision"]) => decisions.filter(({ decision }) => decision === kind);
    expect(of("fix").length).toBeGreaterThan(0);
    expect(of("keep").length).toBeGreaterThan(0);

    const taken = await run("decide", file);
    expect([taken.code, taken.stderr]).toEqual([0, ""]);
    await run("audit", "--plan", join(dir, "decided.json"));
    const plan = JSON.parse(await readFile(join(dir, "decided.json"), "utf8")) as {
      readonly actions: readonly {
        readonly action: string;
        readonly address: string;
        readonly decidedBy?: string;
        readonly user: { readonly id: string } | null;
      }[];
    };
    expect(plan.actions.filter(({ decidedBy }) => decidedBy === undefined)).toEqual([]);
    const people = new Set(of("fix").map(({ user }) => user));
    expect(plan.actions.filter(({ user }) => !people.has(user?.id ?? null))).toEqual([]);

    const [shown, quiet] = [await pictures(), await writes()];
    const applied = JSON.parse((await run("apply", join(dir, "decided.json"), "--format", "json")).stdout) as Report;
    expect(applied.outcomes.map(({ address, kind }) => [address, kind]).sort()).toEqual(
      plan.actions.map(({ address }) => [address, "applied"]).sort(),
    );
    expect((await writes()).length).toBeGreaterThan(quiet.length);
    const changed = [...(await pictures())].filter(([place, sha256]) => shown.get(place) !== sha256);
    const written = plan.actions.filter(({ action }) => /photo|thumbnail/.test(action));
    expect(changed).toHaveLength(written.length);
    for (const [place] of changed.filter(([name]) => name.includes("@")))
      expect(of("fix").map(({ address }) => address.split("/")[1])).toContain(place);

    const after = await findings();
    const still = after.filter(({ drift }) => drift).map(({ address }) => address as string);
    for (const { address } of [...of("fix"), ...of("keep")]) expect(still).not.toContain(address);
    for (const { address } of of("keep"))
      expect(after.find((one) => one.address === address)).toMatchObject({
        rule: "pinned",
        decided: { by: "Hanna HR" },
      });
    const later = await writes();
    await run("apply", "--yes");
    expect((await writes()).slice(later.length)).toEqual([]);
  });

  it("ends where the picture changed in between: the row is refused, and nothing is written", async () => {
    const page = await openReport();
    const card = page
      .locator(".entry", { has: page.locator("button.fix:enabled") })
      .filter({ hasText: "Exchange" })
      .first();
    await card.getByRole("button", { name: "Put right" }).first().click();
    const { file, decisions } = await saved(page);
    const upn = decisions[0]?.address.split("/")[1] ?? "";
    await setSandbox(dir, [
      `user.${upn}.photo.entra=none`,
      `user.${upn}.photo.exchange=none`,
      ...["S", "M", "L"].map((size) => `user.${upn}.photo.${size}=none`),
    ]);
    await run("audit");
    const taken = await run("decide", file);
    expect(taken.code).toBe(3);
    expect(taken.stdout).toMatch(/changed since|does not stand/);
    await run("audit", "--plan", join(dir, "late.json"));
    const plan = JSON.parse(await readFile(join(dir, "late.json"), "utf8")) as {
      readonly actions: readonly { readonly decidedBy?: string }[];
    };
    expect(plan.actions.filter(({ decidedBy }) => decidedBy !== undefined)).toEqual([]);
  });
});
