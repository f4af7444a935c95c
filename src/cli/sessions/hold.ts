import type { Config } from "../../model/config.js";
import type { HeldState } from "../../state/index.js";

/** Takes a tenant's state into this process's hands; `doing` is what others are told meanwhile, e.g. `photodrift audit`. */
export type HoldState = (config: Config, doing: string) => Promise<HeldState>;
