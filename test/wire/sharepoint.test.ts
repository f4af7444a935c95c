import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LibraryItem } from "../../src/sandbox/tenant.js";
import { pnpOn, serveSharePoint, type Pnp, type SharePointServer } from "../support/sharepoint-server.js";

/** SharePoint REST as facts/sharepoint.md has it, through the unmodified @pnp/sp 4.21 (requests of its section 7.3). */

const FOLDER = "/User Photos/Profile Pictures";
let server: SharePointServer;
let my: Pnp;
let admin: Pnp;

beforeAll(async () => {
  server = await serveSharePoint();
  my = pnpOn(server, "sharepointMy");
  admin = pnpOn(server, "sharepointAdmin");
});

afterAll(async () => {
  await server.close();
});

function items(): LibraryItem[] {
  return [...server.tenant.library.items.values()];
}

function firstItem(): LibraryItem {
  const item = items().find(({ name }) => name.endsWith("_LThumb.jpg"));
  if (item === undefined) throw new Error("no thumbnails");
  return item;
}

function someone(): { readonly account: string; readonly upn: string } {
  const user = [...server.tenant.users.values()].find(({ profile }) => profile?.pictureUrl !== "" && profile !== null);
  return { account: user?.profile?.accountName ?? "", upn: user?.upn ?? "" };
}

describe("library", () => {
  it("is found by address whatever its title (1.1)", async () => {
    const list = await my.web.getList("/User Photos").select("Id", "Title", "ItemCount", "CurrentChangeToken")();
    expect(list.Id).toBe(server.tenant.library.listId);
    expect(list.ItemCount).toBe(items().length + 1);
  });

  it("does not exist on other sites (3.3)", async () => {
    await expect(pnpOn(server, "sharepoint").web.getList("/User Photos")()).rejects.toThrow(
      /\[404\].*does not exist at site with URL/,
    );
  });

  it("shows its folders, Forms included, and filters them (1.3)", async () => {
    const folders = my.web.getList("/User Photos").rootFolder.folders;
    expect((await folders.select("Name", "ServerRelativeUrl")()).map(({ Name }) => Name)).toEqual([
      "Forms",
      "Profile Pictures",
    ]);
    const fresh = my.web.getList("/User Photos").rootFolder.folders;
    expect(await fresh.select("Name").filter("Name ne 'Forms'")()).toEqual([
      expect.objectContaining({ Name: "Profile Pictures" }),
    ]);
  });

  it("pages items by odata.nextLink with File expanded (3.1, 7.2)", async () => {
    const names: string[] = [];
    const query = my.web
      .getList("/User Photos")
      .items.top(7)
      .select("Id", "FileLeafRef", "File/Length", "File/ETag")
      .expand("File");
    for await (const page of query) for (const row of page) names.push(row.FileLeafRef);
    expect(names).toEqual(["Profile Pictures", ...items().map(({ name }) => name)]);
  });

  it("tells lengths as text and etags in quotes (3.1)", async () => {
    const [, row] = await my.web
      .getList("/User Photos")
      .items.top(2)
      .select("FileLeafRef", "File/Length", "File/ETag")
      .expand("File")();
    expect(row?.File.Length).toMatch(/^\d+$/);
    expect(row?.File.ETag).toMatch(/^"\{[0-9A-F-]{36}\},1"$/);
  });

  it("refuses properties that do not exist", async () => {
    await expect(my.web.getList("/User Photos").items.select("Nonsense")()).rejects.toThrow(/\[400\].*Nonsense/);
  });

  it("streams rows with paging text (3.1)", async () => {
    const view = "<View Scope='RecursiveAll'><RowLimit Paged='TRUE'>4</RowLimit></View>";
    const page = await my.web.getList("/User Photos").renderListDataAsStream({ ViewXml: view });
    expect(page.Row.map(({ FileLeafRef }) => FileLeafRef)).toEqual(
      items()
        .slice(0, 4)
        .map(({ name }) => name),
    );
    expect(page.NextHref).toMatch(/^\?Paged=TRUE&p_ID=\d+$/);
  });
});

