import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AuditPorts } from "../../../src/run/settings.js";
import { sideBySide } from "../../../src/run/ordered.js";
import { ORIGIN } from "../../support/tenant/settings.js";
import { openBench, type Bench } from "./world.js";

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

/** Opens when both have arrived; whoever waits alone waits for ever. */
function meeting(): { readonly cloud: () => Promise<void>; readonly sharePoint: () => Promise<void> } {
  let cloudIsThere = (): void => undefined;
  let sharePointIsThere = (): void => undefined;
  const cloud = new Promise<void>((resolve) => (cloudIsThere = resolve));
  const sharePoint = new Promise<void>((resolve) => (sharePointIsThere = resolve));
  return {
    async cloud() {
      cloudIsThere();
      await sharePoint;
    },
    async sharePoint() {
      sharePointIsThere();
      await cloud;
    },
  };
}

describe("the stores are looked at side by side", () => {
  it("cloud photos and SharePoint are under way at the same time", async () => {
    const open = meeting();
    bench.world.add("anna");
    const made = bench.world.ports.bind(bench.world);
    bench.world.ports = (state) => {
      const ports: AuditPorts = made(state);
      const metadata: typeof ports.cloudPhotos.metadata = async (users) => {
        await open.cloud();
        return ports.cloudPhotos.metadata(users);
      };
      const profiles: typeof ports.sharePoint.profiles = async (users) => {
        await open.sharePoint();
        return ports.sharePoint.profiles(users);
      };
      return {
        ...ports,
        cloudPhotos: { ...ports.cloudPhotos, metadata },
        sharePoint: { ...ports.sharePoint, profiles },
      };
    };
    const result = await bench.run();
    expect(result.head).toMatchObject({ verdict: "in-sync", complete: true });
  });

  it("one that fails at once is told, and the other is looked at to its end", async () => {
    bench.world.add("anna", { files: null });
    bench.world.down.add("metadata");
    const result = await bench.run();
    expect(bench.found()).toEqual(
      expect.arrayContaining(["missing-thumbnail sharepoint/anna@contoso.com/LThumb", "unreadable exchange/*"]),
    );
    expect(result.head).toMatchObject({ verdict: "incomplete", exitCode: 4 });
  });
});

describe("works side by side", () => {
  const later = <T>(ms: number, value: T): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(value), ms));

  it("give their results in the order of the list", async () => {
    expect(
      await sideBySide(
        () => later(5, "a"),
        () => later(1, 2),
      ),
    ).toEqual(["a", 2]);
  });

  it("are all awaited before the first failure of the list is thrown, not the first in time", async () => {
    let ended = false;
    const works = sideBySide(
      () => later(5, null).then(() => Promise.reject(new Error("first of the list"))),
      () => Promise.reject(new Error("first in time")),
      () => later(10, null).then(() => (ended = true)),
    );
    await expect(works).rejects.toThrow("first of the list");
    expect(ended).toBe(true);
  });
});

describe("what one stage needs of another flows as it comes", () => {
  it("the stores are asked while the masters are read, and no picture is judged before", async () => {
    bench.world.add("anna");
    const made = bench.world.ports.bind(bench.world);
    const order: string[] = [];
    let release = (): void => undefined;
    const asked = new Promise<void>((resolve) => (release = resolve));
    bench.world.ports = (state) => {
      const ports: AuditPorts = made(state);
      return {
        ...ports,
        images: {
          ...ports.images,
          signMaster: async (path, focus) => {
            await asked;
            order.push("master");
            return ports.images.signMaster(path, focus);
          },
          references: async (...of) => {
            order.push("judged");
            return ports.images.references(...of);
          },
        },
        sharePoint: {
          ...ports.sharePoint,
          profiles: async (users) => {
            order.push("profiles");
            release();
            return ports.sharePoint.profiles(users);
          },
        },
      };
    };
    expect((await bench.run()).head).toMatchObject({ verdict: "in-sync", complete: true });
    expect(order.slice(0, 2)).toEqual(["profiles", "master"]);
    expect(order).toContain("judged");
  });

  it.each(["locate", "inventory", "profiles"] as const)(
    "cloud photos are read and judged however long SharePoint takes: %s",
    async (slow) => {
      bench.world.add("anna");
      const made = bench.world.ports.bind(bench.world);
      let release = (): void => undefined;
      const judged = new Promise<void>((resolve) => (release = resolve));
      bench.world.ports = (state) => {
        const ports: AuditPorts = made(state);
        const { sharePoint } = ports;
        return {
          ...ports,
          images: {
            ...ports.images,
            references: async (...of) => {
              release();
              return ports.images.references(...of);
            },
          },
          sharePoint: {
            ...sharePoint,
            locate: async () => {
              if (slow === "locate") await judged;
              return sharePoint.locate();
            },
            inventory: async function* (library) {
              if (slow === "inventory") await judged;
              yield* sharePoint.inventory(library);
            },
            profiles: async (users) => {
              if (slow === "profiles") await judged;
              return sharePoint.profiles(users);
            },
          },
        };
      };
      expect((await bench.run()).head).toMatchObject({ verdict: "in-sync", complete: true });
    },
  );

  it("thumbnails are read while profiles of later users are on their way", async () => {
    for (let i = 0; i < 40; i++) bench.world.add(`u${String(i).padStart(3, "0")}`);
    const made = bench.world.ports.bind(bench.world);
    let release = (): void => undefined;
    const downloaded = new Promise<void>((resolve) => (release = resolve));
    bench.world.ports = (state) => {
      const ports: AuditPorts = made(state);
      return {
        ...ports,
        sharePoint: {
          ...ports.sharePoint,
          profiles: async (users) => {
            if (!users.some(({ upn }) => upn.startsWith("u000"))) await downloaded;
            return ports.sharePoint.profiles(users);
          },
          download: async (file) => {
            release();
            return ports.sharePoint.download(file);
          },
        },
      };
    };
    expect((await bench.run()).head).toMatchObject({ verdict: "in-sync", complete: true });
  });

  it("a later user's PictureURL that names an earlier user's files is taken back from both in the same run", async () => {
    const anna = bench.world.add("anna");
    const zoe = bench.world.add("zoe");
    // Nobody is called so: whoever names it alone is believed, and two who name it are not.
    const shared = `${ORIGIN}/User%20Photos/Profile%20Pictures/${anna.user.id}_MThumb.jpg`;
    zoe.profile.PictureURL = shared;
    const inOneRun = await bench.run();
    const found = bench.found();
    const again = await bench.run();
    expect(bench.found()).toEqual(found);
    expect(again.summary).toMatchObject({ new: 0, persisting: inOneRun.summary.new, resolved: 0 });
  });
});
