import { describe, expect, it } from "vitest";
import { exchangeAddress, profileAddress, thumbnailAddress } from "../../../src/model/address.js";
import type { LastApplied } from "../../../src/model/last-applied.js";
import type { PlanAction, PropertyValues } from "../../../src/model/plan-action.js";
import { restoreOf, type ConfirmedWrite } from "../../../src/plan/index.js";

const UPN = "anna@contoso.com";
const USER = { id: "00000000-0000-0000-0000-00000000000a", upn: UPN, displayName: "Anna" };
const BACKUP = "b".repeat(64);
const WRITTEN = "c".repeat(64);
const FILE = { folder: "/User Photos/Profilbilder", name: "anna_MThumb.jpg" };
const CLOUD = exchangeAddress(UPN);
const THUMBNAIL = thumbnailAddress(UPN, "M");

const COMMON = { id: "a1", user: USER, because: "stale-photo", precondition: { kind: "absent" } } as const;
const SOURCE = { kind: "master", file: "anna.jpg", crop: { left: 0, top: 0, width: 8, height: 8 } } as const;
const UPLOAD: PlanAction = {
  ...COMMON,
  action: "upload-photo",
  address: CLOUD,
  before: { photo: "absent" },
  after: { photo: "present", sourceSha256: BACKUP, source: SOURCE, maxBytes: 100 },
};
const DELETE: PlanAction = {
  ...COMMON,
  action: "delete-photo",
  address: CLOUD,
  before: { photo: "absent" },
  after: { photo: "absent" },
};
const PUT: PlanAction = {
  ...COMMON,
  action: "write-thumbnail",
  address: THUMBNAIL,
  before: { photo: "absent" },
  after: { photo: "present", sourceSha256: BACKUP, source: SOURCE, side: 96, ...FILE },
};
const TAKE: PlanAction = {
  ...COMMON,
  action: "delete-thumbnail",
  address: THUMBNAIL,
  before: { photo: "absent" },
  after: { photo: "absent", ...FILE },
};
const SET: PlanAction = {
  ...COMMON,
  action: "set-picture-properties",
  address: profileAddress(UPN),
  before: { properties: {} },
  after: { properties: { PictureURL: "new" } },
};

type Picture = Extract<ConfirmedWrite["before"], { readonly kind: "picture" }>;

function before(part: Partial<Picture> = {}): Picture {
  return { kind: "picture", exists: true, etag: '"old"', backupSha256: BACKUP, lastApplied: null, ...part };
}

const SHOWN = { kind: "picture", exists: true, etag: '"new"', sha256: WRITTEN } as const;
const GONE = { kind: "picture", exists: false, etag: null, sha256: null } as const;
const SEEN = { photo: "present", etag: '"new"', width: null, height: null, bytes: null, sha256: WRITTEN };
const PRESENT = { kind: "present", etag: '"new"', fingerprint: WRITTEN };

function write(action: PlanAction, part: Partial<ConfirmedWrite> = {}): ConfirmedWrite {
  return { entry: 7, action, before: before(), after: SHOWN, ...part };
}

const ABSENT_BEFORE = before({ exists: false, etag: null, backupSha256: null });
const RESTORED = { photo: "present", sourceSha256: BACKUP, source: { kind: "backup" } };

