import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import sharp from "sharp";
import type { LibraryFile } from "../../src/model/photo.js";
import type { DirectoryUser } from "../../src/model/user.js";
import type { TenantReaders } from "../../src/stores/index.js";
import { openWriters, type TenantWriters } from "../../src/stores/writers.js";
import { allUsers, sandboxTenant, type SandboxTenant } from "../support/sandbox-tenant.js";

let sandbox: SandboxTenant;
let tenant: TenantReaders;
let writers: TenantWriters;
let users: readonly DirectoryUser[];
let files: LibraryFile[];

beforeAll(async () => {
  sandbox = await sandboxTenant({ users: 16 });
  tenant = sandbox.open();
  users = await allUsers(tenant);
  files = [];
  for await (const page of tenant.sharePoint.inventory(await tenant.sharePoint.locate())) files.push(...page);
});
beforeEach(() => {
  // A tenant of its own for every test: one that met a host that was down would remember it.
  tenant = sandbox.open();
  writers = openWriters(tenant);
});
afterEach(async () => {
  await sandbox.set("faults=none", "policy.source=none");
});
afterAll(async () => {
  await sandbox.stop();
});

async function picture(colour: string, side = 240): Promise<Buffer> {
  const circle = `<svg width="${String(side)}" height="${String(side)}"><circle cx="60" cy="90" r="50" fill="white"/></svg>`;
  return await sharp({ create: { width: side, height: side, channels: 3, background: colour } })
    .composite([{ input: Buffer.from(circle) }])
    .jpeg()
    .toBuffer();
}

async function writesTo(part: string): Promise<number> {
  const { entries } = await sandbox.log();
  return entries.filter(({ method, path }) => method !== "GET" && path.includes(part)).length;
}

describe("cloud photos", () => {
  it("are written for mailbox and directory users alike, and shown with a new etag", async () => {
    const chosen = [users.find((u) => u.licences.mailbox), users.find((u) => !u.licences.mailbox)] as DirectoryUser[];
    const before = await tenant.cloudPhotos.metadata(chosen);
    const jpeg = await picture("#337799");
    const results = await writers.cloudPhotoWriter.upload(chosen.map((user) => ({ user, jpeg })));
    expect(results).toEqual(chosen.map(() => ({ error: null, retryable: false })));
    const after = await tenant.cloudPhotos.metadata(chosen);
    after.forEach(({ result }, index) => {
      expect(result.kind).toBe("present");
      expect(result).not.toEqual(before[index]?.result);
    });
  });

  it("are written once under throttling", async () => {
    const chosen = users.filter((u) => u.licences.mailbox).slice(0, 6);
    await sandbox.set("faults=429,method=PUT,rate=0.5,after=1,in=batch");
    const jpeg = await picture("#994411");
    const results = await writers.cloudPhotoWriter.upload(chosen.map((user) => ({ user, jpeg })));
    expect(results.every(({ error }) => error === null)).toBe(true);
    expect((await sandbox.log()).summary.accusations).toEqual([]);
  });

  it("are removed; a second time is no error", async () => {
    const user = users.find((u) => u.licences.mailbox) as DirectoryUser;
    await writers.cloudPhotoWriter.remove(user);
    await writers.cloudPhotoWriter.remove(user);
    const [reading] = await tenant.cloudPhotos.metadata([user]);
    expect(reading?.result.kind).toBe("absent");
  });

  it("are refused where the tenant's policy forbids them, and the message says so", async () => {
    await sandbox.set("policy.source=onPremises");
    expect(await tenant.cloudPhotos.policy()).toEqual({ writesBlocked: true, source: "onPremises" });
    const user = users[0] as DirectoryUser;
    const [result] = await writers.cloudPhotoWriter.upload([{ user, jpeg: await picture("red") }]);
    expect(result).toMatchObject({ error: { code: "write-blocked" }, retryable: false });
  });
});

