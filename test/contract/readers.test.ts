import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LibraryFile } from "../../src/model/photo.js";
import type { DirectoryUser } from "../../src/model/user.js";
import type { RenditionRequest } from "../../src/run/ports.js";
import { preflight, type TenantReaders } from "../../src/stores/index.js";
import { allUsers, sandboxTenant, type SandboxTenant } from "../support/sandbox-tenant.js";

async function files(tenant: TenantReaders): Promise<readonly LibraryFile[]> {
  const library = await tenant.sharePoint.locate();
  const all: LibraryFile[] = [];
  for await (const page of tenant.sharePoint.inventory(library)) all.push(...page);
  return all;
}

describe.each([
  { profile: "demo", folder: "/User Photos/Profile Pictures" },
  { profile: "german", folder: "/User Photos/Profilbilder" },
])("a $profile tenant", ({ profile, folder }) => {
  let sandbox: SandboxTenant;
  let tenant: TenantReaders;
  let users: readonly DirectoryUser[];
  beforeAll(async () => {
    sandbox = await sandboxTenant({ profile, users: 24 });
    tenant = sandbox.open();
    users = await allUsers(tenant);
  });
  afterAll(async () => {
    await sandbox.stop();
  });

  it("gives every user, and each alone by id and by UPN", async () => {
    const { users: known } = await sandbox.state();
    const living = known.filter(({ deleted }) => !deleted);
    expect(users.map(({ id }) => id as string).sort()).toEqual(living.map(({ id }) => id.toLowerCase()).sort());
    const [first] = users;
    expect(await tenant.directory.user(first?.id ?? "")).toEqual(first);
    expect(await tenant.directory.user(first?.upn ?? "")).toEqual(first);
    expect(await tenant.directory.user("nobody@nowhere.example")).toBeNull();
  });

  it("gives one reading a user, and a whole picture of each photo that is there", async () => {
    expect(await tenant.cloudPhotos.topology(users)).toBe("merged");
    const readings = await tenant.cloudPhotos.metadata(users);
    expect(readings.map(({ userId }) => userId)).toEqual(users.map(({ id }) => id));
    expect(readings.filter(({ result }) => result.kind === "unreadable")).toEqual([]);
    const byId = new Map(users.map((user) => [user.id, user]));
    const requests = readings.flatMap(({ userId, store, result }) => {
      const user = byId.get(userId);
      return user !== undefined && result.kind === "present"
        ? [{ user, store, width: result.width, height: result.height, side: 240 }]
        : [];
    });
    expect(requests.length).toBeGreaterThan(5);
    const renditions = await tenant.cloudPhotos.renditions(requests);
    expect(renditions.map(({ result }) => result.kind)).toEqual(requests.map(() => "image"));
    renditions.forEach(({ result }, index) => {
      const user = requests[index]?.user;
      if (result.kind === "image" && user?.licences.mailbox === false) expect(result.whole).toBe(true);
    });
  });

  it("finds the library's folder and lists every thumbnail, which look and download agree with", async () => {
    const library = await tenant.sharePoint.locate();
    expect(library.folder).toBe(folder);
    const listed = await files(tenant);
    expect(listed.length).toBeGreaterThan(10);
    expect(new Set(listed.map(({ uniqueId }) => uniqueId)).size).toBe(listed.length);
    const file = listed[0] as LibraryFile;
    const looked = await tenant.sharePoint.look(file.folder, file.name);
    expect(looked).toMatchObject({ uniqueId: file.uniqueId, length: file.length, modifiedAt: file.modifiedAt });
    const stored = await tenant.sharePoint.download(file);
    expect(stored?.bytes.length).toBe(file.length);
    expect(stored?.etag).toBe(looked?.etag);
    expect(await tenant.sharePoint.look(file.folder, "nobody_LThumb.jpg")).toBeNull();
    expect((await tenant.sharePoint.locate()).changeMark).toBe(library.changeMark);
  });

  it("reads profiles together as each alone, and says where there is none", async () => {
    const together = await tenant.sharePoint.profiles(users);
    expect([...together.keys()]).toEqual(users.map(({ upn }) => upn.toLowerCase()));
    for (const user of users) {
      const profile = together.get(user.upn.toLowerCase());
      expect(profile?.kind).toMatch(/present|absent/);
      expect((await tenant.sharePoint.profiles([user])).get(user.upn.toLowerCase())).toEqual(profile);
    }
  });

  it("passes its own preflight", async () => {
    const probes = [];
    for await (const probe of preflight(tenant)) probes.push(probe);
    expect(probes.filter(({ ok }) => !ok)).toEqual([]);
    expect(probes.length).toBeGreaterThan(10);
  });

  it("has only read, decorated, without a rude request", async () => {
    const { entries, summary } = await sandbox.log();
    const wrote = entries.filter(
      ({ host, method, path, batched }) =>
        method !== "GET" &&
        host !== "login" &&
        !(method === "POST" && /\$batch$/.test(path) && !batched) &&
        !path.startsWith("/sandbox/"),
    );
    expect(wrote).toEqual([]);
    expect(summary.accusations).toEqual([]);
  });
});

