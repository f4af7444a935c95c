import { storeOf, type StoreName } from "../model/address.js";
import type { PlanAction } from "../model/plan-action.js";
import type { RuleId } from "../model/rule.js";

/** Which part of a saved plan is wanted. Empty lists select everything. */
export interface ActionSelection {
  /** UPNs or object ids. */
  readonly users: readonly string[];
  /** Object ids of whom a group has as members; null: no group was asked for. */
  readonly members: ReadonlySet<string> | null;
  readonly rules: readonly RuleId[];
  readonly stores: readonly StoreName[];
}

/** True when the action belongs to the selected part. A cloud photo belongs to both cloud stores: one write serves them. */
export function isSelected(action: PlanAction, selection: ActionSelection): boolean {
  const { users, members, rules, stores } = selection;
  if (rules.length > 0 && !rules.includes(action.because)) return false;
  if (users.length > 0) {
    const owner = action.user;
    if (owner === null) return false;
    const names = [owner.upn.toLowerCase(), owner.id.toLowerCase()];
    if (!users.some((one) => names.includes(one.toLowerCase()))) return false;
  }
  if (members !== null && (action.user === null || !members.has(action.user.id))) return false;
  if (stores.length === 0) return true;
  const isPhoto = action.action === "upload-photo" || action.action === "delete-photo";
  return stores.some((store) => (isPhoto ? store !== "sharepoint" : store === storeOf(action.address)));
}
