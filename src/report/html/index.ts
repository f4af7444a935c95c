import type { ReportSource } from "../../model/report.js";
import { digest } from "../counted.js";
import { plain } from "../../model/text.js";
import * as words from "../wording.js";
import { SCRIPT, STYLE } from "./assets.js";
import { documentHead } from "./document.js";
import { entryBlocks } from "./entries.js";
import { html } from "./escape.js";
import { explorer } from "./explorer.js";
import { banner, overview } from "./page.js";

/** Failed and stale outcomes listed on the page. */
const OUTCOMES_SHOWN = 200;

/**
 * The report as one file that needs nothing else: style, script, data and pictures are within it, and its own policy forbids it to load
 * or send anything. Findings stream through; only the pictures of `pictured` entries are asked for.
 */
export async function* renderHtml(source: ReportSource, pictured: number): AsyncIterable<string> {
  const { tenant, finishedAt } = source.run;
  yield* documentHead(`photodrift · ${plain(tenant)} · ${words.moment(finishedAt)}`, STYLE, SCRIPT);
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
