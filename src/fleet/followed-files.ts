import { follow, unfollow } from "./follow.js";
import { keyOf } from "./jobs.js";
import type { EngineDatabase, FleetEntry } from "./ports.js";

/** What is to be followed, read from the files. */
export interface FleetEntries {
  /** Everything as it is now, or null where nothing has changed since the last call. */
  read(): readonly FleetEntry[] | null;
}

/** Entries of the files, and what the engine has yet to be told of them. */
export interface FollowedFiles {
  /** As the files have them now. */
  readonly entries: ReadonlyMap<string, FleetEntry>;
  /** Follows what changed; all that is known where this life begins with it. */
  read(begins: boolean): Promise<void>;
}

/** What this worker follows, from one of its lives to the next. */
export function followedFiles(database: Pick<EngineDatabase, "pool">, source: FleetEntries): FollowedFiles {
  const entries = new Map<string, FleetEntry>();
  const gone = new Map<string, { readonly tenant: string; readonly schedule: string }>();

  function take(found: readonly FleetEntry[]): void {
    for (const [key, { tenant, schedule }] of entries) gone.set(key, { tenant, schedule: schedule.name });
    entries.clear();
    for (const entry of found) {
      const key = keyOf(entry.tenant, entry.schedule.name);
      entries.set(key, entry);
      gone.delete(key);
    }
  }

  let pending = false;
  return {
    entries,
    async read(begins) {
      const found = source.read();
      if (found !== null) take(found);
      pending ||= found !== null || begins;
      if (!pending) return;
      await follow(database, [...entries.values()], Date.now());
      await unfollow(database, [...gone.values()]);
      gone.clear();
      pending = false;
    },
  };
}
