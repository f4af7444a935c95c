import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.js";
import type { ReportPicture } from "../../src/model/report.js";
import { parseDecisionFile } from "../../src/plan/decision-file.js";
import { accessibilityFaults, chromiumPresent, reportPages, type ReportPages } from "../support/report-page.js";
import { finding, RUN, user } from "../support/report-source.js";

const anna = user("anna.berg@contoso.com", "Anna Berg");
const ben = user("ben@contoso.com", "Ben Adler");
const carla = user("carla@contoso.com", "Carla Diaz");

/** What a person has to decide: a wrong person, three thumbnails of another crop, a photo that was taken away, and a file of nobody. */
function asked(): readonly Finding[] {
  const named = { kind: "when-named", actions: ["upload-photo"] } as const;
  const expected = { master: "a.jpg", sha256: "a".repeat(64) };
  return [
    finding({
      user: anna,
      rule: "wrong-person",
      severity: "critical",
      expected,
      actual: { sha256: "1".repeat(64), etag: "e1" },
      remedy: named,
    }),
    ...(["L", "M", "S"] as const).map((size, i) =>
      finding({
        user: ben,
        address: `sharepoint/${ben.upn}/${size}Thumb`,
        rule: "reframed-photo",
        severity: "warning",
        drift: false,
        expected,
        actual: { sha256: String(i).repeat(64), etag: `s${i}` },
        remedy: { kind: "when-named", actions: ["write-thumbnail"] },
      }),
    ),
    finding({
      user: carla,
      rule: "wrong-dimensions",
      severity: "warning",
      expected: { master: null },
      actual: { etag: "only-an-etag" },
      remedy: { kind: "manual", actions: [], cure: "Add a master." },
    }),
    finding({
      user: null,
      address: "sharepoint/old_user_contoso_com/SThumb",
      rule: "orphan-thumbnail",
      severity: "warning",
      expected: {},
      actual: { etag: "o1" },
      remedy: { kind: "when-named", actions: ["delete-thumbnail"] },
    }),
    finding({ user: user("zoe@contoso.com", "Zoe"), rule: "missing-photo" }),
  ];
}

async function drawn(found: Finding): Promise<readonly ReportPicture[]> {
  const create = { width: 120, height: 120, channels: 3 as const, background: "#446688" };
  const image = await sharp({ create }).jpeg().toBuffer();
  return [
    { label: "Master", address: "source/a.jpg", image, note: "1200×1200 px" },
    { label: "Stored", address: found.address, image, note: "240×240 px" },
  ];
}

const progress = (page: Page): Promise<string> => page.locator("#decided").innerText();

async function saved(page: Page, by = "Hanna HR") {
  await page.fill("#by", by);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
  const text = await readFile(await download.path(), "utf8");
  return { name: download.suggestedFilename(), text, file: parseDecisionFile("saved", text) };
}

