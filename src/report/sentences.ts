import type { FindingDraft } from "../model/finding.js";
import type { ActionKind, Cause, RuleId } from "../model/rule.js";
import { isDecidable } from "../model/decision.js";
import { listed } from "./grouped.js";

/** Whole sentences with a subject, for readers who do not know the commands: the pages for people. */

const CAUSES: Readonly<Record<Cause, string>> = {
  "never-synced": "photodrift has not written here yet.",
  "master-changed": "The master changed since photodrift wrote here.",
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

/** What is wrong in a rule's findings, in the words of people who look at faces. */
export const RULE_WORDS: Readonly<Record<RuleId, string>> = {
  "missing-photo": "no photo, though there is a portrait",
  "missing-thumbnail": "a SharePoint picture is missing",
  "stale-photo": "an outdated or unknown picture",
  "reframed-photo": "another crop or another shot",
  "wrong-person": "somebody else's face",
  "placeholder-image": "a placeholder instead of a face",
  "low-resolution": "a picture with too few pixels",
  "upscaled-photo": "a blurred, enlarged picture",
  "wrong-dimensions": "a squeezed or too small picture",
  "oversized-directory-photo": "a directory photo that is too large",
  "license-without-mailbox": "SharePoint gets no picture without a mailbox",
  "profile-property-mismatch": "the profile points to the wrong picture",
  "stores-disagree": "different pictures in different places",
  "consent-withdrawn": "a photo of somebody who said no",
  "removed-in-tenant": "a photo that somebody took away",
  "changed-in-tenant": "a photo the person changed",
  "propagation-pending": "a picture still on its way",
  pinned: "kept as it is, on purpose",
  "orphan-thumbnail": "pictures of nobody in the tenant",
  "user-without-master": "no portrait in the folder",
  "master-without-user": "a portrait that fits nobody",
  "ambiguous-master": "a portrait that could be several people's",
  "duplicate-master": "one portrait for two people",
  "unreadable-master": "a portrait file that cannot be read",
  "unsuitable-master": "a portrait file without a face",
  "user-elsewhere": "a profile in another geography",
  "list-entry-without-user": "a row of a list that names nobody",
  "master-too-small": "a portrait that is too small",
  "write-blocked": "the tenant forbids photo changes",
  unreadable: "a picture that could not be read",
};
