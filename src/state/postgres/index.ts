export { openFleetDatabase, type DatabaseOptions, type FleetDatabase } from "./database.js";
export { holdFleetState, readFleetState, type FleetReading, type HoldWish } from "./hold.js";
export type { LeaseTimes } from "./lease.js";
