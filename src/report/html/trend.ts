import type { TrendPoint } from "../../model/run.js";
import { plain } from "../../model/text.js";
import * as words from "../wording.js";
import { html, raw, type Html } from "./escape.js";

const WIDTH = 640;
const HEIGHT = 280;
const BOX = { left: 44, right: 20, top: 18, bottom: 30 };
/** Points drawn; of more only the latest are shown. */
const MAX_POINTS = 90;

/** What a point of the trend needs. */
export type Drawn = Pick<TrendPoint, "finishedAt" | "usersInScope" | "usersWithDrift">;

/** Users with drift over past runs as inline SVG: a line with a point per run (hover tells the run), or a sentence when there is no past. */
export function trendChart<Point extends Drawn>(
  points: readonly Point[],
  tell: (point: Point) => string,
  none = "The trend appears here from the second run on.",
): Html {
  const shown = points.slice(-MAX_POINTS);
  const [first] = shown;
  const last = shown.at(-1);
  if (first === undefined || last === undefined || shown.length < 2) {
    return html`<p class="quiet">${none}</p>`;
  }
  const top = niceTop(Math.max(...shown.map((p) => p.usersWithDrift)));
  const x = (i: number): number => BOX.left + (i * (WIDTH - BOX.left - BOX.right)) / (shown.length - 1);
  const y = (n: number): number => HEIGHT - BOX.bottom - (n / top) * (HEIGHT - BOX.top - BOX.bottom);
  const line = shown.map((p, i) => `${i === 0 ? "M" : "L"}${round(x(i))} ${round(y(p.usersWithDrift))}`).join("");
  const area = `${line}L${round(x(shown.length - 1))} ${round(y(0))}L${round(x(0))} ${round(y(0))}Z`;
  const radius = shown.length > 45 ? 2 : 3;
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label(shown)}">
    <g class="grid">
      ${[0, top / 2, top].map(
        (n) =>
          html`<line x1="${BOX.left}" x2="${WIDTH - BOX.right}" y1="${round(y(n))}" y2="${round(y(n))}" /><text
              x="${BOX.left - 8}"
              y="${round(y(n) + 4)}"
              text-anchor="end"
              >${words.count(n, "\u202f")}</text
            >`,
      )}
    </g>
    <path class="area" d="${area}" />
    <path class="line" d="${line}" />
    <g class="dots">
      ${shown.map(
        (p, i) =>
          html`<circle
            cx="${round(x(i))}"
            cy="${round(y(p.usersWithDrift))}"
            r="${i === shown.length - 1 ? 4.5 : radius}"
            ><title>${tell(p)}</title></circle
          >`,
      )}
    </g>
    <g class="axis">
      <text x="${BOX.left}" y="${HEIGHT - 8}">${day(first)}</text>
      <text x="${WIDTH - BOX.right}" y="${HEIGHT - 8}" text-anchor="end">${day(last)}</text>
    </g>
  </svg>`;
}

/** A ring that shows the share of users in sync. */
export function ring(share: number): Html {
  const around = 2 * Math.PI * 26;
  const dashes = share >= 1 ? "" : ` stroke-dasharray="${round(around * share)} ${round(around)}"`;
  return raw(
    `<svg class="ring" viewBox="0 0 64 64" aria-hidden="true"><circle class="track" cx="32" cy="32" r="26"/><circle class="share" cx="32" cy="32" r="26"${dashes} transform="rotate(-90 32 32)"/></svg>`,
  );
}

function label(shown: readonly Drawn[]): string {
  return `Users with drift over the last ${shown.length} runs: ${shown.map((p) => p.usersWithDrift).join(", ")}`;
}

/** A run of one tenant. */
export function pointWords(p: TrendPoint): string {
  return `${plain(words.moment(p.finishedAt))}: ${words.count(p.usersWithDrift, "\u202f")} of ${words.count(p.usersInScope, "\u202f")} users with drift, ${words.count(p.findings, "\u202f")} findings`;
}

function day(p: Drawn): string {
  return plain(p.finishedAt.slice(0, 10));
}

/** The next even number of the form 2, 4, 6, 8, 10 x 10^n: a scale whose middle is a whole number. */
function niceTop(max: number): number {
  const unit = 10 ** Math.max(0, Math.ceil(Math.log10(Math.max(1, max) / 10)));
  return Math.max(2, Math.ceil(max / (2 * unit)) * 2 * unit);
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
