import { describe, expect, it } from "vitest";
import type { LibraryFile } from "../../../src/model/photo.js";
import { parseThumbnailName } from "../../../src/stores/sharepoint/convert.js";
import { createQuota } from "../../../src/stores/sharepoint/quota.js";
import { createSharePointReader } from "../../../src/stores/sharepoint/reader.js";
import { createSharePointWriter } from "../../../src/stores/sharepoint/writer.js";
import {
  ADMIN,
  type Answer,
  type Call,
  fakeService,
  fakeTimer,
  JPEG,
  MY,
  networkError,
  person,
  type Service,
} from "../../support/fake-service.js";

function reader(service: Service, folder?: string) {
  const fake = fakeService(service);
  return { ...fake, store: createSharePointReader(fake.sharePoint, fake.meter, folder) };
}

function path(call: Call): string {
  const url = new URL(call.url);
  return decodeURIComponent(url.pathname + url.search);
}

const LIST = {
  Id: "11111111-0000-4000-8000-000000000001",
  ItemCount: 9,
  LastItemModifiedDate: "2025-01-01T00:00:00Z",
  LastItemDeletedDate: "2024-01-01T00:00:00Z",
  ParentWeb: { Url: "https://contoso-my.sharepoint.com" },
};

/** A library as `locate` gives it, with so many items. */
const located = (itemCount: number) => ({ folder: "", folders: [], changeMark: "", itemCount, webUrl: null });

/** SharePoint's own words for what is not there (facts/sharepoint.md 3.3). */
const NO_FILE = {
  status: 404,
  json: {
    "odata.error": { code: "-2147024894, System.IO.FileNotFoundException", message: { value: "File Not Found." } },
  },
};
const FILE_ID = "abababab-0000-4000-8000-000000000001";
const stored = (etag: string, length: number) => ({
  Name: "a_LThumb.jpg",
  UniqueId: FILE_ID,
  ETag: etag,
  Length: String(length),
  TimeLastModified: "2026-01-01T00:00:00Z",
});
const NO_FOLDER = {
  status: 404,
  json: {
    "odata.error": { code: "-2147024893, System.IO.DirectoryNotFoundException", message: { value: "File Not Found." } },
  },
};
const NO_LIST = {
  status: 404,
  json: {
    "odata.error": { code: "-1, System.ArgumentException", message: { value: "List 'x' does not exist at site." } },
  },
};

function library(folders: readonly { name: string; items: number }[]): Service {
  return (call): Answer => {
    if (!path(call).includes("/folders")) return { json: LIST };
    const value = folders.map(({ name, items }) => ({
      Name: name,
      ServerRelativeUrl: `/User Photos/${name}`,
      ItemCount: items,
    }));
    return { json: { value } };
  };
}

async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

