import { sourceAddress } from "../../model/address.js";
import type { RuleSpec } from "../../model/compared.js";
import type { FindingDraft, JsonValue } from "../../model/finding.js";
import type { FileMatch, MasterPhoto } from "../../model/master.js";
import type { Severity } from "../../model/rule.js";

/** What the rules about files of the source folder may see of one file. */
export interface ComparedMaster {
  readonly photo: MasterPhoto;
  readonly match: FileMatch;
  /** UPNs of other users whose master is the same picture, sorted. */
  readonly samePictureAs: readonly string[];
  /** Pixels of the shorter side below which a master is not uploaded. */
  readonly minimumPixels: number;
}

export interface MasterRule extends RuleSpec {
  readonly check: (master: ComparedMaster) => FindingDraft | null;
}

interface MasterFindingParts {
  readonly expected: { readonly [key: string]: JsonValue };
  readonly actual: { readonly [key: string]: JsonValue };
  readonly summary: string;
  readonly cure: string;
}

function masterFinding(spec: RuleSpec, master: ComparedMaster, parts: MasterFindingParts): FindingDraft {
  return {
    rule: spec.id,
    severity: spec.severity,
    drift: spec.drift,
    user: null,
    address: sourceAddress(master.photo.file),
    attribution: null,
    cause: "unknown",
    expected: parts.expected,
    actual: parts.actual,
    summary: parts.summary,
    remedy: { kind: "manual", actions: [], cure: parts.cure },
  };
}

const warning: Severity = "warning";

/** Not an image, truncated, too large to decode, unsupported. */
export const unreadableMaster: MasterRule = {
  id: "unreadable-master",
  severity: "error",
  drift: false,
  title: "Master cannot be read",
  actions: [],
  check(master) {
    if (master.photo.kind !== "unreadable") return null;
    return masterFinding(unreadableMaster, master, {
      expected: { image: "readable" },
      actual: { bytes: master.photo.bytes, reason: master.photo.reason },
      summary: `${master.photo.file} cannot be used: ${master.photo.reason}.`,
      cure: master.photo.cure,
    });
  },
};

/** A silhouette, initials, blank, one colour, wholly transparent, or far too long: never uploaded. */
export const unsuitableMaster: MasterRule = {
  id: "unsuitable-master",
  severity: warning,
  drift: false,
  title: "Master is no portrait",
  actions: [],
  check(master) {
    const { photo, match } = master;
    if (photo.kind !== "unsuitable") return null;
    const { width, height, why, sha256 } = photo;
    const upn = match.outcome.kind === "matched" ? { upn: match.outcome.upn } : {};
    return masterFinding(unsuitableMaster, master, {
      expected: { image: "a portrait" },
      actual: { why, width, height, sha256, ...upn },
      summary: `${photo.file} is not uploaded: ${photo.reason}.`,
      cure: photo.cure,
    });
  },
};

/** A master under policy.minimumPixels is reported, not uploaded. */
export const masterTooSmall: MasterRule = {
  id: "master-too-small",
  severity: warning,
  drift: false,
  title: "Master too small",
  actions: [],
  check(master) {
    if (master.photo.kind !== "usable" || master.match.outcome.kind !== "matched") return null;
    const { width, height } = master.photo.signature;
    if (Math.min(width, height) >= master.minimumPixels) return null;
    return masterFinding(masterTooSmall, master, {
      expected: { shorterSideAtLeast: master.minimumPixels },
      actual: { width, height, upn: master.match.outcome.upn },
      summary: `${master.photo.file} has ${width} x ${height} pixels, less than ${master.minimumPixels}; it is not uploaded.`,
      cure: `Supply a portrait of at least ${master.minimumPixels} pixels, or lower policy.minimumPixels.`,
    });
  },
};

/** A master fits nobody. */
export const masterWithoutUser: MasterRule = {
  id: "master-without-user",
  severity: warning,
  drift: false,
  title: "Master fits nobody",
  actions: [],
  check(master) {
    if (master.photo.kind !== "usable" || master.match.outcome.kind !== "unmatched") return null;
    return masterFinding(masterWithoutUser, master, {
      expected: { user: "one user" },
      actual: { user: null, tried: master.match.tried },
      summary: `${master.photo.file} fits no user of the tenant.`,
      cure: "Rename the file, add a row to the mapping file, or add a pattern; `photodrift masters --suggest` proposes near matches.",
    });
  },
};

/** A master fits several users, or a user has several: never guessed. */
export const ambiguousMaster: MasterRule = {
  id: "ambiguous-master",
  severity: warning,
  drift: false,
  title: "Master is ambiguous",
  actions: [],
  check(master) {
    const { outcome } = master.match;
    if (outcome.kind !== "ambiguous") return null;
    return masterFinding(ambiguousMaster, master, {
      expected: { users: 1, files: 1 },
      actual: { users: outcome.upns, files: outcome.files },
      summary: `${master.photo.file}: ${outcome.reason}.`,
      cure:
        outcome.cure ??
        "Name the right file for the user in the mapping file (source.mapping), or remove the other one.",
    });
  },
};

/** The same picture serves two users. */
export const duplicateMaster: MasterRule = {
  id: "duplicate-master",
  severity: warning,
  drift: false,
  title: "Same picture for two users",
  actions: [],
  check(master) {
    if (master.photo.kind !== "usable" || master.match.outcome.kind !== "matched") return null;
    if (master.samePictureAs.length === 0) return null;
    return masterFinding(duplicateMaster, master, {
      expected: { users: 1 },
      actual: { upn: master.match.outcome.upn, alsoMasterOf: master.samePictureAs },
      summary: `${master.photo.file} is the same picture as the master of ${master.samePictureAs.join(", ")}.`,
      cure: "Give each user a portrait of their own.",
    });
  },
};

/** Rules of files of the source folder, in the order of their findings. */
export const MASTER_RULES: readonly MasterRule[] = [
  unreadableMaster,
  unsuitableMaster,
  masterTooSmall,
  masterWithoutUser,
  ambiguousMaster,
  duplicateMaster,
];
