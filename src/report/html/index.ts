import { createHash } from "node:crypto";
import type { ReportSource } from "../../model/report.js";
import { digest } from "../digest.js";
import { plain } from "../../model/text.js";
import * as words from "../wording.js";
import { SCRIPT, STYLE } from "./assets.js";
import { entryBlocks } from "./entries.js";
import { escapeHtml, html } from "./escape.js";
import { explorer } from "./explorer.js";
import { banner, overview } from "./page.js";

/** Failed and stale outcomes listed on the page. */
const OUTCOMES_SHOWN = 200;

/**
 * The report as one file that needs nothing else: style, script, data and pictures are within it, and its own policy forbids it to load
 * or send anything. Findings stream through; only the pictures of `pictured` entries are asked for.
 */
export async function* renderHtml(source: ReportSource, pictured: number): AsyncIterable<string> {
  yield* head(source);
  const found = digest(source, OUTCOMES_SHOWN);
  yield html`<a class="skip" href="#toolbar">To the findings</a>
    ${banner(source, found)}
    <main>${overview(source, found)} ${explorer()}</main>
    <footer>
      <p>${words.costWords(source.cost)}</p>
      <p class="quiet">
        Nothing on this page was fetched from elsewhere; it can be kept, mailed and opened without a network. It shows
        portraits of people: share it as you would share them.
      </p>
    </footer> `.html;
  yield* entryBlocks(source, pictured);
  yield `<script>${SCRIPT}</script>\n</body>\n</html>\n`;
}

/** Up to the body. Line by line: the policy names the hash of the style, to which no formatter may add a space. */
function* head({ run }: ReportSource): Iterable<string> {
  const title = `photodrift · ${plain(run.tenant)} · ${words.moment(run.finishedAt)}`;
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n';
  yield `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy())}">\n`;
  yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n';
  yield '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n';
  yield '<meta name="color-scheme" content="light dark">\n';
  yield `<title>${escapeHtml(title)}</title>\n<link rel="icon" href="data:,">\n`;
  yield `<style>${STYLE}</style>\n</head>\n<body>\n`;
}

/** Only this style and this script, pictures only from within, no connection, no frame, no form, no way to turn text into script. */
function policy(): string {
  return [
    "default-src 'none'",
    `script-src '${digestOf(SCRIPT)}'`,
    `style-src '${digestOf(STYLE)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

function digestOf(text: string): string {
  return `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
}
