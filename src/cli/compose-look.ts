import { setTimeout as sleep } from "node:timers/promises";
import { sha256Of } from "../files/digest.js";
import type { DirectoryUser } from "../model/user.js";
import type { LookPorts } from "../run/apply.js";
import { createMasterFiles } from "../state/index.js";
import type { Workbench } from "./compose.js";

/** What looking at interrupted writes needs beside an audit's objects. Nothing here can write to the tenant. */
export function openLookPorts(bench: Workbench): LookPorts {
  const { state, tenant, config, ports } = bench;
  return {
    cloudReader: tenant.cloudPhotos,
    sharePointReader: tenant.sharePoint,
    images: bench.images,
    renderer: bench.renderer,
    masters: createMasterFiles(config.source.folder),
    journal: state.journal,
    backups: state.backups,
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
