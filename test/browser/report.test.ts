import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.js";
import type { ReportPicture } from "../../src/model/report.js";
import { chromiumPresent, reportPages, type Opened, type ReportPages } from "../support/report-page.js";
import { finding, user, type Given } from "../support/report-source.js";

const anna = user("anna.berg@contoso.com", "Anna Berg");
const juergen = user("juergen@contoso.com", "Jürgen Großmann");
const EVIL = [
  `</script><script>window.hacked=1</script>`,
  `<img src=x onerror="window.hacked=1">`,
  `"><svg onload=window.hacked=1>`,
  `\u202eevil\u2066 </bdi></h3>`,
  `javascript:window.hacked=1`,
  `👩‍💻🇩🇪 ${"Z\u0301".repeat(40)}`,
  `${"W".repeat(5000)}`,
  "",
];

function small(): readonly Finding[] {
  const thumbnails = ["L", "M", "S"].map((size) =>
    finding({
      user: anna,
      address: `sharepoint/${anna.upn}/${size}Thumb`,
      rule: "missing-thumbnail",
      firstSeen: "2026-11-01T00:00:00Z",
      remedy: { kind: "automatic", actions: ["write-thumbnail"] },
    }),
  );
  return [
    finding({ user: anna, attribution: "merged" }),
    ...thumbnails,
    ...EVIL.map((name, i) =>
      finding({ user: user(`evil${i}@contoso.com`, name), summary: name, actual: { [`k${name}`]: name } }),
    ),
    finding({ user: juergen, rule: "wrong-person", severity: "critical" }),
    ...Array.from({ length: 120 }, (_, i) =>
      finding({
        user: user(`note${i}@contoso.com`, `Note ${i}`),
        rule: "user-without-master",
        severity: "info",
        drift: false,
        remedy: { kind: "manual", actions: [], cure: "Add a portrait." },
      }),
    ),
    finding({ user: null, address: "source/broken.jpg", rule: "unreadable-master", drift: false }),
  ];
}

