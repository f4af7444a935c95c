import { createHash } from "node:crypto";
import { mkdtemp, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ScannedFile } from "../../../src/run/ports.js";
import { createArchive, createMasterSource } from "../../../src/source/index.js";

let root = "";
let archive = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "photodrift-archive-"));
  archive = join(root, "archive");
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function master(file: string, content: string): Promise<{ file: ScannedFile; sha256: string }> {
  const path = join(root, "photos", file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  const { size, mtimeMs } = await stat(path);
  return { file: { file, path, bytes: size, mtimeMs }, sha256: createHash("sha256").update(content).digest("hex") };
}

function opened() {
  return createArchive(archive, () => Date.parse("2026-05-04T03:02:01Z"));
}

async function manifest(): Promise<readonly string[]> {
  return (await readFile(join(archive, "manifest.csv"), "utf8")).split("\r\n");
}

describe("archiving masters", () => {
  it("moves the file under its own path and lists it", async () => {
    const { file, sha256 } = await master("hr/Anna Müller.jpg", "picture");

    const done = await opened().archiveMaster(file, sha256, "anna@contoso.com");

    expect(done).toEqual({ archivedAs: "hr/Anna Müller.jpg" });
    expect(await readFile(join(archive, "hr", "Anna Müller.jpg"), "utf8")).toBe("picture");
    await expect(stat(file.path)).rejects.toMatchObject({ code: "ENOENT" });
    expect(await manifest()).toEqual([
      "archivedAt,user,file,archivedAs,sha256,bytes",
      `2026-05-04T03:02:01.000Z,anna@contoso.com,hr/Anna Müller.jpg,hr/Anna Müller.jpg,${sha256},7`,
      "",
    ]);
  });

  it("never overwrites: another picture of that name gets a number", async () => {
    for (const content of ["first", "second", "third"]) {
      const { file, sha256 } = await master("a.jpg", content);
      await opened().archiveMaster(file, sha256, "a@x");
    }

    const names = (await readdir(archive)).sort();
    expect(names).toEqual(["a (2).jpg", "a (3).jpg", "a.jpg", "manifest.csv"]);
    expect(await readFile(join(archive, "a.jpg"), "utf8")).toBe("first");
    expect(await readFile(join(archive, "a (3).jpg"), "utf8")).toBe("third");
  });

  it("finishes what a killed run began: the copy is there, the master too", async () => {
    const { file, sha256 } = await master("a.jpg", "picture");
    await mkdir(archive);
    await writeFile(join(archive, "a.jpg"), "picture");

    expect(await opened().archiveMaster(file, sha256, "a@x")).toEqual({ archivedAs: "a.jpg" });
    expect((await readdir(archive)).sort()).toEqual(["a.jpg", "manifest.csv"]);
    await expect(stat(file.path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("leaves a master that changed since it was applied", async () => {
    const { file, sha256 } = await master("a.jpg", "picture");
    await writeFile(file.path, "newer picture");

    await expect(opened().archiveMaster(file, sha256, "a@x")).rejects.toMatchObject({ code: "archive-changed" });
    expect(await readFile(file.path, "utf8")).toBe("newer picture");
  });

  it("moves the picture behind a link, and leaves no half copies", async () => {
    const real = await master("real.jpg", "picture");
    const path = join(root, "photos", "alias.jpg");
    await symlink("real.jpg", path);

    await opened().archiveMaster({ ...real.file, file: "alias.jpg", path }, real.sha256, "a@x");

    expect((await readdir(archive)).sort()).toEqual(["alias.jpg", "manifest.csv"]);
    expect((await stat(join(archive, "alias.jpg"))).isFile()).toBe(true);
    expect(await readdir(join(root, "photos"))).toEqual(["real.jpg"]);
  });

  it("repairs a manifest row that a power cut tore, and defuses formulas", async () => {
    await mkdir(archive);
    await writeFile(join(archive, "manifest.csv"), "archivedAt,user,file\r\n2026,torn");
    const { file, sha256 } = await master("=cmd.jpg", "picture");

    await opened().archiveMaster(file, sha256, "a@x");

    const [, torn, row] = await manifest();
    expect(torn).toBe("2026,torn");
    expect(row).toContain(",'=cmd.jpg,");
  });

  it("keeps a master whose archive is, by a link, the folder of masters", async () => {
    const { file, sha256 } = await master("hr/a.jpg", "picture");
    await symlink(join(root, "photos"), archive);

    await expect(opened().archiveMaster(file, sha256, "a@x")).rejects.toMatchObject({ code: "archive-failed" });
    expect(await readFile(file.path, "utf8")).toBe("picture");
  });

  it("says what to do when the archive cannot be written, and keeps the master", async () => {
    const { file, sha256 } = await master("a.jpg", "picture");
    await writeFile(archive, "a file where the folder should be");

    const failed = opened().archiveMaster(file, sha256, "a@x");

    await expect(failed).rejects.toMatchObject({ code: "archive-failed", errorClass: "incomplete" });
    expect(await readFile(file.path, "utf8")).toBe("picture");
  });

  it("does not take a source whose masters are all archived for an unmounted share", async () => {
    const { file, sha256 } = await master("a.jpg", "picture");
    await opened().archiveMaster(file, sha256, "a@x");

    const source = createMasterSource({ folder: join(root, "photos"), recursive: false, archive });
    expect(await source.scan()).toEqual({ files: [], skipped: [] });
  });

  it.skipIf(process.platform !== "linux")("copies where the archive is on another device", async () => {
    const shm = await mkdtemp("/dev/shm/photodrift-").catch(() => null);
    if (shm === null) return;
    try {
      const { file, sha256 } = await master("a.jpg", "picture");
      await writeFile(join(shm, "a.jpg"), "other");

      const done = await createArchive(shm).archiveMaster(file, sha256, "a@x");

      expect(done).toEqual({ archivedAs: "a (2).jpg" });
      expect((await readdir(shm)).sort()).toEqual(["a (2).jpg", "a.jpg", "manifest.csv"]);
      await expect(stat(file.path)).rejects.toMatchObject({ code: "ENOENT" });
    } finally {
      await rm(shm, { recursive: true, force: true });
    }
  });
});
