import type { GraphError } from "@microsoft/microsoft-graph-client";
import { type Client, PageIterator, type PageCollection } from "@microsoft/microsoft-graph-client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { vendorGraphClient } from "../support/graph-client.js";
import { openSandbox, type Answer, type TestSandbox } from "../support/sandbox.js";

/**
 * Users, licences, groups, mail and policy of Graph, through the unmodified @microsoft/microsoft-graph-client 3.0.7 and @azure/identity 4.13.1.
 * Sources: facts/graph-entra-exchange.md sections 2.3, 3 and 8.
 */
let sandbox: TestSandbox & { readonly close: () => Promise<void> };
let client: Client;
let token: string;

interface GraphUser {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly assignedLicenses: readonly { readonly skuId: string; readonly disabledPlans: readonly string[] }[];
}

beforeAll(async () => {
  sandbox = await openSandbox({ users: 110 });
  token = await sandbox.secretToken("https://graph.microsoft.com");
  client = vendorGraphClient(sandbox);
});
afterAll(() => sandbox.close());
afterEach(async () => {
  await sandbox.set({ clock: "real", deltaExpired: "gone", "policy.source": "none" });
});

function get(path: string, headers: { readonly [name: string]: string } = {}): Promise<Answer> {
  return sandbox.send(`${sandbox.origins.graph}${path}`, { token, headers });
}

function codeOf(answer: Answer): string {
  return (answer.json as { error: { code: string } }).error.code;
}

async function allUsers(path: string): Promise<GraphUser[]> {
  const users: GraphUser[] = [];
  const first = (await client.api(path).get()) as PageCollection;
  const pages = new PageIterator(client, first, (user: GraphUser) => {
    users.push(user);
    return true;
  });
  await pages.iterate();
  return users;
}

describe("/users", () => {
  it("pages of 100 by default, the links on the listener's own origin, every user once [D S48]", async () => {
    const first = (await get("/v1.0/users")).json as { value: unknown[]; "@odata.nextLink": string };
    expect(first.value).toHaveLength(100);
    expect(first["@odata.nextLink"].startsWith(`${sandbox.origins.graph}/v1.0/users?`)).toBe(true);
    const users = await allUsers("/users?$select=id,userPrincipalName,assignedLicenses&$top=50");
    expect(new Set(users.map((user) => user.id)).size).toBe(users.length);
    expect(users.length).toBeGreaterThanOrEqual(110);
  });

  it("gives the default properties without $select, and exactly those of $select [D S49]", async () => {
    const plain = (await get("/v1.0/users?$top=1")).json as { value: object[] };
    expect(Object.keys(plain.value[0] ?? {})).not.toContain("assignedLicenses");
    expect(Object.keys(plain.value[0] ?? {})).toContain("displayName");
    const chosen = (await get("/v1.0/users?$top=1&$select=id,AssignedLicenses")).json as { value: object[] };
    expect(Object.keys(chosen.value[0] ?? {})).toEqual(["id", "assignedLicenses"]);
  });

  it.each([
    ["$top above 999 [D S48]", "?$top=1000", 400, "Request_UnsupportedQuery"],
    ["$skip [O msgraph-metadata#135]", "?$skip=10", 400, "Request_BadRequest"],
    ["$expand=photo [D S4: Expandable=false]", "?$expand=photo", 400, "BadRequest"],
    ["an unknown property", "?$select=id,shoeSize", 400, "BadRequest"],
    ["a property of single users only [D S13, S48]", "?$select=mailboxSettings", 501, "NotImplemented"],
    ["a filter that needs more [D S48]", "?$filter=assignedLicenses/$count ne 0", 400, "Request_UnsupportedQuery"],
    ["a token of its own making", "?$skiptoken=abc", 400, "Directory_ExpiredPageToken"],
  ])("refuses %s", async (_case, query, status, code) => {
    const answer = await get(`/v1.0/users${query.replaceAll(" ", "%20")}`);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });

  it("counts with ConsistencyLevel: eventual only [D S48]", async () => {
    expect((await get("/v1.0/users/$count")).status).toBe(400);
    const counted = await get("/v1.0/users/$count", { ConsistencyLevel: "eventual" });
    expect(counted.headers["content-type"]).toBe("text/plain");
    const listed = (await get("/v1.0/users?$count=true&$top=1", { ConsistencyLevel: "eventual" })).json as object;
    expect(listed).toHaveProperty(["@odata.count"], Number(counted.text));
    expect((await get("/v1.0/users?$count=true&$top=1")).json).not.toHaveProperty(["@odata.count"]);
  });

  it("filters as photo tools do", async () => {
    const users = await allUsers("/users?$select=id,userPrincipalName,userType,accountEnabled&$top=999");
    const [one, two] = users;
    const byId = await allUsers(`/users?$select=id&$filter=id in ('${one?.id}','${two?.id}')`);
    expect(byId.map((user) => user.id)).toEqual([one?.id, two?.id]);
    const members = await allUsers(
      "/users?$select=id&$top=999&$filter=userType eq 'Member' and accountEnabled eq true",
    );
    const expected = users.filter(
      (user) =>
        "Member" === (user as { userType?: string }).userType && (user as { accountEnabled?: boolean }).accountEnabled,
    );
    expect(members).toHaveLength(expected.length);
    const start = (one?.userPrincipalName ?? "").slice(0, 3);
    const starting = await allUsers(
      `/users?$select=userPrincipalName&$filter=startsWith(userPrincipalName,'${start}')`,
    );
    expect(starting.every((user) => user.userPrincipalName.startsWith(start))).toBe(true);
    const licensed = `/v1.0/users/$count?$filter=${encodeURIComponent("assignedLicenses/$count ne 0")}`;
    const count = await get(licensed, { ConsistencyLevel: "eventual" });
    const withLicence = await allUsers("/users?$select=id,assignedLicenses&$top=999");
    expect(Number(count.text)).toBe(withLicence.filter((user) => user.assignedLicenses.length > 0).length);
  });

  it("finds one by id or UPN in any case; a stranger is Request_ResourceNotFound [O S27]", async () => {
    const [user] = await allUsers("/users?$select=id,userPrincipalName");
    const found = (await client.api(`/users/${user?.userPrincipalName.toUpperCase()}`).get()) as GraphUser;
    expect(found.id).toBe(user?.id);
    const missing = client.api("/users/nobody@contoso.com").get();
    await expect(missing).rejects.toSatisfy((error) => (error as GraphError).code === "Request_ResourceNotFound");
  });

  it("needs a role of the directory: 403 Authorization_RequestDenied [D S15]", async () => {
    await sandbox.set({ "role.graph.User.Read.All": "off" });
    const poor = await sandbox.secretToken("https://graph.microsoft.com");
    await sandbox.set({ "role.graph.User.Read.All": "on" });
    const answer = await sandbox.send(`${sandbox.origins.graph}/v1.0/users`, { token: poor });
    expect([answer.status, codeOf(answer)]).toEqual([403, "Authorization_RequestDenied"]);
  });
});