describe.skipIf(!chromiumPresent)("HTML report in Chromium", () => {
  let pages: ReportPages;
  const open = (given: Given, at = ""): Promise<Opened> => pages.open(given, at);
  beforeAll(async () => {
    pages = await reportPages();
  });
  afterAll(() => pages.close());

  async function drawn(found: Finding): Promise<readonly ReportPicture[]> {
    const create = { width: 120, height: 120, channels: 3 as const, background: "#446688" };
    const image = await sharp({ create }).jpeg().toBuffer();
    return [
      { label: "Master", address: "source/a.jpg", image, note: "1200×1200 px" },
      { label: "Exchange + Entra", address: `exchange/${found.user?.upn ?? ""}`, image, note: "240×240 px" },
      { label: "SharePoint M", address: `sharepoint/${found.user?.upn ?? ""}/MThumb`, image: null, note: "absent" },
    ];
  }

  const names = (page: Page): Promise<string[]> => page.locator(".entry h3").allInnerTexts();
  const matches = (page: Page): Promise<string> => page.locator("#matches").innerText();

  it("shows users with master and stores side by side, the most severe first", async () => {
    const { page, trouble } = await open({ findings: small(), pictures: drawn });
    expect((await names(page)).slice(0, 2)).toEqual(["Jürgen Großmann", "Anna Berg"]);
    const card = page.locator(".entry", { hasText: "anna.berg@contoso.com" });
    expect(await card.locator("figcaption b").allInnerTexts()).toEqual(["Master", "Exchange + Entra", "SharePoint M"]);
    const widths = await card
      .locator("img")
      .evaluateAll((images) => images.map((i) => (i as unknown as { naturalWidth: number }).naturalWidth));
    expect(widths).toEqual([120, 120]);
    expect(await card.innerText()).toContain("SharePoint L, M, S");
    expect(trouble).toEqual([]);
  });

  it("searches without regard to case and accents", async () => {
    const { page, trouble } = await open({ findings: small() });
    await page.fill("#q", "jurgen GROSS");
    expect(await names(page)).toEqual(["Jürgen Großmann"]);
    await page.fill("#q", juergen.id);
    expect(await names(page)).toEqual(["Jürgen Großmann"]);
    await page.fill("#q", "broken");
    expect(await names(page)).toEqual(["broken.jpg"]);
    await page.fill("#q", "no such user at all");
    expect(await page.locator("#entries").innerText()).toContain("Nothing matches");
    await page.press("#q", "Escape");
    expect(await matches(page)).toBe("130 users and 1 file");
    expect(trouble).toEqual([]);
  });

  it.each([
    ["Søren Ørsted", "soren orsted"],
    ["Łukasz Wiśniewski", "LUKASZ wisn"],
    ["Hans GROẞ", "hans gross"],
    ["Þóra Æsisdóttir", "thora aesis"],
    ["Đặng Thị", "dang thi"],
    ["Çağla Yıldız", "cagla yildiz"],
    ["ΝΊΚΟΣ", "νικος"],
    ["Zero\u200bWidth", "zerowidth"],
  ])("finds %j by %j, as people without these letters type it", async (name, typed) => {
    const { page, trouble } = await open({ findings: [...small(), finding({ user: user("x1@contoso.com", name) })] });
    await page.fill("#q", typed);
    expect(await page.locator(".entry .upn").allInnerTexts()).toEqual(["x1@contoso.com"]);
    expect(trouble).toEqual([]);
  });

  it("says of each finding whether it is new or since when it stands, also of thumbnails with the same finding", async () => {
    const thumbnail = (size: string, firstSeen?: string) =>
      finding({
        user: anna,
        address: `sharepoint/${anna.upn}/${size}Thumb`,
        rule: "missing-thumbnail",
        ...(firstSeen === undefined ? {} : { firstSeen }),
      });
    const old = { user: juergen, firstSeen: "2026-11-20T08:00:00.000Z" };
    const findings = [
      thumbnail("L", "2026-11-02T00:00:00.000Z"),
      thumbnail("M"),
      thumbnail("S", "2026-11-01T00:00:00.000Z"),
      finding({ user: user("new@contoso.com", "New") }),
      finding(old),
    ];
    const { page, trouble } = await open({ findings });
    const told = async (who: string): Promise<readonly string[]> => {
      const items = page.locator(".entry", { hasText: who }).locator(".findings li .what");
      return (await items.allInnerTexts()).map((text) => text.replace(/\s+/gu, " "));
    };
    expect(await told(anna.upn)).toEqual([
      expect.stringMatching(/SharePoint L, S since 2026-11-01 00:00 UTC$/u),
      expect.stringMatching(/SharePoint M new$/u),
    ]);
    expect(await told("new@contoso.com")).toEqual([expect.stringMatching(/ new$/u)]);
    expect(await told(juergen.upn)).toEqual([expect.stringMatching(/ since 2026-11-20 08:00 UTC$/u)]);
    await page.selectOption("#show", "new");
    expect((await names(page)).toSorted()).toEqual(["Anna Berg", "New"]);
    await page.selectOption("#show", "old");
    expect((await names(page)).toSorted()).toEqual(["Anna Berg", "Jürgen Großmann"]);
    expect(trouble).toEqual([]);
  });

  it("filters by severity, store, rule and novelty, all at once and within one finding", async () => {
    const { page, trouble } = await open({ findings: small() });
    await page.click('[data-severity="critical"]');
    expect(await names(page)).toEqual(["Jürgen Großmann"]);
    await page.click('[data-store="sharepoint"]');
    expect(await names(page)).toEqual([]);
    await page.click('[data-severity="critical"]');
    expect(await names(page)).toEqual(["Anna Berg"]);
    await page.selectOption("#show", "new");
    expect(await names(page)).toEqual([]);
    await page.click("#reset");
    await page.selectOption("#rule", "missing-thumbnail");
    expect(await names(page)).toEqual(["Anna Berg"]);
    await page.click('[data-rule="unreadable-master"]');
    expect(await names(page)).toEqual(["broken.jpg"]);
    expect(await page.getAttribute('[data-rule="unreadable-master"]', "aria-pressed")).toBe("true");
    expect(trouble).toEqual([]);
  });

  it("pages, sorts, and works from the keyboard", async () => {
    const { page, trouble } = await open({ findings: small() });
    expect(await page.locator(".entry").count()).toBe(50);
    await page.keyboard.press("n");
    await page.keyboard.press("n");
    expect(await page.locator("nav.pager span").first().innerText()).toBe("page 3 of 3");
    expect(await page.locator(".entry").count()).toBe(31);
    await page.keyboard.press("/");
    await page.keyboard.type("note 1");
    await page.selectOption("#sort", "name");
    expect((await names(page)).slice(0, 3)).toEqual(["Note 1", "Note 10", "Note 11"]);
    await page.keyboard.press("Enter");
    await page.keyboard.press("j");
    expect(await page.evaluate(`document.activeElement.querySelector("h3").textContent`)).toBe("Note 10");
    expect(trouble).toEqual([]);
  });

  it("keeps the filters in the address, and takes nothing bad from it", async () => {
    const { page } = await open({ findings: small() }, "#q=anna&severity=error&show=drift");
    expect(await names(page)).toEqual(["Anna Berg"]);
    expect(await page.inputValue("#q")).toBe("anna");
    await page.selectOption("#sort", "name");
    expect(page.url()).toContain("sort=name");
    const { page: other, trouble } = await open(
      { findings: small() },
      `#q=${encodeURIComponent(EVIL[0] ?? "")}&sort=__proto__&page=-9&rule=x`,
    );
    expect(await other.locator("#entries").innerText()).toContain("Evidence");
    expect(trouble).toEqual([]);
  });

  it("shows hostile names as text and runs nothing", async () => {
    const { page, trouble } = await open({ findings: small(), run: { tenant: EVIL[0] ?? "" }, pictures: drawn });
    await page.fill("#q", "evil");
    const shown = await names(page);
    expect(shown).toContain(EVIL[0]);
    expect(shown).toContain(EVIL[1]);
    expect(await page.evaluate(`"hacked" in window`)).toBe(false);
    expect(await page.locator("#entries script, #entries svg").count()).toBe(0);
    expect(await page.evaluate(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true);
    expect(trouble).toEqual([]);
  });

  it("forbids by its policy what a hole would need", async () => {
    const { page } = await open({ findings: small() });
    const blocked = await page.evaluate(`(async () => {
      const fetched = await fetch("https://example.invalid/").then(() => "fetched", () => "blocked");
      try {
        const script = document.createElement("script");
        script.textContent = "window.hacked = 1";
        document.body.append(script);
      } catch {
        // Trusted types forbid it already.
      }
      return [fetched, "hacked" in window];
    })()`);
    expect(blocked).toEqual(["blocked", false]);
  });

  it("fits a phone and can be printed", async () => {
    const { page } = await open({ findings: small(), pictures: drawn });
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#toolbar").isVisible()).toBe(false);
    expect(await page.locator(".entry").first().isVisible()).toBe(true);
  });

  it("is printed in light colours, whatever theme the system has or the reader chose", async () => {
    const { page } = await open({ findings: small(), pictures: drawn });
    const ground = () =>
      page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue("--ground").trim()`);
    const light = await ground();
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await ground()).toBe(light);
    await page.emulateMedia({ media: "screen", colorScheme: "light" });
    await page.locator("#theme").click();
    expect(await ground()).not.toBe(light);
    await page.emulateMedia({ media: "print" });
    expect(await ground()).toBe(light);
  });

  it("answers what to do now, with the run's own paths to copy", async () => {
    const places = { config: "/srv/photo drift/photodrift.yaml", plan: "/srv/plan.json" };
    const remedy = { kind: "manual", actions: [], cure: "Name the right file." } as const;
    const two = finding({ user: null, address: "source/two.jpg", rule: "ambiguous-master", drift: false, remedy });
    const { page, trouble } = await open({ findings: [...small(), two], places, tenantName: "contoso" });
    const now = page.locator(".now");
    expect(await now.innerText()).toContain("photodrift can put right");
    const commands = await now.locator("code").allInnerTexts();
    expect(commands[0]).toBe('photodrift apply /srv/plan.json --config "/srv/photo drift/photodrift.yaml"');
    await now.getByRole("button", { name: "show them here" }).click();
    expect(await names(page)).toEqual(["Jürgen Großmann"]);
    await page.selectOption("#show", "");
    await now.getByRole("button", { name: "a portrait that could be several people's" }).click();
    expect(await names(page)).toEqual(["two.jpg"]);
    expect(trouble).toEqual([]);
  });

  it.each([1280, 390, 320])("names the tenant beside its id, nothing over it, at %i pixels", async (width) => {
    const run = { tenant: "191815e2-37f6-4bc6-8354-ce15c815efd8" };
    const { page } = await open({ findings: small(), run, tenantName: "contoso" });
    await page.setViewportSize({ width, height: 800 });
    expect(await page.locator(".tenant").innerText()).toMatch(/^contoso\s+191815e2-37f6-4bc6-8354-ce15c815efd8$/);
    const [tenant, theme] = await Promise.all([
      page.locator(".tenant").boundingBox(),
      page.locator("#theme").boundingBox(),
    ]);
    expect((tenant?.x ?? 0) + (tenant?.width ?? 0)).toBeLessThanOrEqual(theme?.x ?? 0);
    expect(await page.evaluate(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true);
  });

  it("has one row a rule, whatever the severities", async () => {
    const rule = "license-without-mailbox" as const;
    const { page } = await open({
      findings: [
        finding({ user: anna, rule, severity: "warning" }),
        finding({ user: juergen, rule, severity: "info", drift: false }),
      ],
    });
    expect(await page.locator(".rules li").count()).toBe(1);
    expect(await page.locator(".rules .n").innerText()).toBe("2");
  });

  it("is calm when nothing was found", async () => {
    const { page, trouble } = await open({
      run: { verdict: "in-sync" },
      summary: { usersInSync: 58, usersWithDrift: 0 },
    });
    expect(await page.locator("h1").innerText()).toContain("58 users in scope are as wanted");
    expect(await page.locator("#toolbar").isVisible()).toBe(false);
    expect(trouble).toEqual([]);
  });

  it("opens, searches and filters with 100,000 users", async () => {
    function* crowd(): Iterable<Finding> {
      for (let i = 0; i < 100_000; i++) {
        const person = user(`user${String(i).padStart(6, "0")}@contoso.com`, `Person Nummer ${i}`);
        yield i % 2 === 0
          ? finding({ user: person, severity: i === 99_998 ? "critical" : "error" })
          : finding({
              user: person,
              rule: "user-without-master",
              severity: "info",
              drift: false,
              expected: {},
              actual: {},
            });
      }
    }
    const { page, trouble } = await open({ findings: crowd });
    expect(await matches(page)).toBe("100\u202f000 users");
    expect((await names(page))[0]).toBe("Person Nummer 99998");
    expect(await page.locator(".entry").count()).toBe(50);
    await page.fill("#q", "nummer 77777");
    await expect.poll(() => matches(page)).toMatch(/^1 user of/);
    expect(await names(page)).toEqual(["Person Nummer 77777"]);
    await page.fill("#q", "");
    await page.selectOption("#rule", "user-without-master");
    await expect.poll(() => matches(page)).toMatch(/^50\u202f000 users of/);
    expect(trouble).toEqual([]);
  });
});
