import type { StoreError } from "../../model/photo.js";

const STALE_HINT = "Somebody changed it since the audit: run photodrift audit again and apply the new plan.";

/** What a look before the write showed. */
export function changedSince(what: string): StoreError {
  return {
    code: "changed-since",
    message: `${what} changed since the plan was made; nothing was written.`,
    hint: STALE_HINT,
  };
}

/** What a look after the write showed: here something was written, and something else stands there. */
export function overtaken(what: string): StoreError {
  return {
    code: "changed-since",
    message: `${what} shows neither what stood there before nor what was sent: somebody else wrote at the same time.`,
    hint: "Run photodrift audit again: it tells what stands there now.",
  };
}
