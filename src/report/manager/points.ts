import type { TrendPoint } from "../../model/run.js";

/** Points of a trend that one page has room for. */
export const MOST_POINTS = 12;

export type TrendUnit = "run" | "day" | "week" | "month";

const UNITS = ["month", "week", "day"] as const satisfies readonly TrendUnit[];

/**
 * At most twelve points of a longer history: the last run of each month, week or day - the longest of these that fills twelve points, so
 * that the trend reaches back as far as it can - or every run where none does.
 */
export function chosenPoints(points: readonly TrendPoint[]): {
  readonly points: readonly TrendPoint[];
  readonly unit: TrendUnit;
} {
  for (const unit of UNITS) {
    const last = new Map(points.map((point) => [periodOf(point, unit), point]));
    if (last.size >= MOST_POINTS) return { points: [...last.values()].slice(-MOST_POINTS), unit };
  }
  return { points: points.slice(-MOST_POINTS), unit: "run" };
}

const DAY_MS = 24 * 3_600_000;

function periodOf({ finishedAt }: TrendPoint, unit: "day" | "week" | "month"): string {
  if (unit === "month") return finishedAt.slice(0, 7);
  if (unit === "day") return finishedAt.slice(0, 10);
  // 1970-01-01 was a Thursday: weeks begin on Monday.
  return String(Math.floor((Date.parse(finishedAt) / DAY_MS + 3) / 7));
}

/** Share of the people whose pictures are right, 0 to 1. */
export function rightShare({
  usersInScope,
  usersWithDrift,
}: Pick<TrendPoint, "usersInScope" | "usersWithDrift">): number {
  return usersInScope === 0 ? 0 : (usersInScope - usersWithDrift) / usersInScope;
}
