import type { Kind } from "./kinds.js";

/** `audit` knows the pictures of the last run by their etags, `full-audit` reads every one again. */
export type RunKind = "audit" | "full-audit" | "apply" | "undo";

export type PhaseId =
  | "login"
  | "directory"
  | "licences"
  | "groups"
  | "metadata"
  | "renditions"
  | "policy"
  | "library"
  | "listing"
  | "downloads"
  | "profiles"
  | "fresh-look"
  | "backup"
  | "write"
  | "write-answer"
  | "read-back"
  | "undo-look"
  | "undo-write"
  | "undo-answer"
  | "undo-read-back";

export interface Phase {
  readonly id: PhaseId;
  readonly run: RunKind;
  readonly kinds: readonly Kind[];
  /** Before or after the subject of the request was written in this run; any time where absent. */
  readonly when?: "before-write" | "after-write";
  /** The request does not reach the service: an answer is made up in its place and then changed. */
  readonly withheld?: true;
}

const LOOKS: readonly Kind[] = ["metadata", "file-look", "profile-look"];
const BYTES: readonly Kind[] = ["renditions", "download"];
const WRITES: readonly Kind[] = ["photo-write", "file-write", "property-write"];

/** When in a run an answer is changed. A request is in a phase by its kind and by what was written before it. */
export const PHASES: readonly Phase[] = [
  { id: "login", run: "audit", kinds: ["discovery", "token"] },
  { id: "directory", run: "audit", kinds: ["users", "user"] },
  { id: "licences", run: "audit", kinds: ["skus"] },
  { id: "groups", run: "audit", kinds: ["members"] },
  { id: "metadata", run: "audit", kinds: ["metadata"] },
  { id: "renditions", run: "full-audit", kinds: ["renditions"] },
  { id: "policy", run: "audit", kinds: ["policy"] },
  { id: "library", run: "audit", kinds: ["library", "folders"] },
  { id: "listing", run: "audit", kinds: ["items"] },
  { id: "downloads", run: "full-audit", kinds: ["download"] },
  { id: "profiles", run: "audit", kinds: ["profiles", "profile-look"] },
  { id: "fresh-look", run: "apply", kinds: LOOKS, when: "before-write" },
  { id: "backup", run: "apply", kinds: BYTES, when: "before-write" },
  { id: "write", run: "apply", kinds: WRITES, withheld: true },
  { id: "write-answer", run: "apply", kinds: WRITES },
  // A thumbnail is read back by looking at it, without its bytes.
  { id: "read-back", run: "apply", kinds: [...LOOKS, "renditions"], when: "after-write" },
  { id: "undo-look", run: "undo", kinds: [...LOOKS, ...BYTES], when: "before-write" },
  { id: "undo-write", run: "undo", kinds: WRITES, withheld: true },
  { id: "undo-answer", run: "undo", kinds: WRITES },
  { id: "undo-read-back", run: "undo", kinds: [...LOOKS, "renditions"], when: "after-write" },
];
