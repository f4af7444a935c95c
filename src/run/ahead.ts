import { checkUser } from "../compare/rules/index.js";
import type { FindingDraft } from "../model/finding.js";
import type { UserId } from "../model/ids.js";
import { stemNamedBy } from "../model/picture-url.js";
import { othersTurn } from "../model/turns.js";
import type { DirectoryUser } from "../model/user.js";
import { joinUser } from "./join.js";
import type { JoinContext } from "./join-context.js";
import type { Places } from "./places.js";
import type { AuditRecords } from "./records.js";
import type { ProfileRecords } from "./records/profiles.js";
import type { StoredLibraryFile } from "./records/library.js";

/** Users that are judged ahead at most, and findings of theirs: what they take stays a few megabytes. */
const MOST_USERS = 20_000;
const MOST_FINDINGS = 5_000;
/** Where so many changed, and this share of the users in scope, what is judged ahead is judged again anyway. */
const FEW_CHANGES = 200;
const MANY_CHANGED = 0.05;

/** A context as it is before the stores have answered. */
export type AheadContext = Omit<JoinContext, "places"> & { readonly mastersRead: Promise<void> };

/**
 * Judges users by what the last run recorded while this run still waits for the stores: of an unchanged tenant hardly anything is left to do when the
 * last answer is there. An answer counts only where nothing that it was made of was recorded anew since; everybody else is judged at the end, as
 * without this. Whether it was there makes no difference to any finding.
 */
export interface Ahead {
  /** From here on it is known where thumbnails are; null: SharePoint is not looked at. */
  begin(places: Places | null): void;
  /** The stores have answered: what is under way is finished, and no more begun. */
  end(): Promise<void>;
  /** The findings of a user, given once, or null where the user has to be judged now. */
  take(user: DirectoryUser, context: Pick<JoinContext, "places" | "cloudObserved">): readonly FindingDraft[] | null;
}

interface JudgedAhead {
  readonly since: number;
  /** Made of pictures of other users, too. */
  readonly onOthers: boolean;
  readonly findings: readonly FindingDraft[];
}

/** @param changes what recorded what since */
export function createAhead(context: AheadContext, changes: Changes): Ahead {
  const kept = new Map<UserId, JudgedAhead>();
  let begun: { readonly places: Places | null; readonly work: Promise<void> } | null = null;
  let findings = 0;
  let ended = false;

  async function judgeAll(places: Places | null): Promise<void> {
    await context.mastersRead;
    const { ports, roster } = context;
    let asked: boolean;
    const records = {
      ...ports.records,
      // Hangs on everybody's pictures: the answer holds while none of them changes.
      accountsShowing(sha256: string): number {
        asked = true;
        return ports.records.accountsShowing(sha256);
      },
    };
    const joining: JoinContext = { ...context, ports: { ...ports, records }, places };
    const many = FEW_CHANGES + MANY_CHANGED * roster.countInScope();
    for (const user of roster.inScope()) {
      await othersTurn();
      if (ended || kept.size >= MOST_USERS || changes.count() > many) return;
      asked = false;
      const since = changes.now();
      const joined = await joinUser(joining, user);
      if (joined.decisions.length + joined.acceptances.length > 0) continue;
      const found = checkUser(joined);
      if (findings + found.length > MOST_FINDINGS) continue;
      findings += found.length;
      kept.set(user.id, { since, onOthers: asked, findings: found });
    }
  }

  return {
    begin(places) {
      // What fails here fails again when the user's turn comes, and is told then.
      begun ??= { places, work: judgeAll(places).catch(() => undefined) };
    },
    async end() {
      ended = true;
      await begun?.work;
    },
    take(user, { places, cloudObserved }) {
      const known = kept.get(user.id);
      kept.delete(user.id);
      if (known === undefined || begun?.places !== places || cloudObserved !== context.cloudObserved) return null;
      if (known.onOthers ? changes.anythingSince(known.since) : changes.changedSince(user.id, known.since)) return null;
      const files = () => places?.of(user).stored ?? [];
      return changes.fileChangedSince(files, known.since) ? null : known.findings;
    },
  };
}

/** Changes that are remembered one by one. Where there are more, everything counts as changed. */
const MOST_CHANGES = 10_000;

/** When what a user is judged by was last recorded as something else than before. Times are counts of changes. */
export interface Changes {
  now(): number;
  /** Users and files that changed; infinite where there are too many to be remembered. */
  count(): number;
  anythingSince(time: number): boolean;
  changedSince(userId: UserId, time: number): boolean;
  /** @param stored asked only where any file changed */
  fileChangedSince(stored: () => readonly StoredLibraryFile[], time: number): boolean;
}

type Watched = Pick<
  AuditRecords,
  "saveCloudPhoto" | "saveProfile" | "saveLibraryReading" | "saveLibraryFiles" | "saveMaster"
>;

/**
 * The same records, which note what changes in them. A profile that names other files changes whose they are, and a master is looked for in
 * everybody's pictures: these count for everybody.
 */
export function watchChanges<R extends Watched & ProfileRecords>(
  records: R,
): { readonly records: R; readonly changes: Changes } {
  const users = new Map<UserId, number>();
  const files = new Map<string, number>();
  let all = 0;
  let time = 0;
  const note = <K>(changed: Map<K, number>, key: K): void => {
    if (all === Infinity) return;
    changed.set(key, ++time);
    if (users.size + files.size <= MOST_CHANGES) return;
    all = Infinity;
    users.clear();
    files.clear();
  };
  const watched: R = {
    ...records,
    saveCloudPhoto(runId, photo) {
      const isNews = records.saveCloudPhoto(runId, photo);
      if (isNews) note(users, photo.userId);
      return isNews;
    },
    saveProfile(userId, stored) {
      const before = stemNamedBy(records.profile(userId)?.profile);
      const isNews = records.saveProfile(userId, stored);
      if (isNews) note(users, userId);
      if (before !== stemNamedBy(stored.profile)) all = Math.max(all, time);
      return isNews;
    },
    saveLibraryReading(uniqueId, reading) {
      note(files, uniqueId);
      records.saveLibraryReading(uniqueId, reading);
    },
    saveMaster(runId, master) {
      all = Math.max(all, ++time);
      records.saveMaster(runId, master);
    },
    saveLibraryFiles(runId, listed) {
      all = Math.max(all, ++time);
      records.saveLibraryFiles(runId, listed);
    },
  };
  return {
    records: watched,
    changes: {
      now: () => time,
      count: () => (all === Infinity ? Infinity : users.size + files.size),
      anythingSince: (since) => all > since || time > since,
      changedSince: (userId, since) => all > since || (users.get(userId) ?? 0) > since,
      fileChangedSince: (stored, since) =>
        files.size > 0 && stored().some(({ file }) => (files.get(file.uniqueId) ?? 0) > since),
    },
  };
}
