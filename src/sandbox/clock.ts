/** The virtual clock of a tenant: the real one plus an offset, so that time always goes on. Milliseconds since 1970 UTC. */
export interface Clock {
  readonly now: () => number;
  /** The wall clock, for what clients measure with their own clocks (assertions, Retry-After). */
  readonly real: () => number;
  /** Moves the clock: `+72h`, `-1d`, `real`, or an ISO time. Throws RangeError on anything else. */
  readonly set: (text: string) => void;
}

const UNITS: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function createClock(): Clock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    real: () => Date.now(),
    set: (text) => {
      offset = offsetAfter(text.trim(), offset);
    },
  };
}

function offsetAfter(text: string, offset: number): number {
  if (text === "real") return 0;
  const step = /^([+-])(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  if (step) {
    const length = Number(step[2]) * (UNITS[step[3] ?? "s"] ?? 0);
    return step[1] === "-" ? offset - length : offset + length;
  }
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new RangeError(`clock: "${text}" is neither +72h, -1d, real nor an ISO time`);
  return at - Date.now();
}

/** `2026-11-23T10:00:00`, the form of dates inside Graph's innerError (facts/graph-entra-exchange.md 1.4). */
export function isoSeconds(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}
