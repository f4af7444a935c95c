/** From this many on, a share says something. */
const COUNTED_FROM = 10;

/**
 * The share that is gone of what was known before, in words for an error, where it is more than limits.maxChangePercent: half an answer, half a share or
 * half a file is not "all of them gone". null where it may be believed.
 * @param before how many were known, null for a first time
 * @param missing how many of them are gone; none or fewer where there are more now
 * @param from how many must have been known for a share to count
 */
export function lostShare(
  before: number | null,
  missing: number,
  maxChangePercent: number,
  from = COUNTED_FROM,
): string | null {
  if (before === null || before < from || missing <= 0) return null;
  const lost = (missing / before) * 100;
  return lost <= maxChangePercent ? null : `${lost.toFixed(0)} %, limit ${String(maxChangePercent)} %`;
}
