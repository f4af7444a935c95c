import { join } from "node:path";
import { stat } from "node:fs/promises";
import { isConfirmedEverywhere } from "../../compare/picture.js";
import { PhotodriftError } from "../../model/errors.js";
import type { AuditListener } from "../../run/audited.js";
import { createArchive } from "../../source/index.js";
import type { Workbench } from "../compose.js";

interface Confirmed {
  readonly file: string;
  readonly sha256: string;
  readonly upn: string;
}

export interface ArchiveSession extends AuditListener {
  /** Moves the masters of users whose stores were all seen to show them. Returns how many moved. */
  move(): Promise<number>;
}

/** Remembers masters that this audit saw confirmed in every store; a user who is repaired now is confirmed by the next run. */
export function confirmedMasters(bench: Workbench): ArchiveSession {
  const confirmed: Confirmed[] = [];
  const { archive, folder } = bench.config.source;
  return {
    user(user, findings) {
      if (archive === null || user.masterPhoto?.kind !== "usable" || findings.some(({ drift }) => drift)) return;
      if (!isConfirmedEverywhere(user)) return;
      confirmed.push({ file: user.masterPhoto.file, sha256: user.masterPhoto.signature.sha256, upn: user.user.upn });
    },
    orphan: () => undefined,
    async move() {
      if (archive === null) return 0;
      const target = createArchive(archive);
      let moved = 0;
      for (const { file, sha256, upn } of confirmed) {
        const path = join(folder, file);
        try {
          const { size, mtimeMs } = await stat(path);
          await target.archiveMaster({ file, path, bytes: size, mtimeMs }, sha256, upn);
          moved++;
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
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

/** Both hear every user. */
export function bothListen(a: AuditListener, b: AuditListener): AuditListener {
  return {
    user(user, findings) {
      a.user(user, findings);
      b.user(user, findings);
    },
    orphan(file, finding) {
      a.orphan(file, finding);
      b.orphan(file, finding);
    },
  };
}
