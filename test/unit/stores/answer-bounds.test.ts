import { describe, expect, it } from "vitest";
import { described, jsonOf, readBody } from "../../../src/stores/answers/described.js";
import { collectionCount, oneUser, usersPage } from "../../../src/stores/answers/directory.js";
import { address, count, guid, optionalText, pixels, time, upn } from "../../../src/stores/answers/fields.js";
import { fileDownloadFlaw, imageFlaw } from "../../../src/stores/answers/image.js";
import { keepReading } from "../../../src/stores/answers/kept.js";
import { libraryPage, oneFile, writtenFile } from "../../../src/stores/answers/library.js";
import { loginFlaw, tokenClaims } from "../../../src/stores/answers/login.js";
import { type Page, wholeList, type WholeList } from "../../../src/stores/answers/pages.js";
import { isOneByOne, photoMetadata } from "../../../src/stores/answers/photos.js";
import { fullProfile, propertyValue } from "../../../src/stores/answers/profiles.js";
import { createSeenGuids, createSeenItems, createSeenTexts } from "../../../src/stores/answers/seen-keys.js";
import { serviceError } from "../../../src/stores/answers/service-error.js";
import { realmOf, tenantOf } from "../../../src/stores/answers/tenant.js";
import { JPEG } from "../../support/fake-service.js";

const ID = "aaaaaaaa-0000-4000-8000-000000000001";
const OTHER = "aaaaaaaa-0000-4000-8000-000000000002";

/** Each bound of a list from both sides: the last that is whole, and the first that is not. */
describe("where a list in pages stops being believed", () => {
  const link = (at: number): string => `https://s.test/items?page=${String(at)}`;

  async function rowsOf(
    sizes: readonly number[],
    parts: Partial<WholeList<string>> = {},
    rows = (at: number, size: number) => Array.from({ length: size }, (_, row) => `${String(at)}/${String(row)}`),
  ): Promise<number | string> {
    const seen = createSeenTexts();
    const list = { asks: "list", origin: "https://s.test", key: (row: string) => row, seen, ...parts };
    const whole = { mostRows: 1_000_000, repeated: "contradiction", ...list } as const;
    let at = 0;
    let got = 0;
    try {
      const page = (): Promise<Page<string>> => {
        const of = at++;
        return Promise.resolve({ rows: rows(of, sizes[of] ?? 0), next: at < sizes.length ? link(at) : null });
      };
      for await (const fresh of wholeList(whole, page)) got += fresh.length;
      return got;
    } catch (error) {
      return (error as Error).message;
    }
  }
  const times = (pages: number, size: number): number[] => Array.from({ length: pages }, () => size);

  it("rows: as many as there can be, and one more", async () => {
    expect(await rowsOf([100, 100], { mostRows: 200 })).toBe(200);
    expect(await rowsOf([100, 101], { mostRows: 200 })).toContain("more than 200 rows");
  });

  it("sparse pages in a row: fifty, and one more; the last page may always be", async () => {
    expect(await rowsOf([...times(50, 49), 50, ...times(50, 49), 100])).toBe(49 * 100 + 150);
    expect(await rowsOf([...times(51, 49), 100])).toContain("51 pages in a row");
    expect(await rowsOf([...times(50, 49), 3])).toBe(49 * 50 + 3);
    expect(await rowsOf([100, ...times(60, 50)])).toBe(3_100);
  });

  it("rows a page: ten each from the twenty-first page on", async () => {
    expect(await rowsOf([...times(20, 1), 190])).toBe(210);
    expect(await rowsOf([...times(20, 1), 189])).toContain("21 pages brought only 209 rows");
    expect(await rowsOf(times(20, 1))).toBe(20);
  });

  it("a page without new rows ends the list, or is a contradiction", async () => {
    expect(await rowsOf([100, 0])).toBe(100);
    expect(await rowsOf([100, 0, 100])).toContain("no new rows");
  });

  it("a row that comes twice is left out, or a contradiction", async () => {
    const twice = (): string[] => ["a", "b", "a"];
    expect(await rowsOf([3], { repeated: "skip" }, twice)).toBe(2);
    expect(await rowsOf([3], {}, twice)).toContain("a row came twice");
  });

  it("the count: asked beyond its rows alone, and believed within a tenth and a thousand rows", async () => {
    let asked = 0;
    const counted = (number: number | null, afterRows = 100) => ({
      counted: { afterRows, ask: async () => (asked++, number) },
    });
    expect(await rowsOf([100], counted(0))).toBe(100);
    expect(asked).toBe(0);
    expect(await rowsOf([101], counted(0))).toBe(101);
    expect(asked).toBe(1);
    expect(await rowsOf([3_000, 200], counted(2_000))).toBe(3_200);
    expect(await rowsOf([3_000, 201], counted(2_000))).toContain("3201 rows where the service counts 2000");
    expect(await rowsOf([500, 300], counted(2_000))).toBe(800);
    expect(await rowsOf([500, 299], counted(2_000))).toContain("ended after 799 rows");
    expect(await rowsOf([500, 299, 1], counted(2_000))).toBe(800);
    expect(await rowsOf([500, 9_000], counted(null))).toBe(9_500);
  });

  it.each([
    ["https://evil.test/x", "another host (https://evil.test)"],
    ["items?page=2", "another host (no address)"],
  ])("a link to %s is not followed", async (next, because) => {
    const list = { asks: "list users", origin: "https://s.test", key: String, seen: createSeenTexts(), mostRows: 9 };
    const all = wholeList({ ...list, repeated: "skip" }, () => Promise.resolve({ rows: ["a"], next }));
    await all.next();
    await expect(all.next()).rejects.toMatchObject({
      code: "list-not-whole",
      errorClass: "incomplete",
      message: expect.stringContaining(because) as string,
    });
  });
});

