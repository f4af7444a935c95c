import { createHash } from "node:crypto";
import type { PlanAction } from "../model/plan-action.js";
import type { PlanHead } from "../model/plan.js";
import { planDigestText } from "../plan/index.js";

/** SHA-256, lower-case hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The digest of a plan: over its content, not its layout. */
export function planDigest(head: PlanHead, actions: Iterable<PlanAction>): string {
  const hash = createHash("sha256");
  for (const text of planDigestText(head, actions)) hash.update(text);
  return hash.digest("hex");
}
