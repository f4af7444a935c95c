import { describe, expect, it } from "vitest";
import { checkUser } from "../../../src/compare/rules/index.js";
import { orphanFinding } from "../../../src/compare/rules/tenant.js";
import { entraAddress, exchangeAddress, profileAddress, thumbnailAddress } from "../../../src/model/address.js";
import type { PlanAction } from "../../../src/model/plan-action.js";
import { boundsProblem, planOrphan, planUser, stemOfName } from "../../../src/plan/index.js";
import { actionId, fileActionId, MAX_BYTES } from "../../../src/plan/pictures.js";
import { orphanFile } from "../../support/compared-user.js";
import { anna } from "./people.js";

const UPN = "anna@contoso.com";
const WORLD = anna({ cloud: "absent", S: "other", M: "absent", L: "other", profile: { placeholderState: "1" } });
const ACTIONS = planUser(WORLD, checkUser(WORLD));
const LEAVING = anna({ consentWithdrawn: true, policy: { namedRules: ["consent-withdrawn"] } });
const REMOVALS = planUser(LEAVING, checkUser(LEAVING));
const FILE = orphanFile({ etag: '"7"', length: 4000 });

function one<K extends PlanAction["action"]>(kind: K): Extract<PlanAction, { readonly action: K }> {
  const found = [...ACTIONS, ...REMOVALS].find(({ action }) => action === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found as Extract<PlanAction, { readonly action: K }>;
}

/** The action at another address, under the id that it would have there. */
const at = (action: PlanAction, address: PlanAction["address"]): PlanAction => ({
  ...action,
  address,
  id: actionId(action.action, address),
});
const upload = one("upload-photo");
const put = one("write-thumbnail");
const take = one("delete-thumbnail");
const takeOther = { ...take, after: { ...take.after, folder: "/User Photos/Profile Pictures" } };
takeOther.id = fileActionId("delete-thumbnail", take.address, takeOther.after);
const set = one("set-picture-properties");
const orphan = planOrphan(FILE, orphanFinding(FILE, ["orphan-thumbnail"]));
if (orphan === null) throw new Error("no orphan");
const withSource = (action: typeof upload | typeof put, source: typeof upload.after.source): PlanAction =>
  ({ ...action, after: { ...action.after, source } }) as PlanAction;
const withProperties = (properties: typeof set.after.properties): PlanAction => ({ ...set, after: { properties } });
const COPY = { kind: "cloud-photo", etag: '"1"', width: 648, height: 648 } as const;
const master = (file: string) => ({ ...upload.after.source, kind: "master", file }) as typeof upload.after.source;

describe("what can be an action of a plan", () => {
  it("is all that the program plans itself", () => {
    expect([...ACTIONS, ...REMOVALS, orphan].map(boundsProblem)).toEqual(
      [...ACTIONS, ...REMOVALS, orphan].map(() => null),
    );
    expect(new Set([...ACTIONS, ...REMOVALS].map(({ action }) => action)).size).toBe(5);
  });

  it.each<[string, PlanAction]>([
    ["a photo in the directory", at(upload, entraAddress(UPN))],
    ["a photo in the mailbox", at(upload, exchangeAddress(UPN))],
    ["a copy of one's own photo", withSource(put, { ...COPY, address: exchangeAddress(UPN) })],
    ["a removal of a file beside the one that counts", takeOther],
    ["as many bytes as a store takes", { ...upload, after: { ...upload.after, maxBytes: MAX_BYTES } }],
    ["a file in a folder of the source", withSource(upload, master("sales/..anna..jpg"))],
    ["a file with a colon in its name", withSource(upload, master("sales/a:b.jpg"))],
    ["states and a timestamp", withProperties({ "SPS-PicturePlaceholderState": "0", "SPS-PictureTimestamp": "1" })],
    ["a timestamp of fifteen digits", withProperties({ "SPS-PictureTimestamp": "123456789012345" })],
  ])("may be %s", (_, action) => {
    expect(boundsProblem(action)).toBeNull();
  });

  const restores = { entry: 1, lastApplied: null };
  it.each<[string, PlanAction, RegExp]>([
    ["a restoring one", { ...upload, restores }, /undo/],
    ["a forced one", { ...upload, precondition: { kind: "none" } }, /precondition/],
    ["another's id", { ...upload, id: "x" }, /id of another/],
    ["a photo of another user", at(upload, exchangeAddress("bert@contoso.com")), /not at the cloud photo/],
    ["a photo at a profile", at(upload, profileAddress(UPN)), /not at the cloud photo/],
    ["a photo that goes at another user's", at(one("delete-photo"), entraAddress("b@c.d")), /not at the cloud photo/],
    ["a thumbnail of another user", at(put, thumbnailAddress("bert@contoso.com", "L")), /not at a thumbnail/],
    ["a thumbnail at a photo", at(put, exchangeAddress(UPN)), /not at a thumbnail/],
    ["a removal of another user's", at(take, thumbnailAddress("bert@contoso.com", "L")), /not at a thumbnail/],
    ["another size's file", { ...put, after: { ...put.after, name: "anna_XThumb.jpg" } }, /no thumbnail of that size/],
    ["properties of another user", at(set, profileAddress("bert@contoso.com")), /not at its user's profile/],
    ["properties held against a picture", { ...set, precondition: { kind: "absent" } }, /precondition of a picture/],
    ["such a file for another rule", { ...takeOther, because: "orphan-thumbnail" }, /id of another/],
    ["such a file elsewhere", { ...takeOther, after: { ...takeOther.after, folder: "/elsewhere" } }, /id of another/],
    ["such a file of another name", { ...takeOther, after: { ...takeOther.after, name: "x_LThumb.jpg" } }, /id of/],
    ["such a file put there", { ...put, because: "consent-withdrawn", id: takeOther.id }, /id of another/],
    ["a placeholder state", withProperties({ "SPS-PicturePlaceholderState": "2" }), /state/],
    ["a sync state", withProperties({ "SPS-PictureExchangeSyncState": "yes" }), /state/],
    ["a timestamp of words", withProperties({ "SPS-PictureTimestamp": "now" }), /timestamp/],
    ["a timestamp with words behind", withProperties({ "SPS-PictureTimestamp": "1x" }), /timestamp/],
    ["a timestamp with words before", withProperties({ "SPS-PictureTimestamp": "x1" }), /timestamp/],
    ["a timestamp of sixteen digits", withProperties({ "SPS-PictureTimestamp": "1".repeat(16) }), /timestamp/],
    ["a byte too many", { ...upload, after: { ...upload.after, maxBytes: MAX_BYTES + 1 } }, /more bytes/],
    ["a backup", withSource(upload, { kind: "backup" }), /backup/],
    ["a backup as a thumbnail", withSource(put, { kind: "backup" }), /backup/],
    ["a copy onto itself", withSource(upload, { ...COPY, address: exchangeAddress(UPN) }), /onto itself/],
    ["another's copy", withSource(put, { ...COPY, address: exchangeAddress("b@c.d") }), /another user's/],
    ["a copy of a thumbnail", withSource(put, { ...COPY, address: thumbnailAddress(UPN, "L") }), /another user's/],
    ["no file", withSource(upload, master("")), /outside/],
    ["the file system's root", withSource(upload, master("/etc/passwd")), /outside/],
    ["a share", withSource(upload, master("\\\\host\\share")), /outside/],
    ["a drive", withSource(upload, master("C:anna.jpg")), /outside/],
    ["a way up", withSource(upload, master("a/../../anna.jpg")), /outside/],
    ["a way up in the other slashes", withSource(put, master("a\\..\\anna.jpg")), /outside/],
    ["a cut string", withSource(upload, master("anna\0.jpg")), /outside/],
    ["nobody's photo", { ...upload, user: null }, /no user/],
    ["nobody's thumbnail for a user's rule", { ...orphan, because: "stale-photo" }, /no user/],
    [
      "a thumbnail put in the place of nobody's",
      {
        ...put,
        ...{ user: null, address: orphan.address, id: orphan.id, because: orphan.because },
        after: { ...put.after, folder: orphan.after.folder, name: orphan.after.name },
      },
      /no user/,
    ],
    ["nobody's file of another size", { ...orphan, after: { ...orphan.after, name: "gone_MThumb.jpg" } }, /that size/],
    ["nobody's file at no thumbnail", { ...orphan, address: exchangeAddress("gone") }, /that size/],
    ["another file of nobody", { ...orphan, after: { ...orphan.after, name: "x_LThumb.jpg" } }, /file it names/],
    ["a file in another folder", { ...orphan, after: { ...orphan.after, folder: "/elsewhere" } }, /id of another/],
  ])("is not %s", (_, action, why) => {
    expect(boundsProblem(action)).toMatch(why);
  });
});

describe("the stem of a thumbnail's name", () => {
  it.each<[string, string, string | null]>([
    ["anna_LThumb.jpg", "L", "anna"],
    ["anna_lthumb.JPG", "L", "anna"],
    ["an_na_SThumb_SThumb.jpg", "S", "an_na_SThumb"],
    ["anna_LThumb.jpg", "M", null],
    ["_LThumb.jpg", "L", null],
    ["anna_LThumb.jpg.exe", "L", null],
    ["anna_LThumb.png", "L", null],
    ["a/anna_LThumb.jpg", "L", null],
    ["a\\anna_LThumb.jpg", "L", null],
    ["a%2Fanna_LThumb.jpg", "L", null],
    [".anna_LThumb.jpg", "L", null],
    ["an..na_LThumb.jpg", "L", null],
    ["an\u0007na_LThumb.jpg", "L", null],
    ["an.na_LThumb.jpg", "L", "an.na"],
  ])("%j as %s: %j", (name, size, stem) => {
    expect(stemOfName(name, size)).toBe(stem);
  });
});