describe.skipIf(!chromiumPresent)("decisions in the HTML report", () => {
  let pages: ReportPages;
  beforeAll(async () => {
    pages = await reportPages();
  });
  afterAll(() => pages.close());

  it("are made by mouse, counted, and saved as the file that decide reads", async () => {
    const { page, trouble } = await pages.open({ findings: asked(), pictures: drawn });
    expect(await progress(page)).toBe("0 of 6 decided");
    await page.locator(".entry", { hasText: "Anna Berg" }).getByRole("button", { name: "Put right" }).click();
    await page.locator(".entry", { hasText: "Ben Adler" }).getByRole("button", { name: "Keep what is there" }).click();
    expect(await progress(page)).toBe("4 of 6 decided");
    const { name, file } = await saved(page);
    expect(name).toBe(`decisions-${RUN.id}.json`);
    expect(file).toMatchObject({ tenant: RUN.tenant, runId: RUN.id });
    const [first] = asked();
    expect(file.rows.map(({ row }) => row)).toMatchObject([
      {
        findingId: first?.id,
        address: `exchange/${anna.upn}`,
        user: anna.id,
        rule: "wrong-person",
        decision: "fix",
        seen: "1".repeat(64),
        master: "a".repeat(64),
        by: "Hanna HR",
      },
      ...["L", "M", "S"].map((size) => ({ address: `sharepoint/${ben.upn}/${size}Thumb`, decision: "keep" })),
    ]);
    expect(await page.locator("#commands").innerText()).toContain(`photodrift decide ${name}`);
    expect(trouble).toEqual([]);
  });

  it("are made by keyboard alone, and taken back", async () => {
    const { page, trouble } = await pages.open({ findings: asked(), pictures: drawn });
    await page.keyboard.press("j");
    await page.keyboard.press("1");
    expect(await progress(page)).toBe("1 of 6 decided");
    await page.keyboard.press("3");
    expect(await progress(page)).toBe("1 of 6 decided");
    // Zoe has nothing to decide: the keys do nothing there.
    await page.keyboard.press("j");
    await page.keyboard.press("2");
    await page.keyboard.press("j");
    await page.keyboard.press("2");
    expect(await progress(page)).toBe("2 of 6 decided");
    await page.keyboard.press("u");
    await page.keyboard.press("u");
    expect((await saved(page)).file.rows.map(({ row }) => row?.decision)).toEqual(["fix"]);
    await page.locator("#by").blur();
    await page.keyboard.press("?");
    expect(await page.locator("#help").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    expect(trouble).toEqual([]);
  });

  it("say what photodrift cannot put right, and name a picture by its etag where it has no hash", async () => {
    const { page } = await pages.open({ findings: asked() });
    const card = page.locator(".entry", { hasText: "Carla" });
    expect(await card.getByRole("button", { name: "Put right" }).isDisabled()).toBe(true);
    await card.getByRole("button", { name: "Leave it" }).click();
    const [only] = (await saved(page)).file.rows;
    expect(only?.row).toMatchObject({ seen: "only-an-etag", master: null, decision: "leave" });
  });

  it("come in bulk for a list, and open ones can be shown alone", async () => {
    const { page, trouble } = await pages.open({ findings: asked() });
    await page.selectOption("#rule", "reframed-photo");
    await page.selectOption("#bulk", "keep");
    expect(await progress(page)).toBe("3 of 6 decided");
    expect(await page.locator("#said").innerText()).toBe(
      "3 findings of this list: keep what is there. Undo takes this back.",
    );
    await page.selectOption("#rule", "");
    await page.selectOption("#show", "open");
    expect(await page.locator(".entry h3").allInnerTexts()).toEqual([
      "Anna Berg",
      "Carla Diaz",
      "sharepoint/old_user_contoso_com",
    ]);
    await page.locator(".entry", { hasText: "Anna Berg" }).getByRole("button", { name: "Leave it" }).click();
    expect(await page.locator(".entry").count()).toBe(2);
    expect(trouble).toEqual([]);
  });

  it("in bulk touch nothing but the open findings that the list is filtered to", async () => {
    const at = `sharepoint/${ben.upn}/LThumb`;
    const remedy = { kind: "when-named", actions: ["write-thumbnail"] } as const;
    const other = finding({
      user: ben,
      address: `exchange/${ben.upn}`,
      rule: "wrong-person",
      severity: "critical",
      remedy,
    });
    const decided = { kind: "leave", by: "Ivo", at: "2026-11-22T08:00:00.000Z" } as const;
    const before = finding({
      user: ben,
      address: `sharepoint/${ben.upn}/MThumb`,
      rule: "reframed-photo",
      decided,
      remedy,
    });
    const open = finding({ user: ben, address: at, rule: "reframed-photo", remedy });
    const { page } = await pages.open({ findings: [other, open, before] });
    await page.selectOption("#rule", "reframed-photo");
    await page.selectOption("#bulk", "keep");
    expect((await saved(page)).file.rows.map(({ row }) => row?.address)).toEqual([at]);
  });

  it("are taken up again from the saved file, in a page of the same run and tenant only", async () => {
    const { page } = await pages.open({ findings: asked() });
    await page.locator(".entry", { hasText: "Anna Berg" }).getByRole("button", { name: "Put right" }).click();
    const { text } = await saved(page);
    const buffer = Buffer.from(text);
    const { page: later, trouble } = await pages.open({ findings: asked() });
    await later.setInputFiles("#restore", { name: "decisions.json", mimeType: "application/json", buffer });
    await expect.poll(() => progress(later)).toBe("1 of 6 decided");
    const { page: other } = await pages.open({ findings: asked(), run: { tenant: "fabrikam.com" } });
    await other.setInputFiles("#restore", { name: "decisions.json", mimeType: "application/json", buffer });
    await expect.poll(() => other.locator("#said").innerText()).toContain("another tenant");
    // Of another run nothing is taken up: the same finding may be about another picture by now.
    const { page: next } = await pages.open({ findings: asked(), run: { id: "20261124T114900Z-5b3c" } });
    await next.setInputFiles("#restore", { name: "decisions.json", mimeType: "application/json", buffer });
    await expect.poll(() => next.locator("#said").innerText()).toContain("another run");
    expect(await progress(next)).toBe("0 of 6 decided");
    expect(trouble).toEqual([]);
  });

  it("are taken up for the picture and the master that were looked at, and no other", async () => {
    const { page } = await pages.open({ findings: asked() });
    await page.locator(".entry", { hasText: "Anna Berg" }).getByRole("button", { name: "Put right" }).click();
    await page.locator(".entry", { hasText: "Ben Adler" }).getByRole("button", { name: "Keep what is there" }).click();
    const { text } = await saved(page);
    const file = JSON.parse(text) as { decisions: Record<string, unknown>[] };
    const [first, second, third, fourth] = file.decisions;
    const changed = [{ ...first, seen: "f".repeat(64) }, { ...second, master: null }, { ...third, at: 5 }, fourth];
    const buffer = Buffer.from(JSON.stringify({ ...file, decisions: changed }));
    const { page: later, trouble } = await pages.open({ findings: asked() });
    await later.setInputFiles("#restore", { name: "decisions.json", mimeType: "application/json", buffer });
    await expect.poll(() => progress(later)).toBe("1 of 6 decided");
    expect(await later.locator("#said").innerText()).toBe("3 decisions of the file are not in this report.");
    expect((await saved(later)).file.rows.map(({ row }) => row?.address)).toEqual([fourth?.["address"]]);
    expect(trouble).toEqual([]);
  });

  it("stay their own decider's when somebody else goes on with the file", async () => {
    const { page } = await pages.open({ findings: asked() });
    await page.locator(".entry", { hasText: "Anna Berg" }).getByRole("button", { name: "Put right" }).click();
    await page.locator(".entry", { hasText: "Carla" }).getByRole("button", { name: "Leave it" }).click();
    const buffer = Buffer.from((await saved(page, "Hanna HR")).text);
    const { page: later } = await pages.open({ findings: asked() });
    await later.setInputFiles("#restore", { name: "decisions.json", mimeType: "application/json", buffer });
    await expect.poll(() => progress(later)).toBe("2 of 6 decided");
    await later.locator(".entry", { hasText: "Carla" }).getByRole("button", { name: "Keep what is there" }).click();
    await later.locator(".entry", { hasText: "Ben Adler" }).getByRole("button", { name: "Leave it" }).click();
    const { file } = await saved(later, "Ole Ops");
    const deciders = new Map(file.rows.map(({ row }) => [row?.rule, `${row?.decision ?? ""} ${row?.by ?? ""}`]));
    expect(Object.fromEntries(deciders)).toEqual({
      "wrong-person": "fix Hanna HR",
      "wrong-dimensions": "keep Ole Ops",
      "reframed-photo": "leave Ole Ops",
    });
  });

  it("ask for a name before they are saved", async () => {
    const { page } = await pages.open({ findings: asked() });
    await page.locator(".entry", { hasText: "Anna Berg" }).getByRole("button", { name: "Put right" }).click();
    await page.click("#save");
    expect(await page.locator("#said").innerText()).toContain("Say who decides");
  });

  it("show what was decided before, and do not count it as open", async () => {
    const [first, ...rest] = asked();
    const decided = { kind: "leave", by: "Hanna HR", at: "2026-11-22T08:00:00.000Z" } as const;
    const { page } = await pages.open({
      findings: [...(first === undefined ? [] : [{ ...first, decided }]), ...rest],
      pictures: drawn,
    });
    expect(await progress(page)).toBe("0 of 5 decided");
    expect(await page.locator(".entry", { hasText: "Anna Berg" }).innerText()).toContain(
      "decided by Hanna HR on 2026-11-22: leave it",
    );
    // Decided anew it is saved, but what is open stays open.
    await page.locator(".entry", { hasText: "Anna Berg" }).getByRole("button", { name: "Put right" }).click();
    expect(await progress(page)).toBe("0 of 5 decided, 1 decided anew");
    expect((await saved(page)).file.rows.map(({ row }) => row?.decision)).toEqual(["fix"]);
  });

  it("of one thumbnail are not told of the others that stand open", async () => {
    const decided = { kind: "leave", by: "Hanna HR", at: "2026-11-22T08:00:00.000Z" } as const;
    const findings = asked().map((one) => (one.address.endsWith("/LThumb") ? { ...one, decided } : one));
    const { page } = await pages.open({ findings, pictures: drawn });
    const card = page.locator(".entry", { hasText: "Ben Adler" });
    expect(await card.locator(".decide").allInnerTexts()).toEqual([
      expect.stringContaining("decided by Hanna HR"),
      expect.not.stringContaining("decided by"),
    ]);
    await card.getByRole("button", { name: "Keep what is there" }).last().click();
    expect(await progress(page)).toBe("2 of 5 decided");
    expect((await saved(page)).file.rows.map(({ row }) => row?.address)).toEqual(
      ["M", "S"].map((size) => `sharepoint/${ben.upn}/${size}Thumb`),
    );
  });

  it("are helped by larger pictures, master over stored, and the difference in words", async () => {
    const { page, trouble } = await pages.open({ findings: asked(), pictures: drawn });
    await page.locator(".entry", { hasText: "Anna Berg" }).getByRole("button", { name: "Stored" }).click();
    expect(await page.locator("#larger").isVisible()).toBe(true);
    expect(await page.locator("#differs").innerText()).toContain("shows another picture than the master");
    const clip = () => page.locator("#over").evaluate((image: { style: { clipPath: string } }) => image.style.clipPath);
    await page.locator("#slide").fill("0");
    expect(await clip()).toContain("100%");
    await page.keyboard.press("ArrowRight");
    expect(await clip()).toContain("99%");
    await page.keyboard.press("b");
    await expect.poll(clip).toMatch(/inset\(0(?:px)? 0%/);
    await page.keyboard.press("b");
    await page.keyboard.press("Escape");
    expect(await page.locator("#larger").isVisible()).toBe(false);
    expect(trouble).toEqual([]);
  });

  it("are made in the larger view without a mouse, from one person to the next", async () => {
    const { page, trouble } = await pages.open({ findings: asked(), pictures: drawn }, "#show=open");
    await page.keyboard.press("j");
    await page.keyboard.press("o");
    const name = () => page.locator("#h-larger").innerText();
    expect(await name()).toBe("Anna Berg");
    await page.keyboard.press("1");
    expect(await page.locator("#choices [aria-pressed=true]").innerText()).toContain("Put right");
    await page.keyboard.press("j");
    expect(await name()).toBe("Carla Diaz");
    await page.keyboard.press("2");
    await page.keyboard.press("k");
    expect(await name()).toBe("Anna Berg");
    await page.keyboard.press("3");
    await page.keyboard.press("u");
    await page.keyboard.press("Escape");
    expect(await progress(page)).toBe("2 of 6 decided");
    expect((await saved(page)).file.rows.map(({ row }) => row?.decision).sort()).toEqual(["fix", "keep"]);
    expect(trouble).toEqual([]);
  });

  it("show thumbnails at their true size, beside the master in as many pixels", async () => {
    const pictures = async (found: Finding) => {
      const [master, ...stored] = await drawn(found);
      return [...(master === undefined ? [] : [master]), ...stored.map((one) => ({ ...one, side: 48 }))];
    };
    const { page } = await pages.open({ findings: asked(), pictures });
    await page.locator(".entry", { hasText: "Anna Berg" }).getByRole("button", { name: "Stored" }).click();
    const sizes = await page
      .locator("#truly img")
      .evaluateAll((images) => images.map((image) => (image as unknown as { clientWidth: number }).clientWidth));
    expect(sizes).toEqual([48, 48]);
  });

  it("say to a screen reader what changed", async () => {
    const { page } = await pages.open({ findings: asked(), pictures: drawn });
    const status = page.getByRole("status").filter({ hasText: "decided" });
    expect(await status.innerText()).toBe("0 of 6 decided");
    const group = page.getByRole("group", { name: "Decide: wrong-person, Exchange" });
    await group.getByRole("button", { name: "Keep what is there" }).click();
    expect(await status.innerText()).toBe("1 of 6 decided");
    expect(await group.getByRole("button", { pressed: true }).innerText()).toContain("Keep what is there");
    expect(await page.getByRole("progressbar").getAttribute("aria-labelledby")).toBe("decided");
  });

  it("are printed as a sheet to sign", async () => {
    const { page } = await pages.open({ findings: asked(), pictures: drawn }, "#show=open");
    await page.locator(".entry", { hasText: "Anna Berg" }).getByRole("button", { name: "Leave it" }).click();
    await page.selectOption("#show", "");
    await page.emulateMedia({ media: "print" });
    await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
    const boxes = await page
      .locator(".entry", { hasText: "Anna Berg" })
      .locator(".choice")
      .evaluateAll((all) => {
        const page = globalThis as unknown as { getComputedStyle(one: unknown, part: string): { content: string } };
        return all.map((one) => page.getComputedStyle(one, "::before").content);
      });
    expect(boxes).toEqual(['"☐ "', '"☐ "', '"☒ "']);
    expect(await page.locator(".sign").isVisible()).toBe(true);
    expect(await page.locator(".sign").innerText()).toMatch(/Decided by[\s\S]*Date[\s\S]*Signature/);
    await page.emulateMedia({ media: "screen" });
    expect(await page.locator(".sign").isVisible()).toBe(false);
  });

  it.each(["light", "dark"] as const)(
    "break no rule of accessibility in the larger view, on a phone too: %s",
    async (look) => {
      const { page } = await pages.open({ findings: asked(), pictures: drawn }, "#show=open");
      await page.emulateMedia({ colorScheme: look });
      await page.keyboard.press("j");
      await page.keyboard.press("o");
      await page.keyboard.press("2");
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true);
    },
  );

  it.each(["light", "dark", "print"] as const)("break no rule of accessibility: %s", async (look) => {
    const { page } = await pages.open({ findings: asked(), pictures: drawn });
    if (look === "print") await page.emulateMedia({ media: "print" });
    else await page.emulateMedia({ colorScheme: look });
    await page.locator(".entry", { hasText: "Anna Berg" }).getByRole("button", { name: "Put right" }).click();
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
