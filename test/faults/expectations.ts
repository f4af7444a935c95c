import type { PhaseId } from "./phases.js";

/**
 * - read: the run says what it says without the change.
 * - not read: the run is incomplete, and says and plans nothing about what the changed answers were about.
 * - refused: the run ends with an error and trusts nothing; no plan.
 * - done: everything planned was written, and is told as written.
 * - left: what the changed answers were about is told as not written; the rest is done.
 */
export type Outcome = "read" | "not read" | "refused" | "done" | "left";

/** Writes that may reach the service: none; those about other things than the changed answers; all that are planned. */
export type WritesAllowed = "none" | "others" | "planned";

export interface Expectation {
  readonly outcome: Outcome;
  readonly exits: readonly number[];
  readonly writes: WritesAllowed;
}

/** What holds for a phase whatever the change is, unless an exception below says otherwise. */
export const BY_PHASE: Readonly<Record<PhaseId, Expectation>> = {
  login: { outcome: "refused", exits: [1, 3, 4], writes: "none" },
  directory: { outcome: "refused", exits: [1, 3, 4], writes: "none" },
  licences: { outcome: "refused", exits: [1, 3, 4], writes: "none" },
  groups: { outcome: "refused", exits: [1, 3, 4], writes: "none" },
  metadata: { outcome: "not read", exits: [4], writes: "none" },
  renditions: { outcome: "not read", exits: [4], writes: "none" },
  policy: { outcome: "read", exits: [2], writes: "none" },
  library: { outcome: "not read", exits: [4], writes: "none" },
  listing: { outcome: "not read", exits: [4], writes: "none" },
  downloads: { outcome: "not read", exits: [4], writes: "none" },
  profiles: { outcome: "not read", exits: [4], writes: "none" },
  "fresh-look": { outcome: "left", exits: [2, 4], writes: "others" },
  backup: { outcome: "left", exits: [2, 4], writes: "others" },
  write: { outcome: "left", exits: [2, 4], writes: "planned" },
  "write-answer": { outcome: "done", exits: [0], writes: "planned" },
  "read-back": { outcome: "left", exits: [2, 4], writes: "planned" },
  "undo-look": { outcome: "left", exits: [2, 4], writes: "others" },
  "undo-write": { outcome: "left", exits: [2, 4], writes: "planned" },
  "undo-answer": { outcome: "done", exits: [0], writes: "planned" },
  "undo-read-back": { outcome: "left", exits: [2, 4], writes: "planned" },
};

export interface Exception {
  readonly mutations: readonly string[];
  readonly phases: readonly PhaseId[];
  readonly expect: Partial<Expectation>;
  readonly because: string;
}

/** Cells that differ from their phase, each with the reason. The last one that names a cell holds. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    mutations: ["parts-reordered"],
    phases: ["metadata", "renditions"],
    expect: { outcome: "read", exits: [2] },
    because: "Graph answers the parts of a batch in any order; their ids tell",
  },
  {
    mutations: [
      "part-empty",
      "part-null",
      "part-404-html",
      "part-404-empty",
      "part-missing",
      "status-204",
      "status-304",
      "status-redirect",
      "error-200",
      "body-list",
      "parts-swapped",
      "parts-reordered",
    ],
    phases: ["profiles"],
    expect: { outcome: "read", exits: [2] },
    because:
      "every profile names the account that it is of, and what is no profile is asked for again outside the batch",
  },
  {
    mutations: ["parts-reordered"],
    phases: ["fresh-look", "backup", "read-back", "undo-look", "undo-read-back"],
    expect: { outcome: "done", exits: [0], writes: "planned" },
    because: "Graph answers the parts of a batch in any order; their ids tell",
  },
  {
    mutations: ["parts-swapped"],
    phases: ["renditions"],
    expect: { outcome: "read", exits: [2] },
    because: "the picture of another user in the batch, and the photo of that user, are asked for again by themselves",
  },
  {
    mutations: ["parts-swapped"],
    phases: ["backup"],
    expect: { outcome: "done", exits: [0], writes: "planned" },
    because: "bytes that are not what the plan saw are asked for again by themselves: what is kept is whose it is",
  },
  {
    mutations: ["unknown-404", "authentication-400", "refused-401"],
    phases: ["write-answer", "undo-answer"],
    expect: { outcome: "left", exits: [2, 4] },
    because:
      "a refusal in the service's own words is believed: told as not written, and the next audit sees what the store shows",
  },
  {
    mutations: ["users-twice"],
    phases: ["directory"],
    expect: { outcome: "refused", exits: [3] },
    because: "a list that names a thing twice was shifted while it was read, and may lack another",
  },
  {
    mutations: ["user-deleted-between"],
    phases: ["directory"],
    expect: { outcome: "not read", exits: [4] },
    because: "the user was listed and cannot be looked at any more: unreadable, not without a photo",
  },
  {
    mutations: ["list-half"],
    phases: ["licences"],
    expect: { outcome: "read", exits: [2] },
    because:
      "the half that is left out holds only subscriptions of which nobody here has a licence; list-late-half leaves out those in use",
  },
  {
    mutations: ["items-5001"],
    phases: ["listing"],
    expect: { outcome: "read", exits: [2] },
    because: "other files of the library, however many and however named, change nothing",
  },
];

export function expectationOf(mutation: string, phase: PhaseId): Expectation {
  const found = EXCEPTIONS.filter(({ mutations, phases }) => mutations.includes(mutation) && phases.includes(phase));
  return found.reduce<Expectation>((expected, { expect }) => ({ ...expected, ...expect }), BY_PHASE[phase]);
}