describe("keys that came by", () => {
  it("differ in any word and in any digit, and are known again after the table grew", () => {
    const guids = createSeenGuids();
    const made = Array.from({ length: 32 }, (_, at) => {
      const digits = "0".repeat(32).split("");
      digits[at] = "f";
      return digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    });
    for (let n = 0; n < 3_000; n++) made.push(`${n.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`);
    expect(made.every((guid) => guids.add(guid))).toBe(true);
    expect(made.some((guid) => guids.add(guid))).toBe(false);
  });

  it("numbers are known by each of their bits, over the border of a block", () => {
    const items = createSeenItems();
    const numbers = [0, 1, 31, 32, 33, 63, 64, 65_535, 65_536, 65_537, 131_072, 0x7fffffff];
    expect(numbers.map((number) => items.add(String(number)))).toEqual(numbers.map(() => true));
    expect(numbers.map((number) => items.add(String(number)))).toEqual(numbers.map(() => false));
    expect(items.add("2")).toBe(true);
  });
});

describe("fields", () => {
  it.each([
    ["GUID", guid, [ID, ID.toUpperCase(), `{${ID}}`], ["", "x", `{${ID}`, `${ID}}x`, `x{${ID}}`, `{${ID}}x`, 5]],
    ["UPN", upn, ["a@b", "a.b+c@d.e"], ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b c", " a@b"]],
    [
      "count",
      count,
      [0, 7, "0", "123456789012345"],
      [-1, 1.5, "", "-1", "1.5", "1234567890123456", "x1", "1x", null, 2 ** 53],
    ],
    ["pixels", pixels, [1, 100_000], [0, -1, 1.5, 100_001, "1"]],
    ["time", time, ["2026-01-01T00:00:00Z"], ["", "soon", 5]],
    [
      "address",
      address,
      ["https://a.b/c", "HTTP://a"],
      ["", "https://", "ftp://a", "x https://a", "xhttps://a", "https:///a", "https://a b"],
    ],
  ] as const)("%s", (_, field, good, bad) => {
    expect(good.filter((value) => !field.safeParse(value).success)).toEqual([]);
    expect(bad.filter((value: unknown) => field.safeParse(value).success)).toEqual([]);
  });

  it("GUIDs lose case and braces, counts become numbers, and nothing said is null", () => {
    expect(guid.parse(`{${ID.toUpperCase()}}`)).toBe(ID);
    expect(count.parse("012")).toBe(12);
    expect([undefined, null, "", "x"].map((value) => optionalText.parse(value))).toEqual([null, null, null, "x"]);
  });

  it("lists that nobody was granted are empty", () => {
    expect(oneUser(ID).read({ id: ID, userPrincipalName: "a@b" })).toMatchObject({
      kind: "read",
      value: { proxyAddresses: [], assignedLicenses: [], mail: null },
    });
  });

  it("a fault is told by its field, or as one of the whole", () => {
    expect(oneUser(ID).read({ userPrincipalName: "a@b" })).toMatchObject({
      because: expect.stringMatching(/^its field id is unusable/) as string,
    });
    expect(oneUser(ID).read(null)).toMatchObject({ because: expect.stringMatching(/^its form is wrong/) as string });
    expect(usersPage.read({ value: [{ id: "x" }] })).toMatchObject({
      because: expect.stringMatching(/^its field value\.0\.id is unusable/) as string,
    });
  });
});

describe("whose an answer is", () => {
  const anna = { id: ID, userPrincipalName: "Anna@contoso.com" };

  it.each([ID, ID.toUpperCase(), "anna@CONTOSO.com"])("a user asked for by %s", (asked) => {
    expect(oneUser(asked).read(anna).kind).toBe("read");
    expect(oneUser(asked).read({ id: OTHER, userPrincipalName: "ben@contoso.com" })).toMatchObject({
      because: "it is about another user",
    });
  });

  it.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ "@odata.context": `x/$metadata#users('${ID.toUpperCase()}')/photo/$entity` }, true],
    [{ "@odata.context": "x/$metadata#users('Anna%40contoso.com')/photo/$entity" }, true],
    [{ "@odata.context": "x/$metadata#users('ben%40contoso.com')/photo/$entity" }, false],
    [{ "@odata.context": "x/$metadata#users('%E0%A4%A')/photo/$entity" }, false],
    [{ "@odata.id": `https://g/v1.0/users/${ID}/photo` }, true],
    [{ "@odata.id": `https://g/v1.0/users/${OTHER}/photos/48x48` }, false],
    [{ "@odata.id": `https://g/v1.0/users/${OTHER}/photography` }, true],
    [{ "@odata.id": `https://g/v1.0/myusers('${OTHER}')` }, true],
    [{ "@odata.context": `users('${ID}')`, "@odata.id": `https://g/users/${OTHER}/photo` }, false],
  ])("metadata with %j are the user's: %s", (whose, own) => {
    const asked = photoMetadata({ id: ID, upn: "anna@contoso.com" });
    expect(asked.read({ width: 48, height: 48, ...whose }).kind === "read").toBe(own);
    expect(asked.read({ width: 1, height: 1, ...whose }).kind === "read").toBe(own);
  });

  it("metadata are taken as they stand; one pixel is none", () => {
    const asked = photoMetadata({ id: ID, upn: "anna@contoso.com" });
    expect(asked.read({ width: 48, height: 50, "@odata.mediaEtag": '"e"' })).toEqual({
      kind: "read",
      value: { etag: '"e"', width: 48, height: 50 },
    });
    expect(asked.read({ width: 1, height: 2 })).toMatchObject({ value: { etag: null, width: 1, height: 2 } });
    expect(asked.read({ width: 1, height: 1, "@odata.mediaEtag": "x" })).toEqual({ kind: "read", value: "absent" });
  });

  it.each([
    ["1 x 1", [1, 0, 1, 0], true],
    ["2 x 1", [2, 0, 1, 0], false],
    ["1 x 2", [1, 0, 2, 0], false],
    ["257 x 1", [1, 1, 1, 0], false],
  ])("a GIF of %s", (_, size, none) => {
    expect(isOneByOne(Buffer.concat([Buffer.from("GIF89a"), Buffer.from(size)]))).toBe(none);
    expect(isOneByOne(Buffer.concat([Buffer.from("GIF89a"), Buffer.from(size).subarray(0, 3)]))).toBe(false);
    expect(isOneByOne(Buffer.concat([Buffer.from("PNG89a"), Buffer.from(size)]))).toBe(false);
  });

  it("a written file: its name in any case and its length, as far as they are said", () => {
    const written = writtenFile("a_LThumb.jpg", 9);
    const kinds = (answers: readonly unknown[]) => answers.map((answer) => written.read(answer).kind);
    expect(
      kinds([{ ETag: "e" }, { ETag: "e", Name: "A_lthumb.JPG", Length: "9" }, { ETag: "e", Length: null }]),
    ).toEqual(["read", "read", "read"]);
    expect(kinds([{}, { ETag: "" }, { ETag: "e", Name: "b.jpg" }, { ETag: "e", Length: 8 }])).toEqual(
      Array(4).fill("not-read"),
    );
    expect(oneFile("A_lthumb.jpg").read({ Exists: false })).toEqual({ kind: "read", value: null });
  });
});

