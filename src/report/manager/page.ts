import { createHash } from "node:crypto";
import type { ReportSource } from "../../model/report.js";
import { plain } from "../../model/text.js";
import { MANAGER_STYLE } from "../html/assets.js";
import { escapeHtml, html, type Html } from "../html/escape.js";
import * as words from "../wording.js";
import { trendBars } from "./bars.js";
import { managerFigures, type ManagerFigures } from "./figures.js";
import {
  ASSUMPTIONS,
  changeLine,
  changeSentence,
  costRows,
  costSentence,
  percent,
  rightSentence,
  share,
  title,
  UNIT_WORDS,
  worstCells,
} from "./words.js";

/** One printed page without a name on it: how many faces are right, what changed, the ten worst faults, what it costs to fix, the trend. */
export function* managerPage(source: ReportSource): Iterable<string> {
  const figures = managerFigures(source);
  yield* head(source);
  yield html`<main>
    ${masthead(source)} ${hero(figures)}
    <div class="two">${changed(figures)} ${costs(figures)}</div>
    ${worst(figures)} ${trend(figures)} ${footnote(source)}
  </main>`.html;
  yield "\n</body>\n</html>\n";
}

function* head(source: ReportSource): Iterable<string> {
  const digest = createHash("sha256").update(MANAGER_STYLE, "utf8").digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'`;
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n';
  yield `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">\n`;
  yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n';
  yield `<title>${escapeHtml(`${title(source)} · ${words.moment(source.run.finishedAt)}`)}</title>\n<link rel="icon" href="data:,">\n`;
  yield `<style>${MANAGER_STYLE}</style>\n</head>\n<body>\n`;
}

function masthead({ run, tenantName, ...source }: ReportSource): Html {
  return html`<header>
    <h1>${title({ run, tenantName, ...source })}</h1>
    <p>
      ${plain(words.moment(run.finishedAt))}
      ${tenantName === null ? html`` : html`<span class="id"><bdi>${plain(run.tenant)}</bdi></span>`}
    </p>
  </header>`;
}

function hero(figures: ManagerFigures): Html {
  const right = share(figures.right, figures.scope);
  const width = Math.round(right * 1000) / 10;
  return html`<section class="hero" aria-labelledby="h-right">
    <p class="number">${percent(right)}</p>
    <div>
      <h2 id="h-right">${rightSentence(figures)}</h2>
      <svg viewBox="0 0 100 5" preserveAspectRatio="none" aria-hidden="true">
        <rect class="all" width="100" height="5" />
        <rect class="right" width="${width}" height="5" />
      </svg>
    </div>
  </section>`;
}

function changed(figures: ManagerFigures): Html {
  const rows = (figures.change?.rules ?? []).map((change) => {
    const [what, numbers, judged] = changeLine(change);
    return html`<tr>
      <th scope="row">${what}</th>
      <td class="n">${numbers}</td>
      <td class="judged">${judged}</td>
    </tr>`;
  });
  return html`<section aria-labelledby="h-changed">
    <h2 id="h-changed">What changed</h2>
    <p>${changeSentence(figures)}</p>
    ${
      rows.length === 0
        ? html``
        : html`<table>
            ${rows}
          </table>`
    }
  </section>`;
}

function costs(figures: ManagerFigures): Html {
  return html`<section aria-labelledby="h-cost">
    <h2 id="h-cost">What it costs to fix</h2>
    <p>${costSentence(figures)}</p>
    <table>
      ${costRows(figures).map(
        ([who, how, time]) =>
          html`<tr>
            <th scope="row">${who}<br /><small>${how}</small></th>
            <td class="n">${time}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

function worst({ worst: rows }: ManagerFigures): Html {
  if (rows.length === 0) return html``;
  const several = rows.length === 1 ? "The worst" : `The ${rows.length === 10 ? "ten" : rows.length} worst`;
  return html`<section aria-labelledby="h-worst">
    <h2 id="h-worst">${several}</h2>
    <table class="worst">
      <thead>
        <tr>
          <td></td>
          <th scope="col">What is wrong</th>
          <th scope="col">How many</th>
          <th scope="col">Severity</th>
          <th scope="col">Since</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row, i) => {
          const [what, who, since] = worstCells(row);
          return html`<tr>
            <td class="n">${i + 1}</td>
            <th scope="row">${what}</th>
            <td>${who}</td>
            <td>${row.severity}</td>
            <td>${plain(since)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </section>`;
}

function trend({ points, unit }: ManagerFigures): Html {
  return html`<section aria-labelledby="h-trend">
    <h2 id="h-trend">Share of right faces, ${UNIT_WORDS[unit]}</h2>
    ${trendBars(points, unit)}
  </section>`;
}

function footnote({ run }: ReportSource): Html {
  const part = run.complete ? "" : " The run did not see everything; what it saw is true.";
  return html`<footer>
    <p>
      A face is right where every place shows the portrait that the person handed in, sharp and whole. This page names
      nobody.${part} ${ASSUMPTIONS}
    </p>
    <p>photodrift, run ${plain(run.id)}</p>
  </footer>`;
}
