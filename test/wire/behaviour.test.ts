import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  advance,
  blankThumbnails,
  removeCloudPhoto,
  renditionOf,
  uploadCloudPhoto,
  visit,
} from "../../src/sandbox/behaviour.js";
import { findItem, storedBytes } from "../../src/sandbox/library.js";
import { drawPortrait } from "../../src/sandbox/portraits.js";
import { seedTenant } from "../../src/sandbox/seed.js";
import type { SandboxUser, Tenant } from "../../src/sandbox/tenant.js";

/** Photos over time (facts/graph-entra-exchange.md sections 2 and 7, facts/sharepoint.md section 8). */

const HOUR = 3_600_000;
let dir: string;
let tenant: Tenant;
let now: number;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-behaviour-"));
  tenant = (await seedTenant({ users: 9, seed: 3, profile: "clean", dir })).tenant;
  now = tenant.now();
  tenant.now = () => now;
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

function member(mailbox: boolean): SandboxUser {
  const user = [...tenant.users.values()].find((one) => one.hasMailbox === mailbox && one.entraPhoto !== null);
  if (user === undefined) throw new Error("no such user");
  return user;
}

function largeThumbnail(user: SandboxUser): { readonly version: number; readonly modifiedAt: number } {
  const name = /([^/]+)_MThumb\.jpg$/.exec(user.profile?.pictureUrl ?? "")?.[1] ?? "";
  const item = findItem(tenant, `/User Photos/Profile Pictures/${name}_LThumb.jpg`);
  if (item === undefined) throw new Error(`no thumbnail ${name}`);
  return { version: item.version, modifiedAt: item.photo.modifiedAt };
}

describe("upload", () => {
  it("re-encodes, keeps the aspect within 648 px, strips metadata, and gives a new etag even to identical bytes", async () => {
    const user = member(true);
    const jpeg = await sharp(await drawPortrait(77, 1000))
      .resize(1000, 800, { fit: "cover" })
      .withMetadata({ orientation: 1 })
      .jpeg()
      .toBuffer();
    expect(await uploadCloudPhoto(tenant, user, jpeg)).toEqual({ ok: true });
    const stored = await user.mailboxPhoto?.image();
    const etag = user.mailboxPhoto?.etag;
    expect([stored?.width, stored?.height]).toEqual([648, 518]);
    expect(stored?.bytes.equals(jpeg)).toBe(false);
    expect((await sharp(stored?.bytes).metadata()).exif).toBeUndefined();
    await uploadCloudPhoto(tenant, user, jpeg);
    expect(user.mailboxPhoto?.etag).not.toBe(etag);
    expect(user.entraPhoto).not.toBeNull();
  });

  it("refuses: over 100 KB without a mailbox (bare 404), over 4 MB, tiny, no image, blocked by policy", async () => {
    const large = await sharp(await drawPortrait(5, 1600))
      .jpeg({ quality: 100 })
      .toBuffer();
    expect(await uploadCloudPhoto(tenant, member(false), large)).toEqual({
      ok: false,
      status: 404,
      code: "",
      message: "",
    });
    expect(await uploadCloudPhoto(tenant, member(true), Buffer.alloc(4 * 1024 * 1024 + 1))).toMatchObject({
      status: 413,
    });
    const tiny = await sharp(await drawPortrait(5, 200))
      .resize(23, 23)
      .jpeg()
      .toBuffer();
    expect(await uploadCloudPhoto(tenant, member(true), tiny)).toMatchObject({ status: 400 });
    expect(await uploadCloudPhoto(tenant, member(true), Buffer.from("<html>"))).toMatchObject({ status: 400 });
    tenant.switches.photoUpdateSource = "onPremises";
    expect(await uploadCloudPhoto(tenant, member(true), large)).toMatchObject({ ok: false, status: 403 });
  });

  it("removes the photo in directory and mailbox, and leaves SharePoint's copies", async () => {
    const user = member(true);
    const before = largeThumbnail(user);
    expect(removeCloudPhoto(tenant, user)).toBe(true);
    expect(removeCloudPhoto(tenant, user)).toBe(false);
    now += 100 * HOUR;
    await advance(tenant);
    expect([user.mailboxPhoto, user.entraPhoto]).toEqual([null, null]);
    expect(largeThumbnail(user)).toEqual(before);
  });
});