describe("locate", () => {
  it("finds the folder whatever its language and leaves housekeeping aside", async () => {
    const { store, calls } = reader(
      library([
        { name: "Forms", items: 50 },
        { name: "_t", items: 90 },
        { name: "Profilbilder", items: 3 },
      ]),
    );
    expect(await store.locate()).toMatchObject({
      folder: "/User Photos/Profilbilder",
      folders: ["/User Photos/Profilbilder"],
      itemCount: 9,
    });
    expect(path(calls[0] as Call)).toContain("/_api/web/getList('/User Photos')");
  });

  it("writes to the fullest of several folders and reads all", async () => {
    const { store } = reader(
      library([
        { name: "Profile Pictures", items: 3 },
        { name: "Profilbilder", items: 30 },
      ]),
    );
    const found = await store.locate();
    expect(found.folder).toBe("/User Photos/Profilbilder");
    expect(found.folders).toHaveLength(2);
  });

  it("obeys the configured folder in any case, and says which there are when it is missing", async () => {
    const service = library([
      { name: "Profile Pictures", items: 3 },
      { name: "Profilbilder", items: 30 },
    ]);
    expect((await reader(service, "profile pictures").store.locate()).folder).toBe("/User Photos/Profile Pictures");
    await expect(reader(service, "Bilder").store.locate()).rejects.toMatchObject({
      code: "photo-folder-missing",
      message: expect.stringContaining("Profile Pictures, Profilbilder") as string,
    });
  });

  it("explains a missing library and an empty one", async () => {
    const missing = reader(() => NO_LIST);
    await expect(missing.store.locate()).rejects.toMatchObject({ code: "photo-library-missing" });
    await expect(reader(library([])).store.locate()).rejects.toMatchObject({ code: "photo-folder-missing" });
  });

  it("gives the same mark while nothing changes and another one after a change", async () => {
    const first = (await reader(library([{ name: "P", items: 1 }])).store.locate()).changeMark;
    const again = (await reader(library([{ name: "P", items: 1 }])).store.locate()).changeMark;
    expect(again).toBe(first);
    const changed = { ...LIST, LastItemModifiedDate: "2025-01-02T00:00:00Z" };
    const later = reader((call, i) =>
      path(call).includes("/folders") ? library([{ name: "P", items: 1 }])(call, i) : { json: changed },
    );
    expect((await later.store.locate()).changeMark).not.toBe(first);
  });

  it("trusts no date of the last minute alone: a second change may share it", async () => {
    const now = "Mon, 05 Jan 2026 10:00:00 GMT";
    const fresh = { ...LIST, LastItemModifiedDate: "2026-01-05T09:59:58Z" };
    const service =
      (json: object): Service =>
      (call, i) =>
        path(call).includes("/folders")
          ? library([{ name: "P", items: 1 }])(call, i)
          : { json, headers: { date: now } };
    expect((await reader(service(fresh)).store.locate()).changeMark).toBe("");
    const token = { ...fresh, CurrentChangeToken: { StringValue: "1;3;x;638;42" } };
    expect((await reader(service(token)).store.locate()).changeMark).toContain("638;42");
  });
});

describe("inventory", () => {
  const row = (name: string, n: number): object => ({
    Id: n,
    FileLeafRef: name,
    FileDirRef: "/User Photos/Profilbilder",
    UniqueId: `{AAAAAAAA-0000-4000-8000-00000000000${String(n)}}`,
    File: { ETag: `"{AAAA},${String(n)}"`, Length: "5987", TimeLastModified: "2026-01-01T00:00:00Z" },
  });

  it("pages through list items by the literal next link", async () => {
    const link = `${MY}/_api/web/lists(guid'x')/items?%24skiptoken=Paged%3dTRUE%26p_ID%3d5000&%24top=5000`;
    const { store, calls } = reader((_, index) => ({
      json:
        index === 0
          ? { value: [row("Anna_B_contoso_com_LThumb.jpg", 1)], "odata.nextLink": link }
          : { value: [row("9c1e_SThumb.JPG", 2), row("notes.txt", 3)] },
    }));
    const files = await collect(store.inventory(located(0)));
    expect(files).toEqual([
      {
        uniqueId: "aaaaaaaa-0000-4000-8000-000000000001",
        name: "Anna_B_contoso_com_LThumb.jpg",
        folder: "/User Photos/Profilbilder",
        stem: "anna_b_contoso_com",
        size: "L",
        etag: '"{AAAA},1"',
        length: 5987,
        modifiedAt: "2026-01-01T00:00:00Z",
      },
      expect.objectContaining({ stem: "9c1e", size: "S" }),
    ]);
    expect(calls[1]?.url).toBe(link);
    expect(path(calls[0] as Call)).toContain("$top=5000");
    expect(calls[0]?.headers["Accept"]).toBe("application/json;odata=nometadata");
  });

  it("does without the expanded file where that is refused", async () => {
    const { store } = reader((call) => {
      if (path(call).includes("$expand"))
        return { status: 400, json: { "odata.error": { code: "-1", message: { value: "no" } } } };
      const { File: _, ...plain } = row("a_MThumb.jpg", 1) as { File: object };
      return { json: { value: [{ ...plain, File_x0020_Size: "77", Modified: "2026-02-02T00:00:00Z" }] } };
    });
    const files = await collect(store.inventory(located(0)));
    expect(files).toEqual([expect.objectContaining({ length: 77, etag: null, modifiedAt: "2026-02-02T00:00:00Z" })]);
  });

  it("never follows a link to another host", async () => {
    const { store, calls } = reader(() => ({
      json: { value: [row("a_LThumb.jpg", 1)], "odata.nextLink": "https://evil.test/items" },
    }));
    await expect(collect(store.inventory(located(1)))).rejects.toMatchObject({
      code: "list-not-whole",
      message: expect.stringContaining("https://evil.test") as string,
    });
    expect(calls.every((call) => call.url.startsWith(MY))).toBe(true);
  });

  it.each([
    ["no rows", []],
    ["half the rows", [1]],
    ["a next link that vanished", [1, 2]],
  ])("is no listing where rows are missing: %s", async (_, ids) => {
    const rows = ids.map((n) => row(`a${String(n)}_LThumb.jpg`, n));
    const { store } = reader((call) => (path(call).includes("/items") ? { json: { value: rows } } : { json: LIST }));
    await expect(collect(store.inventory(located(9)))).rejects.toMatchObject({ code: "list-not-whole" });
  });

  it("believes the library's count of now where files went while it was listed, at no request more otherwise", async () => {
    const rows = [row("a_LThumb.jpg", 1), row("b_LThumb.jpg", 2)];
    const now = { ...LIST, ItemCount: 2 };
    const { store, calls } = reader((call) =>
      path(call).includes("/items") ? { json: { value: rows } } : { json: now },
    );
    expect(await collect(store.inventory(located(3)))).toHaveLength(2);
    expect(calls).toHaveLength(2);
    expect(await collect(store.inventory(located(2)))).toHaveLength(2);
    expect(calls).toHaveLength(3);
  });

  it("does not repeat a query beyond the list view threshold", async () => {
    const error = {
      "odata.error": {
        code: "-2147024860, Microsoft.SharePoint.SPQueryThrottledException",
        message: { value: "too many" },
      },
    };
    const { store, calls } = reader(() => ({ status: 500, json: error }));
    await expect(collect(store.inventory(located(0)))).rejects.toThrow("too many");
    expect(calls).toHaveLength(1);
  });

  it.each([
    ["Anna_SThumb.jpg", { stem: "anna", size: "S" }],
    ["a_b_c_mthumb.JPG", { stem: "a_b_c", size: "M" }],
    ["x_LThumb.png", null],
    ["_LThumb.jpg", null],
    ["x_XThumb.jpg", null],
  ])("parses %s", (name, expected) => {
    expect(parseThumbnailName(name)).toEqual(expected);
  });
});

