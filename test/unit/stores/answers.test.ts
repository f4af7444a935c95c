import { describe, expect, it } from "vitest";
import { photoAbsence, isFileAbsence, isProfileAbsence } from "../../../src/stores/answers/absence.js";
import { partsById } from "../../../src/stores/answers/batch.js";
import { type Described, readBody } from "../../../src/stores/answers/described.js";
import { skusPage, usersPage } from "../../../src/stores/answers/directory.js";
import { downloadFlaw, fileDownloadFlaw } from "../../../src/stores/answers/image.js";
import { libraryList, libraryFolders, libraryPage, oneFile } from "../../../src/stores/answers/library.js";
import { loginFlaw } from "../../../src/stores/answers/login.js";
import { type Page, wholeList } from "../../../src/stores/answers/pages.js";
import { photoMetadata } from "../../../src/stores/answers/photos.js";
import { fullProfile } from "../../../src/stores/answers/profiles.js";
import { createSeenGuids, createSeenItems, createSeenTexts } from "../../../src/stores/answers/seen-keys.js";
import { JPEG } from "../../support/fake-service.js";

const ID = "aaaaaaaa-0000-4000-8000-000000000001";
const OTHER = "aaaaaaaa-0000-4000-8000-000000000002";
const ANNA = { id: ID, upn: "anna@contoso.com" };
const METADATA = { "@odata.context": `$metadata#users('${ID}')/photo/$entity`, width: 240, height: 240 };
const ACCOUNT = "i:0#.f|membership|anna@contoso.com";
const PROPERTIES = ["PictureURL", "SPS-PicturePlaceholderState", "SPS-PictureExchangeSyncState"].map((Key) => ({
  Key,
  Value: "",
}));
const USER = { id: ID, userPrincipalName: "anna@contoso.com", assignedLicenses: [] };
const LIST = {
  Id: ID,
  ItemCount: 3,
  LastItemModifiedDate: "2026-01-01T00:00:00Z",
  LastItemDeletedDate: "2026-01-01T00:00:00Z",
};
const FILE = { Name: "a_LThumb.jpg", UniqueId: ID, ETag: '"e"', Length: "9", TimeLastModified: "2026-01-01T00:00:00Z" };
const FOLDER = { Name: "Profile Pictures", ServerRelativeUrl: "/User Photos/Profile Pictures", ItemCount: 3 };
const ROW = { Id: 1, FileLeafRef: "a_LThumb.jpg", FileDirRef: "/User Photos/P", UniqueId: ID, File: FILE };

type Row = readonly [
  what: string,
  answer: Described<unknown>,
  good: unknown,
  bad: readonly (readonly [string, unknown])[],
];