describe("where the service's answer is not established, both forms are read alike", () => {
  let sandbox: SandboxTenant;
  let users: readonly DirectoryUser[];
  beforeAll(async () => {
    sandbox = await sandboxTenant({ users: 20 });
    users = await allUsers(sandbox.open());
  });
  afterAll(async () => {
    await sandbox.stop();
  });

  async function photos(): Promise<unknown> {
    const { cloudPhotos } = sandbox.open();
    const readings = await cloudPhotos.metadata(users);
    const requests = readings.flatMap(({ userId, store, result }): RenditionRequest[] => {
      const user = users.find(({ id }) => id === userId);
      return user !== undefined && result.kind === "present" ? [{ user, store, ...result, side: 96 }] : [];
    });
    const renditions = await cloudPhotos.renditions(requests);
    return { readings, kinds: renditions.map(({ userId, result }) => [userId, result.kind]) };
  }

  it.each(["noPhoto=one-by-one", "missingSize=not-found", "photoEtagHeader=off", "batchOrder=in-order"])(
    "%s",
    async (pair) => {
      const usual = await photos();
      const [name = ""] = pair.split("=");
      await sandbox.set(pair);
      expect(await photos()).toEqual(usual);
      const back = { noPhoto: "image-not-found", missingSize: "resize", photoEtagHeader: "on", batchOrder: "shuffled" }[
        name
      ];
      await sandbox.set(`${name}=${String(back)}`);
    },
  );

  it("sizes of library items, by either way to ask for them", async () => {
    const usual = await files(sandbox.open());
    await sandbox.set("itemFileSize=off");
    const { length } = usual;
    expect(await files(sandbox.open())).toHaveLength(length);
    await sandbox.set("itemFileSize=on");
  });

  it("a licence without a mailbox: the directory's photo is read, and no error", async () => {
    const user = users.find(({ licences }) => licences.mailbox) as DirectoryUser;
    await sandbox.set(`user.${user.upn}.mailbox=off`);
    const [reading] = await sandbox.open().cloudPhotos.metadata([user]);
    expect(reading?.result.kind).toMatch(/present|absent/);
  });
});

describe("a split photo service", () => {
  it("is recognized and read apart", async () => {
    const sandbox = await sandboxTenant({ users: 20 });
    try {
      await sandbox.set("photoService=split");
      const tenant = sandbox.open();
      const users = await allUsers(tenant);
      expect(await tenant.cloudPhotos.topology(users)).toBe("split");
      const readings = await tenant.cloudPhotos.metadata(users);
      const mailboxes = users.filter(({ licences }) => licences.mailbox).length;
      expect(readings.filter(({ attribution }) => attribution === "split")).toHaveLength(2 * mailboxes);
      expect(readings.filter(({ attribution }) => attribution === "no-mailbox")).toHaveLength(users.length - mailboxes);
      expect(readings.filter(({ result }) => result.kind === "unreadable")).toEqual([]);
    } finally {
      await sandbox.stop();
    }
  });
});
