import type { TrendPoint } from "../../model/run.js";
import { plain } from "../../model/text.js";
import { html, type Html } from "../html/escape.js";
import { rightShare, type TrendUnit } from "./points.js";
import { percent } from "./words.js";

const WIDTH = 720;
const HEIGHT = 190;
const BOX = { top: 30, bottom: 30 };
const GAP = 12;

/**
 * The share of right faces as bars, one a point: each says its number, so that it reads without colour and without a scale; the last is
 * filled, the others hatched. The scale begins at zero.
 */
export function trendBars(points: readonly TrendPoint[], unit: TrendUnit): Html {
  if (points.length < 2) return html`<p class="quiet">The trend begins with the second audit.</p>`;
  const step = WIDTH / Math.max(points.length, 6);
  const ground = HEIGHT - BOX.bottom;
  const bars = points.map((point, i) => {
    const share = rightShare(point);
    const height = Math.max(1, Math.round(share * (ground - BOX.top)));
    const x = Math.round(i * step + GAP / 2);
    const width = Math.round(step - GAP);
    const middle = x + width / 2;
    const last = i === points.length - 1;
    return html`<g class="${last ? "last" : "past"}">
      <rect x="${x}" y="${ground - height}" width="${width}" height="${height}" />
      <text class="value" x="${middle}" y="${Math.max(ground - height - 6, BOX.top + 14)}" text-anchor="middle"
        >${shortPercent(share)}</text
      >
      <text x="${middle}" y="${ground + 16}" text-anchor="middle">${dayOf(point, unit)}</text>
    </g>`;
  });
  const told = points.map((point) => `${dayOf(point, unit)}: ${percent(rightShare(point))}`).join(", ");
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Share of right faces. ${told}">
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" class="paper" />
        <line x1="0" y1="0" x2="0" y2="6" />
      </pattern>
    </defs>
    <line class="hundred" x1="0" x2="${WIDTH}" y1="${BOX.top}" y2="${BOX.top}" />
    <text x="0" y="${BOX.top - 6}">100 %: every face is right</text>
    ${bars}
    <line class="ground" x1="0" x2="${WIDTH}" y1="${ground}" y2="${ground}" />
  </svg>`;
}

/** Whole percent, but never 100 where one face is wrong. */
function shortPercent(share: number): string {
  if (share === 1) return "100 %";
  return `${Math.min(99, Math.round(share * 100))} %`;
}

function dayOf({ finishedAt }: TrendPoint, unit: TrendUnit): string {
  return plain(unit === "month" ? finishedAt.slice(0, 7) : finishedAt.slice(5, 10));
}
