import { mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFolder, makeFolderNow } from "../../../src/files/folders.js";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-folders-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const WAYS = [
  ["makeFolder", makeFolder],
  ["makeFolderNow", async (folder: string, mode?: number) => makeFolderNow(folder, mode)],
] as const;

describe.each(WAYS)("%s", (_, make) => {
  it("makes what is missing, for its owner only unless told, and leaves what is there", async () => {
    await make(join(dir, "a", "b", "c"));
    await make(join(dir, "a", "b", "c"));
    await make(join(dir, "shared"), 0o755);
    const mode = async (path: string) => ((await stat(join(dir, path))).mode & 0o777).toString(8);
    if (process.platform === "win32") return;
    expect([await mode("a"), await mode("a/b/c"), await mode("shared")]).toEqual(["700", "700", "755"]);
  });

  it("follows a link to a folder", async () => {
    await make(join(dir, "real"));
    await symlink(join(dir, "real"), join(dir, "link"));
    await make(join(dir, "link", "below"));
    expect((await stat(join(dir, "real", "below"))).isDirectory()).toBe(true);
  });

  it.each([
    ["a file", "file", "EEXIST"],
    ["below a file", "file/below", /EEXIST|ENOTDIR/],
    ["a name that is too long", "n".repeat(300), "ENAMETOOLONG"],
  ])("throws what the file system says of %s", async (_what, place, code) => {
    await writeFile(join(dir, "file"), "");
    await expect(make(join(dir, place))).rejects.toMatchObject({ code: expect.stringMatching(code) as string });
  });

  it.runIf(process.platform === "linux")("comes to an end below a file system that makes no folders", async () => {
    await expect(make("/proc/nowhere/at/all")).rejects.toMatchObject({ code: "ENOENT" });
  });
});
