import { join } from "node:path";
import { stat } from "node:fs/promises";
import { isConfirmedEverywhere } from "../../compare/picture.js";
import { STORE_NAMES } from "../../model/address.js";
import { PhotodriftError } from "../../model/errors.js";
import type { UserId } from "../../model/ids.js";
import type { DirectoryUser } from "../../model/user.js";
import type { AuditListener } from "../../run/audited.js";
import { createArchive } from "../../source/index.js";
import type { Filters, Workbench } from "../compose.js";
import { messageOf } from "../../model/caught.js";

interface Confirmed {
  readonly file: string;
  readonly sha256: string;
  readonly user: DirectoryUser;
}

export interface ArchiveSession extends AuditListener {
  /** Moves the masters of users whose stores were all seen to show them. Returns how many moved. */
  move(): Promise<number>;
}

/**
 * Remembers masters that this audit saw confirmed in every store; a user who is repaired now is confirmed by the next run. A run over chosen
 * stores confirms nobody, and drift that a filter for rules hides counts.
 */
export function confirmedMasters(bench: Workbench, { stores }: Pick<Filters, "stores">): ArchiveSession {
  const confirmed: Confirmed[] = [];
  const { archive, folder } = bench.config.source;
  const seesAll = stores.length === 0 || STORE_NAMES.every((store) => stores.includes(store));
  return {
    user(user, _, found) {
      if (archive === null || !seesAll || user.masterPhoto?.kind !== "usable") return;
      if (found.some(({ drift }) => drift)) return;
      if (!isConfirmedEverywhere(user)) return;
      confirmed.push({ file: user.masterPhoto.file, sha256: user.masterPhoto.signature.sha256, user: user.user });
    },
    orphan: () => undefined,
    async move() {
      if (archive === null) return 0;
      const target = createArchive(archive);
      let moved = 0;
      for (const { file, sha256, user } of confirmed) {
        const path = join(folder, file);
        try {
          const { size, mtimeMs } = await stat(path);
          await target.archiveMaster({ file, path, bytes: size, mtimeMs }, sha256, user.upn);
          moved++;
          keepWanted(bench.state.records, user.id, sha256);
        } catch (error) {
          const reason = messageOf(error);
          bench.ports.progress.warn(`${file} was not archived: ${reason}`);
          if (error instanceof PhotodriftError && error.code === "archive-failed") break;
        }
      }
      // The folder is smaller on purpose: the next run must not take it for a lost share.
      bench.state.records.saveMasterCount(Math.max(0, (bench.state.records.lastMasterCount() ?? moved) - moved));
      return moved;
    },
  };
}

/**
 * What was wanted beside this master is wanted without it: a file that went its way is no other master, and with it everything would end that people
 * had accepted, kept or left. The next master ends it.
 */
function keepWanted(records: Workbench["state"]["records"], userId: UserId, sha256: string): void {
  for (const accepted of records.acceptances(userId)) {
    if (accepted.master === sha256) records.accept(userId, { ...accepted, master: null });
  }
  for (const decision of records.decisionsOf(userId)) {
    if (decision.master === sha256 && decision.kind !== "fix") records.saveDecision({ ...decision, master: null });
  }
}

/** Both hear every user. */
export function bothListen(a: AuditListener, b: AuditListener): AuditListener {
  return {
    user(user, findings, found) {
      a.user(user, findings, found);
      b.user(user, findings, found);
    },
    orphan(file, finding) {
      a.orphan(file, finding);
      b.orphan(file, finding);
    },
  };
}
