import { PhotodriftError } from "../model/errors.js";

/** Below this number of masters a share of them says little. */
const COUNTED_FROM = 10;

/**
 * Stops a run whose source lost more masters than may change at once: a share that shows half its folders is not "half the masters are gone".
 * @param previousCount masters of the last trusted run, null when there was none
 * @param maxChangePercent `limits.maxChangePercent`
 * @throws PhotodriftError `source-shrunk` (refused)
 */
export function assertNotShrunk(previousCount: number | null, currentCount: number, maxChangePercent: number): void {
  if (previousCount === null || previousCount < COUNTED_FROM || currentCount >= previousCount) return;
  const lost = previousCount - currentCount;
  const percent = (100 * lost) / previousCount;
  if (percent <= maxChangePercent) return;
  throw new PhotodriftError(
    "source-shrunk",
    `The source has ${currentCount} masters, ${lost} fewer than the ${previousCount} of the last run (${percent.toFixed(1)} %, limit ${maxChangePercent} %).`,
    "Check that the whole share is mounted. If the masters were removed on purpose, raise limits.maxChangePercent for one run.",
    "refused",
  );
}
