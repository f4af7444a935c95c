import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pnpOn, serveSharePoint, type SharePointServer } from "../support/sharepoint-server.js";

/** Limits of SharePoint that only show on large libraries and under load (facts/sharepoint.md sections 0, 3.1 and 5). */

const FOLDER = "/User Photos/Profile Pictures";
let server: SharePointServer;

beforeAll(async () => {
  server = await serveSharePoint({ users: 2700, profile: "large" });
}, 60_000);

afterAll(async () => {
  await server.close();
});

describe("list view threshold", () => {
  it("fails /files above 5,000 files whatever $top says", async () => {
    const files = pnpOn(server, "sharepointMy").web.getFolderByServerRelativePath(FOLDER).files;
    await expect(files.top(10)()).rejects.toThrow(
      /\[500\].*SPQueryThrottledException.*exceeds the list view threshold/,
    );
  });

  it("fails filters on columns without an index, and pages of more than 5,000", async () => {
    const items = `${server.origins.sharepointMy}/_api/web/getList('%2FUser%20Photos')/items`;
    const url = `${items}?%24filter=${encodeURIComponent("FileLeafRef eq 'x'")}`;
    expect((await server.send(url)).status).toBe(500);
    expect((await server.send(`${items}?%24top=5001`)).status).toBe(500);
    expect((await server.send(`${items}?%24filter=ID%20gt%209000&%24top=5000&%24select=Id`)).status).toBe(200);
  });

  it("lists everything in pages of 5,000 with lengths, without making pictures", async () => {
    const list = pnpOn(server, "sharepointMy", "application/json;odata=nometadata").web.getList("/User Photos");
    const lengths: number[] = [];
    const sizes: number[] = [];
    for await (const page of list.items
      .top(5000)
      .select("Id", "FileLeafRef", "File/Length", "File/ETag")
      .expand("File")) {
      sizes.push(page.length);
      for (const row of page) if (row.FileLeafRef.endsWith(".jpg")) lengths.push(Number(row.File.Length));
    }
    expect(lengths).toHaveLength(server.tenant.library.items.size);
    expect(sizes.slice(0, -1).every((size) => size === 5000)).toBe(true);
    const [item] = [...server.tenant.library.items.values()].slice(-1);
    expect(item?.length).toBe((await item?.photo.image())?.bytes.length);
  });
});

describe("throttling", () => {
  const read = (): Promise<Response> =>
    server.send(
      `${server.origins.sharepointAdmin}/_api/sp.userprofiles.peoplemanager/getpropertiesfor(@v)?%40v=%27x%27`,
    );

  it("counts PeopleManager calls in five minutes by the number of licences: 6,000 up to 5,000 licences", async () => {
    const path = `/_api/sp.userprofiles.peoplemanager/getpropertiesfor(@v)?%40v=%27x%27`;
    const part = `--b\nContent-Type: application/http\n\nGET ${path} HTTP/1.1\naccept: application/json\n\n`;
    const options = {
      method: "POST",
      headers: { "content-type": "multipart/mixed; boundary=b" },
      body: `${part.repeat(100)}--b--\n`,
    };
    for (let i = 0; i < 60; i++) await server.send(`${server.origins.sharepointAdmin}/_api/$batch`, options);
    const refused = await read();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(200);
    const real = server.tenant.now;
    server.tenant.now = () => real() + 300_000;
    expect((await read()).status).toBe(200);
    server.tenant.now = real;
  });

  it("announces the resource units from 80 % on, and refuses beyond the limit, when switched on", async () => {
    server.tenant.switches.sharePointResourceUnits = true;
    const web = (): Promise<Response> => server.send(`${server.origins.sharepoint}/_api/web?%24select=Id`);
    const part = `--b\nContent-Type: application/http\n\nGET /_api/web?$select=Id HTTP/1.1\naccept: application/json\n\n`;
    const options = {
      method: "POST",
      headers: { "content-type": "multipart/mixed; boundary=b" },
      body: `${part.repeat(100)}--b--\n`,
    };
    const spend = (): Promise<Response> => server.send(`${server.origins.sharepoint}/_api/$batch`, options);
    expect((await web()).headers.has("ratelimit-remaining")).toBe(false);
    for (let i = 0; i < 21; i++) await spend();
    expect((await web()).headers.get("ratelimit-limit")).toBe("2500");
    for (let i = 0; i < 4; i++) await spend();
    const refused = await web();
    expect([refused.status, await refused.text()]).toEqual([429, "429 TOO MANY REQUESTS"]);
    server.tenant.switches.sharePointResourceUnits = false;
  });
});
