import { PhotodriftError } from "../model/errors.js";

/** From this many masters on, a share says something. */
const COUNTED_FROM = 10;

/**
 * Refuses a source folder that lost more masters since the last complete run, or since this one began, than limits.maxChangePercent: an unmounted or half-copied
 * share is not "all masters gone". Throws PhotodriftError `source-shrunken` (refused).
 */
export function assertNotShrunken(before: number | null, now: number, maxChangePercent: number): void {
  if (before === null || before < COUNTED_FROM || now >= before) return;
  const lost = ((before - now) / before) * 100;
  if (lost <= maxChangePercent) return;
  throw new PhotodriftError(
    "source-shrunken",
    `The source folder holds ${now} masters, ${before - now} fewer than the ${before} it held before (${lost.toFixed(0)} %, limit ${maxChangePercent} %).`,
    "Check that the share is mounted whole. If the masters were taken away on purpose, raise limits.maxChangePercent for one run.",
    "refused",
  );
}
