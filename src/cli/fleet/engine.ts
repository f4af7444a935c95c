import type { FleetConfig } from "../../model/fleet.js";
import { prepareEngine } from "../../fleet/index.js";
import type { FleetDatabase } from "../../state/postgres/index.js";
import { withFleetDatabase } from "./session.js";

/** As withFleetDatabase, with the engine's tables, for who asks what runs next. A run here and now does not load the engine. */
export function withEngine<T>(fleet: FleetConfig, work: (database: FleetDatabase) => Promise<T>): Promise<T> {
  return withFleetDatabase(fleet, async (database) => {
    await prepareEngine(database);
    return work(database);
  });
}
