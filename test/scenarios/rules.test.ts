import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkMaster, checkUser } from "../../src/compare/rules/index.js";
import type { ComparedMaster } from "../../src/compare/rules/masters.js";
import { slotOf, type ThumbnailSize } from "../../src/model/address.js";
import type { ComparedUser } from "../../src/model/compared.js";
import type { FindingDraft } from "../../src/model/finding.js";
import { parseUserId } from "../../src/model/ids.js";
import type { LastApplied } from "../../src/model/last-applied.js";
import type { FileMatch } from "../../src/model/master.js";
import type { ComparedPhoto } from "../../src/model/photo.js";
import { RULE_IDS, type RuleId } from "../../src/model/rule.js";
import {
  unsuitableMaster,
  comparedUser,
  directoryUser,
  master,
  NOW,
  photo,
  POLICY,
  sharePoint,
  verdict,
} from "../support/compared-user.js";

const FOLDER = join(import.meta.dirname, "rules");
/** Rules whose situation is a tenant, not a user or a file; they are shown in truth.test.ts and rules.test.ts of test/unit. */
const TENANT_RULES: readonly RuleId[] = ["orphan-thumbnail", "write-blocked", "list-entry-without-user"];

type Shown =
  | string
  | {
      readonly shows: string;
      readonly side?: number;
      readonly bytes?: number;
      readonly upscaled?: boolean;
      readonly previous?: true;
    };
type Applied = "this-master" | "older-master" | "overwritten";

interface Given {
  readonly licences?: { readonly mailbox: boolean; readonly sharePoint: boolean };
  readonly master?: "none" | "too-small" | "unsuitable";
  readonly cloud?: Shown;
  readonly thumbnails?: Partial<Record<ThumbnailSize, Shown>>;
  readonly profile?: "none" | Record<string, string>;
  /** My Site host of another geography. */
  readonly elsewhere?: string;
  readonly fix?: "report-only" | "wait-for-sync";
  readonly named?: readonly RuleId[];
  readonly authority?: "user" | "fill";
  readonly consent?: "withdrawn";
  readonly pinned?: boolean;
  readonly accepted?: readonly string[];
  readonly lastApplied?: Readonly<Record<string, Applied>>;
  readonly cloudChangedHoursAgo?: number;
  readonly cloudChangedBy?: "photodrift";
  readonly storesAgree?: boolean;
}

interface GivenFile {
  readonly photo?: "unreadable" | "unsuitable" | { readonly side: number };
  readonly match?: "unmatched" | "ambiguous";
  readonly samePictureAs?: readonly string[];
}

interface Scenario {
  readonly title: string;
  readonly given?: Given;
  readonly file?: GivenFile;
  readonly expect: readonly string[];
}

const BEN = {
  kind: "other-user",
  userId: parseUserId("ben"),
  upn: "ben@contoso.com",
  displayName: "Ben",
  file: "Ben.jpg",
  retired: false,
} as const;

function shown(slot: "exchange" | "entra" | ThumbnailSize, what: Shown, given: Given): ComparedPhoto {
  const { shows, ...rest } = typeof what === "string" ? { shows: what } : what;
  const { upscaled, previous, ...size } = { upscaled: false, previous: false, ...rest };
  const applied = given.lastApplied?.[slot];
  const seen = shows === "wrong-person" ? "stale" : (shows as Parameters<typeof photo>[1]);
  return photo(slot, seen, {
    ...size,
    ...(shows === "wrong-person" ? { identity: BEN } : {}),
    ...(upscaled ? { verdict: verdict("same", { upscaled: true }) } : {}),
    ...(applied === undefined ? {} : { lastApplied: lastApplied(slot, applied) }),
    accepted: given.accepted?.includes(slot) ?? false,
    showsPrevious: previous,
  });
}

function lastApplied(slot: "exchange" | "entra" | ThumbnailSize, what: Applied): LastApplied {
  return {
    address: photo(slot, "right").address,
    masterSha256: (what === "older-master" ? "o" : "m").repeat(64),
    action: "upload-photo",
    at: "2026-02-01T00:00:00Z",
    etag: what === "overwritten" ? "another-etag" : `etag-${slot}`,
    readBackSha256: null,
  };
}

