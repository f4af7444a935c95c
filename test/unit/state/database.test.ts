import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openState } from "../../../src/state/index.js";
import { MIGRATIONS } from "../../../src/state/sqlite/migrations.js";
import { stableId } from "../../../src/model/ids.js";
import { sortKeyOf } from "../../../src/state/sqlite/sort-key.js";
import { draft, file, signed, user } from "./made.js";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-database-"));
  path = join(folder, "deep", "state.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the state file", () => {
  it("is made with its folder, readable by its owner alone, and opens again", () => {
    const state = openState(path, "Contoso.com");
    state.records.saveUsers("r", [user("anna")]);
    expect(state.db.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(state.db.pragma("synchronous", { simple: true })).toBe(2);
    state.close();
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = openState(path, "contoso.COM");
    expect(again.records.user("anna@contoso.com")).toEqual(user("anna"));
    again.close();
  });

  it("of former versions keeps its pages, and its log is as short as that of a new one", () => {
    const old = join(folder, "pages.db");
    const db = new Database(old);
    db.exec("VACUUM");
    const former = db.pragma("page_size", { simple: true }) as number;
    db.close();
    const sizes = [old, path].map((each) => {
      const state = openState(each, "contoso.com");
      const size = state.db.pragma("page_size", { simple: true }) as number;
      const log = size * (state.db.pragma("wal_autocheckpoint", { simple: true }) as number);
      state.close();
      return { size, log };
    });
    expect(sizes).toEqual([
      { size: former, log: 28 * 1024 * 1024 },
      { size: 8192, log: 28 * 1024 * 1024 },
    ]);
    expect(former).not.toBe(8192);
  });

  it("of every former schema is brought to the newest, with what it holds", () => {
    for (let version = 1; version < MIGRATIONS.length; version++) {
      const old = join(folder, `v${String(version)}.db`);
      const db = new Database(old);
      for (const step of MIGRATIONS.slice(0, version)) db.exec(step);
      db.pragma(`user_version = ${String(version)}`);
      db.prepare("INSERT INTO users VALUES ('id-anna', 'anna@contoso.com', ?, 'r')").run(JSON.stringify(user("anna")));
      db.prepare("INSERT INTO accepted(user_id, slot, sha256) VALUES ('id-anna', 'exchange', 's')").run();
      db.close();
      const state = openState(old, "contoso.com");
      expect(state.db.pragma("user_version", { simple: true })).toBe(MIGRATIONS.length);
      expect(state.records.acceptances(user("anna").id)).toEqual([{ slot: "exchange", sha256: "s" }]);
      expect(state.records.user("anna@contoso.com")).toEqual(user("anna"));
      expect(state.records.ownersOfStem("anna_contoso_com")).toEqual(["id-anna"]);
      state.close();
    }
  });

  it("of a former schema keeps what it knew of pictures, of every recipe", () => {
    const old = join(folder, "pictures.db");
    const db = new Database(old);
    const before = MIGRATIONS.findIndex((step) => step.includes("CREATE TABLE pictures"));
    for (const step of MIGRATIONS.slice(0, before)) db.exec(step);
    db.pragma(`user_version = ${String(before)}`);
    const insert = db.prepare("INSERT INTO signatures VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    const { luma, ...facts } = signed("anna");
    const chroma = new Uint8Array(512).fill(130);
    const framings = [signed("ben"), signed("carl")].map(({ hash, dctHash }) => ({ hash, dctHash }));
    const full = { ...facts, spectrum: [1.5, 2], framings };
    const { width, height, byteLength, hash } = facts;
    insert.run(facts.sha256, width, height, byteLength, hash, luma, JSON.stringify(full), chroma);
    const { sha256, dctHash: _unknown, jpegQuality: _none, luma: grey, ...poor } = signed("dora");
    insert.run(sha256, width, height, byteLength, poor.hash, grey, JSON.stringify({ sha256, ...poor }), null);
    db.close();
    const state = openState(old, "contoso.com");
    expect(state.records.signature(facts.sha256)).toEqual({ ...full, luma, chroma });
    const dctHash = "0".repeat(64);
    expect(state.records.signature(sha256)).toEqual({ sha256, ...poor, dctHash, jpegQuality: null, luma: grey });
    state.close();
  });

  it("of a former schema keeps what stands, since when, and in which run it was last seen", async () => {
    const old = join(folder, "standing.db");
    const db = new Database(old);
    const before = MIGRATIONS.findIndex((step) => step.includes("CREATE TABLE standing_findings"));
    for (const step of MIGRATIONS.slice(0, before)) db.exec(step);
    db.pragma(`user_version = ${String(before)}`);
    const anna = {
      ...draft("stale-photo", "anna", "exchange/anna@contoso.com"),
      firstSeen: "2026-01-01T00:00:00.000Z",
    };
    const orphan = { ...draft("orphan-thumbnail", null, "sharepoint/gone/LThumb"), firstSeen: anna.firstSeen };
    const ids = [anna, orphan].map((each) => stableId(sortKeyOf(each)));
    db.prepare("INSERT INTO users VALUES ('id-anna', 'anna@contoso.com', ?, 'r')").run(JSON.stringify(user("anna")));
    db.exec(`INSERT INTO runs(id, mode, trigger, tenant, started_at, finished_at, head, seq)
      VALUES ('run-1', 'audit', 'cli', 'contoso.com', '2026-01-01', '2026-01-01', '{}', 1)`);
    for (const [at, each] of [anna, orphan].entries()) {
      const { rule, address, firstSeen } = each;
      db.prepare("INSERT INTO open_findings VALUES (?, ?, ?, ?, ?, 'run-1', 'run-1')").run(
        ids[at],
        rule,
        address,
        each.user?.id ?? null,
        firstSeen,
      );
      db.prepare("INSERT INTO finding_texts VALUES (?, ?, ?, ?)").run(
        at,
        sortKeyOf(each),
        ids[at],
        JSON.stringify(each),
      );
      db.prepare("INSERT INTO finding_spans VALUES (?, 1, 1)").run(at);
    }
    db.close();
    const state = openState(old, "contoso.com");
    const { records } = state;
    expect(ids.map((id) => records.lastSeenIn(id))).toEqual(["run-1", "run-1"]);
    records.beginRun({ id: "run-2", mode: "audit", trigger: "cli", tenant: "contoso.com", startedAt: "2026-01-02" });
    const found = records.recordFindings("run-2", [anna, orphan]);
    expect(found.map(({ firstSeen }) => firstSeen)).toEqual([anna.firstSeen, anna.firstSeen]);
    const coverage = { rules: null, stores: new Set(["exchange"]), unreadable: new Set<string>(), userIds: null };
    expect(await records.settleFindings("run-2", coverage)).toEqual({ new: 0, persisting: 2, resolved: 0 });
    state.close();
  });

  it("of a former schema keeps what stands where the runs that had it are gone", async () => {
    const old = join(folder, "gone.db");
    const db = new Database(old);
    const before = MIGRATIONS.findIndex((step) => step.includes("CREATE TABLE finding_keys"));
    for (const step of MIGRATIONS.slice(0, before)) db.exec(step);
    db.pragma(`user_version = ${String(before)}`);
    const address = (name: string): string => `sharepoint/${name}@contoso.com/LThumb`;
    const named = ["anna", "ben"].map((name) => draft("missing-thumbnail", name, address(name)));
    const orphan = draft("orphan-thumbnail", null, "sharepoint/gone/LThumb");
    const all = [...named, orphan];
    for (const each of all) {
      db.prepare("INSERT INTO standing_findings VALUES (?, ?, ?, ?, NULL, NULL)").run(
        stableId(sortKeyOf(each)),
        sortKeyOf(each),
        each.user?.id ?? null,
        "2026-01-01T00:00:00.000Z",
      );
    }
    db.close();
    const state = openState(old, "contoso.com");
    const { records } = state;
    const ids = all.map((each) => stableId(sortKeyOf(each)));
    expect(ids.map((id) => records.lastSeenIn(id))).toEqual([null, null, null]);
    records.beginRun({ id: "run-2", mode: "audit", trigger: "cli", tenant: "contoso.com", startedAt: "2026-01-02" });
    const [found] = records.recordFindings("run-2", [named[0]!]);
    expect(found?.firstSeen).toBe("2026-01-01T00:00:00.000Z");
    const stores = new Set(["sharepoint"]);
    const ofBen = { rules: null, stores, unreadable: new Set<string>(), userIds: new Set<string>([user("ben").id]) };
    expect(await records.settleFindings("run-2", ofBen)).toEqual({ new: 0, persisting: 1, resolved: 1 });
    records.confirmFindings("run-2");
    records.prune({ audits: 1, undoSince: "" });
    records.beginRun({ id: "run-3", mode: "audit", trigger: "cli", tenant: "contoso.com", startedAt: "2026-01-03" });
    expect(records.recordFindings("run-3", all).map(({ firstSeen }) => firstSeen)).toEqual([
      "2026-01-01T00:00:00.000Z",
      "2026-01-03",
      "2026-01-01T00:00:00.000Z",
    ]);
    state.close();
  });

  it("of a former schema keeps library files with their readings, cloud photos and whose master is whose", () => {
    const old = join(folder, "files.db");
    const db = new Database(old);
    const before = MIGRATIONS.findIndex((step) => step.includes("CREATE TABLE library_folders"));
    for (const step of MIGRATIONS.slice(0, before)) db.exec(step);
    db.pragma(`user_version = ${String(before)}`);
    const sha = "ab".repeat(32);
    const files = [
      file("anna_contoso_com"),
      file("anna_contoso_com", { size: "M", folder: "/User Photos/Profile Pictures", modifiedAt: null }),
      { ...file("ben_contoso_com", { modifiedAt: "2026-01-01T00:00:00.125Z" }), name: "Ben_Contoso_com_LThumb.jpg" },
      file("carl_contoso_com", { modifiedAt: "Yesterday" }),
      file("dora_contoso_com", { uniqueId: "0f8fad5b-d9cb-469f-a165-70867728950e" }),
    ];
    const put = db.prepare("INSERT INTO library_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'run-1')");
    for (const { uniqueId, name, folder: path, stem, size, etag, length, modifiedAt } of files) {
      put.run(uniqueId, name, path, stem, size, etag, length, modifiedAt, size === "L" ? sha : null, null);
    }
    db.exec(`
      INSERT INTO cloud_photos(user_id, store, attribution, kind, signature_sha, previous_sha, seen_run)
        VALUES ('id-anna', 'exchange', 'merged', 'present', '${sha}', 'not a hash', 'run-1');
      INSERT INTO masters(file, kind, bytes, mtime_ms, sha256, json, seen_run)
        VALUES ('anna.heic', 'unsuitable', 5, 1.5, NULL, '{"kind":"unsuitable","file":"anna.heic","bytes":5,"mtimeMs":1.5,"why":"blank"}', 'run-1');
      INSERT INTO verdicts VALUES ('m', '${sha}', '6/1', '{"kind":"same","thresholds":"6/1"}');
      INSERT INTO verdicts VALUES ('m', 'not a hash', '6/1', '{"kind":"same","thresholds":"6/1"}');
      INSERT INTO user_masters VALUES ('id-anna', 'anna.jpg', '${sha}');
      INSERT INTO user_masters VALUES ('id-ben', 'ben.jpg', 'not a hash');`);
    db.close();
    const state = openState(old, "contoso.com");
    const { records } = state;
    // Read again as they were listed, they keep their readings.
    for (const runId of ["run-1", "run-2"]) {
      expect([...records.libraryFiles()].map((stored) => stored.file.uniqueId).sort()).toEqual(
        files.map(({ uniqueId }) => uniqueId).sort(),
      );
      for (const each of files) {
        const stored = records
          .libraryFilesOfStem(each.stem)
          .find(({ file: { uniqueId } }) => uniqueId === each.uniqueId);
        expect(stored).toEqual({ file: each, signatureSha: each.size === "L" ? sha : null, error: null });
      }
      records.saveLibraryFiles(runId, files);
    }
    expect(records.libraryFolders()).toEqual(["/User Photos/Profilbilder", "/User Photos/Profile Pictures"]);
    expect(records.accountsShowing(sha)).toBe(5);
    const verdict = { kind: "same", thresholds: "6/1" };
    expect([records.verdict("m", sha, "6/1"), records.verdict("m", "not a hash", "6/1")]).toEqual([verdict, verdict]);
    expect(records.cloudPhotos(user("anna").id)[0]).toMatchObject({ signatureSha: sha, previousSha: "not a hash" });
    expect(records.ownersOfMaster(sha)).toEqual(["id-anna"]);
    expect(records.ownersOfMaster("not a hash")).toEqual(["id-ben"]);
    expect(records.master("anna.heic")).toEqual({
      kind: "unsuitable",
      file: "anna.heic",
      bytes: 5,
      mtimeMs: 1.5,
      why: "blank",
    });
    state.close();
  });

  it("of another tenant is refused, and left as it is", () => {
    openState(path, "contoso.com").close();
    expect(() => openState(path, "fabrikam.com")).toThrow(expect.objectContaining({ code: "state-other-tenant" }));
    openState(path, "contoso.com").close();
    openState(path, null).close();
  });

  it("of a newer program is refused, and left as it is", () => {
    openState(path, "contoso.com").close();
    const db = new Database(path);
    db.pragma(`user_version = ${String(MIGRATIONS.length + 1)}`);
    db.close();
    expect(() => openState(path, "contoso.com")).toThrow(expect.objectContaining({ code: "state-too-new" }));
  });

  it("that is no database is refused with the cure, and left as it is", () => {
    const other = join(folder, "notes.txt");
    writeFileSync(other, "These are my notes, not a database. ".repeat(40));
    const before = readFileSync(other);
    expect(() => openState(other, "contoso.com")).toThrow(expect.objectContaining({ code: "state-unusable" }));
    expect(readFileSync(other)).toEqual(before);
  });

  it("leaves another process moments to write while it only observes", async () => {
    const state = openState(path, "contoso.com");
    const other = new Database(path, { timeout: 0 });
    await state.observing(async () => {
      for (let written = 0; written < 2;) {
        state.records.saveMasterCount(written);
        await sleep(50);
        try {
          other.exec(`INSERT INTO meta(key, value) VALUES ('other-${String(written)}', '')`);
          written++;
        } catch (error) {
          expect(error).toMatchObject({ code: "SQLITE_BUSY" });
        }
      }
    });
    other.close();
    expect(state.records.lastMasterCount()).not.toBeNull();
    state.close();
  });

  it("is not forced to disk while only observing, and is again afterwards, also after a failure", async () => {
    const state = openState(path, "contoso.com");
    const level = () => state.db.pragma("synchronous", { simple: true });
    await state.observing(async () => expect(level()).toBe(1));
    expect(level()).toBe(2);
    await expect(state.observing(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(level()).toBe(2);
    state.close();
  });
});

describe("a disk that is full while work only observes", () => {
  const FULL = Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
  /** Longer than readings are committed together and apart. */
  const TURNS_MS = 1_400;

  it.each([
    ["as the first readings are begun", "BEGIN", 0, 0],
    ["in a commit while the work goes on", "COMMIT", 0, TURNS_MS],
    ["as the next readings are begun", "BEGIN", 1, TURNS_MS],
    ["in the last commit", "COMMIT", 0, 0],
  ])("%s: the work has failed, by that error, and the file can be used on", async (_when, words, after, ms) => {
    const state = openState(path, "contoso.com");
    const exec = state.db.exec.bind(state.db);
    let seen = 0;
    state.db.exec = (text) => {
      if (text === words && seen++ === after) throw FULL;
      return exec(text);
    };
    const work = state.observing(async () => {
      await sleep(ms);
      state.records.saveMasterCount(7);
      return "done";
    });
    await expect(work).rejects.toBe(FULL);
    expect(state.db.inTransaction).toBe(false);
    expect(state.db.pragma("synchronous", { simple: true })).toBe(2);
    state.records.saveMasterCount(8);
    expect(state.records.lastMasterCount()).toBe(8);
    state.close();
  });

  it("what the work itself failed by is told", async () => {
    const state = openState(path, "contoso.com");
    const exec = state.db.exec.bind(state.db);
    state.db.exec = (text) => {
      if (text === "COMMIT") throw FULL;
      return exec(text);
    };
    await expect(state.observing(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(state.db.inTransaction).toBe(false);
    state.close();
  });
});

describe("work that may be taken back by a power cut", () => {
  const forced = ({ db }: ReturnType<typeof openState>): unknown => db.pragma("synchronous", { simple: true });
  const FULL = 2;

  it("is committed without being forced to the disk, and what follows it is forced again", () => {
    const state = openState(path, "contoso.com");
    expect(state.records.unforced(() => forced(state))).toBeLessThan(FULL);
    expect(forced(state)).toBe(FULL);
    expect(() =>
      state.records.unforced(() => {
        state.db.exec("CREATE TABLE kept_by_nobody(x)");
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(forced(state)).toBe(FULL);
    expect(state.db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'kept_by_nobody'").get()).toBeUndefined();
    state.close();
  });

  it("inside of a transaction stands or falls with it, forced as it is", () => {
    const state = openState(path, "contoso.com");
    state.records.transaction(() => expect(state.records.unforced(() => forced(state))).toBe(FULL));
    state.db.pragma("synchronous = OFF");
    expect(state.records.unforced(() => forced(state))).toBe(0);
    expect(forced(state)).toBe(0);
    state.close();
  });
});
