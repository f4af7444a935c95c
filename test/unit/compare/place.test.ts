import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearDuplicates, nearTo } from "../../../src/compare/duplicates.js";
import { folderOfPictureUrl } from "../../../src/compare/picture-url.js";
import { pictureUrlOf, placeOf, stemsOf, upnStem } from "../../../src/compare/stem.js";
import type { ThumbnailStem } from "../../../src/model/config.js";
import { parseUserId } from "../../../src/model/ids.js";
import type { LibraryFile } from "../../../src/model/photo.js";

const ID = "6f3c0000-0000-4000-8000-00000000000A";
const USER = { id: parseUserId(ID), upn: "Anna.B@contoso.com" };
const UPN_STEM = "anna_b_contoso_com";
const ID_STEM = ID.toLowerCase();
const FOLDER = "/User Photos/Profile Pictures";
const OTHER_FOLDER = "/User Photos/Profilbilder";

function file(stem: string, folder = FOLDER, size: "S" | "M" | "L" = "L"): LibraryFile {
  const name = `${stem}_${size}Thumb.jpg`;
  return { uniqueId: name, name, folder, stem, size, etag: null, length: null, modifiedAt: null };
}

const urlOf = (stem: string, folder = FOLDER): string => pictureUrlOf("https://c-my.sharepoint.com:443", folder, stem);

function place(files: readonly LibraryFile[], url = "", stem: ThumbnailStem = "keep", foreign: readonly string[] = []) {
  const of = (wanted: string) => files.filter((one) => one.stem === wanted);
  const found = placeOf(USER, url, of, (one) => foreign.includes(one), { folder: FOLDER, stem });
  return [found.folder, found.stem, found.files.length];
}

describe("where a user's thumbnails are (facts/sharepoint.md 1.4, 1.5)", () => {
  it("stems: the object id, then the UPN in lower case with underscores", () => {
    expect(stemsOf({ ...USER, id: ID as never })).toEqual([ID_STEM, UPN_STEM]);
    expect(upnStem("A.b@C.d")).toBe("a_b_c_d");
    expect(urlOf("a b")).toBe("https://c-my.sharepoint.com:443/User%20Photos/Profile%20Pictures/a%20b_MThumb.jpg");
  });

  it.each<[string, Parameters<typeof place>, readonly [string, string, number]]>([
    ["files of the object id before those of the UPN", [[file(UPN_STEM), file(ID_STEM)]], [FOLDER, ID_STEM, 1]],
    ["files of the UPN alone", [[file(UPN_STEM)]], [FOLDER, UPN_STEM, 1]],
    [
      "the UPN's files where PictureURL names them",
      [[file(UPN_STEM), file(ID_STEM)], urlOf(UPN_STEM)],
      [FOLDER, UPN_STEM, 1],
    ],
    ["the named files of a former name", [[file("former"), file(ID_STEM)], urlOf("former")], [FOLDER, "former", 1]],
    [
      "not those of somebody else",
      [[file("ben"), file(UPN_STEM)], urlOf("ben"), "keep", ["ben"]],
      [FOLDER, UPN_STEM, 1],
    ],
    ["own files where the named ones are gone", [[file(UPN_STEM)], urlOf("former")], [FOLDER, UPN_STEM, 1]],
    ["none: as PictureURL says", [[], urlOf("former")], [FOLDER, "former", 0]],
    ["none, by object id", [[], urlOf("former"), "object-id"], [FOLDER, ID_STEM, 0]],
    ["none, by UPN", [[], urlOf("former"), "upn"], [FOLDER, UPN_STEM, 0]],
    ["none, and PictureURL names somebody else", [[], urlOf("ben"), "keep", ["ben"]], [FOLDER, ID_STEM, 0]],
    ["none, and no PictureURL", [[]], [FOLDER, ID_STEM, 0]],
    [
      "the folder with more files",
      [[file(ID_STEM), file(ID_STEM, OTHER_FOLDER), file(ID_STEM, OTHER_FOLDER, "S")]],
      [OTHER_FOLDER, ID_STEM, 2],
    ],
    ["of equals the library's own folder", [[file(ID_STEM, OTHER_FOLDER), file(ID_STEM)]], [FOLDER, ID_STEM, 1]],
    [
      "the folder that PictureURL names, however few files it has",
      [[file(ID_STEM), file(ID_STEM, FOLDER, "S"), file(ID_STEM, OTHER_FOLDER)], urlOf(ID_STEM, OTHER_FOLDER)],
      [OTHER_FOLDER, ID_STEM, 1],
    ],
    [
      "the named folder holds for the named stem alone",
      [[file(ID_STEM), file(ID_STEM, FOLDER, "S"), file(ID_STEM, OTHER_FOLDER)], urlOf("former", OTHER_FOLDER)],
      [FOLDER, ID_STEM, 2],
    ],
  ])("%s", (_, given, wanted) => {
    expect(place(...given)).toEqual(wanted);
  });

  it.each([
    [urlOf("a"), "/user photos/profile pictures"],
    ["https://c/User Photos/Profilbilder/a_SThumb.jpg?t=1", "/user photos/profilbilder"],
    ["https://c/User Photos/a_SThumb.jpg", null],
    ["https://c/User Photos/x/a.jpg", null],
    ["", null],
  ])("%s names the folder %s", (url, folder) => {
    expect(folderOfPictureUrl(url)).toBe(folder);
  });
});