function userOf(given: Given): ComparedUser {
  const licences = given.licences ?? { mailbox: true, sharePoint: true };
  const size = (one: ThumbnailSize) => shown(one, given.thumbnails?.[one] ?? "right", given);
  const base = sharePoint();
  const profile = given.profile === "none" ? ({ kind: "absent" } as const) : { ...base.profile, ...given.profile };
  const without = given.master === "none";
  const pixels = given.master === "too-small" ? { width: 200, height: 200 } : {};
  const file = given.master === "unsuitable" ? unsuitableMaster() : master(pixels);
  return comparedUser({
    user: directoryUser({ licences }),
    master: without ? { kind: "none" } : { kind: "matched", file: "Anna B.jpg", pattern: "{first} {last}" },
    masterPhoto: without ? null : file,
    consentWithdrawn: given.consent === "withdrawn",
    pinned: given.pinned ?? false,
    cloud: [shown(licences.mailbox ? "exchange" : "entra", given.cloud ?? "right", given)],
    sharePoint: {
      ...base,
      photos: { S: size("S"), M: size("M"), L: size("L") },
      profile: profile,
      ...(given.elsewhere === undefined ? {} : livingOn(given.elsewhere)),
    },
    cloudChange:
      given.cloudChangedHoursAgo === undefined
        ? null
        : {
            at: new Date(NOW - given.cloudChangedHoursAgo * 3_600_000).toISOString(),
            by: given.cloudChangedBy ?? "others",
          },
    storesAgree: given.storesAgree ?? null,
    policy: {
      ...POLICY,
      authority: given.authority ?? "source",
      namedRules: given.named ?? [],
      sharePointFix: given.fix ?? "direct",
    },
  });
}

/** The SharePoint side of a user of another geography, as run/join.ts makes it. */
function livingOn(
  elsewhere: string,
): Pick<ComparedUser["sharePoint"], "observed" | "photos" | "profile" | "elsewhere"> {
  const nothing = { kind: "not-applicable", why: `the user's pictures live on ${elsewhere}` } as const;
  const none = (size: ThumbnailSize): ComparedPhoto => ({ ...photo(size, "absent"), observed: nothing });
  return { observed: false, photos: { S: none("S"), M: none("M"), L: none("L") }, profile: nothing, elsewhere };
}

function masterOf(given: GivenFile): ComparedMaster {
  const found =
    typeof given.photo === "object" ? master({ width: given.photo.side, height: given.photo.side }) : master();
  const matched = {
    kind: "matched",
    userId: parseUserId("anna"),
    upn: "anna.b@contoso.com",
    pattern: "{first} {last}",
  } as const;
  const outcome: FileMatch["outcome"] =
    given.match === "unmatched"
      ? { kind: "unmatched" }
      : given.match === "ambiguous"
        ? { kind: "ambiguous", reason: "fits 2 users", upns: ["anna.b@contoso.com", "anna.b2@contoso.com"], files: [] }
        : matched;
  const unreadable = {
    kind: "unreadable",
    file: found.file,
    bytes: 12,
    mtimeMs: 0,
    reason: "it is no image",
    cure: "Replace it.",
  } as const;
  return {
    photo: given.photo === "unreadable" ? unreadable : given.photo === "unsuitable" ? unsuitableMaster() : found,
    match: { file: found.file, outcome, tried: [] },
    samePictureAs: given.samePictureAs ?? [],
    minimumPixels: 240,
  };
}

function line({ rule, address, severity, drift, cause, remedy }: FindingDraft): string {
  const does = [remedy.kind, ...remedy.actions].join(" ");
  return `${rule} at ${slotOf(address) ?? "source"}: ${severity}, ${drift ? "drift" : "note"}, ${cause}, ${does}`;
}

const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));

describe("golden scenarios", () => {
  it("exist for every rule about a user or a file", () => {
    const wanted = RULE_IDS.filter((rule) => !TENANT_RULES.includes(rule)).sort();
    expect(FILES.map((name) => basename(name, ".yaml")).sort()).toEqual(wanted);
  });

  describe.each(FILES)("%s", (name) => {
    const rule = basename(name, ".yaml");
    const scenarios = parse(readFileSync(join(FOLDER, name), "utf8")) as readonly Scenario[];

    it.each(scenarios)("$title", (scenario) => {
      const findings =
        scenario.file === undefined
          ? checkUser(userOf(scenario.given ?? {}))
          : checkMaster(masterOf(scenario.file), {});
      expect(findings.map(line).sort()).toEqual([...scenario.expect].sort());
    });

    it("shows its own rule", () => {
      expect(scenarios.flatMap((scenario) => scenario.expect).some((text) => text.startsWith(`${rule} `))).toBe(true);
    });
  });
});
