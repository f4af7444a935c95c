import type { SkippedFile } from "../../model/master.js";
import type { ReportSource } from "../../model/report.js";
import type { Digest } from "../digest.js";
import { plain } from "../../model/text.js";
import * as words from "../wording.js";
import { html, raw, type Html } from "./escape.js";
import { whatNow } from "./now.js";
import { ruleBars } from "./rule-bars.js";
import { pointWords, ring, trendChart } from "./trend.js";

/** Narrow no-break space: groups digits alike in every language and never breaks. */
const GAP = "\u202f";

function count(value: number): string {
  return words.count(value, GAP);
}

/** The static part of the page: tiles, trend, rules, outcomes. It is whole without the script. */
export function overview(source: ReportSource, found: Digest): Html {
  return html`${tiles(source, found)} ${whatNow(source, found)}
    <div class="pair ${source.trend.length < 2 ? "first" : ""}">
      <section class="card" aria-labelledby="h-trend">
        <h2 id="h-trend">Users with drift over time</h2>
        ${trendChart(source.trend, pointWords)}
      </section>
      <section class="card" aria-labelledby="h-rules">
        <h2 id="h-rules">What is wrong</h2>
        ${ruleBars(found.rules)}
      </section>
    </div>
    ${outcomeCard(found)} ${leftOutCard(source.summary.leftOut ?? [])}`;
}

/** Tenant, verdict, and which run this is. */
export function banner({ run, summary, tenantName }: ReportSource, found: Digest): Html {
  const verdict = words.verdictWords(run, summary, found);
  return html`<header class="banner">
    <div class="inner">
      <div class="brand">
        ${raw(LOGO)}<strong>photodrift</strong>
        ${tenantNames(run.tenant, tenantName)}
        <button type="button" id="theme" class="ghost" hidden aria-label="Switch between dark and light">◐</button>
      </div>
      <div class="verdict ${run.verdict}">
        <span class="pill">${verdict.title}</span>
        <h1>${verdict.sentence}</h1>
      </div>
      <dl class="facts">
        <div>
          <dt>Run</dt>
          <dd>${run.mode} · ${run.trigger}</dd>
        </div>
        <div>
          <dt>Finished</dt>
          <dd>${plain(words.moment(run.finishedAt))}</dd>
        </div>
        <div>
          <dt>Took</dt>
          <dd>${words.duration(run) || "–"}</dd>
        </div>
        <div>
          <dt>Run id</dt>
          <dd class="mono">${plain(run.id)}</dd>
        </div>
      </dl>
    </div>
  </header>`;
}

/** The tenant's name with its id beside it; the id alone where no name is known. */
function tenantNames(id: string, name: string | null): Html {
  if (name === null) return html`<span class="tenant"><bdi>${plain(id)}</bdi></span>`;
  return html`<span class="tenant"
    ><b><bdi>${plain(name)}</bdi></b> <span class="id"><bdi>${plain(id)}</bdi></span></span
  >`;
}

