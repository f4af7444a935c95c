import { slotOf } from "../../model/address.js";
import { NO_PICTURE, type Decision } from "../../model/decision.js";
import { parseUserId } from "../../model/ids.js";
import type { PictureBefore, PlanAction } from "../../model/plan-action.js";
import type { AppliedRecords } from "../records/applied.js";
import type { DecisionRecords } from "../records/decisions.js";
import type { Today } from "./today.js";

type DecidedRecords = Pick<DecisionRecords, "decisionsOf" | "decisionAt"> & Pick<AppliedRecords, "accepted">;

/** What people decided and accepted until now, as far as it concerns actions that were planned before. */
export function decisionsToday(records: DecidedRecords): Pick<Today, "decidedFix" | "wanted"> {
  const decisionsOn = ({ user, address, because }: PlanAction): readonly Decision[] => {
    if (user !== null) return records.decisionsOf(parseUserId(user.id));
    const one = records.decisionAt(address, because);
    return one === null ? [] : [one];
  };
  return {
    decidedFix: (action) => decisionsOn(action).some(({ kind, rule }) => kind === "fix" && rule === action.because),
    wanted(action) {
      if (action.action === "set-picture-properties") return false;
      const { address, because, user, before } = action;
      const slot = slotOf(address);
      const accepted = user === null || slot === null ? null : records.accepted(parseUserId(user.id), slot);
      if (accepted !== null && before.photo === "present" && before.sha256 === accepted) return true;
      const seen = namesOf(before);
      return decisionsOn(action)
        .filter((one) => one.address === address && one.seen.split(" ").some((name) => seen.includes(name)))
        .some(({ kind, rule }) => kind === "keep" || (kind === "leave" && rule === because));
    },
  };
}

/** Names by which a decision may call the picture that a plan saw. */
function namesOf(before: PictureBefore): readonly (string | null)[] {
  return before.photo === "present" ? [before.sha256, before.etag] : [NO_PICTURE];
}
