const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  return format;
}

/** A zone by its IANA name; fixed offsets such as `+02:00` are no zones here, for they know no daylight saving. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** What the zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, instant: number): number {
  const parts: { [type: string]: number } = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) parts[type] = Number(value);
  const wall = Date.UTC(
    parts["year"] ?? 0,
    (parts["month"] ?? 1) - 1,
    parts["day"],
    parts["hour"],
    parts["minute"],
    parts["second"],
  );
  return wall - Math.floor(instant / 1_000) * 1_000;
}

const DAY_MS = 86_400_000;

/**
 * The instant at which the zone's clocks show a time: the earlier one where they show it twice, the end of the gap where they skip it.
 * @param wall the clock time written as if it were UTC, in milliseconds
 */
export function firstInstant(zone: string, wall: number): number {
  const before = offsetAt(zone, wall - DAY_MS);
  const after = offsetAt(zone, wall + DAY_MS);
  const earlier = wall - Math.max(before, after);
  const later = wall - Math.min(before, after);
  if (wallAt(zone, earlier) === wall) return earlier;
  if (wallAt(zone, later) === wall) return later;
  return transition(zone, earlier, later);
}

export function wallAt(zone: string, instant: number): number {
  return instant + offsetAt(zone, instant);
}

/** The first instant in (from, to] whose offset is not that of `from`; whole seconds. */
export function transition(zone: string, from: number, to: number): number {
  const offset = offsetAt(zone, from);
  let low = Math.floor(from / 1_000);
  let high = Math.ceil(to / 1_000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle * 1_000) === offset) low = middle;
    else high = middle;
  }
  return high * 1_000;
}
