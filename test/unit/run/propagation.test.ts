import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exchangeAddress } from "../../../src/model/address.js";
import type { UploadPhoto } from "../../../src/model/plan-action.js";
import { picture } from "../../support/tenant/pictures.js";
import { openBench, type Bench, type Person } from "./world.js";

const HOUR = 3_600_000;
let bench: Bench;
let anna: Person;

/** Anna's new master is in the folder; every store shows the old photo, and one audit has seen it. */
beforeEach(async () => {
  bench = openBench();
  anna = bench.world.add("anna", { master: "old" });
  await audit();
  bench.world.masters.set("anna@contoso.com.jpg", "newest");
});
afterEach(() => bench.close());

async function audit(fix: "direct" | "wait-for-sync" = "direct"): Promise<readonly string[]> {
  await bench.run({
    policy: { ...bench.policy, propagationMs: 72 * HOUR },
    sharePoint: { enabled: true, fix, stem: "keep", thumbnails: { S: 48, M: 72, L: 200 } },
  });
  return bench.found().map((line) => line.replace("anna@contoso.com/", ""));
}

function cloudShows(shows: string, etag = bench.world.etag()): void {
  anna.cloud = { bytes: picture(shows, 240), etag };
}

function thumbnailsShow(shows: string | null): void {
  for (const size of ["S", "M", "L"] as const) {
    const side = { S: 48, M: 72, L: 200 }[size];
    anna.files[size] = shows === null ? null : { bytes: picture(shows, side), etag: bench.world.etag() };
  }
  bench.world.libraryVersion++;
}

const three = (rule: string) => ["LThumb", "MThumb", "SThumb"].map((size) => `${rule} sharepoint/${size}`);

/** Journals our upload of the new master; `etag` undefined: the program ended before its answer. */
async function weUploaded(etag?: string): Promise<void> {
  const { journal, records } = bench.state;
  const master = records.master("anna@contoso.com.jpg");
  if (master?.kind !== "usable") throw new Error("no master");
  const { id, upn, displayName } = anna.user;
  const action: UploadPhoto = {
    id: "a1",
    action: "upload-photo",
    address: exchangeAddress(upn),
    user: { id, upn, displayName },
    because: "stale-photo",
    before: { photo: "absent" },
    precondition: { kind: "none" },
    after: {
      photo: "present",
      sourceSha256: master.signature.sha256,
      source: { kind: "master", file: master.file, crop: master.crop },
      maxBytes: 1,
    },
  };
  const before = { kind: "picture", exists: true, etag: "e", backupSha256: null, lastApplied: null } as const;
  const at = "2026-03-01T00:00:00.000Z";
  const [entry = 0] = await journal.intend([{ runId: "run-1", planId: "p", action, before, sentSha256: "s", at }]);
  if (etag === undefined) return;
  const after = { kind: "picture", exists: true, etag, sha256: "r" } as const;
  journal.settle(entry, { kind: "applied", at, after, error: null });
}

describe("propagation of a change that others made", () => {
  it("is waited for while SharePoint shows the picture from before", async () => {
    cloudShows("newest");
    expect(await audit()).toEqual(three("propagation-pending"));
    expect(await audit()).toEqual(three("propagation-pending"));
  });

  it("is no excuse for a third picture, nor for thumbnails that are not there", async () => {
    cloudShows("newest");
    thumbnailsShow("stranger");
    expect(await audit()).toEqual(three("stale-photo"));
    thumbnailsShow(null);
    expect(await audit()).toEqual(three("missing-thumbnail"));
    expect(await audit("wait-for-sync")).toEqual(three("propagation-pending"));
  });

  it("begins with the new picture, not with a new etag over the same one", async () => {
    bench.world.masters.set("anna@contoso.com.jpg", "old");
    thumbnailsShow("stranger");
    cloudShows("old");
    expect(await audit()).toEqual(three("stale-photo"));
  });

  it("is known across a time without any photo", async () => {
    anna.cloud = null;
    await audit();
    cloudShows("newest");
    expect(await audit()).toEqual(three("propagation-pending"));
  });
});

describe("our own upload", () => {
  it.each(["confirmed", "unanswered"])("starts no waiting: %s", async (answer) => {
    await audit();
    cloudShows("newest", "ours");
    await weUploaded(answer === "confirmed" ? "ours" : undefined);
    expect(await audit()).toEqual(three("stale-photo"));
    expect(await audit("wait-for-sync")).toEqual(three("propagation-pending"));
  });

  it("does not make the next change of others ours", async () => {
    await audit();
    cloudShows("between", "ours");
    await weUploaded("ours");
    thumbnailsShow("between");
    await audit();
    cloudShows("newest", "theirs");
    expect(await audit()).toEqual(three("propagation-pending"));
  });
});