describe("download", () => {
  const file: LibraryFile = {
    uniqueId: "aaaaaaaa-0000-4000-8000-000000000001",
    name: "a_LThumb.jpg",
    folder: "/User Photos/P",
    stem: "a",
    size: "L",
    etag: null,
    length: JPEG.length,
    modifiedAt: null,
  };

  it("gives bytes and etag", async () => {
    const { store, calls } = reader(() => ({ body: JPEG, headers: { etag: '"{X},1"', "content-type": "image/jpeg" } }));
    expect(await store.download(file)).toEqual({ bytes: JPEG, etag: '"{X},1"', flaw: null });
    expect(path(calls[0] as Call)).toBe(`/_api/web/getFileById('${file.uniqueId}')/$value`);
  });

  it("gives null for a file that is gone", async () => {
    const { store } = reader(() => NO_FILE);
    expect(await store.download(file)).toBeNull();
  });

  it("asks again for a picture that is cut off", async () => {
    const { store } = reader((_, index) => ({ body: index === 0 ? JPEG.subarray(0, 5) : JPEG }));
    expect((await store.download(file))?.bytes).toEqual(JPEG);
  });

  it.each([
    ["empty", Buffer.alloc(0), "it is empty"],
    ["cut off", JPEG.subarray(0, 5), "the JPEG is cut off"],
    ["a web page", Buffer.from("<html>moved</html>"), "it is a web page, not an image"],
    ["something else", Buffer.from("something else"), "it is no image"],
  ])(
    "gives a file that is %s with what is wrong, once every answer was as long as the library says",
    async (_, body, flaw) => {
      const { store, calls } = reader(() => ({ body, headers: { etag: '"{X},1"' } }));
      expect(await store.download({ ...file, etag: '"{X},1"', length: body.length })).toEqual({
        bytes: body,
        etag: '"{X},1"',
        flaw,
      });
      expect(calls.length).toBeGreaterThan(1);
    },
  );

  it.each([
    ["shorter than the library says", { length: 9 }, {}],
    ["of a length that the library does not say", { length: null }, {}],
    ["changed since it was listed", { length: 5 }, { etag: '"{X},2"' }],
    ["another file's", { length: 5 }, { etag: '"{bbbbbbbb-0000-4000-8000-000000000002},1"' }],
  ])("does not believe bytes that are no picture and %s", async (_, listed, headers) => {
    const { store } = reader(() => ({ body: JPEG.subarray(0, 5), headers }));
    const asked = store.download({ ...file, etag: '"{X},1"', ...listed });
    await expect(asked).rejects.toMatchObject({ code: "unusable-answer" });
  });

  it("looks at a file as the inventory gives it", async () => {
    const json = {
      Name: "a_LThumb.jpg",
      UniqueId: FILE_ID.toUpperCase(),
      ETag: '"{AB},4"',
      Length: "9",
      TimeLastModified: "2026-01-01T00:00:00Z",
    };
    const { store } = reader(() => ({ json }));
    expect(await store.look("/User Photos/P", "a_LThumb.jpg")).toMatchObject({
      uniqueId: FILE_ID,
      etag: '"{AB},4"',
      length: 9,
    });
    const gone = reader(() => NO_FILE);
    expect(await gone.store.look("/User Photos/P", "a_LThumb.jpg")).toBeNull();
  });
});

