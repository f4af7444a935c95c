import { masterSha } from "../model/picture.js";
import type { ComparedUser } from "../model/compared.js";
import { slotOf } from "../model/address.js";
import { NO_PICTURE, type Acceptance, type DecidedBy, type Decision } from "../model/decision.js";
import { fixesOf, masterIn, seenIn } from "../model/decision-facts.js";
import type { FindingDraft } from "../model/finding.js";
import type { ComparedPhoto } from "../model/photo.js";
import { photosOf } from "./picture.js";

/**
 * `holds`: picture and master are those that the person looked at. `ended`: one of them changed, or what was decided has been done.
 * `unknown`: the store was not read, so nothing can be said.
 */
export type DecisionState = "holds" | "ended" | "unknown";

/** Whether a decision about a user's picture still holds, by what was read now. */
export function stateOfDecision(user: ComparedUser, decision: Decision): DecisionState {
  const seen = seenNow(user, decision);
  if (seen === null) return "unknown";
  return seen === decision.seen && masterSha(user) === decision.master ? "holds" : "ended";
}

/** The same of a picture that was accepted: it ends with the picture and, where it is known of which master it was thought better, with that. */
export function stateOfAcceptance(user: ComparedUser, { slot, sha256, master }: Acceptance): DecisionState {
  const photo = photosOf(user).find(({ address }) => slotOf(address) === slot);
  if (photo?.observed.kind === "absent") return "ended";
  if (photo?.observed.kind !== "present" || photo.observed.signature === null) return "unknown";
  const sameMaster = master === undefined || master === masterSha(user);
  return photo.observed.signature.sha256 === sha256 && sameMaster ? "holds" : "ended";
}

function seenNow(user: ComparedUser, { address, rule }: Decision): string | null {
  const photo = photosOf(user).find((one) => one.address === address);
  const seen = pictureNow(photo);
  if (rule !== "stores-disagree") return seen;
  const large = pictureNow(user.sharePoint.photos.L);
  return seen === null || large === null ? null : `${seen} ${large}`;
}

function pictureNow(photo: ComparedPhoto | undefined): string | null {
  if (photo?.observed.kind === "absent") return NO_PICTURE;
  if (photo?.observed.kind !== "present") return null;
  return photo.observed.signature?.sha256 ?? photo.observed.etag ?? NO_PICTURE;
}

/** Decisions that hold, of one kind or all. */
function holding(user: ComparedUser): readonly Decision[] {
  return user.decisions.filter((decision) => stateOfDecision(user, decision) === "holds");
}

/** The user with the pictures marked that a person accepted or decided to keep, where that holds: to rules and plan both are one. */
export function withKept(user: ComparedUser): ComparedUser {
  const kept = new Set<string>(holding(user).flatMap(({ kind, address }) => (kind === "keep" ? [address] : [])));
  const standing = user.acceptances.filter((one) => stateOfAcceptance(user, one) === "holds").map(({ slot }) => slot);
  if (kept.size + standing.length === 0) return user;
  const accept = (photo: ComparedPhoto): ComparedPhoto =>
    kept.has(photo.address) || standing.includes(slotOf(photo.address) ?? "") ? { ...photo, accepted: true } : photo;
  const { S, M, L } = user.sharePoint.photos;
  return {
    ...user,
    cloud: user.cloud.map(accept),
    sharePoint: { ...user.sharePoint, photos: { S: accept(S), M: accept(M), L: accept(L) } },
  };
}

/** Says on each finding what was decided: `fix` counts as named, `leave` is shown as decided, `keep` is an accepted picture with a name to it. */
export function withDecisions(user: ComparedUser, drafts: readonly FindingDraft[]): readonly FindingDraft[] {
  if (user.decisions.length === 0) return drafts;
  const decisions = holding(user);
  return drafts.map((draft) => {
    const here = decisions.filter(({ address }) => address === draft.address);
    const kept = here.find(({ kind }) => kind === "keep");
    if (draft.rule === "pinned") return kept === undefined || user.pinned ? draft : keptDraft(draft, kept);
    const own = here.find(({ rule }) => rule === draft.rule);
    return own === undefined ? draft : decidedDraft(draft, own, user.policy.sharePointFix === "direct");
  });
}

function keptDraft(draft: FindingDraft, decision: Decision): FindingDraft {
  const summary = draft.summary.replace(/^Accepted: /, "");
  return { ...draft, decided: decidedBy(decision), summary: `Kept as ${decision.by} decided: ${summary}` };
}

function decidedDraft(draft: FindingDraft, decision: Decision, sharePointWrites: boolean): FindingDraft {
  const decided = decidedBy(decision);
  if (decision.kind !== "fix") return { ...draft, decided };
  const actions = fixesOf(draft, sharePointWrites);
  return actions.length === 0 ? draft : { ...draft, decided, remedy: { kind: "automatic", actions } };
}

function decidedBy({ kind, by, at }: Decision): DecidedBy {
  return { kind, by, at };
}

/** The same for a file of nobody, which has neither master nor compared user: its own facts tell whether the decision holds. */
export function withOrphanDecision(
  draft: FindingDraft,
  decision: Decision | null,
): { readonly draft: FindingDraft; readonly state: DecisionState } {
  if (decision === null) return { draft, state: "unknown" };
  if (seenIn(draft) !== decision.seen || masterIn(draft) !== decision.master) return { draft, state: "ended" };
  if (decision.kind !== "keep") return { draft: decidedDraft(draft, decision, true), state: "holds" };
  const note: FindingDraft = {
    ...draft,
    rule: "pinned",
    severity: "info",
    drift: false,
    actual: { ...draft.actual, rule: draft.rule },
    remedy: { kind: "none", actions: [] },
  };
  return { draft: keptDraft(note, decision), state: "holds" };
}