/** Each described answer: one that is read, and what makes it not read. */
const ANSWERS: readonly Row[] = [
  [
    "photo metadata",
    photoMetadata(ANNA),
    METADATA,
    [
      ["nothing in it", {}],
      ["null", null],
      ["a list", []],
      ["no width", { ...METADATA, width: undefined }],
      ["0x0", { ...METADATA, width: 0, height: 0 }],
      ["a negative size", { ...METADATA, height: -240 }],
      ["sizes as text", { ...METADATA, width: "240" }],
      ["another user's", { ...METADATA, "@odata.context": `$metadata#users('${OTHER}')/photo/$entity` }],
      ["another user's, by id", { ...METADATA, "@odata.id": `https://g/v1.0/users/${OTHER}/photo` }],
    ],
  ],
  [
    "a page of users",
    usersPage,
    { value: [USER] },
    [
      ["no value", {}],
      ["a user without id", { value: [{ ...USER, id: undefined }] }],
      ["a user without UPN", { value: [USER, { ...USER, userPrincipalName: "" }] }],
      ["an id that is no GUID", { value: [{ ...USER, id: "1" }] }],
      ["a UPN without @", { value: [{ ...USER, userPrincipalName: "anna" }] }],
      ["an empty next link", { value: [USER], "@odata.nextLink": "" }],
      ["licences that are no list", { value: [{ ...USER, assignedLicenses: {} }] }],
    ],
  ],
  ["subscriptions", skusPage, { value: [{ skuId: ID, servicePlans: [] }] }, [["no plans", { value: [{ skuId: ID }] }]]],
  [
    "the library",
    libraryList,
    LIST,
    [
      ["no count", { ...LIST, ItemCount: undefined }],
      ["a negative count", { ...LIST, ItemCount: -1 }],
      ["no dates", { ...LIST, LastItemModifiedDate: null }],
    ],
  ],
  [
    "rows of the library",
    libraryPage,
    { value: [ROW, { ...ROW, Id: 2, FileLeafRef: "Folder", File: { "odata.null": true } }] },
    [
      ["no rows", { "odata.nextLink": "x" }],
      ["a thumbnail without length", { value: [{ ...ROW, File: null }] }],
      ["a row without folder", { value: [{ ...ROW, FileDirRef: null }] }],
      ["an id that is no GUID", { value: [{ ...ROW, UniqueId: "x" }] }],
    ],
  ],
  [
    "folders of the library",
    libraryFolders,
    { value: [FOLDER] },
    [
      ["no rows", {}],
      ["a page of several", { value: [FOLDER], "odata.nextLink": "https://s.test/_api/x?$skiptoken=1" }],
      ["a folder without path", { value: [{ ...FOLDER, ServerRelativeUrl: "" }] }],
      ["a negative number of items", { value: [{ ...FOLDER, ItemCount: -1 }] }],
    ],
  ],
  [
    "one file",
    oneFile("a_LThumb.jpg"),
    FILE,
    [
      ["nothing in it", {}],
      ["another name", { ...FILE, Name: "b_LThumb.jpg" }],
      ["no id", { ...FILE, UniqueId: undefined }],
    ],
  ],
  [
    "a profile",
    fullProfile(ACCOUNT),
    { AccountName: ACCOUNT.toUpperCase(), UserProfileProperties: PROPERTIES },
    [
      ["nothing in it", {}],
      ["another account", { AccountName: "i:0#.f|membership|ben@contoso.com", UserProfileProperties: PROPERTIES }],
      ["half the properties", { AccountName: ACCOUNT, UserProfileProperties: PROPERTIES.slice(1) }],
    ],
  ],
];

describe.each(ANSWERS)("%s", (_, answer, good, bad) => {
  it("is read as described", () => {
    expect(readBody(answer, JSON.stringify(good)).kind).toBe("read");
  });

  it.each([...bad, ["half of it", undefined] as const, ["a web page", "<html>"] as const])(
    "is not read: %s",
    (what, json) => {
      const text =
        what === "half of it"
          ? JSON.stringify(good).slice(0, -2)
          : what === "a web page"
            ? "<html>"
            : JSON.stringify(json);
      expect(readBody(answer, text).kind).toBe("not-read");
    },
  );

  it("repeats no value of the answer in its reason", () => {
    const reading = readBody(answer, JSON.stringify({ secret: "anna@contoso.com" }));
    expect(reading.kind === "not-read" ? reading.because : "").not.toContain("anna@");
  });
});

describe("absence has words", () => {
  it.each([
    [404, "ImageNotFound", "", "no-photo"],
    [404, "ErrorItemNotFound", "The photo wasn't found.", "no-photo"],
    [404, "ResourceNotFound", "Resource could not be discovered.", "no-mailbox"],
    [404, "MailboxNotEnabledForRESTAPI", "", "no-mailbox"],
    [404, "Request_ResourceNotFound", "", "no-user"],
    [404, "", "", null],
    [404, "ResourceNotFound", "No route.", null],
    [404, "SomethingNew", "", null],
    [400, "AuthenticationError", "Error authenticating with resource", null],
    [500, "ImageNotFound", "", null],
  ])("%i %s %s: %s", (status, code, message, expected) => {
    expect(photoAbsence(status, { code, message })).toBe(expected);
  });

  it("of profiles and files", () => {
    expect(isProfileAbsence({ code: "", message: "User Profile Error 1000: not found" })).toBe(true);
    expect(isProfileAbsence({ code: "", message: "" })).toBe(false);
    expect(isFileAbsence(404, { code: "-2147024894, System.IO.FileNotFoundException", message: "" })).toBe(true);
    expect(isFileAbsence(404, { code: "", message: "" })).toBe(false);
  });
});

