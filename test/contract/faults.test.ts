import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DirectoryUser } from "../../src/model/user.js";
import type { RenditionRequest } from "../../src/run/ports.js";
import type { TenantReaders } from "../../src/stores/index.js";
import { allUsers, sandboxTenant, type SandboxTenant } from "../support/sandbox-tenant.js";

let sandbox: SandboxTenant;
let users: readonly DirectoryUser[];
let quiet: string;

beforeAll(async () => {
  sandbox = await sandboxTenant({ users: 24 });
  const tenant = sandbox.open();
  users = await allUsers(tenant);
  quiet = await everything(tenant);
});
afterAll(async () => {
  await sandbox.stop();
});
afterEach(async () => {
  await sandbox.set("faults=none");
});

/** All that can be read, as text. */
async function everything(tenant: TenantReaders): Promise<string> {
  const listed = await allUsers(tenant);
  const readings = await tenant.cloudPhotos.metadata(listed);
  const requests = readings.flatMap(({ userId, store, result }): RenditionRequest[] => {
    const user = listed.find(({ id }) => id === userId);
    return user !== undefined && result.kind === "present" ? [{ user, store, ...result, side: 96 }] : [];
  });
  const renditions = await tenant.cloudPhotos.renditions(requests);
  const library = await tenant.sharePoint.locate();
  const files = [];
  for await (const page of tenant.sharePoint.inventory(library)) files.push(...page);
  const profiles = [...(await tenant.sharePoint.profiles(listed))].sort();
  const pictures = renditions.map(({ result }) => (result.kind === "image" ? result.bytes.toString("base64") : result));
  return JSON.stringify({ listed, readings, pictures, library, files, profiles });
}

describe("the same is read", () => {
  it.each([
    ["in a storm of 429 with Retry-After", "429,rate=0.3,after=1,host=graph;429,rate=0.3,after=1,host=sharepoint*"],
    ["in a storm with dates", "429,rate=0.2,after=date:1,host=graph;503,rate=0.2,after=date:1,host=sharepoint*"],
    ["in a storm without Retry-After", "429,rate=0.2,after=none,host=graph;503,rate=0.15,after=none,host=sharepoint*"],
    ["with parts of batches throttled", "429,rate=0.3,after=1,in=batch"],
    ["with connections that break", "reset-before,rate=0.05;reset-within,rate=0.05;reset-after,rate=0.05"],
    ["with a server that errs", "500,rate=0.1,host=graph;502,rate=0.1,host=sharepoint*;503,rate=0.05,after=1"],
    ["with web pages for JSON", "html-for-json,rate=0.15,host=graph;html-for-json,rate=0.15,host=sharepoint*"],
    ["with tokens refused in mid-run", "401,count=3,skip=2"],
    ["with truncated pictures", "truncated-image,rate=0.1"],
    ["with empty 404 answers", "empty-404,rate=0.15,route=*photo*"],
    ["through a login that throttles", "429,host=login,count=2,after=1"],
  ])("%s", async (_, faults) => {
    await sandbox.set(`faults=${faults}`);
    const tenant = sandbox.open();
    expect(await everything(tenant)).toBe(quiet);
    const { summary } = await sandbox.log();
    expect(summary.accusations).toEqual([]);
  });
});

describe("what cannot be read is told, never taken for absence", () => {
  it("one user's photo", async () => {
    const victim = users.find(({ licences }) => licences.mailbox) as DirectoryUser;
    await sandbox.set(`faults=500,route=*${victim.id}/photo*`);
    const readings = await sandbox.open().cloudPhotos.metadata(users);
    const unreadable = readings.filter(({ result }) => result.kind === "unreadable");
    expect(unreadable.map(({ userId }) => userId)).toEqual([victim.id]);
  });

  it("one store that is down: the other goes on", async () => {
    await sandbox.set("faults=sharepoint-down");
    const tenant = sandbox.open();
    expect((await tenant.cloudPhotos.metadata(users)).every(({ result }) => result.kind !== "unreadable")).toBe(true);
    await expect(tenant.sharePoint.locate()).rejects.toMatchObject({
      errorClass: expect.stringMatching(/failed|incomplete/) as string,
    });
    const profiles = await tenant.sharePoint.profiles(users);
    expect([...profiles.values()].every(({ kind }) => kind === "unreadable")).toBe(true);
  });
});
