import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeReport } from "../../../src/report/index.js";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-write-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function* parts(...texts: readonly string[]): AsyncIterable<string> {
  yield* texts;
}

async function* broken(): AsyncIterable<string> {
  yield "half";
  throw new Error("the database is gone");
}

describe("writeReport", () => {
  it("writes the whole report and leaves nothing else in the folder", async () => {
    await writeReport(parts("a", "ä", "山"), join(dir, "r.txt"));
    expect(await readFile(join(dir, "r.txt"), "utf8")).toBe("aä山");
    expect(await readdir(dir)).toEqual(["r.txt"]);
  });

  it("makes missing folders", async () => {
    await writeReport(parts("x"), join(dir, "a/b/r.txt"));
    expect(await readFile(join(dir, "a/b/r.txt"), "utf8")).toBe("x");
  });

  it("keeps the old report when the new one fails half way", async () => {
    const file = join(dir, "r.txt");
    await writeFile(file, "old");
    await expect(writeReport(broken(), file)).rejects.toThrow("the database is gone");
    expect(await readFile(file, "utf8")).toBe("old");
    expect(await readdir(dir)).toEqual(["r.txt"]);
  });

  it("writes through a link instead of replacing it", async () => {
    await writeFile(join(dir, "real.txt"), "old");
    await symlink(join(dir, "real.txt"), join(dir, "link.txt"));
    await writeReport(parts("new"), join(dir, "link.txt"));
    expect(await readFile(join(dir, "real.txt"), "utf8")).toBe("new");
  });

  it("explains a directory, a file in the way and a name that is too long, each with a cure", async () => {
    await mkdir(join(dir, "folder"));
    await writeFile(join(dir, "file"), "");
    const wrong = { code: "report-not-written", errorClass: "failed" };
    await expect(writeReport(parts("x"), join(dir, "folder"))).rejects.toMatchObject({ ...wrong, hint: /Name a file/ });
    await expect(writeReport(parts("x"), join(dir, "file/r.txt"))).rejects.toMatchObject({
      ...wrong,
      hint: /Correct the path/,
    });
    await expect(writeReport(parts("x"), join(dir, "n".repeat(300)))).rejects.toMatchObject({
      ...wrong,
      hint: /shorter/,
    });
  });

  it.skipIf(process.platform !== "linux")("writes to a device directly and explains a full one", async () => {
    await writeReport(parts("x"), "/dev/null");
    await expect(writeReport(parts("x".repeat(100_000)), "/dev/full")).rejects.toMatchObject({
      code: "report-not-written",
      message: "cannot write /dev/full: no space left on the device",
    });
  });
});
