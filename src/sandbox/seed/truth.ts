import {
  hasMailboxLicence,
  hasSharePointLicence,
  SIZES,
  type MasterFile,
  type Member,
  type Shown,
  type Size,
} from "./member.js";

export interface TruthFinding {
  readonly rule: string;
  readonly address: string;
}

/** What an audit of the fresh tenant must find, no more and no less. */
export interface Truth {
  readonly seed: number;
  readonly users: readonly { readonly upn: string; readonly findings: readonly TruthFinding[] }[];
  readonly files: readonly { readonly file: string; readonly findings: readonly { readonly rule: string }[] }[];
  readonly orphans: readonly { readonly stem: string; readonly findings: readonly TruthFinding[] }[];
}

const LEAST: { readonly [size in Size]: number } = { S: 48, M: 72, L: 200 };

function usable(master: MasterFile | null): boolean {
  return master !== null && (master.state === "usable" || master.state === "duplicate");
}

/** The one finding about whose picture is stored, or null when it is the right one. */
function pictureRule(shown: Shown, hasMaster: boolean): string | null {
  switch (shown.subject) {
    case "own":
      return null;
    case "tighter":
      return "reframed-photo";
    case "other-user":
      return "wrong-person";
    case "placeholder":
    case "shared":
      return "placeholder-image";
    case "mirrored":
    case "recoloured":
    case "stranger":
      return hasMaster ? "stale-photo" : null;
  }
}

/** Faults of a right picture, by its frame and its detail. */
function qualityRules(shown: Shown, side: number, size: Size | null): string[] {
  const { width, height, fit, enlargedFrom } = shown.recipe;
  const shorter = Math.min(width, height);
  const rules: string[] = [];
  const squeezed = fit === "stretch" || width !== height;
  if (squeezed || (size !== null && shorter < LEAST[size])) rules.push("wrong-dimensions");
  if (size === null && shorter < 200 && side > shorter) rules.push("low-resolution");
  if (enlargedFrom !== undefined && shorter >= 200) rules.push("upscaled-photo");
  return rules;
}

function profileContradicts(member: Member, thumbnails: number): boolean {
  if (thumbnails === 0) return member.pictureUrl !== "empty" && !usable(member.master);
  if (member.pictureUrl !== "own" && member.pictureUrl !== "own-plain") return true;
  if (member.placeholderState === "1") return true;
  return !hasMailboxLicence(member) && member.exchangeSyncState === "1";
}

/**
 * The findings of one user by the table of rules. `split`: Graph answers for mailbox and directory apart. `ambiguous`: names under which an
 * ambiguous file lies; whoever else has that name shares in the ambiguity.
 */
export function findingsOf(member: Member, split: boolean, ambiguous: ReadonlySet<string>): TruthFinding[] {
  if (member.guest || !member.enabled || member.licence === "none") return [];
  const { upn, master } = member;
  const found: TruthFinding[] = [];
  const add = (rule: string, address: string): void => void found.push({ rule, address });
  const mailbox = hasMailboxLicence(member);
  const cloud = mailbox ? `exchange/${upn}` : `entra/${upn}`;
  const clouds = mailbox && split ? [cloud, `entra/${upn}`] : [cloud];
  const profile = `sharepoint/${upn}/profile`;
  const compared = master !== null && (usable(master) || master.state === "small");
  const side = master?.side ?? 0;

  for (const address of clouds) {
    if (member.cloud === null) {
      // Where both answers are empty, one upload serves both: one finding.
      if (usable(master) && address === cloud) add("missing-photo", address);
      continue;
    }
    const rule = pictureRule(member.cloud, compared);
    if (rule !== null) add(rule, address);
    else if (usable(master) && member.cloud.subject === "own")
      for (const quality of qualityRules(member.cloud, side, null)) add(quality, address);
  }
  if (!mailbox && (member.cloud?.recipe.length ?? 0) > 102_400) add("oversized-directory-photo", `entra/${upn}`);

  const present = SIZES.filter((size) => member.thumbnails[size] !== null).length;
  if (hasSharePointLicence(member)) {
    for (const size of SIZES) {
      const address = `sharepoint/${upn}/${size}Thumb`;
      const shown = member.thumbnails[size];
      if (shown === null) {
        if (usable(master) || present > 0) add("missing-thumbnail", address);
        continue;
      }
      const rule = pictureRule(shown, compared);
      if (rule !== null) add(rule, address);
      else if (usable(master) && shown.subject === "own")
        for (const quality of qualityRules(shown, side, size)) add(quality, address);
    }
    if (!mailbox && usable(master)) add("license-without-mailbox", profile);
    if (profileContradicts(member, present)) add("profile-property-mismatch", profile);
  }

  if (master === null) {
    if (!ambiguous.has(`${member.first} ${member.last}`)) add("user-without-master", cloud);
    const large = member.thumbnails.L;
    if (
      member.cloud !== null &&
      large !== null &&
      JSON.stringify(member.cloud.recipe.source) !== JSON.stringify(large.recipe.source)
    )
      add("stores-disagree", cloud);
  }
  return found.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.rule < b.rule ? -1 : 1));
}

/** The rule a master file breaks by itself, or none. A disabled user's or a guest's file fits somebody, so it breaks none. */
export function fileRules(file: MasterFile): { readonly rule: string }[] {
  switch (file.state) {
    case "usable":
      return [];
    case "duplicate":
      return [{ rule: "duplicate-master" }];
    case "small":
      return [{ rule: "master-too-small" }];
    case "unreadable":
      return [{ rule: "unreadable-master" }];
    case "ambiguous":
      return [{ rule: "ambiguous-master" }];
  }
}