describe("masters that may be one picture", () => {
  /** `bits` of the hash are set, the first ones of each of `words` words. */
  const hash = (...words: readonly number[]) =>
    Array.from({ length: 16 }, (_, at) => (words[at] ?? 0).toString(16).padStart(4, "0")).join("");
  const pairs = (...hashes: readonly string[]) =>
    nearDuplicates(hashes.map((dctHash, at) => ({ key: `m${String(at)}`, dctHash })));

  it.each<[string, readonly string[], readonly (readonly [string, string])[]]>([
    ["none", [], []],
    ["one", [hash()], []],
    ["equal", [hash(1, 2), hash(1, 2)], [["m0", "m1"]]],
    ["fifteen bits apart", [hash(), hash(0x7fff)], [["m0", "m1"]]],
    ["sixteen bits apart", [hash(), hash(0xffff)], []],
    [
      "fifteen bits apart, one in each word but the last",
      [hash(), hash(...Array.from({ length: 15 }, () => 1))],
      [["m0", "m1"]],
    ],
    ["sixteen bits apart, one in each word", [hash(), hash(...Array.from({ length: 16 }, () => 1))], []],
    ["three of which two are near", [hash(), hash(0xffff, 0xffff), hash(1)], [["m0", "m2"]]],
    [
      "three that are all near",
      [hash(), hash(1), hash(2)],
      [
        ["m0", "m1"],
        ["m0", "m2"],
        ["m1", "m2"],
      ],
    ],
  ])("%s", (_, hashes, wanted) => {
    expect([...pairs(...hashes)].sort()).toEqual(wanted);
  });

  it("of one master are found among those that are near it, and no other is", () => {
    const bits = fc.array(fc.nat(255), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(bits, { minLength: 1, maxLength: 30 }), (all) => {
        const masters = all.map((set, at) => {
          const words = Array.from({ length: 16 }, () => 0);
          for (const bit of set) words[bit % 16] = (words[bit % 16] ?? 0) | (1 << (bit >> 4));
          return { key: `m${String(at)}`, dctHash: hash(...words) };
        });
        const near = nearTo(new Set(["m0"]), masters);
        const ofFirst = (pairs: readonly (readonly [string, string])[]) =>
          pairs
            .filter((pair) => pair.includes("m0"))
            .map((pair) => [...pair].sort().join(" "))
            .sort();
        expect(ofFirst(nearDuplicates(near))).toEqual(ofFirst(nearDuplicates(masters)));
        expect(
          near
            .map(({ key }) => `m0 ${key}`)
            .slice(1)
            .sort(),
        ).toEqual(ofFirst(nearDuplicates(masters)));
      }),
    );
  });

  it("are all pairs of at most fifteen bits, wherever they stand and in the order of the masters (property)", () => {
    const bits = (a: string, b: string): number =>
      Array.from(a, (digit, at) => Number.parseInt(digit, 16) ^ Number.parseInt(b[at] ?? "", 16))
        .map((difference) => difference.toString(2).replaceAll("0", "").length)
        .reduce((sum, count) => sum + count, 0);
    const random = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 16, maxLength: 16 });
    const flips = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 20 });
    const copies = fc.array(fc.tuple(fc.nat(), flips), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(random, { minLength: 3, maxLength: 12 }), copies, (originals, changes) => {
        const changed = changes.map(([from, places]) => {
          const words = [...(originals[from % originals.length] ?? [])];
          for (const place of places) words[place >> 4] = (words[place >> 4] ?? 0) ^ (1 << (place & 15));
          return words;
        });
        const all = [...originals, ...changed].map((words) => hash(...words));
        const wanted = all.flatMap((a, i) =>
          all.slice(i + 1).flatMap((b, j) => (bits(a, b) <= 15 ? [[`m${i}`, `m${i + j + 1}`] as const] : [])),
        );
        const key = (pair: readonly [string, string]): string => pair.join();
        expect(
          pairs(...all)
            .map(key)
            .sort(),
        ).toEqual(wanted.map(key).sort());
      }),
      { numRuns: 100 },
    );
  });

  it("one flat picture on many accounts costs no square: each is held against 64 neighbours", () => {
    const many = pairs(...Array.from({ length: 100 }, () => hash()));
    expect(many).toHaveLength(64 * 36 + (63 * 64) / 2);
    expect(many).toContainEqual(["m0", "m64"]);
    expect(many).not.toContainEqual(["m0", "m65"]);
  });
});
