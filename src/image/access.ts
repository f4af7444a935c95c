import type { OpenForeign } from "./foreign/open-foreign.js";
import type { Gate } from "./gate.js";
import type { ImageLimits } from "./limits.js";

/** What every reading of a file shares: its bounds, the memory that all readings have together, and the decoders of other formats. */
export interface ImageAccess {
  readonly limits: ImageLimits;
  readonly gate: Gate;
  readonly foreign: OpenForeign;
}
