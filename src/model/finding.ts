import type { PhotoAddress } from "./address.js";
import type { DecidedBy } from "./decision.js";
import type { Attribution } from "./photo.js";
import type { ActionKind, Cause, RuleId, Severity } from "./rule.js";
import type { FindingUser } from "./shapes.js";

export type { FindingUser } from "./shapes.js";

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * What can be done: `automatic` by apply under policy.autoApply, `when-named` only with --rule, `manual` by a person, `waits` heals by itself,
 * `none` nothing to do.
 */
export interface Remedy {
  readonly kind: "automatic" | "when-named" | "manual" | "waits" | "none";
  readonly actions: readonly ActionKind[];
  /** For manual remedies: the sentence that tells the administrator what to do. */
  readonly cure?: string;
}

/** What a rule says of one address. */
export interface FindingDraft {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly drift: boolean;
  readonly user: FindingUser | null;
  readonly address: PhotoAddress;
  readonly attribution: Attribution | null;
  readonly cause: Cause;
  readonly expected: { readonly [key: string]: JsonValue };
  readonly actual: { readonly [key: string]: JsonValue };
  /** One sentence for people. */
  readonly summary: string;
  readonly remedy: Remedy;
  /** What a person decided about it, while the decision holds. */
  readonly decided?: DecidedBy;
}

/** A recorded finding. `id` is stable for the same rule at the same address of the same tenant. */
export interface Finding extends FindingDraft {
  readonly id: string;
  /** ISO 8601 UTC of the run that first saw it without interruption. */
  readonly firstSeen: string;
}
