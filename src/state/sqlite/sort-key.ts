import type { FindingDraft } from "../../model/finding.js";

/** Separates the parts of a sort key below every printable character, so that "a" sorts before "a b". */
const SEPARATOR = "\u0001";

/** Findings sort by user, then address, then rule; findings without a user come last. */
export function sortKeyOf({ user, address, rule }: Pick<FindingDraft, "user" | "address" | "rule">): string {
  return [user === null ? "\uffff" : user.upn.toLowerCase(), address, rule].join(SEPARATOR);
}