describe("parts of a batch", () => {
  const part = (id: unknown, status: unknown = 200) => ({ id, status, headers: {}, body: { a: 1 } });
  const kinds = (responses: readonly unknown[]): string[] =>
    ["0", "1"].map((id) => partsById(responses, new Set(["0", "1"])).get(id)?.kind ?? "missing");

  it.each([
    ["as sent, in any order", [part("1"), part("0")], ["read", "read"]],
    ["an empty id", [part(""), part("1")], ["missing", "read"]],
    ["null", [part(null), part("1")], ["missing", "read"]],
    ["a number", [part(0), part("1")], ["missing", "read"]],
    ["0x1 for 1", [part("0"), part("0x1")], ["read", "missing"]],
    ["with a blank", [part("0"), part(" 1")], ["read", "missing"]],
    ["twice", [part("0"), part("0"), part("1")], ["not-read", "read"]],
    ["three times", [part("0"), part("0"), part("0")], ["not-read", "missing"]],
    ["nobody's", [part("7"), part("0"), part("1")], ["read", "read"]],
    ["without status", [part("0", null), part("1", "200")], ["not-read", "not-read"]],
    ["no parts at all", [null, 3, []], ["missing", "missing"]],
  ])("%s", (_, responses, expected) => {
    expect(kinds(responses)).toEqual(expected);
  });
});

