import type { PeopleList } from "../desired/index.js";
import { PhotodriftError } from "../model/errors.js";
import type { CountRecords } from "./records/counts.js";
import type { PortsOf } from "./settings.js";
import { lostShare } from "./shrinking.js";

/** The lists of people that are held against their last reading. */
export const GUARDED_LISTS = ["consent", "pins"] as const;
/** One of them. */
export type GuardedList = (typeof GUARDED_LISTS)[number];

/** A mind that changed is no mass: where nobody is left it counts from two people on, not from one. */
const EMPTIED_FROM = 2;

const WORDS = { consent: "consent list", pins: "pin list" } as const;

/**
 * Holds the lists of people against what they named when they were last believed: a file that an editor or an export cut off is not "all of
 * them changed their mind". A list that is not configured is not looked at. One that lost more people than limits.maxChangePercent, counted
 * from ten up, or all of several, is not believed: its number stays, so that the next run says so too.
 * @param writes whether photos may be written by these lists; else it is a warning
 * @throws PhotodriftError `list-shrunken` (refused), of a run that writes
 */
export function guardLists(
  { records, source, progress }: PortsOf<"source" | "progress", CountRecords>,
  lists: Readonly<Record<GuardedList, Pick<PeopleList, "names">>>,
  { maxChangePercent, writes }: { readonly maxChangePercent: number; readonly writes: boolean },
): void {
  for (const list of GUARDED_LISTS) {
    const file = source.listFiles[list];
    if (file === "") continue;
    const now = lists[list].names;
    const error = shrunken({ list, file, before: records.lastListSize(list), now }, maxChangePercent);
    if (error === null) records.saveListSize(list, now);
    else if (writes) throw error;
    else progress.warn(`${error.message} ${error.hint} Until then nothing is applied.`);
  }
}

function shrunken(
  {
    list,
    file,
    before,
    now,
  }: { readonly list: GuardedList; readonly file: string; readonly before: number | null; readonly now: number },
  maxChangePercent: number,
): PhotodriftError | null {
  const missing = (before ?? 0) - now;
  const lost = lostShare(before, missing, maxChangePercent, now === 0 ? EMPTIED_FROM : undefined);
  if (lost === null) return null;
  const people = now === 1 ? "1 person" : `${String(now)} people`;
  return new PhotodriftError(
    "list-shrunken",
    `The ${WORDS[list]} ${file} names ${people}, ${String(missing)} fewer than the ${String(before)} it named before (${lost}).`,
    `Look whether the file is whole. If they were taken off on purpose, raise limits.maxChangePercent for one run${now === 0 ? " (to 100)" : ""}.`,
    "refused",
  );
}