describe("renditions", () => {
  it("reduces and never enlarges", async () => {
    const photo = member(true).mailboxPhoto;
    if (photo === null) throw new Error("no photo");
    const whole = await photo.image();
    expect((await renditionOf(photo, 48)).width).toBe(48);
    expect(await renditionOf(photo, null)).toBe(whole);
    expect(await renditionOf(photo, 5000)).toBe(whole);
    expect(await renditionOf(photo, 48)).toBe(await renditionOf(photo, 48));
  });
});

describe("from the directory to the mailbox", () => {
  async function newPhoto(user: SandboxUser, quality: number, side: number): Promise<void> {
    const bytes = await sharp(await drawPortrait(31, 600))
      .resize(side, side)
      .jpeg({ quality })
      .toBuffer();
    user.entraPhoto = storedBytes(bytes, now);
  }

  it("forwards photos of at most 10 KB, once, into mailboxes without one (KB 3062745)", async () => {
    const users = [...tenant.users.values()]
      .filter(({ hasMailbox, mailboxPhoto }) => hasMailbox && mailboxPhoto !== null)
      .slice(0, 2);
    // Mailboxes that never had a photo.
    const [small, big] = users.map((user) => ({ ...user, id: `${user.id}-new`, entraPhoto: null, mailboxPhoto: null }));
    if (small === undefined || big === undefined) throw new Error("too few users");
    for (const user of [small, big]) tenant.users.set(user.id, user);
    await newPhoto(small, 60, 96);
    await newPhoto(big, 95, 400);
    now += HOUR;
    await advance(tenant);
    expect([small.mailboxPhoto === null, big.mailboxPhoto === null]).toEqual([false, true]);
    small.mailboxPhoto = null;
    now += 48 * HOUR;
    await advance(tenant);
    expect(small.mailboxPhoto).toBeNull();
  });
});

describe("from the mailbox to SharePoint", () => {
  it("overwrites the thumbnails when the user visits, at most once in 24 hours", async () => {
    const user = member(true);
    const before = largeThumbnail(user);
    await uploadCloudPhoto(tenant, user, await drawPortrait(500, 700));
    expect(await visit(tenant, user)).toBe(true);
    expect(largeThumbnail(user)).toEqual({ version: before.version + 1, modifiedAt: now });
    expect(user.profile).toMatchObject({ placeholderState: "0", exchangeSyncState: "1" });
    expect(user.profile?.timestamp).toBe(String(Math.floor(now / 1000) + 62_135_596_800));
    now += HOUR;
    await uploadCloudPhoto(tenant, user, await drawPortrait(501, 700));
    expect(await visit(tenant, user)).toBe(false);
    now += 24 * HOUR;
    expect(await visit(tenant, user)).toBe(true);
  });

  it("happens within 72 hours by itself, and not at all while the sync state is 0", async () => {
    const [free, held] = [...tenant.users.values()].filter(({ mailboxPhoto }) => mailboxPhoto !== null);
    if (free === undefined || held?.profile == null) throw new Error("too few users");
    held.profile.exchangeSyncState = "0";
    now += HOUR;
    const uploadedAt = now;
    for (const user of [free, held]) await uploadCloudPhoto(tenant, user, await drawPortrait(502, 640));
    await advance(tenant);
    expect(largeThumbnail(free).modifiedAt).toBeLessThan(uploadedAt);
    now += 72 * HOUR;
    await advance(tenant);
    expect(largeThumbnail(free).modifiedAt).toBe(now);
    expect(largeThumbnail(held).modifiedAt).toBeLessThan(uploadedAt);
  });

  it("leaves what was there before the tenant ran alone, however long it runs", async () => {
    const before = [...tenant.library.items.values()].map(({ version }) => version);
    now += 1000 * HOUR;
    await advance(tenant);
    expect([...tenant.library.items.values()].map(({ version }) => version)).toEqual(before);
  });

  it("can be struck by the regression that blanks photos (sp-dev-docs#7392)", async () => {
    const user = member(true);
    const before = largeThumbnail(user);
    expect(await blankThumbnails(tenant)).toBeGreaterThan(5);
    expect(largeThumbnail(user).version).toBe(before.version + 1);
  });
});
