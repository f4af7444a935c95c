import { beforeEach, describe, expect, it } from "vitest";
import { upnStem } from "../../../src/compare/stem.js";
import type { LastApplied } from "../../../src/model/last-applied.js";
import type { ObservedProfile, PhotoVerdict } from "../../../src/model/photo.js";
import { cloudPhoto, file, kept, master, signed, user } from "./made.js";
import type { State } from "../../../src/state/index.js";
import { onEveryHome } from "../../contract/state-homes.js";

onEveryHome((opened) => {
  let state: State;
  beforeEach(() => {
    state = opened();
  });

  describe("users", () => {
    it("come back in order of UPN whatever their case, and by UPN or id in any case", () => {
      const { records } = state;
      records.saveUsers("r", [user("Zoe"), user("anna"), user("Ben")]);
      expect([...records.users()].map(({ upn }) => upn)).toEqual([
        "anna@contoso.com",
        "Ben@contoso.com",
        "Zoe@contoso.com",
      ]);
      expect(records.user("BEN@contoso.com")).toEqual(user("Ben"));
      expect(records.user("ID-ANNA")).toEqual(user("anna"));
      expect(records.user("nobody")).toBeNull();
    });

    it("may be written while they are read: paging skips and repeats nobody", () => {
      const { records } = state;
      const names = Array.from({ length: 2500 }, (_, at) => `u${String(at).padStart(5, "0")}`);
      records.transaction(() =>
        records.saveUsers(
          "r",
          names.map((name) => user(name)),
        ),
      );
      const seen: string[] = [];
      for (const each of records.users()) {
        seen.push(each.displayName);
        records.saveUsers("r2", [{ ...each, mail: "new" }]);
        records.saveCloudPhoto("r2", cloudPhoto(each.displayName));
      }
      expect(seen).toEqual(names);
    });

    it("that a run did not see are forgotten with their photos and profiles", () => {
      const { records } = state;
      records.saveUsers("r1", [user("anna"), user("ben")]);
      for (const name of ["anna", "ben"]) records.saveCloudPhoto("r1", cloudPhoto(name));
      records.saveProfile(user("ben").id, { profile: { kind: "absent" }, readAt: "t" });
      records.saveUsers("r2", [user("anna")]);
      records.forgetUsersUnseen("r2");
      expect(records.countUsers()).toBe(1);
      expect(records.cloudPhotos(user("anna").id)).toHaveLength(1);
      expect(records.cloudPhotos(user("ben").id)).toEqual([]);
      expect(records.profile(user("ben").id)).toBeNull();
    });

    it("own the stems that upload tools make of them", () => {
      const { records } = state;
      const people = ["Anna.B", "o'neil", "a.b.c", "a_b.c", "ümit"].map((name) => user(name));
      records.saveUsers("r", people);
      for (const each of people) expect(records.ownersOfStem(upnStem(each.upn))).toContain(each.id);
      expect(records.ownersOfStem("a_b_c_contoso_com")).toHaveLength(2);
      expect(records.ownersOfStem("id-o'neil")).toEqual(["id-o'neil"]);
      expect(records.ownersOfStem("anna_b")).toEqual([]);
    });
  });

  describe("masters", () => {
    it("come back with signature and crop, unreadable ones with their reason", () => {
      const { records } = state;
      const bad = { kind: "unreadable", file: "b.jpg", bytes: 3, mtimeMs: 2, reason: "cut off", cure: "copy" } as const;
      const good = master("a.jpg", "anna");
      records.saveSignature(good.signature);
      records.saveMaster("r", good);
      records.saveMaster("r", bad);
      const back = { ...good, signature: kept(good.signature) };
      expect(records.master("a.jpg")).toEqual(back);
      expect([...records.masters()]).toEqual([back, bad]);
      const versions = [
        { kind: "usable", file: "a.jpg", bytes: good.bytes, mtimeMs: good.mtimeMs, sha256: good.signature.sha256 },
        { kind: "unreadable", file: "b.jpg", bytes: 3, mtimeMs: 2, sha256: null },
      ];
      const { version, hash, dctHash } = good.signature;
      const lost = master("c.jpg", "signature lost");
      records.saveMaster("r", lost);
      expect([...records.masterPictures()]).toEqual([
        { file: "a.jpg", sha256: good.signature.sha256, version, hash, dctHash },
      ]);
      expect(["a.jpg", "b.jpg", "d.jpg"].map((file) => records.masterVersion(file))).toEqual([...versions, null]);
      expect(records.countMasters()).toBe(3);
    });

    it("retire when they are replaced or taken away, and return", () => {
      const { records } = state;
      const { id } = user("anna");
      const [first, second] = [master("a.jpg", "young"), master("a.jpg", "old")];
      for (const each of [first, second]) records.saveSignature(each.signature);
      records.saveMaster("r1", first);
      records.assignMaster(id, "a.jpg", first.signature.sha256);
      expect([...records.retiredMasters()]).toEqual([]);
      records.assignMaster(id, "a.jpg", second.signature.sha256);
      expect(records.isRetiredMasterOf(id, first.signature.sha256)).toBe(true);
      expect(records.ownersOfMaster(second.signature.sha256)).toEqual([id]);
      records.assignMaster(id, "a.jpg", first.signature.sha256);
      expect([...records.retiredMasters()].map(({ sha256 }) => sha256)).toEqual([second.signature.sha256]);
      expect(records.retiredMastersOf(id)).toEqual([...records.retiredMasters()]);
      expect(records.retiredMastersOf(user("ben").id)).toEqual([]);
      records.forgetMastersUnseen("r2");
      expect(records.isRetiredMasterOf(id, first.signature.sha256)).toBe(true);
      expect(records.countMasters()).toBe(0);
    });
  });

  describe("images", () => {
    it("signatures, previews and verdicts come back; a verdict only under the thresholds that gave it", async () => {
      const { records } = state;
      const { hash, dctHash } = signed("ben");
      const known = {
        ...signed("anna"),
        spectrum: [4.5, 0.0123],
        framings: [
          { hash, dctHash },
          { hash: dctHash, dctHash: hash },
        ],
      };
      records.saveSignature(known);
      expect(records.signature(known.sha256)).toEqual(kept(known));
      const colourful = { ...signed("carl"), chroma: new Uint8Array(512).map((_, at) => 100 + (at % 40)) };
      records.saveSignature(colourful);
      expect(records.signature(colourful.sha256)).toEqual(kept(colourful));
      const later = { ...kept(known), version: 99, chroma: colourful.chroma };
      records.saveSignature(later);
      expect(records.signature(known.sha256)).toEqual(kept(later));
      expect(records.signature("0".repeat(64))).toBeNull();
      records.savePreview(known.sha256, Buffer.from("jpeg"));
      expect((await records.preview(known.sha256))?.toString()).toBe("jpeg");
      expect(records.hasPreview(known.sha256)).toBe(true);
      expect(records.hasPreview("0".repeat(64))).toBe(false);
      const verdict = { kind: "same", upscaled: false, distorted: false, evidence: {}, thresholds: "2/1" };
      records.saveVerdict("m", known.sha256, verdict as unknown as PhotoVerdict);
      expect(records.verdict("m", known.sha256, "2/1")).toEqual(verdict);
      expect(records.verdict("m", known.sha256, "3/1")).toBeNull();
    });
  });

  describe("observations", () => {
    it("cloud photos come back, Exchange before Entra, an error with its hint", () => {
      const { records } = state;
      const error = { code: "x", message: "no answer", hint: "again" };
      const photos = [cloudPhoto("anna"), cloudPhoto("anna", { store: "entra", kind: "unreadable", error })];
      for (const photo of [...photos].reverse()) records.saveCloudPhoto("r", photo);
      expect(records.cloudPhotos(user("anna").id)).toEqual(photos);
    });

    it("a library file keeps its reading until etag, length or time change", () => {
      const { records } = state;
      const listed = file("anna");
      const reading = () => records.libraryFilesOfStem("anna")[0]?.signatureSha;
      records.saveLibraryFiles("r1", [listed]);
      records.saveLibraryReading(listed.uniqueId, { signatureSha: "s", error: null });
      records.saveLibraryFiles("r2", [listed]);
      expect(reading()).toBe("s");
      for (const change of [{ etag: "2" }, { length: 101 }, { modifiedAt: "2026-01-02T00:00:00Z" }]) {
        records.saveLibraryFiles("r3", [{ ...listed, ...change }]);
        expect(reading()).toBeNull();
        records.saveLibraryFiles("r3", [listed]);
        records.saveLibraryReading(listed.uniqueId, { signatureSha: "s", error: null });
      }
      records.forgetLibraryFilesUnseen("r3");
      expect(records.countLibraryFiles()).toBe(1);
      records.forgetLibraryFilesUnseen("r4");
      expect(records.countLibraryFiles()).toBe(0);
    });

    it("files and verdicts that are known by identifiers and hashes are found, changed and forgotten by them", () => {
      const { records } = state;
      const ids = ["0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"];
      const listed = ids.map((uniqueId, at) => file(`stem${String(at)}`, { uniqueId }));
      const [sha, other] = ["ab".repeat(32), "cd".repeat(32)];
      records.saveLibraryFiles("r1", listed);
      records.saveLibraryReading(ids[1]!, { signatureSha: sha, error: null });
      records.saveLibraryFiles("r2", listed.slice(1));
      records.forgetLibraryFilesUnseen("r2");
      expect([...records.libraryFiles()]).toEqual([{ file: listed[1], signatureSha: sha, error: null }]);
      expect(records.accountsShowing(sha)).toBe(1);
      const verdict = { kind: "different", thresholds: "6/1" } as unknown as PhotoVerdict;
      for (const each of [sha, other]) records.saveVerdict(`${other}:0,0,1,1`, each, verdict);
      records.saveVerdict(`${other}:0,0,1,1`, other, { ...verdict, thresholds: "6/2" });
      expect(records.verdict(`${other}:0,0,1,1`, sha, "6/1")).toEqual(verdict);
      expect(records.verdict(`${other}:0,0,1,1`, other, "6/1")).toBeNull();
      records.prune({ audits: 1, undoSince: "" });
      expect(records.verdict(`${other}:0,0,1,1`, sha, "6/1")).toBeNull();
      records.saveVerdict(`${other}:0,0,1,1`, sha, verdict);
    });

    it("all library files come in pages, whatever is written between", () => {
      const { records } = state;
      const stems = Array.from({ length: 1100 }, (_, at) => `s${String(at).padStart(5, "0")}`);
      const all = stems.flatMap((stem) => [file(stem), file(stem, { size: "S" })]);
      records.transaction(() => records.saveLibraryFiles("r", all));
      const seen: string[] = [];
      for (const stored of records.libraryFiles()) {
        seen.push(stored.file.uniqueId);
        records.saveLibraryReading(stored.file.uniqueId, { signatureSha: "s", error: null });
      }
      expect(new Set(seen).size).toBe(all.length);
      expect(seen).toHaveLength(all.length);
    });

    it("counts the accounts that show one picture, thumbnails of one stem once", () => {
      const { records } = state;
      for (const name of ["anna", "ben"]) records.saveCloudPhoto("r", cloudPhoto(name, { signatureSha: "logo" }));
      const listed = [file("carl"), file("carl", { size: "M" })];
      records.saveLibraryFiles("r", listed);
      for (const { uniqueId } of listed) records.saveLibraryReading(uniqueId, { signatureSha: "logo", error: null });
      expect(records.accountsShowing("logo")).toBe(3);
      expect(records.accountsShowing("other")).toBe(0);
    });

    it("profiles, the library mark, what was applied and what was accepted come back", () => {
      const { records } = state;
      const { id } = user("anna");
      const profile: ObservedProfile = { kind: "unreadable", error: { code: "x", message: "m", hint: "h" } };
      records.saveProfile(id, { profile, readAt: "2026-01-01T00:00:00Z" });
      expect(records.profile(id)).toEqual({ profile, readAt: "2026-01-01T00:00:00Z" });
      records.saveProfile(id, { profile, readAt: "2026-01-02T00:00:00Z" });
      expect(records.profile(id)).toEqual({ profile, readAt: "2026-01-02T00:00:00Z" });
      records.saveProfile(id, { profile: { kind: "absent" }, readAt: "2026-01-03T00:00:00Z" });
      expect(records.profile(id)).toEqual({ profile: { kind: "absent" }, readAt: "2026-01-03T00:00:00Z" });
      records.saveProfile(id, { profile, readAt: "2026-01-04T00:00:00Z" });
      expect(records.profile(id)).toEqual({ profile, readAt: "2026-01-04T00:00:00Z" });
      expect(records.libraryMark()).toBeNull();
      records.saveLibraryMark("a;b");
      expect(records.libraryMark()).toBe("a;b");
      records.saveLibraryMark(null);
      expect(records.libraryMark()).toBeNull();
      const applied = { masterSha256: "m", readBackSha256: "r", etag: null, at: "t" } as unknown as LastApplied;
      records.saveLastApplied(id, "exchange", applied);
      expect(records.lastApplied(id, "exchange")).toEqual(applied);
      expect(records.lastApplied(id, "SThumb")).toBeNull();
      records.forgetLastApplied(id, "exchange");
      expect(records.lastApplied(id, "exchange")).toBeNull();
      records.accept(id, { slot: "exchange", sha256: "s1", master: null });
      records.accept(id, { slot: "exchange", sha256: "s2", master: "m" });
      records.accept(id, { slot: "L", sha256: "s3", master: null });
      records.accept(id, { slot: "M", sha256: "s4" });
      expect(records.acceptances(id)).toEqual([
        { slot: "L", sha256: "s3", master: null },
        { slot: "M", sha256: "s4" },
        { slot: "exchange", sha256: "s2", master: "m" },
      ]);
      expect(records.acceptances(user("ben").id)).toEqual([]);
      expect(records.forgetAccepted(id, "M")).toBe(1);
      expect(records.forgetAccepted(id)).toBe(2);
      expect(records.acceptances(id)).toEqual([]);
    });

    it("a transaction that fails leaves nothing", () => {
      const { records } = state;
      const failing = () =>
        records.transaction(() => {
          records.saveUsers("r", [user("anna")]);
          throw new Error("disk full");
        });
      expect(failing).toThrow("disk full");
      expect(records.countUsers()).toBe(0);
    });
  });
});