describe("profiles", () => {
  const account = "i:0#.f|membership|anna@contoso.com";
  const row = (Key: string, Value: string | null = `${Key}!`) => ({ Key, Value });
  const rows = [row("PictureURL"), row("SPS-PicturePlaceholderState"), row("SPS-PictureExchangeSyncState", null)];
  const answer = (parts: object = {}) => ({ AccountName: account, UserProfileProperties: rows, ...parts });

  it("are read with what they say, and no more", () => {
    expect(fullProfile(account).read(answer())).toEqual({
      kind: "read",
      value: {
        accountName: account,
        pictureUrl: "PictureURL!",
        placeholderState: "SPS-PicturePlaceholderState!",
        exchangeSyncState: "",
        timestamp: null,
        personalSiteHost: null,
      },
    });
    const more = {
      PersonalSiteHostUrl: "https://Contoso-my.sharepoint.com:443/",
      UserProfileProperties: { results: [...rows, row("SPS-PictureTimestamp", "5")] },
    };
    expect(fullProfile(account).read(answer(more))).toMatchObject({
      value: { timestamp: "5", personalSiteHost: "contoso-my.sharepoint.com" },
    });
    expect(fullProfile(account).read(answer({ PersonalSiteHostUrl: "no address" }))).toMatchObject({
      value: { personalSiteHost: null },
    });
  });

  it.each([0, 1, 2])("are not read without property %i", (left) => {
    expect(fullProfile(account).read(answer({ UserProfileProperties: rows.filter((_, at) => at !== left) })).kind).toBe(
      "not-read",
    );
  });

  it.each([{ "odata.null": true }, { "@odata.null": true }, { GetPropertiesFor: null }])(
    "%j says that there is none",
    (none) => {
      expect(fullProfile(account).read(none)).toEqual({ kind: "read", value: null });
    },
  );

  it("one property comes in either envelope", () => {
    expect(propertyValue.read({ value: "x" })).toEqual({ kind: "read", value: "x" });
    expect(propertyValue.read({ d: { GetUserProfilePropertyFor: "y" } })).toEqual({ kind: "read", value: "y" });
    expect(propertyValue.read({ d: {} }).kind).toBe("not-read");
  });
});

