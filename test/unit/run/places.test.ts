import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { upnStem } from "../../../src/compare/stem.js";
import type { ThumbnailSize } from "../../../src/model/address.js";
import { parseUserId } from "../../../src/model/ids.js";
import type { LibraryFile } from "../../../src/model/photo.js";
import type { DirectoryUser } from "../../../src/model/user.js";
import { createPlaces } from "../../../src/run/places.js";
import { openState, type State } from "../../../src/state/index.js";
import { directoryUser } from "../../support/tenant/fake-tenant.js";

const OLD = "/User Photos/Profile Pictures";
const NEW = "/User Photos/Profilbilder";

let folder: string;
let state: State;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-places-"));
  state = openState(join(folder, "state.db"), null);
});
afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true, force: true });
});

function users(...upns: readonly string[]): DirectoryUser[] {
  const made = upns.map((upn, at) =>
    directoryUser(upn, { id: parseUserId(`0000000${String(at)}-AAAA-4000-8000-000000000000`) }),
  );
  state.records.saveUsers("run", made);
  return made;
}

function files(where: string, stem: string, sizes: readonly ThumbnailSize[] = ["S", "M", "L"]): void {
  const made = sizes.map((size): LibraryFile => {
    const name = `${stem}_${size}Thumb.jpg`;
    const uniqueId = `${where}/${name}`;
    return { uniqueId, name, folder: where, stem, size, etag: "1", length: 1, modifiedAt: null };
  });
  state.records.saveLibraryFiles("run", made);
}

function pictureUrl(user: DirectoryUser, where: string, stem: string): void {
  state.records.saveProfile(user.id, {
    profile: {
      kind: "present",
      accountName: user.upn,
      pictureUrl: `https://contoso-my.sharepoint.com:443${encodeURI(where)}/${stem}_MThumb.jpg?t=63`,
      placeholderState: "0",
      exchangeSyncState: "1",
      timestamp: "",
    },
    readAt: "2026-01-01T00:00:00Z",
  });
}

const at = (folder: string) => ({ folder, pictureOrigin: "https://contoso-my.sharepoint.com:443" });

describe("what stands beside the set that counts", () => {
  const besides = (user: DirectoryUser) => {
    const places = createPlaces(state.records, at(OLD), "keep");
    return places
      .besides(user, places.of(user).stored)
      .map(({ folder: where, name }) => `${where}/${name}`)
      .sort();
  };

  it("is every file of every own stem in every folder", () => {
    const [anna] = users("anna@contoso.com") as [DirectoryUser];
    const own = upnStem(anna.upn);
    files(OLD, anna.id);
    expect(besides(anna)).toEqual([]);
    files(OLD, own, ["L"]);
    files(NEW, anna.id, ["M"]);
    files(NEW, own, ["S"]);
    expect(besides(anna)).toEqual([
      `${NEW}/${anna.id}_MThumb.jpg`,
      `${NEW}/${own}_SThumb.jpg`,
      `${OLD}/${own}_LThumb.jpg`,
    ]);
  });

  it("is the own set as well where PictureURL names that of a former name", () => {
    const [anna] = users("anna@contoso.com") as [DirectoryUser];
    files(OLD, "former", ["M"]);
    files(OLD, anna.id, ["L"]);
    pictureUrl(anna, OLD, "former");
    expect(besides(anna)).toEqual([`${OLD}/${anna.id}_LThumb.jpg`]);
  });

  it("is nothing of somebody else's stem, whoever names it", () => {
    const [anna, ben] = users("anna@contoso.com", "ben@contoso.com") as [DirectoryUser, DirectoryUser];
    files(OLD, anna.id);
    files(OLD, upnStem(ben.upn));
    files(OLD, "company_default");
    pictureUrl(anna, OLD, upnStem(ben.upn));
    expect(besides(anna)).toEqual([]);
    for (const one of [anna, ben]) pictureUrl(one, OLD, "company_default");
    expect(besides(anna)).toEqual([]);
  });

  it("is nothing of a stem that two UPNs fold to, but of one whose PictureURL alone names it", () => {
    const [dot] = users("a.b@contoso.com", "a_b@contoso.com") as [DirectoryUser, DirectoryUser];
    files(OLD, dot.id);
    files(NEW, "a_b_contoso_com", ["L"]);
    expect(besides(dot)).toEqual([]);
    pictureUrl(dot, NEW, "a_b_contoso_com");
    expect(besides(dot)).toEqual(["S", "M", "L"].map((size) => `${OLD}/${dot.id}_${size}Thumb.jpg`).sort());
  });
});

