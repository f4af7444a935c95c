import type { UserId } from "../../model/ids.js";
import type { LastApplied } from "../../model/last-applied.js";

/** What was last put at an address, and which picture there a person accepted. A slot is the address without its user (`slotOf`). */
export interface AppliedRecords {
  lastApplied(userId: UserId, slot: string): LastApplied | null;
  saveLastApplied(userId: UserId, slot: string, applied: LastApplied): void;
  forgetLastApplied(userId: UserId, slot: string): void;
  accepted(userId: UserId, slot: string): string | null;
  accept(userId: UserId, slot: string, sha256: string): void;
  forgetAccepted(userId: UserId): number;
}
