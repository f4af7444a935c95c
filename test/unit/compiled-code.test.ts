import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { folderOfCompiledCode, isOurs } from "../../src/cli/compiled-code.js";

const dir = mkdtempSync(join(tmpdir(), "photodrift-compiled-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("compiled code is kept", () => {
  // https://specifications.freedesktop.org/basedir-spec/latest/: "All paths set in these environment variables must be absolute."
  it.each<[string, NodeJS.ProcessEnv, NodeJS.Platform, string, string | null]>([
    ["in the caches of the home", {}, "linux", "/home/ann", "/home/ann/.cache/photodrift"],
    ["where the environment says", { XDG_CACHE_HOME: "/var/cache/x" }, "linux", "/home/ann", "/var/cache/x/photodrift"],
    ["not in a relative place", { XDG_CACHE_HOME: "cache" }, "linux", "/home/ann", "/home/ann/.cache/photodrift"],
    [
      "in the home where it says nothing",
      { XDG_CACHE_HOME: "" },
      "darwin",
      "/Users/ann",
      "/Users/ann/.cache/photodrift",
    ],
    ["nowhere without a home", {}, "linux", "", null],
    ["nowhere without an absolute home", { XDG_CACHE_HOME: "x" }, "linux", "home", null],
    ["in the user's own data of Windows", { LOCALAPPDATA: "C:\\L" }, "win32", "C:\\Ann", "C:\\L\\photodrift\\cache"],
    ["in its usual place there", {}, "win32", "C:\\Ann", "C:\\Ann\\AppData\\Local\\photodrift\\cache"],
    ["nowhere there without a home", {}, "win32", "", null],
  ])("%s", (_, env, platform, home, folder) => {
    expect(folderOfCompiledCode(env, platform, home)).toBe(folder);
  });

  it("in a folder for this user alone", () => {
    const folder = join(dir, "new", "photodrift");
    expect(isOurs(folder)).toBe(true);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it.each([0o777, 0o770, 0o720, 0o702])("not in one to which others may write: %o", (mode) => {
    const folder = join(dir, mode.toString(8));
    mkdirSync(folder);
    chmodSync(folder, mode);
    expect(isOurs(folder)).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)("not in another user's", () => {
    const folder = join(dir, "of-another");
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, 65534, 65534);
    expect(isOurs(folder)).toBe(false);
  });
});
