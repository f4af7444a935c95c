import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { renderReport, writeReport } from "../../src/report/index.js";
import { sourceOf, type Given } from "./report-source.js";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const ARGUMENTS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

export const chromiumPresent = existsSync(CHROMIUM);
if (!chromiumPresent)
  console.warn(`The HTML report is not tested: no Chromium at ${CHROMIUM}. Install one, or name it in CHROMIUM.`);

/** A page and everything suspicious that happened in it. */
export interface Opened {
  readonly page: Page;
  readonly trouble: readonly string[];
}

export interface ReportPages {
  open(given: Given, at?: string): Promise<Opened>;
  /** Opens a file that is there already, e.g. a report that the program wrote. */
  openFile(file: string, at?: string): Promise<Opened>;
  /** Opens a page that has no program of its own. */
  openPlain(html: string): Promise<Opened>;
  close(): Promise<void>;
}

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Rules of accessibility that the page breaks, each with the elements that break it. */
export async function accessibilityFaults(page: Page): Promise<readonly (readonly string[])[]> {
  // Injected as the developer tools would: the page's own policy forbids scripts that it does not name.
  const source = await readFile(AXE, "utf8");
  const { violations } = await page.evaluate<{
    violations: readonly { id: string; nodes: readonly { html: string }[] }[];
  }>(`(() => { ${source}; return axe.run(document, { resultTypes: ["violations"] }); })()`);
  return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
}

/** A Chromium that opens reports from files and watches for requests, errors, console output and dialogs. */
export async function reportPages(): Promise<ReportPages> {
  const dir = await mkdtemp(join(tmpdir(), "photodrift-report-"));
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS.split(" ") });

  async function openFile(file: string, at = "", ready = "html.ready"): Promise<Opened> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on("request", (request) => {
      if (!/^(file:.*\.html|data:|blob:)/.test(request.url())) trouble.push(`request to ${request.url().slice(0, 99)}`);
    });
    page.on("pageerror", (error) => trouble.push(`error ${error.message}`));
    page.on("console", (message) => trouble.push(`console ${message.text()}`));
    page.on("dialog", (dialog) => {
      trouble.push("dialog");
      void dialog.dismiss();
    });
    await page.goto(pathToFileURL(file).href + at);
    await page.waitForSelector(ready);
    return { page, trouble };
  }

  return {
    openFile: (file, at) => openFile(file, at),
    async openPlain(html) {
      const file = join(dir, "plain.html");
      await writeFile(file, html);
      return openFile(file, "", "main");
    },
    async open(given, at = "") {
      const file = join(dir, "report.html");
      await writeReport(renderReport(sourceOf(given), "html", { color: false, width: 100, pictures: true }), file);
      return openFile(file, at);
    },
    async close() {
      await browser.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
