import type { Decision } from "../../model/decision.js";
import type { UserId } from "../../model/ids.js";
import type { RuleId } from "../../model/rule.js";

/** What people decided about findings. */
export interface DecisionRecords {
  decisionsOf(userId: UserId): readonly Decision[];
  /** The decision about files of nobody at this address. */
  decisionAt(address: string, rule: RuleId): Decision | null;
  /** All of them, or those of one user. */
  decisions(userId?: UserId): Iterable<Decision>;
  decision(findingId: string): Decision | null;
  /** A later decision about the same finding takes the place of the earlier one, which is given back. */
  saveDecision(decision: Decision): Decision | null;
  endDecision(findingId: string): void;
  /** The finding as it stands open: in which run it was seen last. null: it does not stand any more. */
  lastSeenIn(findingId: string): string | null;
}
