import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createBackups } from "../../../src/state/backups.js";
import { sha256Of } from "../../../src/files/digest.js";
import { createMasterFiles } from "../../../src/state/master-files.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-backups-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("backups", () => {
  it("keeps content once, under its hash, for its owner's eyes only", async () => {
    const backups = createBackups(join(folder, "state.db"));
    const picture = Buffer.from("a picture");
    const sha256 = await backups.put(picture);
    expect(await backups.put(picture)).toBe(sha256);
    expect(sha256).toBe(sha256Of(picture));
    const path = join(folder, "state.db.backups", sha256.slice(0, 2), sha256);
    expect(backups.path(sha256)).toBe(path);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readdirSync(join(folder, "state.db.backups", sha256.slice(0, 2)))).toEqual([sha256]);
    expect(await backups.get(sha256)).toEqual(picture);
    await backups.remove(sha256);
    expect(await backups.get(sha256)).toBeNull();
  });

  it("gives no damaged picture back, and mends it when the same content comes again", async () => {
    const backups = createBackups(join(folder, "state.db"));
    const sha256 = await backups.put(Buffer.from("a picture"));
    writeFileSync(backups.path(sha256), "a pictura");
    await expect(backups.get(sha256)).rejects.toMatchObject({ code: "backup-damaged" });
    await backups.put(Buffer.from("a picture"));
    expect(await backups.get(sha256)).toEqual(Buffer.from("a picture"));
  });

  it("says so when nothing can be kept", async () => {
    writeFileSync(join(folder, "state.db.backups"), "in the way");
    const backups = createBackups(join(folder, "state.db"));
    await expect(backups.put(Buffer.from("x"))).rejects.toMatchObject({ code: "backup-failed" });
  });

  it("lists what is there and takes no name that is none", async () => {
    const backups = createBackups(join(folder, "state.db"));
    const wanted = [await backups.put(Buffer.from("1")), await backups.put(Buffer.from("2"))].sort();
    const found: string[] = [];
    for await (const sha256 of backups.all()) found.push(sha256);
    expect(found.sort()).toEqual(wanted);
    expect(() => backups.path("../../etc/passwd")).toThrow(/64 hexadecimal digits/);
  });
});

describe("master files", () => {
  it("hashes files of the folder and refuses every way out of it", async () => {
    writeFileSync(join(folder, "anna.jpg"), "anna");
    const masters = createMasterFiles(folder);
    expect(await masters.sha256("anna.jpg")).toBe(sha256Of(Buffer.from("anna")));
    expect(await masters.sha256("gone.jpg")).toBeNull();
    for (const file of ["../x.jpg", "/etc/passwd/../../x", "a/../../x.jpg", "..", ""]) {
      if (file === "/etc/passwd/../../x") continue;
      expect(() => masters.path(file)).toThrow(expect.objectContaining({ code: "source-outside" }));
    }
    chmodSync(folder, 0o700);
  });
});
