import type { FleetReport, TenantReport } from "../../model/fleet-report.js";
import { isRuleId, RULE_WORDS } from "../../model/rule.js";
import { plain } from "../../model/text.js";
import { FLEET_STYLE } from "../html/assets.js";
import { documentHead } from "../html/document.js";
import { html, raw, type Html } from "../html/escape.js";
import { LOGO } from "../html/page.js";
import { ring, trendChart } from "../html/trend.js";
import * as words from "../wording.js";
import { certificates, name, shortList, took } from "./lists.js";
import { certificateEnds, inTrouble, mostThrottled, neverSeen, rulesOf, slowest } from "./order.js";

/** Narrow no-break space. */
const GAP = "\u202f";
/** Tenants named in the short lists. */
const NAMED = 8;

function count(value: number): string {
  return words.count(Math.round(value), GAP);
}

/** The fleet as one page that needs nothing else; leads to each tenant's page where one was written beside it. */
export function* fleetPage(report: FleetReport): Iterable<string> {
  yield* documentHead(`photodrift · fleet · ${words.moment(report.at)}`, FLEET_STYLE, null);
  yield html`<a class="skip" href="#tenants">To the tenants</a>${banner(report)}
    <main class="fleet">
      ${tiles(report)}
      <div class="pair">
        <section class="card" aria-labelledby="h-trend">
          <h2 id="h-trend">Users with drift over time</h2>
          ${trendChart(
            report.trend.map((day) => ({ ...day, finishedAt: day.day })),
            (day) =>
              `${day.day}: ${count(day.usersWithDrift)} of ${count(day.usersInScope)} users in ${words.counted(day.tenants, "tenant")}`,
            "The trend appears here from the second day on.",
          )}
        </section>
        <section class="card" aria-labelledby="h-rules">
          <h2 id="h-rules">What is wrong</h2>
          ${bars(report)}
        </section>
      </div>
      ${troubles(report)} ${tenantTable(report)}
      <div class="pair">
        ${shortList("slowest", "Slowest", slowest(report, NAMED), (row) => took(row.lastRun?.seconds ?? 0))}
        ${shortList("throttled", "Most throttled", mostThrottled(report, NAMED), ({ cost }) => `waited ${took(cost.waitedSeconds)}, throttled ${count(cost.throttled)}×`)}
      </div>
      ${certificates(report)}
    </main>
    <footer>
      <p class="quiet">
        Nothing on this page was fetched from elsewhere; it can be kept, mailed and opened without a network. Tenants'
        pages lie beside it and show portraits of people: share them as you would share those.
      </p>
    </footer>
    </body></html>\n`.html;
}

function banner({ totals, at }: FleetReport): Html {
  const verdict = totals.tenantsInTrouble > 0 ? "incomplete" : totals.usersWithDrift > 0 ? "drift" : "in-sync";
  const title = { incomplete: "Needs a look", drift: "Drift found", "in-sync": "In sync" }[verdict];
  const drifting = `${count(totals.tenantsWithDrift)} of ${words.counted(totals.tenants, "tenant")} ${totals.tenantsWithDrift === 1 ? "has" : "have"} users whose photo differs from what is wanted`;
  const trouble =
    totals.tenantsInTrouble === 0
      ? ""
      : `; ${words.counted(totals.tenantsInTrouble, "tenant")} could not be looked at as planned`;
  return html`<header class="banner">
    <div class="inner">
      <div class="brand">${raw(LOGO)}<strong>photodrift</strong><span class="tenant">fleet</span></div>
      <div class="verdict ${verdict}">
        <span class="pill">${title}</span>
        <h1>${drifting}${trouble}</h1>
      </div>
      <dl class="facts">
        <div>
          <dt>As of</dt>
          <dd>${words.moment(at)}</dd>
        </div>
      </dl>
    </div>
  </header>`;
}

