import { describe, expect, it } from "vitest";
import { createDirectoryReader } from "../../../src/stores/directory/reader.js";
import { type Call, fakeService, ORIGIN, type Service } from "../../support/fake-service.js";

const E3 = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const F1 = "44575883-256e-4a79-9da4-ebe9acabe2b2";
const STANDARD_MAILBOX = "9AAF7827-D63C-4B61-89C3-182F06F82E5C";
const FOUNDATION = "113feb6c-3fe4-4440-bddc-54d774bf0318";
const SHAREPOINT = "c7699d2e-19aa-44de-8edf-1736da088ca1";

const SKUS = {
  value: [
    { skuId: E3, servicePlans: [STANDARD_MAILBOX, SHAREPOINT].map((servicePlanId) => ({ servicePlanId })) },
    { skuId: F1, servicePlans: [FOUNDATION, SHAREPOINT].map((servicePlanId) => ({ servicePlanId })) },
  ],
};

/** An object id for a name of one letter or more. */
const idOf = (name: string): string =>
  `AAAAAAAA-0000-4000-8000-${Buffer.from(name).toString("hex").toUpperCase().padStart(12, "0")}`;
const UNKNOWN_SKU = "00000000-1111-4222-8333-444444444444";

const user = (
  name: string,
  licences: readonly { skuId: string; disabledPlans: readonly string[] }[],
  more: object = {},
) => ({
  id: idOf(name),
  userPrincipalName: `${name.toLowerCase()}@contoso.com`,
  displayName: name,
  mail: "",
  userType: "Member",
  accountEnabled: true,
  onPremisesSyncEnabled: null,
  assignedLicenses: licences,
  ...more,
});

function path(call: Call): string {
  return decodeURIComponent(call.url.slice(ORIGIN.length));
}

function reader(service: Service) {
  const fake = fakeService((call, index) =>
    path(call).includes("subscribedSkus") ? { json: SKUS } : service(call, index),
  );
  return { ...fake, directory: createDirectoryReader(fake.graph) };
}

async function users(service: Service) {
  const { directory, calls } = reader(service);
  const pages = [];
  for await (const page of directory.users()) pages.push(page);
  return { pages, calls };
}