/** A multipart reply in the form that the client's parser takes. */
function multipart(parts: readonly { status: number; headers?: string; json: unknown }[]): Answer {
  const texts = parts.map(
    ({ status, headers = "", json }) =>
      `--batchresponse_1\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${String(status)} X\r\nContent-Type: application/json\r\n${headers}\r\n${JSON.stringify(json)}\r\n`,
  );
  return { body: `${texts.join("")}--batchresponse_1--\r\n`, headers: { "content-type": "multipart/mixed" } };
}

function batchedAccounts(call: Call): readonly string[] {
  return [...String(call.body).matchAll(/%40v=([^&\s]+)/g)].map((match) =>
    decodeURIComponent(match[1] ?? "").replaceAll("+", " "),
  );
}

/** @param asked account name as the request has it: in quotes, with doubled apostrophes */
const fullProfile = (asked: string) => ({
  AccountName: asked.replace(/^'|'$/g, "").replaceAll("''", "'").toLowerCase(),
  UserProfileProperties: [
    { Key: "PictureURL", Value: "https://contoso-my.sharepoint.com:443/User%20Photos/P/a_b_MThumb.jpg" },
    { Key: "SPS-PicturePlaceholderState", Value: "0" },
    { Key: "SPS-PictureExchangeSyncState", Value: "1" },
    { Key: "SPS-PictureTimestamp", Value: "63799442436" },
  ],
});

