import type { RuleId } from "./rule.js";

/** What a person may decide about a finding. */
export const DECISION_KINDS = ["fix", "keep", "leave"] as const;
/** Put right with the next apply; keep what is there as wanted; leave as it is, seen and decided. */
export type DecisionKind = (typeof DECISION_KINDS)[number];

/** Rules whose findings need the eyes of a person. */
export const DECIDABLE_RULES: readonly RuleId[] = [
  "reframed-photo",
  "wrong-person",
  "removed-in-tenant",
  "stores-disagree",
  "wrong-dimensions",
  "orphan-thumbnail",
];

/** True of rules about a picture that a person may let stand. */
export function isDecidable(rule: RuleId): boolean {
  return DECIDABLE_RULES.includes(rule);
}

/** Stands for the stored picture where there is none: taken away. */
export const NO_PICTURE = "absent";

/** What a person decided about one finding. It holds as long as the stored picture and the master are those that were looked at. */
export interface Decision {
  readonly findingId: string;
  readonly address: string;
  /** Object id; null for thumbnails of nobody. */
  readonly userId: string | null;
  readonly rule: RuleId;
  readonly kind: DecisionKind;
  /** What stood in the store, see `seenIn`. */
  readonly seen: string;
  /** SHA-256 of the master, null where there was none. */
  readonly master: string | null;
  /** Who decided, as they named themselves. */
  readonly by: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** A picture that a person recorded as wanted with `photodrift accept`. It stands as long as picture and master are those of then. */
export interface Acceptance {
  /** Where it stands: the address without its user (`slotOf`). */
  readonly slot: string;
  readonly sha256: string;
  /** SHA-256 of the user's master then, null where there was none; left out of records that do not tell: these outlive any master. */
  readonly master?: string | null;
}

/** A decision as a finding shows it. */
export type DecidedBy = Pick<Decision, "kind" | "by" | "at">;