describe("metadata forms", () => {
  it("answers minimal, none and verbose", async () => {
    const url = `${server.origins.sharepointMy}/_api/web/getList('%2FUser%20Photos')?%24select=Title`;
    const read = async (accept: string): Promise<unknown> => (await server.send(url, { accept })).json();
    expect(await read("application/json;odata=nometadata")).toEqual({ Title: "User Photos" });
    expect(await read("application/json")).toMatchObject({ "odata.type": "SP.List", Title: "User Photos" });
    expect(await read("application/json;odata=verbose")).toMatchObject({
      d: { __metadata: { type: "SP.List" }, Title: "User Photos" },
    });
  });

  it("routes in any case, with encoded and raw slashes, positional and named arguments", async () => {
    const file = firstItem();
    for (const path of [
      `/_api/Web/GetFileByServerRelativePath(decodedUrl='${encodeURIComponent(`${FOLDER}/${file.name}`)}')`,
      `/_api/web/getfilebyserverrelativepath(DECODEDURL='${FOLDER}/${file.name}')`,
      `/_api/web/GetFileByServerRelativeUrl('${encodeURI(FOLDER)}/${file.name}')`,
      `/_api/web/GetFileById('${file.uniqueId}')`,
      `/_api/web/GetFolderByServerRelativeUrl('${encodeURI(FOLDER)}')/Files('${file.name}')`,
    ]) {
      const answer = await server.send(server.origins.sharepointMy + path);
      expect([path, answer.status, ((await answer.json()) as { Name: string }).Name]).toEqual([path, 200, file.name]);
    }
  });

  it("says null to what it does not know", async () => {
    const before = server.unknown.length;
    expect((await server.send(`${server.origins.sharepointMy}/_api/web/siteusers`)).status).toBe(501);
    expect((await server.send(`${server.origins.sharepointMy}/_api/web`, { accept: "*/*" })).status).toBe(501);
    expect(server.unknown.length).toBe(before + 2);
  });
});

