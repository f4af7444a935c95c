import { standsByPolicy } from "../model/picture.js";
import { hasUsableMaster, isMasterTooSmall } from "./picture.js";
import type { ComparedUser, RulePolicy } from "../model/compared.js";
import type { JsonValue, Remedy } from "../model/finding.js";
import type { ColourChange, ComparedPhoto, PhotoVerdict } from "../model/photo.js";
import type { ActionKind, RuleId } from "../model/rule.js";

/** Rules that are never fixed automatically, even from policy.autoApply: only when named with --rule. */
const ONLY_WHEN_NAMED: readonly RuleId[] = ["wrong-person", "removed-in-tenant", "orphan-thumbnail", "reframed-photo"];

/** The action that repairs the picture at this address. */
export function repairOf(photo: ComparedPhoto): ActionKind {
  return photo.store === "sharepoint" ? "write-thumbnail" : "upload-photo";
}

/** May apply act on this rule: it was named, or policy.autoApply lists it and it is none of those that must be named. */
export function isAutomatic(rule: RuleId, policy: Pick<RulePolicy, "autoApply" | "namedRules">): boolean {
  if (policy.namedRules.includes(rule)) return true;
  return !ONLY_WHEN_NAMED.includes(rule) && policy.autoApply.includes(rule);
}

/** Automatic under policy, or only when the rule is named. */
export function remedyByPolicy(user: ComparedUser, rule: RuleId, actions: readonly ActionKind[]): Remedy {
  return { kind: isAutomatic(rule, user.policy) ? "automatic" : "when-named", actions };
}

/** The remedy of a picture finding: needs a master; SharePoint's obeys stores.sharepoint.fix. */
export function pictureRemedy(user: ComparedUser, rule: RuleId, photo: ComparedPhoto): Remedy {
  if (!hasUsableMaster(user)) {
    const cure = isMasterTooSmall(user)
      ? `Supply a master of at least ${user.policy.minimumPixels} pixels.`
      : "Add a master portrait for this user to the source folder, or remove the picture by hand.";
    return { kind: "manual", actions: [], cure };
  }
  const withheld = photo.store === "sharepoint" ? remedyWithoutThumbnails(user) : null;
  if (withheld !== null) return withheld;
  const chosen = chosenInCloud(user, photo);
  if (chosen !== null) return { kind: "manual", actions: [], cure: chosen };
  return remedyByPolicy(user, rule, [repairOf(photo)]);
}

/** The remedy of wrong thumbnails where stores.sharepoint.fix lets nobody but SharePoint write them; null where they are written. */
export function remedyWithoutThumbnails({ policy, user }: ComparedUser): Remedy | null {
  if (policy.sharePointFix === "direct") return null;
  if (policy.sharePointFix === "wait-for-sync" && user.licences.mailbox) return { kind: "waits", actions: [] };
  return { kind: "manual", actions: [], cure: "stores.sharepoint.fix does not let photodrift write thumbnails." };
}

/** Nothing but what withdrawn consent asks for is written to or deleted from SharePoint: the remedy of whatever is found there. */
export const REPORT_ONLY: Remedy = { kind: "manual", actions: [], cure: "stores.sharepoint.fix is report-only." };

/** What lets another picture stand, as the end of a sentence about it. */
export function whyItStands({ policy }: ComparedUser, { accepted }: ComparedPhoto): string {
  return accepted ? "was accepted" : `stands by policy.authority ${policy.authority}`;
}

/**
 * Why no photo may be uploaded to where this one stands, or null. One upload replaces the photo of both clouds, so that a photo that was accepted or
 * that policy.authority lets stand in either keeps the other as well.
 */
function chosenInCloud(user: ComparedUser, { store }: ComparedPhoto): string | null {
  const chosen = user.cloud.find((one) => standsByPolicy(user, one) || one.accepted);
  if (store === "sharepoint" || chosen === undefined) return null;
  return `The photo in ${placeName(chosen)} ${whyItStands(user, chosen)}, and an upload would replace it: ask the user for another photo.`;
}

/** `expected` of a picture finding: the master, never its pixels. */
export function expectedMaster(user: ComparedUser): { readonly [key: string]: JsonValue } {
  if (user.masterPhoto?.kind !== "usable") return { master: null };
  const { file, signature } = user.masterPhoto;
  return { master: file, sha256: signature.sha256, width: signature.width, height: signature.height };
}

/** `actual` of a picture finding: what is stored and the evidence of the verdict. */
export function actualPhoto(photo: ComparedPhoto): { readonly [key: string]: JsonValue } {
  const { observed } = photo;
  if (observed.kind !== "present") return { photo: observed.kind };
  return {
    photo: "present",
    width: observed.width,
    height: observed.height,
    bytes: observed.byteLength,
    etag: observed.etag,
    sha256: observed.signature?.sha256 ?? null,
    ...(observed.noPicture === undefined ? {} : { noPicture: observed.noPicture }),
    verdict: photo.verdict?.kind ?? null,
    evidence: evidenceOf(photo.verdict),
  };
}

function evidenceOf(verdict: PhotoVerdict | null): JsonValue {
  if (verdict === null) return null;
  const { evidence } = verdict;
  return {
    framing: evidence.framing,
    hashBits: evidence.hashBits,
    hp32: rounded(evidence.hp32),
    hp64: rounded(evidence.hp64),
    registration: rounded(evidence.registration),
    detailRatio: rounded(evidence.detailRatio),
    ...(evidence.older === undefined ? {} : { olderMaster: evidence.older }),
    ...colourOf(evidence.colour ?? null),
    thresholds: verdict.thresholds,
  };
}

/** Nothing where colours were not compared. */
function colourOf(colour: ColourChange | null): { readonly [key: string]: JsonValue } {
  if (colour === null) return {};
  const { changedShare, spot, lightness, contrast, cast, saturation, texture } = colour;
  return {
    colour: {
      changedShare: rounded(changedShare),
      spot: rounded(spot),
      lightness: rounded(lightness),
      contrast: rounded(contrast),
      castPercent: rounded(cast),
      saturation: rounded(saturation),
      ...(texture === undefined ? {} : { texture: rounded(texture) }),
    },
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}

/** "Exchange", "Entra ID", "SharePoint's L thumbnail" … */
export function placeName(photo: ComparedPhoto): string {
  if (photo.store === "exchange") return "Exchange";
  if (photo.store === "entra") return "Entra ID";
  const size = /([SML])Thumb$/.exec(photo.address)?.[1] ?? "?";
  return `SharePoint's ${size} thumbnail`;
}
