import { join } from "node:path";
import { ClientCertificateCredential } from "@azure/identity";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseFaults } from "../../src/sandbox/fault-rules.js";
import { openSandbox, type Answer, type TestSandbox } from "../support/sandbox.js";

/** Faults on command (while the sandbox runs), and the log that accuses. */
let sandbox: TestSandbox & { readonly close: () => Promise<void> };
let token: string;
let photo: string;

beforeAll(async () => {
  sandbox = await openSandbox({ users: 8 });
  token = await sandbox.secretToken("https://graph.microsoft.com");
  const state = (await sandbox.send(`${sandbox.origins.graph}/sandbox/state?hashes=0`)).json as {
    users: { id: string; exchange: unknown }[];
  };
  photo = `/v1.0/users/${state.users.find((user) => user.exchange !== null)?.id}/photo`;
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.clearLog());
afterEach(() => sandbox.set({ faults: "none", clock: "real" }));

function get(path: string): Promise<Answer> {
  return sandbox.send(`${sandbox.origins.graph}${path}`, { token });
}

async function accusations(): Promise<string[]> {
  return (await sandbox.log()).summary.accusations.map((accusation) => accusation.kind);
}

describe("answers", () => {
  it.each([
    ["503,after=3", 503, "3"],
    ["429,after=none", 429, undefined],
    ["500", 500, undefined],
    ["401", 401, undefined],
    ["409", 409, undefined],
    ["412", 412, undefined],
    ["423", 423, undefined],
    ["empty-404", 404, undefined],
  ])("%s", async (fault, status, retryAfter) => {
    await sandbox.set({ fault: `${fault},host=graph` });
    const answer = await get("/v1.0/users");
    expect([answer.status, answer.headers["retry-after"]]).toEqual([status, retryAfter]);
  });

  it("Retry-After as an HTTP date", async () => {
    await sandbox.set({ fault: "429,host=graph,after=date:5" });
    const until = Date.parse(String((await get("/v1.0/users")).headers["retry-after"]));
    expect(until - Date.now()).toBeGreaterThan(3500);
    expect(until - Date.now()).toBeLessThan(6500);
  });

  it("HTML where JSON is expected, and a 404 without a body", async () => {
    await sandbox.set({ fault: "html-for-json,host=graph,count=1" });
    const answer = await get("/v1.0/users");
    expect(answer.headers["content-type"]).toContain("text/html");
    await sandbox.set({ faults: "empty-404,host=graph,count=1" });
    expect((await get("/v1.0/users")).text).toBe("");
  });

  it("SharePoint's 429 is plain text and its errors have its own form [O facts/sharepoint.md 3.3]", async () => {
    await sandbox.set({ faults: "429,host=sharepointMy,count=1;423,host=sharepoint*" });
    const url = `${sandbox.origins.sharepointMy}/_api/web`;
    expect((await sandbox.send(url)).text).toBe("429 TOO MANY REQUESTS");
    const locked = (await sandbox.send(url)).json as { "odata.error": { code: string } };
    expect(locked["odata.error"].code).toContain("SPFileLockException");
  });
});

describe("connections and pictures", () => {
  it.each(["reset-before", "reset-within", "reset-after", "down"])("%s breaks the connection", async (fault) => {
    await sandbox.set({ fault: `${fault},host=graph` });
    await expect(get("/v1.0/users?$top=5")).rejects.toThrow(/socket hang up|ECONNRESET|aborted/);
  });

  it("reset-after loses the answer, not the work", async () => {
    const body = await sharp({ create: { width: 300, height: 300, channels: 3, background: "#0a0" } })
      .jpeg()
      .toBuffer();
    const before = ((await get(photo)).json as { "@odata.mediaEtag": string })["@odata.mediaEtag"];
    await sandbox.set({ fault: "reset-after,method=PUT,count=1" });
    const put = sandbox.send(`${sandbox.origins.graph}${photo}/$value`, {
      method: "PUT",
      token,
      body,
      headers: { "content-type": "image/jpeg" },
    });
    await expect(put).rejects.toThrow();
    const after = ((await get(photo)).json as { "@odata.mediaEtag": string })["@odata.mediaEtag"];
    expect(after).not.toBe(before);
  });

  it("truncated and corrupt pictures keep their announced type, and do not decode", async () => {
    const whole = await get(`${photo}/$value`);
    await sandbox.set({ fault: "truncated-image,count=1" });
    const half = await get(`${photo}/$value`);
    expect(half.bytes.length).toBe(whole.bytes.length >> 1);
    await sandbox.set({ faults: "corrupt-image,count=1" });
    const corrupt = await get(`${photo}/$value`);
    expect(corrupt.headers["content-type"]).toBe("image/jpeg");
    await expect(sharp(corrupt.bytes).raw().toBuffer()).rejects.toThrow();
    expect((await get(`${photo}/$value`)).bytes.equals(whole.bytes)).toBe(true);
  });

  it("slow answers come in the end", async () => {
    await sandbox.set({ fault: "slow,delay=120,host=graph,count=1" });
    const start = performance.now();
    expect((await get("/v1.0/users?$top=1")).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(115);
  });
});

describe("rules", () => {
  it("count, skip, method, route, user and rate limit what is hit", async () => {
    await sandbox.set({ fault: "500,route=*/photo,skip=1,count=2" });
    const statuses: number[] = [];
    for (let at = 0; at < 5; at += 1) statuses.push((await get(photo)).status);
    expect(statuses).toEqual([200, 500, 500, 200, 200]);
    await sandbox.set({ faults: "500,host=graph,rate=0.5" });
    const rated: number[] = [];
    for (let at = 0; at < 60; at += 1) rated.push((await get("/v1.0/users?$top=1")).status);
    const failed = rated.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(15);
    expect(failed).toBeLessThan(45);
  });

  it.each(["nonsense", "429,rate=2", "429,host=nowhere", "429,colour=red", "429,after=soon", "500,rate"])(
    "%s is refused with a reason",
    async (fault) => {
      expect(() => parseFaults(fault)).toThrow(RangeError);
      const answer = await sandbox.set({ fault });
      expect(answer.status).toBe(400);
    },
  );

  it("profiles stand for several rules", () => {
    expect(parseFaults("storm").map((rule) => rule.kind)).toEqual(["429", "429"]);
    expect(parseFaults("sharepoint-down")[0]?.hosts).toEqual(["sharepoint", "sharepointMy", "sharepointAdmin"]);
  });
});

describe("the log", () => {
  it("counts requests and bytes by host and lists each request", async () => {
    await get("/v1.0/users?$top=3");
    const { entries, summary } = await sandbox.log();
    expect(entries.at(-1)).toMatchObject({
      host: "graph",
      method: "GET",
      path: "/v1.0/users?$top=3",
      status: 200,
      flags: [],
    });
    expect(summary.requestsByHost["graph"]).toBe(1);
    expect(summary.bytesByHost["graph"]?.out).toBeGreaterThan(100);
  });

  it("accuses a retry before Retry-After is over, and not one after it", async () => {
    await sandbox.set({ fault: "429,host=graph,after=1,count=2" });
    await get("/v1.0/users?$top=2");
    await get("/v1.0/users?$top=2");
    expect(await accusations()).toContain("early-retry");
    await sandbox.clearLog();
    await new Promise((resolve) => setTimeout(resolve, 1050));
    await get("/v1.0/users?$top=2");
    expect(await accusations()).toEqual([]);
  });

  it("accuses undecorated traffic on SharePoint only [D SharePoint throttling guidance]", async () => {
    await sandbox.send(`${sandbox.origins.sharepointMy}/_api/web`, { headers: { "user-agent": "node" } });
    expect(await accusations()).toContain("undecorated-user-agent");
    await sandbox.clearLog();
    await sandbox.send(`${sandbox.origins.sharepointMy}/_api/web`, {
      headers: { "user-agent": "NONISV|Contoso|photodrift/0.1.0" },
    });
    expect(await accusations()).not.toContain("undecorated-user-agent");
  });

  it("accuses a batch of more than 20", async () => {
    const requests = Array.from({ length: 21 }, (_, at) => ({ id: String(at), method: "GET", url: "/users" }));
    await sandbox.send(`${sandbox.origins.graph}/v1.0/$batch`, {
      method: "POST",
      token,
      body: JSON.stringify({ requests }),
      headers: { "content-type": "application/json" },
    });
    expect(await accusations()).toContain("batch-over-20");
  });

  it("accuses writes that change nothing on SharePoint, not those that bring a deleted file back", async () => {
    const credential = new ClientCertificateCredential(
      sandbox.tenantId,
      sandbox.clientId,
      { certificatePath: join(sandbox.dir, "app.pem") },
      { authorityHost: sandbox.origins.login, disableInstanceDiscovery: true, tlsOptions: { ca: sandbox.ca } },
    );
    const { token: sharePoint } = await credential.getToken(`${sandbox.origins.sharepointMy}/.default`);
    const headers = { "user-agent": "NONISV|Contoso|photodrift/0.1.0", accept: "application/json" };
    const folder = "/_api/web/getFolderByServerRelativePath(decodedUrl='%2FUser%20Photos%2FProfile%20Pictures')";
    const post = (path: string, body: Buffer, extra: { [name: string]: string } = {}): Promise<Answer> =>
      sandbox.send(`${sandbox.origins.sharepointMy}${path}`, {
        method: "POST",
        token: sharePoint,
        body,
        headers: { ...headers, ...extra },
      });
    const body = await sharp({ create: { width: 48, height: 48, channels: 3, background: "#0aa" } })
      .jpeg()
      .toBuffer();
    const upload = (): Promise<Answer> =>
      post(`${folder}/files/AddUsingPath(decodedurl='x_SThumb.jpg',Overwrite=true)`, body);
    expect((await upload()).status).toBe(200);
    expect(await accusations()).toEqual([]);
    const file =
      "/_api/web/getFileByServerRelativePath(decodedUrl='%2FUser%20Photos%2FProfile%20Pictures%2Fx_SThumb.jpg')";
    const removed = await post(file, Buffer.alloc(0), { "x-http-method": "DELETE", "if-match": "*" });
    expect(removed.status).toBeLessThan(300);
    await upload();
    expect(await accusations()).toEqual([]);
    await upload();
    expect(await accusations()).toEqual(["unneeded-write"]);
  });

  it("a rule for one user hits SharePoint where the request names the user by library stem", async () => {
    const url = `${sandbox.origins.sharepointMy}/_api/web/getFileByServerRelativePath(decodedUrl='%2FUser%20Photos%2FProfile%20Pictures%2F`;
    await sandbox.set({ fault: "423,host=sharepointMy,user=anna.b@contoso.com" });
    expect((await sandbox.send(`${url}anna_b_contoso_com_LThumb.jpg')/$value`)).status).toBe(423);
    expect((await sandbox.send(`${url}somebody_else_LThumb.jpg')/$value`)).status).toBe(401);
  });
});

describe("latency", () => {
  const MS = 30;
  /** A timer may end a millisecond early. */
  const atLeast = (waits: number): number => waits * (MS - 1);
  beforeEach(() => sandbox.set({ latency: String(MS) }));
  afterEach(() => sandbox.set({ latency: "0" }));

  async function took(work: () => Promise<Answer>): Promise<number> {
    const began = performance.now();
    expect((await work()).status).toBe(200);
    return performance.now() - began;
  }

  it("every answer waits", async () => {
    expect(await took(() => get("/v1.0/users"))).toBeGreaterThanOrEqual(atLeast(1));
  });

  it("Graph works on four parts of a batch at a time (docs-contrib includes/throttling-outlook.md)", async () => {
    const requests = Array.from({ length: 9 }, (_, at) => ({ id: String(at), method: "GET", url: "/users" }));
    const batch = (): Promise<Answer> =>
      sandbox.send(`${sandbox.origins.graph}/v1.0/$batch`, {
        method: "POST",
        token,
        body: JSON.stringify({ requests }),
        headers: { "content-type": "application/json" },
      });
    expect(await took(batch)).toBeGreaterThanOrEqual(atLeast(1 + 3));
  });

  it("SharePoint works on the parts of a batch one after another", async () => {
    const credential = new ClientCertificateCredential(
      sandbox.tenantId,
      sandbox.clientId,
      join(sandbox.dir, "app.pem"),
      { authorityHost: sandbox.origins.login, disableInstanceDiscovery: true, tlsOptions: { ca: sandbox.ca } },
    );
    const origin = sandbox.origins.sharepointAdmin;
    const access = await credential.getToken(`https://contoso-admin.sharepoint.com/.default`);
    const part = `--b\nContent-Type: application/http\n\nGET ${origin}/_api/web HTTP/1.1\naccept: application/json\n\n`;
    const batch = (): Promise<Answer> =>
      sandbox.send(`${origin}/_api/$batch`, {
        method: "POST",
        token: access.token,
        body: `${part.repeat(5)}--b--\n`,
        headers: { "content-type": "multipart/mixed; boundary=b" },
      });
    expect(await took(batch)).toBeGreaterThanOrEqual(atLeast(1 + 5));
  });

  it.each(["-1", "a", "1.5"])("is a whole number: %s", async (latency) => {
    expect((await sandbox.set({ latency })).status).toBe(400);
  });
});
