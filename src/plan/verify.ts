import { PhotodriftError } from "../model/errors.js";
import type { PlanHead } from "../model/plan.js";

export interface PlanCircumstances {
  /** Tenant of the configuration. */
  readonly tenant: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Digest computed from what was read. */
  readonly digest: string;
  /** ISO 8601 UTC: the latest write that another plan made in this tenant, or null. */
  readonly lastOtherWrite: string | null;
  /** This state file made exactly this plan, or PHOTODRIFT_PLAN_KEY one of its signatures. */
  readonly proved: boolean;
  /** What its actions come to, counted anew. */
  readonly counted: Pick<PlanHead["limits"], "changes" | "removals" | "usersChanged">;
}

const MAKE_ANEW = "Make a new one: photodrift audit --plan FILE.";

/**
 * Refuses a plan that was edited or cannot be proved to be this program's own, that undoes, belongs to another tenant, has expired or was overtaken by another apply.
 * Throws PhotodriftError (refused) `plan-edited`, `plan-miscounted`, `plan-unproved`, `plan-undo`, `plan-other-tenant`, `plan-expired`, `plan-overtaken`.
 */
export function verifyPlan(head: PlanHead, digest: string, now: PlanCircumstances): void {
  if (digest !== now.digest) {
    throw refused(
      "plan-edited",
      `The plan does not have the digest it states (${digest.slice(0, 12)}…, found ${now.digest.slice(0, 12)}…): it was edited or damaged.`,
      `Apply parts of a plan with --user, --rule or --store instead. ${MAKE_ANEW}`,
    );
  }
  if (head.purpose !== "apply") {
    throw refused("plan-undo", "The plan undoes a run; undo never comes out of a file.", "photodrift undo RUN --yes");
  }
  const { changes, removals, usersChanged } = now.counted;
  const { limits } = head;
  if (
    changes !== limits.changes ||
    removals !== limits.removals ||
    usersChanged !== limits.usersChanged ||
    usersChanged > limits.usersInScope
  ) {
    throw refused(
      "plan-miscounted",
      `The plan states ${limits.changes} actions, ${limits.removals} removals and ${limits.usersChanged} of ${limits.usersInScope} users; it has ${changes}, ${removals} and ${usersChanged}.`,
      MAKE_ANEW,
    );
  }
  if (!now.proved) {
    throw refused(
      "plan-unproved",
      "Nothing proves that photodrift made this plan: this state file did not make it, and it is not signed with PHOTODRIFT_PLAN_KEY.",
      "Make it with the same `state` file (photodrift audit --plan FILE), or set one PHOTODRIFT_PLAN_KEY for the audit that makes it and for the apply.",
    );
  }
  if (head.tenant.toLowerCase() !== now.tenant.toLowerCase()) {
    throw refused(
      "plan-other-tenant",
      `The plan is for tenant ${head.tenant}, the configuration names ${now.tenant}.`,
      "Name the right configuration with --config.",
    );
  }
  if (!(Date.parse(head.expiresAt) > now.now)) {
    throw refused("plan-expired", `The plan expired at ${head.expiresAt}: the tenant may have changed.`, MAKE_ANEW);
  }
  if (now.lastOtherWrite !== null && Date.parse(now.lastOtherWrite) > Date.parse(head.basedOn.observedAt)) {
    throw refused(
      "plan-overtaken",
      `The plan rests on a look at ${head.basedOn.observedAt}; another plan was carried out since (${now.lastOtherWrite}).`,
      MAKE_ANEW,
    );
  }
}

/** Refuses a plan over a limit or against the tenant's policy. Print the plan first. Throws PhotodriftError (refused) with the limit's code. */
export function requireApplyable(head: PlanHead): void {
  const [first] = head.refusals;
  if (first === undefined) return;
  throw refused(
    first.code,
    head.refusals.map(({ message }) => message).join(" "),
    [...new Set(head.refusals.map(({ cure }) => cure))].join(" "),
  );
}

function refused(code: string, message: string, cure: string): PhotodriftError {
  return new PhotodriftError(code, message, cure, "refused");
}