describe("profiles", () => {
  it("reads a hundred in one batch, apostrophes doubled", async () => {
    const users = [
      person(1, { upn: "Sean.O'Neil@contoso.com" }),
      ...Array.from({ length: 119 }, (_, n) => person(n + 2)),
    ];
    const { store, calls } = reader((call) =>
      multipart(batchedAccounts(call).map((account) => ({ status: 200, json: fullProfile(account) }))),
    );
    const profiles = await store.profiles(users);
    expect(calls.map((call) => batchedAccounts(call).length).sort()).toEqual([100, 20].sort());
    expect(calls.every((call) => call.url === `${ADMIN}/_api/$batch`)).toBe(true);
    expect(calls.flatMap(batchedAccounts)).toContain("'i:0#.f|membership|Sean.O''Neil@contoso.com'");
    expect(profiles.size).toBe(120);
    expect(profiles.get("sean.o'neil@contoso.com")).toMatchObject({
      kind: "present",
      placeholderState: "0",
      exchangeSyncState: "1",
      timestamp: "63799442436",
    });
  });

  it("repeats throttled parts after their pause and failed ones after a rest", async () => {
    const { store, calls } = reader((call, index) => {
      const accounts = batchedAccounts(call);
      return multipart(
        accounts.map((account, at) =>
          index === 0 && at === 0
            ? { status: 429, headers: "Retry-After: 11\r\n", json: {} }
            : index === 0 && at === 1
              ? { status: 500, json: { "odata.error": { code: "-1", message: { value: "later" } } } }
              : { status: 200, json: fullProfile(account) },
        ),
      );
    });
    const profiles = await store.profiles([person(1), person(2), person(3)]);
    expect([...profiles.values()].every((profile) => profile.kind === "present")).toBe(true);
    expect(calls.map((call) => batchedAccounts(call).length)).toEqual([3, 2]);
    expect((calls[1]?.at ?? 0) - (calls[0]?.at ?? 0)).toBeGreaterThanOrEqual(11_000);
  });

  it.each([
    ["is not there", { status: 501, json: {} }],
    ["gives a web page", { body: "<html>" }],
  ])("reads one by one where the batch %s", async (_, answer) => {
    const { store, calls } = reader((call) =>
      call.url.endsWith("$batch") ? answer : { json: fullProfile(new URL(call.url).searchParams.get("@v") ?? "") },
    );
    const profiles = await store.profiles([person(1), person(2)]);
    expect([...profiles.values()].map((profile) => profile.kind)).toEqual(["present", "present"]);
    expect(calls.filter((call) => call.method === "GET")).toHaveLength(2);
  });

  it("never hangs and never invents absence when the batch fails as a whole", async () => {
    const { store } = reader(() => ({
      status: 403,
      json: { "odata.error": { code: "x", message: { value: "Access denied." } } },
    }));
    const profiles = await store.profiles([person(1), person(2)]);
    expect([...profiles.values()]).toEqual([
      expect.objectContaining({
        kind: "unreadable",
        error: expect.objectContaining({ code: "permission-missing" }) as object,
      }),
      expect.objectContaining({ kind: "unreadable" }),
    ]);
  });

  it.each([
    ["a proxy's page", { status: 404, body: "<html>not found</html>" }],
    ["nothing", { status: 404, body: "" }],
  ])("never takes a 404 with %s for a user without profile, alone or in a batch", async (_, answer) => {
    const { store } = reader(() => answer);
    expect((await store.profiles([person(1)])).get("user1@contoso.com")?.kind).toBe("unreadable");
    const parts = reader((call) =>
      call.url.endsWith("$batch")
        ? multipart(batchedAccounts(call).map(() => ({ status: 404, json: {} })))
        : { json: fullProfile(new URL(call.url).searchParams.get("@v") ?? "") },
    );
    const kinds = [...(await parts.store.profiles([person(1), person(2)])).values()].map(({ kind }) => kind);
    expect(kinds).not.toContain("absent");
  });

  it("reads one by one where the parts of a batch were swapped: nobody gets another user's profile or absence", async () => {
    const { store } = reader((call) =>
      call.url.endsWith("$batch")
        ? multipart([
            { status: 200, json: { "odata.null": true } },
            { status: 200, json: fullProfile("i:0#.f|membership|user1@contoso.com") },
          ])
        : { json: fullProfile(new URL(call.url).searchParams.get("@v") ?? "") },
    );
    const profiles = await store.profiles([person(1), person(2)]);
    expect([...profiles.values()].map((profile) => profile.kind)).toEqual(["present", "present"]);
  });

  it("keeps a code that nobody has documented, alone and in a batch, so that one that stays can be told", async () => {
    const json = { "odata.error": { code: "-1, Contoso.Unheard", message: { value: "Something." } } };
    const unheard = { kind: "unreadable", error: { refusal: "404 -1, Contoso.Unheard" } };
    const { store } = reader((call) =>
      call.url.endsWith("$batch")
        ? multipart(batchedAccounts(call).map(() => ({ status: 404, json })))
        : { status: 404, json },
    );
    expect((await store.profiles([person(1)])).get("user1@contoso.com")).toMatchObject(unheard);
    expect([...(await store.profiles([person(1), person(2)])).values()]).toMatchObject([unheard, unheard]);
  });

  it("tells a denied part with the permission it needs", async () => {
    const json = { "odata.error": { code: "x", message: { value: "Access denied. You do not have permission." } } };
    const { store } = reader(() =>
      multipart([
        { status: 200, json: fullProfile("i:0#.f|membership|user1@contoso.com") },
        { status: 403, json },
      ]),
    );
    const profiles = await store.profiles([person(1), person(2)]);
    expect(profiles.get("user2@contoso.com")).toMatchObject({
      kind: "unreadable",
      error: { code: "permission-missing", hint: expect.stringContaining("User.ReadWrite.All") as string },
    });
  });

  it("keeps to the quota once the service has shown it", async () => {
    const timer = fakeTimer();
    const quota = createQuota(timer);
    await quota.take(1000);
    quota.refused();
    const before = timer.now();
    await quota.take(500);
    expect(timer.now() - before).toBeGreaterThanOrEqual(4 * 60_000);
  });
});

