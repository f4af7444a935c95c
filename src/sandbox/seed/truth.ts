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
  return [
    ...cloudFindings(member, split),
    ...sharePointFindings(member),
    ...findingsWithoutMaster(member, ambiguous),
  ].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.rule < b.rule ? -1 : 1));
}

function cloudAddress(member: Member): string {
  return hasMailboxLicence(member) ? `exchange/${member.upn}` : `entra/${member.upn}`;
}

/** What is wrong with a picture that is there, given what the user's master can say of it. */
function rulesOf(shown: Shown, master: MasterFile | null, size: Size | null): readonly string[] {
  const compared = usable(master) || master?.state === "small";
  const rule = pictureRule(shown, compared);
  if (rule !== null) return [rule];
  return usable(master) && shown.subject === "own" ? qualityRules(shown, master?.side ?? 0, size) : [];
}

function cloudFindings(member: Member, split: boolean): TruthFinding[] {
  const { upn, master } = member;
  const mailbox = hasMailboxLicence(member);
  const cloud = cloudAddress(member);
  // Where both answers are empty, one upload serves both: one finding.
  if (member.cloud === null) return usable(master) ? [{ rule: "missing-photo", address: cloud }] : [];
  const shown = member.cloud;
  const found = (mailbox && split ? [cloud, `entra/${upn}`] : [cloud]).flatMap((address) =>
    rulesOf(shown, master, null).map((rule) => ({ rule, address })),
  );
  if (!mailbox && (shown.recipe.length ?? 0) > 102_400)
    found.push({ rule: "oversized-directory-photo", address: `entra/${upn}` });
  return found;
}

function sharePointFindings(member: Member): TruthFinding[] {
  if (!hasSharePointLicence(member)) return [];
  const { upn, master, thumbnails } = member;
  const present = SIZES.filter((size) => thumbnails[size] !== null).length;
  const found: TruthFinding[] = SIZES.flatMap((size) => {
    const shown = thumbnails[size];
    const missing = usable(master) || present > 0 ? ["missing-thumbnail"] : [];
    const rules = shown === null ? missing : rulesOf(shown, master, size);
    return rules.map((rule) => ({ rule, address: `sharepoint/${upn}/${size}Thumb` }));
  });
  const address = `sharepoint/${upn}/profile`;
  if (!hasMailboxLicence(member) && usable(master)) found.push({ rule: "license-without-mailbox", address });
  if (profileContradicts(member, present)) found.push({ rule: "profile-property-mismatch", address });
  return found;
}

function findingsWithoutMaster(member: Member, ambiguous: ReadonlySet<string>): TruthFinding[] {
  if (member.master !== null) return [];
  const address = cloudAddress(member);
  const found: TruthFinding[] = [];
  if (!ambiguous.has(`${member.first} ${member.last}`)) found.push({ rule: "user-without-master", address });
  const [cloud, large] = [member.cloud, member.thumbnails.L];
  const differ = JSON.stringify(cloud?.recipe.source) !== JSON.stringify(large?.recipe.source);
  if (cloud !== null && large !== null && differ) found.push({ rule: "stores-disagree", address });
  return found;
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
