import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { pruneBackups } from "../../run/backup-keeping.js";
import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import type { Clock, Progress } from "../../run/ports.js";
import { knownError } from "../known-errors.js";
import { isOwnReport } from "./report-files.js";
import type { State } from "../../state/index.js";

/** What keeping needs of a workbench. */
export interface KeptBench {
  readonly state: Pick<State, "records" | "journal" | "backups">;
  readonly config: Pick<Config, "state" | "keepRuns" | "keepUndoMs"> & {
    readonly policy: Pick<Config["policy"], "propagationMs">;
  };
  readonly ports: { readonly clock: Clock; readonly progress: Pick<Progress, "note" | "warn"> };
}

/**
 * Ends every run: drops what `keepRuns` and `keepUndo` no longer keep. Record, journal, backups and report files of one run go together; a
 * file that cannot be removed now is tried again by the next run. The run lock must be held. A history that cannot be tidied is a warning:
 * the run itself is recorded and stands.
 */
export async function keepHistory(bench: KeptBench): Promise<void> {
  try {
    await tidy(bench);
  } catch (thrown) {
    const error = knownError(thrown, bench.config.state);
    if (!(error instanceof PhotodriftError)) throw thrown;
    bench.ports.progress.warn(
      `Old runs could not be dropped: ${error.message} ${error.hint} The run that just ended stands; the next one tries again.`,
    );
  }
}

async function tidy({ state, config, ports }: KeptBench): Promise<void> {
  // The journal tells our own writes from changes of others as long as SharePoint may lag behind them.
  const keptMs = Math.max(config.keepUndoMs, config.policy.propagationMs);
  const undoSince = new Date(ports.clock.now() - keptMs).toISOString();
  state.records.prune({ audits: config.keepRuns, undoSince });
  await pruneBackups(state.journal, state.backups);
  for (const path of state.records.reportFilesLeft()) {
    try {
      if (isOwnReport(basename(path))) await rm(path, { force: true });
      state.records.forgetReportFile(path);
    } catch (error) {
      ports.progress.note(`${path} is not kept any more and could not be removed: ${String(error)}`);
    }
  }
}