describe("users", () => {
  it("tells mailbox and SharePoint licences by plan GUID; EXCHANGE_S_FOUNDATION is no mailbox", async () => {
    const { pages } = await users(() => ({
      json: {
        value: [
          user("A", [{ skuId: E3, disabledPlans: [] }]),
          user("B", [{ skuId: F1, disabledPlans: [] }]),
          user("C", [{ skuId: E3.toUpperCase(), disabledPlans: [STANDARD_MAILBOX] }]),
          user("D", [{ skuId: UNKNOWN_SKU, disabledPlans: [] }]),
          user(
            "E",
            [E3, UNKNOWN_SKU].map((skuId) => ({ skuId, disabledPlans: [] })),
          ),
        ],
      },
    }));
    expect(pages[0]?.map(({ licences }) => licences)).toEqual([
      { mailbox: true, sharePoint: true },
      { mailbox: false, sharePoint: true },
      { mailbox: false, sharePoint: true },
      // What a subscription gives that the tenant's list does not name is not known, unless nothing is left to know.
      { mailbox: false, sharePoint: false, unknown: UNKNOWN_SKU },
      { mailbox: true, sharePoint: true },
    ]);
  });

  it("converts attributes: absent is null, ids are lower case, guests are told", async () => {
    const { pages } = await users(() => ({
      json: {
        value: [user("ABC", [], { userType: "Guest", accountEnabled: false, onPremisesSyncEnabled: false })],
      },
    }));
    expect(pages[0]).toHaveLength(1);
    expect(pages[0]?.[0]).toMatchObject({
      id: idOf("ABC").toLowerCase(),
      mail: null,
      guest: true,
      accountEnabled: false,
      onPremisesSync: false,
    });
  });

  it("asks for what is needed in pages of 999 and follows next links to the letter", async () => {
    const next = `${ORIGIN}/v1.0/users?$skiptoken=a=b(c)&$select=id&$top=999`;
    const { pages, calls } = await users((call) =>
      call.url === next
        ? { json: { value: [user("B", [])] } }
        : { json: { value: [user("A", [])], "@odata.nextLink": next } },
    );
    expect(pages.map((page) => page.length)).toEqual([1, 1]);
    expect(path(calls[1] as Call)).toMatch(
      /^\/v1\.0\/users\?\$select=id,userPrincipalName,.*assignedLicenses&\$top=999$/,
    );
    expect(calls[2]?.url).toBe(next);
  });

  it.each([
    ["another host", "https://evil.test/users"],
    ["itself", "loop"],
  ])("does not follow a link to %s", async (_, link) => {
    const service: Service = (call, index) => ({
      json: {
        value: [user(String(index), [])],
        "@odata.nextLink":
          link === "loop" ? (call.url.includes("skip") ? call.url : `${ORIGIN}/v1.0/users?skip`) : link,
      },
    });
    await expect(users(service)).rejects.toMatchObject({ code: "list-not-whole" });
  });

  it("ends an endless list of full pages by the directory's own count, and asks for it only then", async () => {
    const PAGE = 999;
    const endless = reader((call, index) =>
      call.url.endsWith("/$count")
        ? { headers: { "content-type": "text/plain" }, body: "\uFEFF30000" }
        : {
            json: {
              value: Array.from({ length: PAGE }, (_, row) => user(`u${String(index * PAGE + row)}`.slice(0, 6), [])),
              "@odata.nextLink": `${ORIGIN}/v1.0/users?page=${String(index)}`,
            },
          },
    );
    const read = async (before: number): Promise<number> => {
      let rows = 0;
      for await (const page of endless.directory.users(before)) rows += page.length;
      return rows;
    };
    await expect(read(12)).rejects.toMatchObject({ code: "list-not-whole" });
    const counts = endless.calls.filter(({ url }) => url.endsWith("/$count"));
    expect(counts).toMatchObject([{ url: `${ORIGIN}/v1.0/users/$count`, headers: { consistencylevel: "eventual" } }]);
    expect(endless.calls.length).toBeLessThan(40);
  });

  it("names the permission that is missing", async () => {
    await expect(
      users(() => ({
        status: 403,
        json: { error: { code: "Authorization_RequestDenied", message: "Insufficient privileges" } },
      })),
    ).rejects.toMatchObject({
      code: "permission-missing",
      hint: expect.stringContaining("User.Read.All") as string,
      message: expect.stringContaining("Insufficient privileges") as string,
    });
  });
});

describe("one user", () => {
  it("is found by UPN, with # encoded", async () => {
    const { directory, calls } = reader(() => ({
      json: user("A", [], { userPrincipalName: "x_y.com#EXT#@contoso.onmicrosoft.com" }),
    }));
    const upn = "x_y.com#EXT#@contoso.onmicrosoft.com";
    expect((await directory.user(upn))?.upn).toBe(upn);
    expect(calls[0]?.url).toContain("/users/x_y.com%23EXT%23%40contoso.onmicrosoft.com?");
  });

  it("is null when there is none", async () => {
    const { directory } = reader(() => ({
      status: 404,
      json: { error: { code: "Request_ResourceNotFound", message: "" } },
    }));
    expect(await directory.user("nobody@contoso.com")).toBeNull();
  });
});

describe("groups", () => {
  it("gives users only, through all pages", async () => {
    const { directory, calls } = reader((_, index) => ({
      json:
        index === 0
          ? {
              value: [
                { "@odata.type": "#microsoft.graph.user", id: idOf("A") },
                { "@odata.type": "#microsoft.graph.group", id: idOf("G") },
              ],
              "@odata.nextLink": `${ORIGIN}/v1.0/groups/g/transitiveMembers?$skiptoken=2`,
            }
          : { value: [{ "@odata.type": "#microsoft.graph.user", id: idOf("B") }] },
    }));
    expect([...(await directory.groupMembers("g"))]).toEqual(["A", "B"].map((name) => idOf(name).toLowerCase()));
    expect(path(calls[0] as Call)).toBe("/v1.0/groups/g/transitiveMembers?$select=id&$top=999");
  });

  it("says when the group does not exist", async () => {
    const { directory } = reader(() => ({
      status: 404,
      json: { error: { code: "Request_ResourceNotFound", message: "" } },
    }));
    await expect(directory.groupMembers("g")).rejects.toMatchObject({ code: "group-not-found", errorClass: "usage" });
  });
});
