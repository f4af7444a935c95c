import { slotOf } from "../../model/address.js";
import { NO_PICTURE, type Decision } from "../../model/decision.js";
import { parseUserId } from "../../model/ids.js";
import type { PictureBefore, PlanAction } from "../../model/plan-action.js";
import type { AppliedRecords } from "../records/applied.js";
import type { DecisionRecords } from "../records/decisions.js";
import type { Today } from "./today.js";

type DecidedRecords = Pick<DecisionRecords, "decisionsOf" | "decisionAt"> & Pick<AppliedRecords, "acceptances">;

/** What people decided and accepted until now, as far as it concerns actions that were planned before. */
export function decisionsToday(records: DecidedRecords): Pick<Today, "decidedFix" | "wanted"> {
  const decisionsOn = ({ user, address, because }: PlanAction): readonly Decision[] => {
    if (user !== null) return records.decisionsOf(parseUserId(user.id));
    const one = records.decisionAt(address, because);
    return one === null ? [] : [one];
  };
  const isAccepted = ({ user, address }: PlanAction, seen: readonly (string | null)[], master: Master): boolean =>
    user !== null &&
    records
      .acceptances(parseUserId(user.id))
      .some((one) => one.slot === slotOf(address) && seen.includes(one.sha256) && isStill(master, one.master));
  return {
    decidedFix: (action) => decisionsOn(action).some(({ kind, rule }) => kind === "fix" && rule === action.because),
    wanted(action) {
      if (action.action === "set-picture-properties") return false;
      const [seen, master] = [namesOf(action.before), masterOf(action)];
      const { address, because } = action;
      const stands = ({ kind, rule }: Decision): boolean => kind === "keep" || (kind === "leave" && rule === because);
      return (
        isAccepted(action, seen, master) ||
        decisionsOn(action)
          .filter((one) => one.address === address && one.seen.split(" ").some((name) => seen.includes(name)))
          .some((one) => stands(one) && isStill(master, one.master))
      );
    },
  };
}

/** SHA-256; undefined where an action tells of no master. */
type Master = string | null | undefined;

/** What was wanted about one master ends with it. */
function isStill(now: Master, then: Master): boolean {
  return now === undefined || then === undefined || now === then;
}

function masterOf(action: PlanAction): Master {
  if (action.action !== "upload-photo" && action.action !== "write-thumbnail") return undefined;
  return action.after.source.kind === "master" ? action.after.sourceSha256 : undefined;
}

/** Names by which a decision may call the picture that a plan saw. */
function namesOf(before: PictureBefore): readonly (string | null)[] {
  return before.photo === "present" ? [before.sha256, before.etag] : [NO_PICTURE];
}