describe("where a user's thumbnails are", () => {
  it.each([
    ["a picture set for all", "company_default"],
    ["a third user's file", "carl_contoso_com"],
    ["a file of a former user", "dora_contoso_com"],
  ])("never at one stem for two users: %s", (_, stem) => {
    const [anna, ben, carl] = users("anna@contoso.com", "ben@contoso.com", "carl@contoso.com") as [
      DirectoryUser,
      DirectoryUser,
      DirectoryUser,
    ];
    files(OLD, stem);
    for (const one of [anna, ben]) pictureUrl(one, OLD, stem);
    const places = createPlaces(state.records, at(OLD), "keep");
    expect([anna, ben, carl].map((one) => places.of(one).stem)).toEqual([
      anna.id,
      ben.id,
      stem === upnStem(carl.upn) ? stem : carl.id,
    ]);
    expect(places.isOrphan(stem)).toBe(false);
  });

  it("never at a stem that two UPNs fold to where both PictureURLs name it", () => {
    const [dot, line] = users("a.b@contoso.com", "a_b@contoso.com") as [DirectoryUser, DirectoryUser];
    files(OLD, "a_b_contoso_com");
    for (const one of [dot, line]) pictureUrl(one, OLD, "a_b_contoso_com");
    const places = createPlaces(state.records, at(OLD), "keep");
    expect([dot, line].map((one) => places.of(one).stem)).toEqual([dot.id, line.id]);
    expect(places.of(dot).files).toEqual([]);
  });

  it("at the own name although somebody else's PictureURL names it too", () => {
    const [anna, ben] = users("anna@contoso.com", "ben@contoso.com") as [DirectoryUser, DirectoryUser];
    files(OLD, upnStem(anna.upn));
    for (const one of [anna, ben]) pictureUrl(one, OLD, upnStem(anna.upn));
    const places = createPlaces(state.records, at(OLD), "keep");
    expect(places.of(anna)).toMatchObject({ stem: upnStem(anna.upn) });
    expect(places.of(anna).stored).toHaveLength(3);
    expect(places.of(ben)).toMatchObject({ stem: ben.id, files: [] });
  });

  it("by object id before UPN", () => {
    const [anna] = users("Anna.B@contoso.com") as [DirectoryUser];
    files(OLD, upnStem(anna.upn));
    files(OLD, anna.id);
    expect(createPlaces(state.records, at(OLD), "keep").of(anna)).toMatchObject({ stem: anna.id, folder: OLD });
  });

  it("as PictureURL names it, also under a stem of a former name", () => {
    const [anna] = users("anna.new@contoso.com") as [DirectoryUser];
    files(OLD, anna.id);
    files(OLD, "anna_old_contoso_com");
    pictureUrl(anna, OLD, "anna_old_contoso_com");
    const places = createPlaces(state.records, at(OLD), "keep");
    expect(places.of(anna).stem).toBe("anna_old_contoso_com");
    expect(places.isOrphan("anna_old_contoso_com")).toBe(false);
    expect(places.isOrphan("somebody_else")).toBe(true);
  });

  it("never as a PictureURL names it that shows another user's file", () => {
    const [anna, ben] = users("anna@contoso.com", "ben@contoso.com") as [DirectoryUser, DirectoryUser];
    files(OLD, upnStem(ben.upn));
    pictureUrl(anna, OLD, upnStem(ben.upn));
    expect(createPlaces(state.records, at(OLD), "keep").of(anna)).toMatchObject({ stem: anna.id, files: [] });
  });

  it("of two folders the one that PictureURL names, else the fuller one, else the one written to", () => {
    const [anna] = users("anna@contoso.com") as [DirectoryUser];
    files(OLD, anna.id, ["S", "M", "L"]);
    files(NEW, anna.id, ["L"]);
    const places = createPlaces(state.records, at(NEW), "keep");
    expect(places.of(anna)).toMatchObject({ folder: OLD });
    pictureUrl(anna, NEW, anna.id);
    const named = places.of(anna);
    expect(named.folder).toBe(NEW);
    expect(named.stored.map(({ file }) => file.size)).toEqual(["L"]);
    files(NEW, anna.id);
    pictureUrl(anna, "/elsewhere", "x");
    expect(places.of(anna)).toMatchObject({ folder: NEW });
  });

  it("new files go to the folder written to, named as configured", () => {
    const [anna] = users("Anna.B@contoso.com") as [DirectoryUser];
    const named = (stem: "keep" | "upn" | "object-id") => createPlaces(state.records, at(NEW), stem).of(anna);
    expect(named("keep")).toMatchObject({ folder: NEW, stem: anna.id, files: [] });
    expect(named("object-id").stem).toBe(anna.id);
    expect(named("upn").stem).toBe("anna_b_contoso_com");
  });

  it("a stem that two UPNs fold to is believed only of those whose PictureURL names it", () => {
    const [dot, line] = users("a.b@contoso.com", "a_b@contoso.com") as [DirectoryUser, DirectoryUser];
    files(OLD, "a_b_contoso_com");
    const places = createPlaces(state.records, at(OLD), "upn");
    expect(places.of(dot)).toMatchObject({ stem: dot.id, files: [] });
    expect(places.of(line)).toMatchObject({ stem: line.id, files: [] });
    expect(places.isOrphan("a_b_contoso_com")).toBe(false);
    pictureUrl(line, OLD, "a_b_contoso_com");
    expect(places.of(line)).toMatchObject({ stem: "a_b_contoso_com" });
    expect(places.of(line).stored).toHaveLength(3);
    expect(places.of(dot).files).toEqual([]);
  });
});