interface DeltaPage {
  readonly value: readonly { readonly id: string; readonly "@removed"?: { readonly reason: string } }[];
  readonly "@odata.nextLink"?: string;
  readonly "@odata.deltaLink"?: string;
}

async function follow(start: string): Promise<{ rows: DeltaPage["value"][number][]; link: string; pages: number }> {
  const rows: DeltaPage["value"][number][] = [];
  let link = start;
  for (let pages = 1; ; pages += 1) {
    const page = (await get(link.replace(sandbox.origins.graph, ""))).json as DeltaPage;
    rows.push(...page.value);
    const next = page["@odata.nextLink"];
    if (next === undefined) return { rows, link: page["@odata.deltaLink"] ?? "", pages };
    link = next;
  }
}

describe("/users/delta [D S13, S50]", () => {
  const start = "/v1.0/users/delta?$select=id,userPrincipalName,accountEnabled";

  it("tells everybody in pages, then only changes of selected properties; photos never", async () => {
    await sandbox.set({ deltaPage: "50" });
    const first = await follow(start);
    expect(first.pages).toBeGreaterThan(2);
    const [user, other] = first.rows;
    const found = await get(`/v1.0/users/${user?.id}?$select=userPrincipalName`);
    const upn = (found.json as GraphUser).userPrincipalName;
    await sandbox.set({ [`user.${upn}.photo.entra`]: "none", [`user.${upn}.photo.exchange`]: "none" });
    await sandbox.set({ [`user.${upn}.displayName`]: "Somebody New" });
    const quiet = await follow(first.link);
    expect(quiet.rows).toEqual([]);
    await sandbox.set({ [`user.${upn}.enabled`]: "off", [`user.${other?.id}.deleted`]: "on" });
    const changed = await follow(quiet.link);
    expect(changed.rows).toContainEqual(expect.objectContaining({ id: user?.id, accountEnabled: false }));
    expect(changed.rows).toContainEqual({ id: other?.id, "@removed": { reason: "changed" } });
    await sandbox.set({ [`user.${upn}.enabled`]: "on", [`user.${other?.id}.deleted`]: "off" });
  });

  it("$deltatoken=latest gives a link and no users", async () => {
    const latest = await follow(`${start}&$deltatoken=latest`);
    expect(latest.rows).toEqual([]);
    expect(latest.link).toContain("$deltatoken=");
  });

  it("tokens live seven days: 410 with a Location that starts over, or 400 syncStateNotFound", async () => {
    const { link } = await follow(start);
    await sandbox.set({ clock: "+8d" });
    const path = link.replace(sandbox.origins.graph, "");
    const gone = await get(path);
    expect(gone.status).toBe(410);
    expect(String(gone.headers["location"])).toMatch(/\$deltatoken=$/);
    await sandbox.set({ deltaExpired: "bad-request" });
    const refused = await get(path);
    expect([refused.status, codeOf(refused)]).toEqual([400, "syncStateNotFound"]);
    const again = await follow(String(gone.headers["location"]));
    expect(again.rows.length).toBeGreaterThan(100);
  });

  it("refuses $top and any filter but ids", async () => {
    expect((await get(`${start}&$top=5`)).status).toBe(400);
    expect((await get(`${start}&$filter=accountEnabled%20eq%20true`)).status).toBe(400);
  });
});