function tiles(report: FleetReport): Html {
  const { totals } = report;
  const share = totals.usersInScope === 0 ? 0 : 1 - totals.usersWithDrift / totals.usersInScope;
  const ending = certificateEnds(report).length;
  const unseen = neverSeen(report).length;
  const fresh = report.tenants.reduce((sum, { found }) => sum + (found?.new ?? 0), 0);
  return html`<section class="tiles" aria-label="Summary">
    <div class="tile wide">
      ${ring(share)}
      <div>
        <b>${(Math.floor(share * 1000) / 10).toString()}${GAP}%</b><span>in sync</span
        ><small
          >${count(totals.usersInScope - totals.usersWithDrift)} of ${count(totals.usersInScope)} users in scope</small
        >
      </div>
    </div>
    <div class="tile">
      <b>${count(totals.usersWithDrift)}</b><span>users with drift</span
      ><small>${count(fresh)} new findings in the last runs</small>
    </div>
    <div class="tile">
      <b>${count(totals.tenantsWithDrift)}</b><span>tenants with drift</span
      ><small>of ${count(totals.tenants)}${unseen === 0 ? "" : `, ${count(unseen)} never looked at`}</small>
    </div>
    <div class="tile">
      <b>${count(totals.tenantsInTrouble)}</b><span>in trouble</span><small>failed, refused or put back</small>
    </div>
    <div class="tile"><b>${count(ending)}</b><span>certificates end soon</span><small>within 60 days</small></div>
  </section>`;
}

function bars(report: FleetReport): Html {
  const rules = rulesOf(report);
  if (rules.length === 0) return html`<p class="quiet">The last runs found nothing.</p>`;
  const most = Math.max(...rules.map(([, findings]) => findings));
  return html`<ul class="bars" tabindex="0" aria-label="Findings by rule">
    ${rules.map(
      ([rule, findings]) =>
        html`<li>
          <span>${isRuleId(rule) ? RULE_WORDS[rule] : rule} <span class="id">${rule}</span></span>
          <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="100" height="6" />
            <rect width="${Math.max(1, Math.round((findings / most) * 100))}" height="6" /></svg
          ><span>${count(findings)}</span>
        </li>`,
    )}
  </ul>`;
}

function troubles(report: FleetReport): Html {
  const rows = inTrouble(report);
  if (rows.length === 0 && report.problems.length === 0) return html``;
  const files = report.problems.map(
    ({ file, message }) =>
      html`<tr>
        <td class="mono">${plain(file)}</td>
        <td>${plain(message)}</td>
      </tr>`,
  );
  return html`<section class="card" aria-labelledby="h-trouble">
    <h2 id="h-trouble">In trouble</h2>
    <table>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <td>${name(row)}</td>
              <td>${plain(row.trouble ?? "")}</td>
            </tr>`,
        )}
        ${files}
      </tbody>
    </table>
  </section>`;
}

function tenantTable({ tenants }: FleetReport): Html {
  return html`<section class="card" id="tenants" aria-labelledby="h-tenants">
    <h2 id="h-tenants">Tenants by drift</h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="h-tenants">
      <table>
        <thead>
          <tr>
            <th scope="col">Tenant</th>
            <th scope="col" class="number">With drift</th>
            <th scope="col" class="number">In scope</th>
            <th scope="col" class="number">New</th>
            <th scope="col">Most of all</th>
            <th scope="col">Last run</th>
          </tr>
        </thead>
        <tbody>
          ${tenants.map(
            (row) =>
              html`<tr>
                <td>${name(row)}</td>
                <td class="number">${row.found === null ? "–" : count(row.found.usersWithDrift)}</td>
                <td class="number">${row.found === null ? "–" : count(row.found.usersInScope)}</td>
                <td class="number">${row.found === null ? "–" : count(row.found.new)}</td>
                <td>${topRule(row)}</td>
                <td>${lastRun(row)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function topRule({ found }: TenantReport): string {
  const [top] = Object.entries(found?.byRule ?? {}).sort(([, n], [, m]) => m - n);
  return top === undefined || top[1] === 0 ? "" : `${count(top[1])} ${top[0]}`;
}

function lastRun({ lastRun: run }: TenantReport): Html {
  if (run === null) return html`never`;
  return html`${run.mode} · ${run.verdict}<small>${words.moment(run.finishedAt)}</small>`;
}
