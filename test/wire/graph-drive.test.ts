import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { quickXorHash } from "../../src/sandbox/routes/graph/quick-xor-hash.js";
import { openSandbox, type Answer, type TestSandbox } from "../support/sandbox.js";

/** The User Photos library as a Graph drive (facts/sharepoint.md section 4), and the Exchange host (facts/graph-entra-exchange.md 1.8, 1.9). */
let sandbox: TestSandbox & { readonly close: () => Promise<void> };
let token: string;

beforeAll(async () => {
  sandbox = await openSandbox({ users: 8 });
  token = await sandbox.secretToken("https://graph.microsoft.com");
});
afterAll(() => sandbox.close());
afterEach(() => sandbox.set({ driveVisible: "on", clock: "real", ews: "off" }));

function get(path: string): Promise<Answer> {
  return sandbox.send(path.startsWith("https:") ? path : `${sandbox.origins.graph}${path}`, { token });
}

it("quickXorHash agrees with the public vectors [rclone quickxorhash_test.go]", () => {
  const vectors = [
    ["", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="],
    ["Sg==", "SgAAAAAAAAAAAAAAAQAAAAAAAAA="],
    ["tbQ=", "taAFAAAAAAAAAAAAAgAAAAAAAAA="],
    ["0pZP", "0rDEEwAAAAAAAAAAAwAAAAAAAAA="],
    ["jRRDVA==", "jaDAEKgAAAAAAAAABAAAAAAAAAA="],
  ];
  for (const [content = "", hash] of vectors) expect(quickXorHash(Buffer.from(content, "base64"))).toBe(hash);
});

interface DrivePage {
  readonly value: readonly {
    readonly id: string;
    readonly name?: string;
    readonly deleted?: object;
    readonly file?: { hashes: { quickXorHash: string } };
  }[];
  readonly "@odata.deltaLink"?: string;
  readonly "@odata.nextLink"?: string;
}

async function drivePath(): Promise<string> {
  const site = (await get("/v1.0/sites/contoso-my.sharepoint.com")).json as { id: string };
  const lists = (await get(`/v1.0/sites/${site.id}/lists?$select=id,webUrl`)).json as {
    value: { id: string; webUrl: string }[];
  };
  const list = lists.value.find((candidate) => candidate.webUrl.endsWith("/User%20Photos"));
  return `/v1.0/sites/${site.id}/lists/${list?.id}/drive`;
}

describe("drive", () => {
  it("leads from site to list to drive, whose delta holds content hashes and then only changes", async () => {
    const drive = (await get(await drivePath())).json as { id: string };
    const first = (await get(`/v1.0/drives/${drive.id}/root/delta`)).json as DrivePage;
    expect(first.value.length).toBeGreaterThan(5);
    const [item] = first.value;
    const content = await get(`/v1.0/drives/${drive.id}/items/${item?.id}/content`);
    expect(quickXorHash(content.bytes)).toBe(item?.file?.hashes.quickXorHash);
    const link = first["@odata.deltaLink"] ?? "";
    expect(link.startsWith(sandbox.origins.graph)).toBe(true);
    expect(((await get(link)).json as DrivePage).value).toEqual([]);
    const state = (await sandbox.send(`${sandbox.origins.graph}/sandbox/state?hashes=0`)).json as {
      users: { upn: string; profile: { pictureUrl: string } | null }[];
    };
    const user = state.users.find(({ profile }) => profile !== null && profile.pictureUrl !== "");
    await sandbox.set({ [`user.${user?.upn}.photo.S`]: "placeholder", [`user.${user?.upn}.photo.M`]: "none" });
    const changed = ((await get(link)).json as DrivePage).value;
    expect(changed).toHaveLength(2);
    expect(changed.filter((entry) => entry.deleted)).toHaveLength(1);
    await sandbox.set({ clock: "+61d" });
    expect((await get(link)).status).toBe(410);
  });

  it("a tenant may hide it: whether a picture library surfaces as a drive is unknown", async () => {
    await sandbox.set({ driveVisible: "off" });
    expect((await get(await drivePath())).status).toBe(404);
  });
});

describe("Exchange", () => {
  async function command(name: string, role: string): Promise<Answer> {
    await sandbox.set({ [`role.exchange.${role}`]: "on" });
    const exchange = await sandbox.secretToken("https://outlook.office365.com");
    return sandbox.send(`${sandbox.origins.exchange}/adminapi/beta/${sandbox.tenantId}/InvokeCommand`, {
      method: "POST",
      token: exchange,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ CmdletInput: { CmdletName: name, Parameters: { ResultSize: 3 } } }),
    });
  }

  it("lists mailboxes, and the retired photo cmdlets are gone [D S34; S10]", async () => {
    const mailboxes = (await command("Get-Mailbox", "Exchange.ManageAsApp")).json as {
      value: { HasPicture: boolean }[];
    };
    expect(mailboxes.value).toHaveLength(3);
    expect((await command("Get-UserPhoto", "Exchange.ManageAsApp")).status).toBe(400);
  });

  it("EWS GetUserPhoto is blocked unless the tenant allows it [S12, S11]", async () => {
    await sandbox.set({ "role.exchange.full_access_as_app": "on" });
    const exchange = await sandbox.secretToken(sandbox.origins.exchange);
    const state = (await sandbox.send(`${sandbox.origins.graph}/sandbox/state?hashes=0`)).json as {
      users: { upn: string; exchange: object | null }[];
    };
    const upn = state.users.find((user) => user.exchange !== null)?.upn ?? "";
    const url = `${sandbox.origins.exchange}/ews/exchange.asmx/s/GetUserPhoto?email=${encodeURIComponent(upn)}&size=HR96x96`;
    expect((await sandbox.send(url, { token: exchange })).status).toBe(403);
    await sandbox.set({ ews: "on" });
    const photo = await sandbox.send(url, { token: exchange });
    expect([photo.status, photo.headers["content-type"]]).toEqual([200, "image/jpeg"]);
    const again = await sandbox.send(url, {
      token: exchange,
      headers: { "if-none-match": String(photo.headers["etag"]) },
    });
    expect(again.status).toBe(304);
  });
});
