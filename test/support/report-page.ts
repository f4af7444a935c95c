import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
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
  close(): Promise<void>;
}

/** A Chromium that opens reports from files and watches for requests, errors, console output and dialogs. */
export async function reportPages(): Promise<ReportPages> {
  const dir = await mkdtemp(join(tmpdir(), "photodrift-report-"));
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS.split(" ") });

  async function openFile(file: string, at = ""): Promise<Opened> {
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
    await page.waitForSelector("html.ready");
    return { page, trouble };
  }

  return {
    openFile,
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
