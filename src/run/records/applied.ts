import type { Acceptance } from "../../model/decision.js";
import type { UserId } from "../../model/ids.js";
import type { LastApplied } from "../../model/last-applied.js";

/** What was last put at an address, and which picture there a person accepted. A slot is the address without its user (`slotOf`). */
export interface AppliedRecords {
  lastApplied(userId: UserId, slot: string): LastApplied | null;
  saveLastApplied(userId: UserId, slot: string, applied: LastApplied): void;
  forgetLastApplied(userId: UserId, slot: string): void;
  acceptances(userId: UserId): readonly Acceptance[];
  /** A later acceptance at the same slot takes the place of the earlier one. */
  accept(userId: UserId, acceptance: Acceptance): void;
  /** Forgets what was accepted at the slot, or all of the user; gives how many that were. */
  forgetAccepted(userId: UserId, slot?: string): number;
}