describe("writing", () => {
  function writer(service: Service) {
    const fake = fakeService(service);
    return { ...fake, store: createSharePointWriter(fake.sharePoint) };
  }

  it("uploads with overwrite and tells the new etag", async () => {
    const { store, calls } = writer(() => ({ json: { ETag: '"{N},2"', Length: "9" } }));
    expect(await store.putThumbnail("/User Photos/P", "o'neil_LThumb.jpg", JPEG)).toEqual({ etag: '"{N},2"' });
    expect(path(calls[0] as Call)).toContain("files/AddUsingPath(decodedurl='o''neil_LThumb.jpg',Overwrite=true)");
    expect(Buffer.from(calls[0]?.body ?? "")).toEqual(JPEG);
  });

  it("looks before it uploads again after a lost answer: what is there is not written twice", async () => {
    const { store, calls } = writer((call, index) => {
      if (index === 0) return networkError("ECONNRESET");
      if (path(call).endsWith("/$value")) return { body: JPEG };
      return { json: stored('"{N},2"', JPEG.length) };
    });
    expect(await store.putThumbnail("/User Photos/P", "a_LThumb.jpg", JPEG)).toEqual({ etag: '"{N},2"' });
    expect(calls.filter((call) => call.method === "POST")).toHaveLength(1);
  });

  it("takes a sign-in page in place of an answer for a lost one, and looks", async () => {
    const page = { body: Buffer.from("<!DOCTYPE html><title>Sign in</title>") };
    const { store, calls } = writer((call, index) => {
      if (index === 0) return page;
      if (path(call).endsWith("/$value")) return { body: JPEG };
      return { json: stored('"{N},2"', JPEG.length) };
    });
    expect(await store.putThumbnail("/User Photos/P", "a_LThumb.jpg", JPEG)).toEqual({ etag: '"{N},2"' });
    expect(calls.filter((call) => call.method === "POST")).toHaveLength(1);
    const property = writer((_, index) => (index === 0 ? page : { json: { value: "0" } }));
    await property.store.setProperty("a@b.c", "SPS-PicturePlaceholderState", "0");
    expect(property.calls.filter((call) => call.method === "POST")).toHaveLength(1);
  });

  it("uploads again where the look finds another picture", async () => {
    const { store, calls } = writer((call, index) => {
      if (index === 0) return networkError("ECONNRESET");
      return call.method === "POST" ? { json: { ETag: '"{N},3"' } } : { json: stored('"{N},1"', 4) };
    });
    expect(await store.putThumbnail("/User Photos/P", "a_LThumb.jpg", JPEG)).toEqual({ etag: '"{N},3"' });
    expect(calls.filter((call) => call.method === "POST")).toHaveLength(2);
  });

  it("waits for a locked file and then says so", async () => {
    const locked = { status: 423, json: { "odata.error": { code: "x", message: { value: "locked for shared use" } } } };
    const twice = writer((_, index) => (index < 2 ? locked : { json: { ETag: "e" } }));
    expect(await twice.store.putThumbnail("/f/g", "a_LThumb.jpg", JPEG)).toEqual({ etag: "e" });
    await expect(writer(() => locked).store.putThumbnail("/f/g", "a_LThumb.jpg", JPEG)).rejects.toMatchObject({
      code: "locked",
    });
  });

  it("does not retry into a folder that is missing", async () => {
    const { store, calls } = writer(() => NO_FOLDER);
    await expect(store.putThumbnail("/User Photos/Nope", "a_LThumb.jpg", JPEG)).rejects.toMatchObject({
      code: "photo-folder-missing",
    });
    expect(calls).toHaveLength(1);
  });

  it("deletes under the etag that was seen; gone is done, changed is not", async () => {
    const { store, calls } = writer(() => ({ json: {} }));
    await store.deleteThumbnail("/User Photos/P", "a_LThumb.jpg", '"{N},2"');
    const headers = Object.fromEntries(
      Object.entries(calls[0]?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    expect(headers).toMatchObject({ "x-http-method": "DELETE", "if-match": '"{N},2"' });
    await writer(() => NO_FILE).store.deleteThumbnail("/f", "a_LThumb.jpg", null);
    const changed = writer(() => ({ status: 412, json: {} }));
    await expect(changed.store.deleteThumbnail("/f", "a_LThumb.jpg", "e")).rejects.toMatchObject({
      code: "changed-meanwhile",
    });
  });

  it("writes one property and looks before it writes again", async () => {
    const bodies: unknown[] = [];
    const { store, calls } = writer((call, index) => {
      if (call.method === "GET") return { json: { value: "0" } };
      bodies.push(JSON.parse(String(call.body)));
      return index === 0 ? networkError("ECONNRESET") : { json: { "odata.null": true } };
    });
    await store.setProperty("sean.o'neil@contoso.com", "SPS-PicturePlaceholderState", "0");
    expect(bodies).toEqual([
      {
        accountName: "i:0#.f|membership|sean.o'neil@contoso.com",
        propertyName: "SPS-PicturePlaceholderState",
        propertyValue: "0",
      },
    ]);
    expect(path(calls[1] as Call)).toContain("o''neil");
  });

  it("explains a user without profile", async () => {
    const json = { "odata.error": { code: "-1", message: { value: "User Profile Error 1000: not found" } } };
    const { store, calls } = writer(() => ({ status: 500, json }));
    await expect(store.setProperty("a@b.c", "PictureURL", "x")).rejects.toMatchObject({ code: "profile-missing" });
    expect(calls).toHaveLength(1);
  });
});

describe("what is asked at the same time leaves together", () => {
  const FILES = ["a", "b", "c"].map((stem) => `${stem}_LThumb.jpg`);
  const isBatch = (call: Call): boolean => path(call).endsWith("$batch");
  const fileOf = (name: string) => ({ ...stored(`"{${name}},1"`, 9), Name: name });
  const named = (call: Call): string => /\/(\w+_LThumb\.jpg)/.exec(path(call))?.[1] ?? "";
  const lookAtAll = ({ store }: ReturnType<typeof reader>) =>
    Promise.all(FILES.map((name) => store.look("/User Photos/P", name)));

  it("looks: one batch, and a file that is not there among them", async () => {
    const fake = reader(() =>
      multipart([
        { status: 200, json: fileOf(FILES[0] ?? "") },
        NO_FILE,
        { status: 200, json: fileOf(FILES[2] ?? "") },
      ]),
    );
    expect((await lookAtAll(fake)).map((file) => file?.name ?? null)).toEqual([FILES[0], null, FILES[2]]);
    expect(fake.calls.map(isBatch)).toEqual([true]);
  });

  it.each([
    ["is about another file", () => multipart(FILES.toReversed().map((name) => ({ status: 200, json: fileOf(name) })))],
    [
      "is about another file, beside one that is not there",
      () => multipart([{ status: 200, json: fileOf("x") }, NO_FILE, { status: 200, json: fileOf(FILES[2] ?? "") }]),
    ],
    ["is refused as a whole", (): Answer => ({ status: 400, json: {} })],
    ["is not known to the host", (): Answer => ({ status: 404, json: {} })],
  ])("a batch that %s is nobody's word: each file is looked at by itself", async (_, batch) => {
    const fake = reader((call) => (isBatch(call) ? batch() : { json: fileOf(named(call)) }));
    expect((await lookAtAll(fake)).map((file) => file?.name)).toEqual(FILES);
    expect(fake.calls.filter((call) => !isBatch(call))).toHaveLength(3);
  });

  it("a batch that breaks off anywhere is nobody's word: what was looked at is there, whatever the rest said", async () => {
    const { body } = multipart(FILES.map((name) => ({ status: 200, json: fileOf(name) })));
    const whole = String(body);
    const start = "--batchresponse_".length;
    for (let end = start; end < whole.length; end += end > whole.length - 40 ? 1 : 9) {
      const cut: Answer = { body: whole.slice(0, end), headers: { "content-type": "multipart/mixed" } };
      const fake = reader((call) => (isBatch(call) ? cut : { json: fileOf(named(call)) }));
      expect(
        (await lookAtAll(fake)).map((file) => file?.name),
        `cut at ${String(end)}`,
      ).toEqual(FILES);
    }
  });

  it("a page in place of a batch proves nothing of any file", async () => {
    const fake = reader(() => ({ body: Buffer.from("<!DOCTYPE html><title>Sign in</title>") }));
    const ends = await Promise.allSettled(FILES.map((name) => fake.store.look("/User Photos/P", name)));
    expect(ends.map((end) => (end.status === "rejected" ? (end.reason as { code?: string }).code : end.value))).toEqual(
      FILES.map(() => "unusable-answer"),
    );
  });

  it("a part that failed is looked at by itself, and its failure is the one user's", async () => {
    const down = { status: 403, json: { "odata.error": { code: "x", message: { value: "no" } } } };
    const fake = reader((call) => {
      if (!isBatch(call)) return down;
      return multipart([
        { status: 200, json: fileOf(FILES[0] ?? "") },
        down,
        { status: 200, json: fileOf(FILES[2] ?? "") },
      ]);
    });
    const ends = await Promise.allSettled(FILES.map((name) => fake.store.look("/User Photos/P", name)));
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("profiles of users who are asked for one by one: one batch", async () => {
    const users = [person(1), person(2), person(3)];
    const fake = reader((call) =>
      multipart(batchedAccounts(call).map((asked) => ({ status: 200, json: fullProfile(asked) }))),
    );
    const found = await Promise.all(users.map((user) => fake.store.profiles([user])));
    found.forEach((profiles, at) =>
      expect(profiles.get(users[at]?.upn.toLowerCase() ?? "")).toMatchObject({ kind: "present" }),
    );
    expect(fake.calls).toHaveLength(1);
  });

  describe("properties", () => {
    const SET = { status: 200, json: { "odata.null": true } };
    const write = (service: Service) => {
      const fake = fakeService(service);
      const store = createSharePointWriter(fake.sharePoint);
      const all = ["a", "b"].map((name) => store.setProperty(`${name}@b.c`, "SPS-PicturePlaceholderState", "0"));
      return { ...fake, all };
    };
    const singles = (calls: readonly Call[]): readonly Call[] =>
      calls.filter((call) => call.method === "POST" && !isBatch(call));

    it("are set in one batch", async () => {
      const { all, calls } = write(() => multipart([SET, SET]));
      await Promise.all(all);
      expect(calls.map(isBatch)).toEqual([true]);
    });

    it.each([
      ["whose answer was lost", (): ReturnType<Service> => networkError("ECONNRESET")],
      [
        "whose parts fail after the fact",
        () =>
          multipart([
            { status: 500, json: {} },
            { status: 504, json: {} },
          ]),
      ],
      [
        "whose parts prove nothing",
        () =>
          multipart([
            { status: 200, json: "?" },
            { status: 200, json: [] },
          ]),
      ],
    ])("a batch %s is looked at, and what it did is not written again", async (_, batch) => {
      const { all, calls } = write((call) => (isBatch(call) ? batch() : { json: { value: "0" } }));
      await Promise.all(all);
      expect(singles(calls)).toEqual([]);
    });

    it("what a batch did not do is written by itself, and a refusal is the one user's", async () => {
      const refused = { status: 429, json: {} };
      const { all, calls } = write((call) => {
        if (isBatch(call)) return multipart([SET, refused]);
        return call.method === "POST" ? { json: { "odata.null": true } } : { json: { value: "1" } };
      });
      await Promise.all(all);
      expect(singles(calls).map((call) => String(call.body).includes("b@b.c"))).toEqual([true]);
    });
  });
});