describe("licences and groups", () => {
  it("subscribedSkus leads from a licence to plans by GUID [S54]", async () => {
    const skus = (await client.api("/subscribedSkus").get()) as {
      value: { skuId: string; servicePlans: { servicePlanId: string }[] }[];
    };
    const known = new Set(skus.value.map((sku) => sku.skuId));
    const users = await allUsers("/users?$select=id,assignedLicenses&$top=999");
    for (const user of users) for (const licence of user.assignedLicenses) expect(known).toContain(licence.skuId);
    const plans = skus.value.flatMap((sku) => sku.servicePlans.map((plan) => plan.servicePlanId));
    expect(plans).toContain("efb87545-963c-4e0d-99df-69c6916d9eb0");
    expect(plans).toContain("5dbe027f-2339-4123-9542-606e4d348a72");
  });

  it("transitive members, also cast to users and paged", async () => {
    const groups = (await client.api("/groups").get()) as { value: { id: string }[] };
    const id = groups.value[0]?.id ?? "";
    const members = await allUsers(`/groups/${id}/transitiveMembers/microsoft.graph.user?$select=id&$top=5`);
    expect(members.length).toBeGreaterThan(5);
    expect(new Set(members.map((member) => member.id)).size).toBe(members.length);
    expect((await get(`/v1.0/groups/${id.replace(/^./, "0")}x`)).status).toBe(404);
    // learn.microsoft.com/graph/api/group-list-transitivemembers: the count alone, with the header only.
    const counted = `/v1.0/groups/${id}/transitiveMembers/microsoft.graph.user/$count`;
    expect((await get(counted)).status).toBe(400);
    expect((await get(counted, { ConsistencyLevel: "eventual" })).text).toBe(String(members.length));
  });
});

describe("mail and policy", () => {
  it("mailboxSettings proves a mailbox: 404 MailboxNotEnabledForRESTAPI without one [O S26]", async () => {
    const [user] = await allUsers("/users?$select=id&$top=1");
    await sandbox.set({ [`user.${user?.id}.mailbox`]: "on" });
    expect((await get(`/v1.0/users/${user?.id}/mailboxSettings`)).status).toBe(200);
    await sandbox.set({ [`user.${user?.id}.mailbox`]: "off" });
    const answer = await get(`/v1.0/users/${user?.id}/mailboxSettings`);
    expect([answer.status, codeOf(answer)]).toEqual([404, "MailboxNotEnabledForRESTAPI"]);
    await sandbox.set({ [`user.${user?.id}.mailbox`]: "on" });
  });

  it("sendMail is 202 without a body, and the mail is kept [D S69]", async () => {
    const [user] = await allUsers("/users?$select=id&$top=1");
    const message = { subject: "Drift", toRecipients: [{ emailAddress: { address: "admin@contoso.com" } }] };
    await client.api(`/users/${user?.id}/sendMail`).post({ message });
    const kept = (await sandbox.send(`${sandbox.origins.graph}/sandbox/mail`)).json as { mails: { message: object }[] };
    expect(kept.mails.at(-1)?.message).toMatchObject({ subject: "Drift" });
  });

  it("photoUpdateSettings is of beta only, with source absent by default [D S46, S4]", async () => {
    expect((await get("/v1.0/admin/people/photoUpdateSettings")).status).toBe(400);
    expect((await get("/beta/admin/people/photoUpdateSettings")).json).not.toHaveProperty("source");
    await sandbox.set({ "policy.source": "onPremises" });
    expect((await get("/beta/admin/people/photoUpdateSettings")).json).toMatchObject({ source: "onPremises" });
  });

  it("/me is refused for app-only tokens", async () => {
    expect((await get("/v1.0/me/photo")).status).toBe(400);
  });
});

it("what it does not know is 501, loudly, and accused in the log", async () => {
  const answer = await get("/v1.0/security/alerts");
  expect([answer.status, codeOf(answer)]).toEqual([501, "SandboxNotImplemented"]);
  const { summary } = await sandbox.log();
  expect(summary.accusations.map((accusation) => accusation.kind)).toContain("unknown-route");
});
