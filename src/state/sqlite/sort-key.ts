import type { PhotoAddress } from "../../model/address.js";
import type { FindingDraft } from "../../model/finding.js";

/** Separates the parts of a sort key below every printable character, so that "a" sorts before "a b". */
const SEPARATOR = "\u0001";

/** Findings sort by user, then address, then rule; findings without a user come last. */
export function sortKeyOf({ user, address, rule }: Pick<FindingDraft, "user" | "address" | "rule">): string {
  return [user === null ? "\uffff" : user.upn.toLowerCase(), address, rule].join(SEPARATOR);
}

export function addressOf(sortKey: string): PhotoAddress {
  return (sortKey.split(SEPARATOR)[1] ?? "") as PhotoAddress;
}

export function ruleOf(sortKey: string): string {
  return sortKey.split(SEPARATOR)[2] ?? "";
}
