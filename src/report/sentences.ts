import type { FindingDraft } from "../model/finding.js";
import type { ActionKind, Cause } from "../model/rule.js";
import { isDecidable } from "../model/decision.js";
import { listed } from "./grouped.js";

/** Whole sentences with a subject, for readers who do not know the commands: the pages for people. */

const CAUSES: Readonly<Record<Cause, string>> = {
  "never-synced": "photodrift has not written here yet.",
  "master-changed": "The master changed after this picture was stored.",
  "changed-in-tenant": "Somebody changed it in the tenant since photodrift wrote here.",
  unknown: "",
};

export function causeSentence(cause: Cause): string {
  return CAUSES[cause];
}

const DEEDS: Readonly<Record<ActionKind, string>> = {
  "upload-photo": "uploads the master",
  "delete-photo": "deletes the photo",
  "write-thumbnail": "writes the thumbnail",
  "delete-thumbnail": "deletes the thumbnail",
  "set-picture-properties": "corrects the picture properties of the profile",
};

/** Who does what about a finding. `decided` findings are told by who decided, not here. */
export function remedySentence({ remedy, rule }: Pick<FindingDraft, "remedy" | "rule">): string {
  const deeds = listed(remedy.actions.map((action) => DEEDS[action]));
  switch (remedy.kind) {
    case "automatic":
      return `The next apply ${deeds}.`;
    case "when-named":
      return isDecidable(rule)
        ? `A person decides: photodrift ${deeds} if you put it right.`
        : `photodrift ${deeds} when you name the rule (--rule ${rule}).`;
    case "manual":
      return remedy.cure ?? "Somebody has to put this right by hand.";
    case "waits":
      return "It heals by itself; the next audit looks again.";
    case "none":
      return "Nothing needs to be done.";
  }
}