describe("files", () => {
  it("downloads, replaces and deletes with etags (3.3)", async () => {
    const folder = my.web.getFolderByServerRelativePath(FOLDER);
    const name = "o'neil_contoso_com_MThumb.jpg";
    await folder.files.addUsingPath(name, Buffer.from("first"), { Overwrite: true });
    const path = `${FOLDER}/${name}`;
    const file = await my.web.getFileByServerRelativePath(path)();
    expect(file).toMatchObject({ Name: name, Length: "5" });
    await my.web.getFileByServerRelativePath(path).setContent(Buffer.from("second"));
    expect(Buffer.from(await my.web.getFileById(file.UniqueId).getBuffer()).toString()).toBe("second");
    await expect(my.web.getFileByServerRelativePath(path).delete(file.ETag)).rejects.toThrow(/\[412\]/);
    await my.web.getFileByServerRelativePath(path).delete();
    await expect(my.web.getFileByServerRelativePath(path).getBuffer()).rejects.toThrow(/\[404\].*File Not Found/);
  });

  it("does not overwrite unless told to, and knows missing folders", async () => {
    const name = firstItem().name;
    const files = my.web.getFolderByServerRelativePath(FOLDER).files;
    await expect(files.addUsingPath(name, Buffer.from("x"), { Overwrite: false })).rejects.toThrow(/already exists/);
    const nowhere = my.web.getFolderByServerRelativePath("/User Photos/Profilbilder").files;
    await expect(nowhere.addUsingPath(name, Buffer.from("x"), { Overwrite: true })).rejects.toThrow(/\[404\]/);
  });

  it("changes the marks of the list with every write, and recycles", async () => {
    const list = (): Promise<{ LastItemModifiedDate: string }> =>
      my.web.getList("/User Photos").select("LastItemModifiedDate")();
    const before = (await list()).LastItemModifiedDate;
    await my.web
      .getFolderByServerRelativePath(FOLDER)
      .files.addUsingPath("new_SThumb.jpg", Buffer.from("1"), { Overwrite: true });
    expect((await list()).LastItemModifiedDate > before).toBe(true);
    expect(await my.web.getFileByServerRelativePath(`${FOLDER}/new_SThumb.jpg`).recycle()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("needs a writing role to write, a reading role to read (2.1)", async () => {
    server.roles = ["Sites.Read.All", "User.Read.All"];
    const folder = my.web.getFolderByServerRelativePath(FOLDER);
    await expect(folder.files.addUsingPath("a_SThumb.jpg", Buffer.from("x"), { Overwrite: true })).rejects.toThrow(
      /\[403\].*Access denied\. You do not have permission/,
    );
    expect((await my.web.getFolderByServerRelativePath(FOLDER)()).Name).toBe("Profile Pictures");
    server.roles = [];
    await expect(my.web.getList("/User Photos")()).rejects.toThrow(/\[403\]/);
    server.roles = ["Sites.FullControl.All", "User.ReadWrite.All"];
  });
});

describe("changes", () => {
  it("lists kinds and ids since a token, and nothing at all for tokens over 60 days (3.2, sp-dev-docs#10389)", async () => {
    const list = my.web.getList("/User Photos");
    const { CurrentChangeToken } = (await list.select("CurrentChangeToken")()) as unknown as {
      CurrentChangeToken: { StringValue: string };
    };
    const token = CurrentChangeToken.StringValue;
    await my.web
      .getFolderByServerRelativePath(FOLDER)
      .files.addUsingPath("c_SThumb.jpg", Buffer.from("1"), { Overwrite: true });
    await my.web.getFileByServerRelativePath(`${FOLDER}/c_SThumb.jpg`).delete();
    const ask = { Add: true, DeleteObject: true, Item: true, ChangeTokenStart: { StringValue: token } };
    const changes = await my.web.getList("/User Photos").getChanges(ask);
    expect(changes.map(({ ChangeType }) => ChangeType)).toEqual([1, 3]);
    const real = server.tenant.now;
    server.tenant.now = () => real() + 61 * 86_400_000;
    expect(await my.web.getList("/User Photos").getChanges(ask)).toEqual([]);
    server.tenant.now = real;
  });

  it("gives rows and deletions as XML, in pages (pnpjs#51, #269)", async () => {
    const list = (): Pnp["web"] extends { getList(url: string): infer L } ? L : never => my.web.getList("/User Photos");
    const whole = await list().getListItemChangesSinceToken({ RowLimit: "5" });
    expect(whole.match(/<z:row /g)).toHaveLength(5);
    expect(whole).toMatch(/ListItemCollectionPositionNext="Paged=TRUE&#38;p_ID=\d+"/);
    const token = /LastChangeToken="([^"]+)"/.exec(whole)?.[1] ?? "";
    expect(token).toMatch(/^1;3;[0-9a-f-]{36};\d{18};\d+$/);
    await my.web
      .getFolderByServerRelativePath(FOLDER)
      .files.addUsingPath("d_SThumb.jpg", Buffer.from("1"), { Overwrite: true });
    const since = await list().getListItemChangesSinceToken({ ChangeToken: token, RowLimit: "100" });
    expect(since).toContain("d_SThumb.jpg");
    await my.web.getFileByServerRelativePath(`${FOLDER}/d_SThumb.jpg`).delete();
    expect(await list().getListItemChangesSinceToken({ ChangeToken: token, RowLimit: "100" })).toContain(
      `<Id ChangeType="Delete">`,
    );
  });
});

describe("profiles", () => {
  it("shows the picture with its timestamp, or null while the placeholder state is 1 (0.4, 2)", async () => {
    const { account, upn } = someone();
    const found = await admin.profiles.getPropertiesFor(account);
    expect(found.PictureUrl).toMatch(/_MThumb\.jpg\?t=\d{11}$/);
    await admin.profiles.setSingleValueProfileProperty(account, "SPS-PicturePlaceholderState", "1");
    expect((await admin.profiles.getPropertiesFor(account.toUpperCase())).PictureUrl).toBeNull();
    expect(await admin.profiles.getUserProfilePropertyFor(account, "SPS-PicturePlaceholderState")).toBe("1");
    expect(await admin.profiles.getUserProfilePropertyFor(account, "SPS-UserPrincipalName")).toBe(upn);
    await admin.profiles.setSingleValueProfileProperty(account, "SPS-PicturePlaceholderState", "0");
  });

  it("selects (the cheap read of three facts in one)", async () => {
    const query = `accountName=@v)?%40v=%27${encodeURIComponent(someone().account)}%27&%24select=PictureUrl%2CPersonalSiteHostUrl`;
    const answer = await server.send(
      `${server.origins.sharepointAdmin}/_api/SP.UserProfiles.PeopleManager/GetPropertiesFor(${query}`,
    );
    expect(Object.keys((await answer.json()) as object)).toEqual(["PictureUrl", "PersonalSiteHostUrl"]);
  });

  it("answers odata.null for users it does not know, and a user profile error to writes", async () => {
    expect(await admin.profiles.getPropertiesFor("i:0#.f|membership|nobody@contoso.com")).toEqual({
      "odata.null": true,
    });
    const write = admin.profiles.setSingleValueProfileProperty(
      "i:0#.f|membership|nobody@contoso.com",
      "PictureURL",
      "x",
    );
    await expect(write).rejects.toThrow(/User Profile Error 1000/);
  });

  it("distinguishes unknown and fixed properties, names case-sensitive", async () => {
    const { account } = someone();
    await expect(admin.profiles.getUserProfilePropertyFor(account, "pictureurl")).rejects.toThrow(/Property Not Found/);
    await expect(admin.profiles.setSingleValueProfileProperty(account, "AccountName", "x")).rejects.toThrow(
      /Property Not Editable/,
    );
  });

  it("needs SharePoint's own User roles, and another site than the My Site host for writing (2.2)", async () => {
    const { account } = someone();
    await expect(my.profiles.setSingleValueProfileProperty(account, "PictureURL", "x")).rejects.toThrow(
      /managing your own data/,
    );
    server.roles = ["Sites.FullControl.All"];
    await expect(admin.profiles.getPropertiesFor(account)).rejects.toThrow(
      /\[403\].*does not have the required permissions to access profile/,
    );
    server.roles = ["Sites.FullControl.All", "User.Read.All"];
    expect((await admin.profiles.getPropertiesFor(account)).AccountName).toBe(account);
    await expect(admin.profiles.setSingleValueProfileProperty(account, "PictureURL", "x")).rejects.toThrow(/\[403\]/);
    server.roles = ["Sites.FullControl.All", "User.ReadWrite.All"];
  });
});

describe("batch", () => {
  it("answers PnPjs batches part by part: reads, writes, errors (3.4, 7.3)", async () => {
    const { account } = someone();
    const [batched, execute] = admin.batched();
    const picture = batched.profiles.getUserProfilePropertyFor(account, "PictureURL");
    const missing = batched.profiles
      .getUserProfilePropertyFor(account, "Nonsense")
      .catch((error: unknown) => String(error));
    const written = batched.profiles.setSingleValueProfileProperty(account, "SPS-PictureTimestamp", "63838484300");
    await execute();
    expect(await picture).toMatch(/_MThumb\.jpg$/);
    expect(await missing).toMatch(/Property Not Found/);
    await written;
    expect(await admin.profiles.getUserProfilePropertyFor(account, "SPS-PictureTimestamp")).toBe("63838484300");
  });

  it("refuses other sites, more than 100 parts and malformed bodies", async () => {
    const post = async (parts: readonly string[]): Promise<Response> => {
      const body = `${parts.map((url) => `--batch_1\nContent-Type: application/http\n\nGET ${url} HTTP/1.1\naccept: application/json\n\n`).join("")}--batch_1--\n`;
      const headers = { "content-type": "multipart/mixed; boundary=batch_1" };
      return server.send(`${server.origins.sharepointMy}/_api/$batch`, { method: "POST", headers, body });
    };
    const elsewhere = await (await post([`${server.origins.sharepoint}/_api/web`])).text();
    expect(elsewhere).toContain("same site");
    expect((await post(Array.from({ length: 101 }, () => "/_api/web"))).status).toBe(400);
    expect((await post([])).status).toBe(400);
  });
});

describe("people search", () => {
  it("finds people with their PictureURL, page by page (10.3)", async () => {
    const page = async (text: string): Promise<{ Key: string; Value: string | null }[][]> => {
      const request = {
        Querytext: text,
        SourceId: "B09A7990-05EA-4AF9-81EF-EDFAB16C4E31",
        RowLimit: 12,
        SelectProperties: ["AccountName", "PictureURL"],
      };
      const answer = await server.send(`${server.origins.sharepoint}/_api/search/postquery`, {
        method: "POST",
        body: JSON.stringify({ request }),
      });
      const { PrimaryQueryResult } = (await answer.json()) as {
        PrimaryQueryResult: {
          RelevantResults: { Table: { Rows: { Cells: { Key: string; Value: string | null }[] }[] } };
        };
      };
      return PrimaryQueryResult.RelevantResults.Table.Rows.map(({ Cells }) => Cells);
    };
    const valueOf = (row: { Key: string; Value: string | null }[], key: string): string =>
      row.find((cell) => cell.Key === key)?.Value ?? "";
    const first = await page("*");
    const second = await page(`IndexDocId>${valueOf(first.at(-1) ?? [], "DocId")}`);
    const accounts = [...first, ...second].map((row) => valueOf(row, "AccountName"));
    const expected = [...server.tenant.users.values()].flatMap(({ profile }) =>
      profile === null ? [] : [profile.accountName],
    );
    expect(accounts).toEqual(expected);
    expect(valueOf(first[0] ?? [], "PictureURL")).toMatch(/_MThumb\.jpg$/);
  });
});
