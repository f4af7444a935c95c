import type { FleetReport, TenantReport } from "../../model/fleet-report.js";
import { plain } from "../../model/text.js";
import { html, type Html } from "../html/escape.js";
import * as words from "../wording.js";
import { certificateEnds } from "./order.js";

/** The tenant's name, leading to its own page. */
export function name({ page, name: shown, tenant }: TenantReport): Html {
  const label = html`<b><bdi>${plain(shown)}</bdi></b>`;
  return html`${page === null ? label : html`<a href="${page}">${label}</a>`}<small
      ><bdi>${plain(tenant)}</bdi></small
    >`;
}

export function shortList(
  id: string,
  title: string,
  rows: readonly TenantReport[],
  tell: (row: TenantReport) => string,
): Html {
  const body =
    rows.length === 0
      ? html`<p class="quiet">None.</p>`
      : html`<table>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr>
                  <td>${name(row)}</td>
                  <td class="number">${tell(row)}</td>
                </tr>`,
            )}
          </tbody>
        </table>`;
  return html`<section class="card" aria-labelledby="h-${id}">
    <h2 id="h-${id}">${title}</h2>
    ${body}
  </section>`;
}

export function certificates(report: FleetReport): Html {
  const ends = certificateEnds(report);
  if (ends.length === 0) return html``;
  return html`<section class="card" aria-labelledby="h-certificates">
    <h2 id="h-certificates">Certificates that end</h2>
    <table>
      <tbody>
        ${ends.map(
          ({ row, days, day }) =>
            html`<tr>
              <td>${name(row)}</td>
              <td>${days < 0 ? "ended" : `in ${words.counted(days, "day")}`}, on ${day}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

export function took(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return seconds < 7_200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