describe("texts of the services", () => {
  it.each([
    ["", "it is empty"],
    ["  ", "it is empty"],
    ["<html>", "web page"],
    ["\n  <!DOCTYPE", "web page"],
    ['{"a":', "no valid JSON"],
    ["x<", "no valid JSON"],
  ])("%j is no JSON: %s", (body, because) => {
    for (const form of [body, Buffer.from(body)])
      expect(jsonOf(form)).toMatchObject({ kind: "not-read", because: expect.stringContaining(because) as string });
  });

  it("a byte order mark before JSON is no part of it; one within is", () => {
    expect(jsonOf("\ufeff[1]")).toEqual({ kind: "read", value: [1] });
    expect(jsonOf('["\ufeff"]')).toEqual({ kind: "read", value: ["\ufeff"] });
    expect(readBody(collectionCount, Buffer.from("\ufeff12"))).toEqual({ kind: "read", value: 12 });
  });

  it.each([
    [{ error: { code: "c", message: "m" } }, "c", "m"],
    [{ error: { code: "c", message: { value: "m" } } }, "c", "m"],
    [{ "odata.error": { code: "c", message: { lang: "en", value: "m" } } }, "c", "m"],
    [{ error: "invalid_client", error_description: "d" }, "", "d"],
    [{ error: { code: "c" }, error_description: "d" }, "c", "d"],
    [{ error: { code: 5, message: 6 } }, "", ""],
    [{ error: "x", error_description: 5 }, "", ""],
    [[], "", ""],
    [{}, "", ""],
  ])("%j is the error %j %j", (body, code, message) => {
    expect(serviceError(JSON.stringify(body))).toEqual({ code, message });
  });

  it("what is no JSON says nothing of an error", () => {
    expect(serviceError("<html>")).toEqual({ code: "", message: "" });
  });

  it("a reading is kept for whoever asked, and is nothing before the answer", () => {
    const kept = keepReading(collectionCount);
    expect(kept.reading()).toMatchObject({ kind: "not-read" });
    expect(kept.flaw({ body: Buffer.from("7") })).toBeNull();
    expect(kept.reading()).toEqual({ kind: "read", value: 7 });
    expect(kept.flaw({ body: Buffer.from("-7") })).toContain("no count");
    expect(kept.reading().kind).toBe("not-read");
  });

  it("an identity that is wrong is told in its own words", () => {
    const asked = described(collectionCountSchema, (value) => (value === 1 ? null : "it is not one"));
    expect([asked.read(1), asked.read(2)]).toEqual([
      { kind: "read", value: 1 },
      { kind: "not-read", because: "it is not one" },
    ]);
  });
});