describe("what an undo puts back", () => {
  it.each<[string, ConfirmedWrite, object]>([
    [
      "a cloud photo that was replaced",
      write(UPLOAD),
      {
        action: "upload-photo",
        before: SEEN,
        after: { ...RESTORED, maxBytes: 4 * 1024 * 1024 },
        precondition: PRESENT,
      },
    ],
    [
      "a cloud photo where there was none",
      write(UPLOAD, { before: ABSENT_BEFORE }),
      { action: "delete-photo", before: SEEN, after: { photo: "absent" }, precondition: PRESENT },
    ],
    [
      "a cloud photo that was taken away",
      write(DELETE, { after: GONE }),
      { action: "upload-photo", before: { photo: "absent" }, precondition: { kind: "absent" } },
    ],
    [
      "a thumbnail that was replaced",
      write(PUT),
      { action: "write-thumbnail", before: SEEN, after: { ...RESTORED, side: 96, ...FILE }, precondition: PRESENT },
    ],
    [
      "a thumbnail where there was none",
      write(PUT, { before: ABSENT_BEFORE }),
      { action: "delete-thumbnail", before: SEEN, after: { photo: "absent", ...FILE }, precondition: PRESENT },
    ],
    [
      "a thumbnail that was taken away: of the size of its address",
      write(TAKE, { after: GONE }),
      { action: "write-thumbnail", after: { ...RESTORED, side: 72, ...FILE }, precondition: { kind: "absent" } },
    ],
    [
      "properties: those that were set, a value that was not known as empty",
      write(SET, {
        before: { kind: "properties", values: { PictureURL: "old", "SPS-PicturePlaceholderState": "1" } },
        after: { kind: "properties", values: { PictureURL: "new", "SPS-PictureTimestamp": "63" } },
      }),
      {
        action: "set-picture-properties",
        before: { properties: { PictureURL: "new", "SPS-PictureTimestamp": "63" } },
        after: { properties: { PictureURL: "old", "SPS-PictureTimestamp": "" } },
        // The timestamp moves by itself: it is no sign of another hand.
        precondition: { kind: "properties", values: { PictureURL: "new" } },
      },
    ],
  ])("%s", (_, one, wanted) => {
    const { action } = one;
    const restored = restoreOf(one, false);
    expect(restored).toMatchObject({ address: action.address, user: USER, because: "stale-photo", ...wanted });
    expect(restored?.restores?.entry).toBe(7);
    expect(restored?.id).toMatch(/^r/);
  });

  it.each<[string, "S" | "M" | "L", number]>([
    ["small", "S", 48],
    ["medium", "M", 72],
    ["large", "L", 200],
  ])("a %s thumbnail has its side", (_, size, side) => {
    const taken = write({ ...TAKE, address: thumbnailAddress(UPN, size) }, { after: GONE });
    expect(restoreOf(taken, false)?.after).toMatchObject({ side });
  });

  it("nothing without a backup, and nothing that contradicts itself", () => {
    const values: PropertyValues = { PictureURL: "x" };
    const lost = before({ backupSha256: null });
    expect(restoreOf(write(UPLOAD, { before: lost }), false)).toBeNull();
    expect(restoreOf(write(PUT, { before: lost }), false)).toBeNull();
    expect(restoreOf(write(SET), false)).toBeNull();
    expect(restoreOf(write(SET, { before: { kind: "properties", values } }), false)).toBeNull();
    expect(restoreOf(write(SET, { after: { kind: "properties", values } }), false)).toBeNull();
    expect(restoreOf(write(UPLOAD, { before: { kind: "properties", values } }), false)).toBeNull();
    expect(restoreOf(write(UPLOAD, { after: { kind: "properties", values } }), false)).toBeNull();
  });

  it("whatever stands there, when forced", () => {
    for (const one of [write(UPLOAD), write(PUT), write(TAKE, { after: GONE })])
      expect(restoreOf(one, true)?.precondition).toEqual({ kind: "none" });
  });

  it("each write by an id of its own", () => {
    const ids = [1, 2].flatMap((entry) => [UPLOAD, { ...UPLOAD, id: "a2" }].map((action) => write(action, { entry })));
    expect(new Set(ids.map((one) => restoreOf(one, false)?.id)).size).toBe(4);
  });
});

describe("whose write the picture was that is put back", () => {
  const lastApplied: LastApplied = {
    address: CLOUD,
    masterSha256: "d".repeat(64),
    action: "upload-photo",
    at: "2026-01-01T00:00:00Z",
    etag: '"old"',
    readBackSha256: "e".repeat(64),
  };
  it.each<[string, Partial<Picture>, LastApplied | null]>([
    ["nobody's known", {}, null],
    ["ours by its etag: it gets a new one", { lastApplied }, { ...lastApplied, etag: null }],
    [
      "ours by its bytes",
      { etag: null, lastApplied: { ...lastApplied, etag: null, readBackSha256: BACKUP } },
      { ...lastApplied, etag: null, readBackSha256: BACKUP },
    ],
    [
      "ours by its bytes under another etag",
      { etag: '"x"', lastApplied: { ...lastApplied, readBackSha256: BACKUP } },
      { ...lastApplied, etag: null, readBackSha256: BACKUP },
    ],
    ["somebody else's", { etag: '"x"', lastApplied }, lastApplied],
    ["somebody else's, without etag", { etag: null, lastApplied }, lastApplied],
    [
      "two etags that are not known are not equal",
      { etag: null, backupSha256: null, exists: false, lastApplied: { ...lastApplied, etag: null } },
      { ...lastApplied, etag: null },
    ],
  ])("%s", (_, part, wanted) => {
    expect(restoreOf(write(UPLOAD, { before: before(part) }), false)?.restores?.lastApplied).toEqual(wanted);
  });

  it("properties are nobody's", () => {
    const kept = { kind: "properties", values: { PictureURL: "x" } } as const;
    expect(restoreOf(write(SET, { before: kept, after: kept }), false)?.restores).toEqual({
      entry: 7,
      lastApplied: null,
    });
  });
});