function tiles({ summary, cost }: ReportSource, found: Digest): Html {
  const share = summary.usersInScope === 0 ? 0 : summary.usersInSync / summary.usersInScope;
  const requests = cost.requests.login + cost.requests.graph + cost.requests.sharepoint + cost.requests.exchange;
  const severities = (["critical", "error", "warning"] as const).map((severity) => ({
    severity,
    findings: found.rules.filter((r) => r.severity === severity).reduce((sum, r) => sum + r.findings, 0),
  }));
  const present = severities.filter(({ findings }) => findings > 0);
  return html`<section class="tiles" aria-label="Summary">
    <div class="tile wide">
      ${ring(share)}
      <div>
        <b>${percent(share)}</b><span>in sync</span
        ><small
          >${count(summary.usersInSync)} of ${count(summary.usersInScope)} users in scope, ${count(summary.users)} in
          the tenant</small
        >
      </div>
    </div>
    <div class="tile">
      <b>${count(summary.usersWithDrift)}</b><span>${summary.usersWithDrift === 1 ? "user" : "users"} with drift</span
      ><small
        >${present.map(({ severity, findings }) => html`<span class="sev ${severity}">${count(findings)} ${severity}</span> `)}</small
      >
    </div>
    <div class="tile">
      <b>${count(summary.new)}</b><span>new findings</span
      ><small>${count(summary.persisting)} persisting, ${count(summary.resolved)} resolved since the last run</small>
    </div>
    <div class="tile"><b>${count(summary.masters)}</b><span>masters</span><small>${mastersWords(found)}</small></div>
    <div class="tile">
      <b>${count(requests)}</b><span>requests</span
      ><small
        >${words.bytes(cost.bytesIn)} in, ${words.bytes(cost.bytesOut)} out,
        ${cost.throttled === 0 ? "never throttled" : `throttled ${count(cost.throttled)}×, waited ${count(cost.waitedSeconds)} s`}</small
      >
    </div>
  </section>`;
}

function mastersWords(found: Digest): string {
  return found.files.total === 0 ? "no problems among the files" : `${count(found.files.total)} files need a look`;
}

/** In sync is only called 100 % when it is; rounding never hides the last user. */
function percent(share: number): string {
  if (share === 1 || share === 0) return `${share * 100}${GAP}%`;
  return `${Math.min(99.9, Math.max(0.1, Math.round(share * 1000) / 10))}${GAP}%`;
}

function outcomeCard({ outcomes, troubled }: Digest): Html {
  if (outcomes.size === 0) return html``;
  const rows = troubled.shown.map(
    ({ kind, action, address, error }) =>
      html`<tr>
        <td><span class="sev ${kind === "failed" ? "error" : "warning"}">${kind}</span></td>
        <td>${action}</td>
        <td class="mono">${plain(address)}</td>
        <td>${error ? plain(`${error.message} ${error.hint}`) : ""}</td>
      </tr>`,
  );
  const hidden = troubled.total - troubled.shown.length;
  return html`<section class="card" aria-labelledby="h-outcomes">
    <h2 id="h-outcomes">Outcomes</h2>
    <p class="counts">
      ${[...outcomes].map(([kind, n]) => html`<span class="chip"><b>${count(n)}</b> ${kind}</span> `)}
    </p>
    ${
      rows.length === 0
        ? html``
        : html`<div class="scroll">
            <table>
              <thead>
                <tr>
                  <th>Outcome</th>
                  <th>Action</th>
                  <th>Address</th>
                  <th>Why</th>
                </tr>
              </thead>
              <tbody>
                ${rows}
              </tbody>
            </table>
          </div>`
    }
    ${hidden > 0 ? html`<p class="quiet">… and ${count(hidden)} more, see the JSON report.</p>` : html``}
  </section>`;
}

function leftOutCard(leftOut: readonly SkippedFile[]): Html {
  if (leftOut.length === 0) return html``;
  const rows = leftOut.map(
    ({ file, reason }) =>
      html`<tr>
        <td class="mono"><bdi>${plain(file)}</bdi></td>
        <td>${plain(reason)}</td>
      </tr>`,
  );
  return html`<section class="card" aria-labelledby="h-left-out">
    <h2 id="h-left-out">Files left out</h2>
    <p class="quiet">
      ${words.counted(leftOut.length, "entry", "entries")} of the folder that
      ${leftOut.length === 1 ? "is no master" : "are no masters"}.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>File</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

export const LOGO = `<svg class="logo" viewBox="0 0 32 32" aria-hidden="true"><rect class="back" x="9" y="3" width="20" height="20" rx="5" transform="rotate(8 19 13)"/><rect class="front" x="3" y="8" width="20" height="20" rx="5"/><circle cx="13" cy="15.5" r="3.4"/><path d="M6.8 25.4a6.6 6.6 0 0 1 12.4 0"/></svg>`;
