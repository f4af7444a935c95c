import { PhotodriftError } from "../model/errors.js";
import { lostShare } from "./shrinking.js";

/**
 * Refuses a source folder that lost more masters since the last complete run, or since this one began, than limits.maxChangePercent: an unmounted or half-copied
 * share is not "all masters gone". Throws PhotodriftError `source-shrunken` (refused).
 */
export function assertNotShrunken(before: number | null, now: number, maxChangePercent: number): void {
  const missing = (before ?? 0) - now;
  const lost = lostShare(before, missing, maxChangePercent);
  if (lost === null) return;
  throw new PhotodriftError(
    "source-shrunken",
    `The source folder holds ${now} masters, ${missing} fewer than the ${before} it held before (${lost}).`,
    "Check that the share is mounted whole. If the masters were taken away on purpose, raise limits.maxChangePercent for one run.",
    "refused",
  );
}
