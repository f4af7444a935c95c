import { createHash } from "node:crypto";
import type { PlanAction } from "../model/plan-action.js";
import type { PlanHead } from "../model/plan.js";
import { planDigestText } from "../plan/index.js";

/** The digest of a plan: over its content, not its layout. */
export function planDigest(head: PlanHead, actions: Iterable<PlanAction>): string {
  const hash = createHash("sha256");
  for (const text of planDigestText(head, actions)) hash.update(text);
  return hash.digest("hex");
}
