import { describe, expect, it } from "vitest";
import type { LastApplied } from "../../../src/model/last-applied.js";
import type { ComparedPhoto, PhotoVerdict } from "../../../src/model/photo.js";
import { needsThumbnail } from "../../../src/model/wrong-thumbnails.js";
import { anna, BERT, SHA } from "../plan/people.js";

const USER = anna({ mailbox: false });
const RIGHT = USER.sharePoint.photos.L;
const ETAG = `"${RIGHT.address}"`;

function lastApplied(part: Partial<LastApplied> = {}): LastApplied {
  const at = "2026-01-01T00:00:00Z";
  const { address } = RIGHT;
  return { address, masterSha256: SHA, action: "write-thumbnail", at, etag: ETAG, readBackSha256: null, ...part };
}

function shows(kind: PhotoVerdict["kind"], part: Partial<PhotoVerdict> = {}): Partial<ComparedPhoto> {
  if (RIGHT.verdict === null) throw new Error("no verdict");
  return { verdict: { ...RIGHT.verdict, kind, ...part } };
}

function sized(width: number | null, height: number | null): Partial<ComparedPhoto> {
  if (RIGHT.observed.kind !== "present") throw new Error("no photo");
  return { observed: { ...RIGHT.observed, width, height } };
}

const ABSENT = { observed: { kind: "absent" }, verdict: null } as const;
const UNREAD = {
  observed: { kind: "unreadable", error: { code: "x", message: "x", hint: "x" } },
  verdict: null,
} as const;

describe("a thumbnail of a user without mailbox", () => {
  it.each<[string, Partial<ComparedPhoto>, boolean]>([
    ["the right one", {}, false],
    ["none", ABSENT, true],
    ["none any more, where we once put one", { ...ABSENT, lastApplied: lastApplied() }, false],
    ["none, and that was accepted", { ...ABSENT, accepted: true }, false],
    ["not read", UNREAD, false],
    ["another picture", shows("different"), true],
    ["another framing", shows("reframed"), false],
    ["other colours", shows("recoloured"), true],
    ["a placeholder", shows("placeholder"), true],
    ["another picture that was accepted", { ...shows("different"), accepted: true }, false],
    ["another user's face", { ...shows("different"), identity: BERT }, false],
    ["an own older picture", { ...shows("different"), identity: { kind: "own-retired", sha256: "a" } }, true],
    ["without a verdict", { verdict: null }, false],
    ["enlarged", shows("same", { upscaled: true }), true],
    ["squeezed", shows("same", { distorted: true }), true],
    ["just large enough", sized(200, 200), false],
    ["larger", sized(648, 648), false],
    ["a pixel too small", sized(199, 199), true],
    ["too low", sized(200, 199), true],
    ["too narrow", sized(199, 200), true],
    ["not square", sized(300, 200), true],
    ["of no known size", sized(null, null), false],
    ["of no known width", sized(null, 10), false],
    ["of no known height", sized(10, null), false],
    ["what we wrote of this master", { ...shows("different"), lastApplied: lastApplied() }, false],
    ["written over since", { ...shows("different"), lastApplied: lastApplied({ etag: '"x"' }) }, true],
    ["written without an etag", { ...shows("different"), lastApplied: lastApplied({ etag: null }) }, true],
    ["of a former master", { ...shows("different"), lastApplied: lastApplied({ masterSha256: "f" }) }, true],
  ])("%s", (_, part, needs) => {
    expect(needsThumbnail(USER, { ...RIGHT, ...part }, "L")).toBe(needs);
  });

  it("is measured by the size that its place asks for", () => {
    expect(needsThumbnail(USER, { ...RIGHT, ...sized(72, 72) }, "M")).toBe(false);
    expect(needsThumbnail(USER, { ...RIGHT, ...sized(72, 72) }, "L")).toBe(true);
  });

  it("without a master nothing there is known to be ours", () => {
    const part = { ...shows("different"), lastApplied: lastApplied() };
    expect(needsThumbnail({ ...USER, masterPhoto: null }, { ...RIGHT, ...part }, "L")).toBe(true);
  });
});
