import { setTimeout as sleep } from "node:timers/promises";
import type { DirectoryUser } from "../model/index.js";
import type { ApplyPorts } from "../run/apply.js";
import { createBackups, createMasterFiles, sha256Of } from "../state/index.js";
import { openWriters } from "../stores/writers.js";
import type { Workbench } from "./compose.js";

/** What apply and undo need beside an audit's objects. The only place that wires writers. */
export function openApplyPorts(bench: Workbench): ApplyPorts {
  const { state, tenant, config, ports } = bench;
  const { cloudPhotoWriter, sharePointWriter } = openWriters(tenant);
  return {
    cloudReader: tenant.cloudPhotos,
    cloudWriter: cloudPhotoWriter,
    sharePointReader: tenant.sharePoint,
    sharePointWriter,
    images: bench.images,
    renderer: bench.renderer,
    masters: createMasterFiles(config.source.folder),
    journal: state.journal,
    backups: createBackups(config.state),
    records: state.records,
    findUser: (id): Promise<DirectoryUser | null> => {
      const known = state.records.user(id);
      return known === null ? tenant.directory.user(id) : Promise.resolve(known);
    },
    clock: ports.clock,
    sleep: (ms) => sleep(ms),
    sha256: sha256Of,
    progress: ports.progress,
  };
}