describe("thumbnails", () => {
  it("are replaced and created, byte by byte, and look and inventory show them", async () => {
    const { folder, name } = files[0] as LibraryFile;
    const jpeg = await picture("#225522", 48);
    for (const target of [name, "new_person_contoso_com_SThumb.jpg"]) {
      const { etag } = await writers.sharePointWriter.putThumbnail(folder, target, jpeg);
      const looked = (await tenant.sharePoint.look(folder, target)) as LibraryFile;
      expect(looked).toMatchObject({ etag, length: jpeg.length });
      expect((await tenant.sharePoint.download(looked))?.bytes.equals(jpeg)).toBe(true);
    }
  });

  it("are written once although the answer was lost", async () => {
    const { folder, name } = files[1] as LibraryFile;
    await sandbox.set("faults=reset-after,host=sharepointMy,method=POST,count=1");
    const before = await writesTo(name);
    const jpeg = await picture("#111188", 72);
    const { etag } = await writers.sharePointWriter.putThumbnail(folder, name, jpeg);
    expect(etag).toBe((await tenant.sharePoint.look(folder, name))?.etag);
    expect((await writesTo(name)) - before).toBe(1);
  });

  it("are written again where the request never arrived", async () => {
    const { folder, name } = files[2] as LibraryFile;
    await sandbox.set("faults=reset-before,host=sharepointMy,method=POST,count=1");
    const jpeg = await picture("#881188", 72);
    await writers.sharePointWriter.putThumbnail(folder, name, jpeg);
    const looked = (await tenant.sharePoint.look(folder, name)) as LibraryFile;
    expect((await tenant.sharePoint.download(looked))?.bytes.equals(jpeg)).toBe(true);
  });

  it("are deleted only as they were seen", async () => {
    const { folder, name } = files[3] as LibraryFile;
    const seen = (await tenant.sharePoint.look(folder, name)) as LibraryFile;
    await writers.sharePointWriter.putThumbnail(folder, name, await picture("#ffee00", 48));
    await expect(writers.sharePointWriter.deleteThumbnail(folder, name, seen.etag)).rejects.toMatchObject({
      code: "changed-meanwhile",
    });
    const now = (await tenant.sharePoint.look(folder, name)) as LibraryFile;
    await writers.sharePointWriter.deleteThumbnail(folder, name, now.etag);
    expect(await tenant.sharePoint.look(folder, name)).toBeNull();
    await writers.sharePointWriter.deleteThumbnail(folder, name, now.etag);
  });

  it("do not go into a folder that is missing", async () => {
    const put = writers.sharePointWriter.putThumbnail("/User Photos/Nowhere", "a_LThumb.jpg", await picture("red", 48));
    await expect(put).rejects.toMatchObject({ code: "photo-folder-missing" });
  });
});

describe("profile properties", () => {
  it("are written and read back", async () => {
    const user = users.find((u) => u.licences.sharePoint) as DirectoryUser;
    const url = "https://contoso-my.sharepoint.com:443/User%20Photos/Profile%20Pictures/x_MThumb.jpg";
    await writers.sharePointWriter.setProperty(user.upn, "PictureURL", url);
    await writers.sharePointWriter.setProperty(user.upn, "SPS-PicturePlaceholderState", "0");
    const profile = (await tenant.sharePoint.profiles([user])).get(user.upn.toLowerCase());
    expect(profile).toMatchObject({ pictureUrl: url, placeholderState: "0" });
  });

  it("are written once although the answer was lost", async () => {
    const user = users.find((u) => u.licences.sharePoint) as DirectoryUser;
    await sandbox.set("faults=reset-after,host=sharepointAdmin,method=POST,count=1");
    const before = await writesTo("SetSingleValueProfileProperty");
    await writers.sharePointWriter.setProperty(user.upn, "SPS-PictureTimestamp", "63999999999");
    expect((await writesTo("SetSingleValueProfileProperty")) - before).toBe(1);
  });
});

it("readers know nothing of writers: no module behind stores/index imports one", async () => {
  const seen = new Set<string>();
  const visit = async (file: URL): Promise<void> => {
    if (seen.has(file.href)) return;
    seen.add(file.href);
    const text = await readFile(file, "utf8");
    for (const [, path] of text.matchAll(/from "(\.[^"]+)\.js"/g)) await visit(new URL(`${String(path)}.ts`, file));
  };
  await visit(new URL("../../src/stores/index.ts", import.meta.url));
  expect([...seen].filter((file) => /writer/.test(file))).toEqual([]);
  expect(seen.size).toBeGreaterThan(20);
});
