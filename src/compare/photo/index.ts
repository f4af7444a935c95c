export { confirmIdentity, renditionsAgree } from "./agree.js";
export { decide, isSettledBy, type Reference } from "./decide.js";
export { needsLargerRendition } from "./escalate.js";
export { createMasterIndex, type MasterCandidate, type MasterEntry, type MasterIndex } from "./master-index.js";
export { revisionOf, showsOlder, type Revision } from "./older.js";
export { looksLikePlaceholder } from "./placeholder.js";
export { coloursAgree } from "./recoloured.js";
export { isRetouched } from "./retouched.js";
export { THRESHOLDS } from "./thresholds.js";