const collectionCountSchema = count;

describe("login and tenant", () => {
  const metadata = { token_endpoint: "https://l/t", issuer: "i", authorization_endpoint: "https://l/a" };
  const flaw = (url: string, body: unknown) => loginFlaw(url, Buffer.from(JSON.stringify(body)));

  it.each([
    ["https://l/x/.well-known/openid-configuration", metadata, true],
    ["https://l/x/.well-known/openid-configuration", { ...metadata, token_endpoint: "http://l/t" }, false],
    ["https://l/x/.well-known/openid-configuration", { ...metadata, issuer: "" }, false],
    ["https://l/x/.well-known/openid-configuration", { ...metadata, authorization_endpoint: "xhttps://l" }, false],
    ["https://l/x/token", { access_token: "t", expires_in: "5", token_type: "BEARER" }, true],
    ["https://l/x/token", { access_token: "t", expires_in: "5", token_type: "bearer2" }, false],
    ["https://l/x/token", { access_token: "t", expires_in: "5", token_type: "xbearer" }, false],
    ["https://l/x/token", { access_token: "t", expires_in: "5s" }, false],
    ["https://l/x/token", { access_token: "t", expires_in: 0 }, false],
    ["https://l/x/tokens", {}, true],
    ["https://l/x/tokens", [], false],
  ])("%s answered with %j: %s", (url, body, good) => {
    expect(flaw(url, body) === null).toBe(good);
  });

  it("roles of a token are a list of texts", () => {
    expect(tokenClaims.read({ roles: ["a"], aud: "x" })).toMatchObject({ value: { roles: ["a"] } });
    expect([tokenClaims.read({}), tokenClaims.read({ roles: "a" })].map(({ kind }) => kind)).toEqual([
      "not-read",
      "not-read",
    ]);
  });

  it.each([
    [{ msgraph_host: "graph.microsoft.com" }, "global"],
    [{ msgraph_host: "graph.microsoft.us", tenant_region_sub_scope: "GCC" }, "usgov"],
    [{ msgraph_host: "graph.microsoft.us", tenant_region_sub_scope: "DOD" }, "usgov-dod"],
    [{ msgraph_host: "graph.example.org" }, null],
    [{}, null],
  ])("a tenant with %j stands in %s", (parts, cloud) => {
    const issuer = `https://login.test/${ID.toUpperCase()}/v2.0`;
    expect(tenantOf(Buffer.from(JSON.stringify({ issuer, ...parts })))).toEqual({
      kind: "read",
      value: { id: ID, cloud },
    });
    expect(tenantOf(Buffer.from(JSON.stringify({ ...parts, issuer: "https://login.test/common" }))).kind).toBe(
      "not-read",
    );
  });

  it.each([
    [`Bearer realm="${ID.toUpperCase()}",client_id="x"`, ID],
    [`Bearer xrealm="${ID}"`, null],
    ['Bearer realm="contoso"', null],
    ["Bearer", null],
    [undefined, null],
  ])("the challenge %j names %s", (challenge, realm) => {
    expect(realmOf(challenge)).toBe(realm);
  });
});