describe("a list in pages", () => {
  const ORIGIN = "https://s.test";
  async function read(
    pages: (link: string | null, at: number) => Page<string>,
    counted?: { readonly afterRows: number; readonly ask: () => Promise<number | null> },
  ): Promise<number> {
    const list = {
      asks: "list",
      origin: ORIGIN,
      key: (row: string) => row,
      seen: createSeenTexts(),
      mostRows: 30_000,
      repeated: "contradiction",
      ...(counted === undefined ? {} : { counted }),
    } as const;
    let at = 0;
    let rows = 0;
    for await (const page of wholeList(list, async (link) => pages(link, at++))) rows += page.length;
    return rows;
  }
  const link = (n: number): string => `${ORIGIN}/items?page=${String(n)}`;
  const made = (at: number, rows: number): string[] =>
    Array.from({ length: rows }, (_, row) => `${String(at)}/${String(row)}`);

  it("is whole by its links", async () => {
    expect(await read((_, at) => ({ rows: [`r${String(at)}`], next: at < 3 ? link(at) : null }))).toBe(4);
    expect(await read(() => ({ rows: [], next: null }))).toBe(0);
    // The default page of 100, and a few sparse pages between full ones.
    expect(await read((_, at) => ({ rows: made(at, 100), next: at < 99 ? link(at) : null }))).toBe(10_000);
    expect(await read((_, at) => ({ rows: made(at, at % 30 === 0 ? 100 : 12), next: at < 60 ? link(at) : null }))).toBe(
      3 * 100 + 58 * 12,
    );
  });

  it("a link that came before is not followed again", async () => {
    let asked = 0;
    const round = (_: unknown, at: number): Page<string> => {
      asked++;
      return { rows: made(at, 100), next: link(at % 2) };
    };
    await expect(read(round)).rejects.toMatchObject({ code: "list-not-whole" });
    expect(asked).toBe(3);
  });

  it.each<[string, (at: number) => Page<string>]>([
    ["A to B to A", (at) => ({ rows: [`r${String(at)}`], next: link(at % 2) })],
    ["ever new links, the same rows", (at) => ({ rows: ["r"], next: link(at) })],
    ["ever new links, no rows", (at) => ({ rows: [], next: link(at) })],
    ["ever new links, ever new rows", (at) => ({ rows: [`r${String(at)}`], next: link(at) })],
    ["ever new links, a dozen new rows each", (at) => ({ rows: made(at, 12), next: link(at) })],
    ["ever new links, full pages", (at) => ({ rows: made(at, 999), next: link(at) })],
    ["full pages, then sparse ones for ever", (at) => ({ rows: made(at, at < 20 ? 999 : 12), next: link(at) })],
    ["another host", (at) => ({ rows: [`r${String(at)}`], next: "https://evil.test/items" })],
    ["another port", (at) => ({ rows: [`r${String(at)}`], next: `${ORIGIN}:8443/items` })],
    ["no address", (at) => ({ rows: [`r${String(at)}`], next: "items?page=2" })],
    ["a row twice", () => ({ rows: ["r", "r"], next: null })],
  ])("is not whole: %s", async (_, page) => {
    await expect(read((_link, at) => page(at))).rejects.toMatchObject({ code: "list-not-whole" });
  });

  it.each([
    ["never asked while the list is short", 8, 8_000, null, [0, "whole"]],
    ["asked once, and the list as long as it", 20, 20_500, null, [1, "whole"]],
    ["a list a little longer than a count that lags", 20, 18_500, null, [1, "whole"]],
    ["a list that ended a little short of it", 20, 21_500, null, [1, "whole"]],
    ["a count that cannot be had", 20, null, null, [1, "whole"]],
    ["a list that goes on beyond it", Infinity, 10_500, 12, [1, "list-not-whole"]],
    ["half of what is counted", 12, 24_000, null, [1, "list-not-whole"]],
  ])("is held against the service's own count: %s", async (_, last, count, atMost, [asks, result]) => {
    let asked = 0;
    let pages = 0;
    const counted = { afterRows: 10_000, ask: async () => (asked++, count) };
    const whole = read((_link, at) => {
      pages = at + 1;
      return { rows: made(at, 1000), next: at + 1 < last ? link(at) : null };
    }, counted);
    expect(
      await whole.then(
        () => "whole",
        (error: unknown) => (error as { code: string }).code,
      ),
    ).toBe(result);
    expect(asked).toBe(asks);
    if (atMost !== null) expect(pages).toBeLessThanOrEqual(atMost + 1);
  });

  it("remembers many GUIDs and item numbers exactly", () => {
    const guids = createSeenGuids();
    const items = createSeenItems();
    const guid = (n: number): string => `aaaaaaaa-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
    for (let n = 1; n <= 5000; n++) expect(guids.add(guid(n)) && items.add(String(n * 97))).toBe(true);
    expect(guids.add(guid(4711)) || items.add(String(97 * 42)) || items.add(String(97 * 42))).toBe(false);
    expect(items.add(guid(1)) && items.add("43")).toBe(true);
  });
});

describe("downloads", () => {
  const file = { uniqueId: ID, etag: `"{${ID.toUpperCase()}},3"`, length: JPEG.length };
  const answer = (body: Buffer, headers: Record<string, string> = {}) => ({ body, headers });

  it("are whole images of the file and length that were listed", () => {
    expect(downloadFlaw(JPEG, "image/jpeg", null)).toBeNull();
    expect(
      fileDownloadFlaw(file, answer(JPEG, { etag: file.etag, "content-type": "application/octet-stream" })),
    ).toBeNull();
    const longer = Buffer.concat([JPEG, JPEG]);
    expect(fileDownloadFlaw(file, answer(longer, { etag: `"{${ID.toUpperCase()}},4"` }))).toBeNull();
    expect(fileDownloadFlaw(file, answer(longer))).toContain("bytes");
    expect(fileDownloadFlaw(file, answer(JPEG, { etag: `"{${OTHER}},3"` }))).toContain("another file");
    expect(downloadFlaw(JPEG, "text/html; charset=utf-8", null)).toContain("text/html");
    expect(downloadFlaw(Buffer.from("<html>"), undefined, null)).toContain("web page");
  });
});

describe("answers of the login", () => {
  const url = "https://login.test/t/oauth2/v2.0/token?x=1";
  it.each([
    [{ access_token: "t", token_type: "Bearer", expires_in: 3599 }, true],
    [{ access_token: "t", expires_on: "1780000000", token_type: "Bearer" }, true],
    [{ access_token: "", expires_in: 3599 }, false],
    [{ expires_in: 3599 }, false],
    [{ access_token: "t" }, false],
    [{ access_token: "t", expires_in: -1 }, false],
    [{ access_token: "t", expires_in: 3599, token_type: "mac" }, false],
  ])("%j: %s", (json, good) => {
    expect(loginFlaw(url, Buffer.from(JSON.stringify(json))) === null).toBe(good);
  });
});
