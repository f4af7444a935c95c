import type { ReportSource } from "../model/report.js";
import { findingTally, outcomeTally, type Digest } from "./digest.js";

/** Groups that are kept of each severity: what the longest list of a format shows. */
const MOST = 200;

/** A source whose findings and outcomes are counted while a format reads them, so that the next format need not read them again. */
export interface CountedSource {
  readonly source: ReportSource;
  /** From what was read to its end, else in a pass of its own. */
  digest(limit: number): Digest;
}

const counted = new WeakMap<ReportSource, CountedSource>();

/** The counted one of a source, or of itself: the same for every format. */
export function countedOf(source: ReportSource): CountedSource {
  const known = counted.get(source);
  if (known !== undefined) return known;
  const made = counting(source);
  counted.set(source, made);
  counted.set(made.source, made);
  return made;
}

/** What the formats for people show of a source. @param limit groups and outcomes of each list */
export function digest(source: ReportSource, limit: number): Digest {
  return countedOf(source).digest(limit);
}

function counting(read: ReportSource): CountedSource {
  const findings = countedStream(() => read.findings(), findingTally);
  const outcomes = countedStream(() => read.outcomes(), outcomeTally);
  return {
    source: { ...read, findings: () => findings.items(), outcomes: () => outcomes.items() },
    digest: (limit) => ({ ...findings.tally(limit).result(limit), ...outcomes.tally(limit).result(limit) }),
  };
}

interface CountedStream<T, Tally> {
  items(): Iterable<T>;
  /** Reads to the end where nobody has. */
  tally(limit: number): Tally;
}

function countedStream<T, Tally extends { add(item: T): void }>(
  read: () => Iterable<T>,
  start: (most: number) => Tally,
): CountedStream<T, Tally> {
  let most = MOST;
  let whole: Tally | null = null;
  return {
    *items() {
      if (whole !== null) {
        yield* read();
        return;
      }
      const [tally, limit] = [start(most), most];
      for (const item of read()) {
        tally.add(item);
        yield item;
      }
      if (limit === most) whole = tally;
    },
    tally(limit) {
      if (whole !== null && limit <= most) return whole;
      most = Math.max(limit, most);
      const tally = start(most);
      for (const item of read()) tally.add(item);
      whole = tally;
      return tally;
    },
  };
}