describe("files of the library", () => {
  const file = { uniqueId: ID, etag: `"{${ID}},3"`, length: JPEG.length };
  const flawOf = (etag: string | undefined, listed: Partial<typeof file> = {}) =>
    fileDownloadFlaw({ ...file, ...listed }, { body: JPEG, headers: etag === undefined ? {} : { etag } });

  it.each([
    [`"${ID},3"`, null],
    [`"{${ID.toUpperCase()}},4"`, null],
    [`"{${OTHER}},3"`, "it is another file"],
    [`"${OTHER.toUpperCase()},3"`, "it is another file"],
    [`"{${OTHER}}"`, null],
    [undefined, null],
  ])("an answer with the etag %j: %j", (etag, flaw) => {
    expect(flawOf(etag)).toBe(flaw);
  });

  it("a file without an id is any file, and a length holds as long as the etag is the same or unknown", () => {
    expect(flawOf(`"{${OTHER}},3"`, { uniqueId: "" })).toBeNull();
    const shorter = { length: JPEG.length - 1 };
    expect(flawOf(file.etag, shorter)).toContain("bytes");
    expect(flawOf(undefined, shorter)).toContain("bytes");
    expect(flawOf(`"{${ID}},4"`, shorter)).toBeNull();
    expect(
      fileDownloadFlaw({ ...file, ...shorter, etag: null }, { body: JPEG, headers: { etag: file.etag } }),
    ).toContain("bytes");
  });

  it("bytes end where their format does", () => {
    expect(imageFlaw(Buffer.from("GIF89a\x3b", "latin1"))).toBe("the GIF is cut off");
    expect(imageFlaw(Buffer.from("GIF89ax\x3b", "latin1"))).toBeNull();
    expect(imageFlaw(Buffer.from([0xff, 0xd8, 0xff, 0xd9]))).toBe("the JPEG is cut off");
    expect(imageFlaw(Buffer.from([0xff, 0xd8, 0xff, 0xff, 0xd9]))).toBeNull();
  });

  it("rows: numbers from 1, either spelling of number and next link, a thumbnail with length and time one way or the other", () => {
    const row = { FileLeafRef: "a_LThumb.jpg", FileDirRef: "/User Photos/P//", UniqueId: ID };
    const whole = { ...row, File_x0020_Size: "9", Modified: "2026-01-01T00:00:00Z" };
    const kinds = (rows: readonly object[]) => rows.map((one) => libraryPage.read({ value: [one] }).kind);
    expect(
      kinds([
        { ...whole, Id: 1 },
        { ...whole, ID: 0x7fffffff },
        whole,
        { ...row, FileLeafRef: "x.png" },
        { ...row, FileLeafRef: "a_Thumb.jpg.txt" },
      ]),
    ).toEqual(Array(5).fill("read"));
    expect(
      kinds([
        { ...whole, Id: 0 },
        { ...whole, ID: 0x80000000 },
        row,
        { ...row, Modified: whole.Modified },
        { ...row, File_x0020_Size: "9" },
        { ...row, FileLeafRef: "A_STHUMB.JPG" },
      ]),
    ).toEqual(Array(6).fill("not-read"));
    expect(libraryPage.read({ value: [whole], "@odata.nextLink": "n" })).toMatchObject({
      value: { next: "n", rows: [{ FileDirRef: "/User Photos/P" }] },
    });
    expect(libraryPage.read({ value: [], "odata.nextLink": "m" })).toMatchObject({ value: { next: "m" } });
    expect(libraryPage.read({ value: [] })).toMatchObject({ value: { next: null } });
  });
});
