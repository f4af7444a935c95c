import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkingCopies } from "../../../src/state/index.js";

let folder: string;
const root = () => join(folder, "state.db.pictures");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-copies-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("working copies", () => {
  it("are kept from run to run, for their owner's eyes only", async () => {
    await createWorkingCopies(join(folder, "state.db")).put("abc-1", Buffer.from("a picture"));
    const later = createWorkingCopies(join(folder, "state.db"));
    expect(await later.get("abc-1")).toEqual(Buffer.from("a picture"));
    expect(await later.get("other-1")).toBeNull();
    expect(readdirSync(root())).toEqual(["abc-1"]);
    if (process.platform !== "win32") {
      expect(statSync(join(root(), "abc-1")).mode & 0o077).toBe(0);
      expect(statSync(root()).mode & 0o077).toBe(0);
    }
  });

  it("stay within their bound: those that were not wanted for longest go first", async () => {
    const copies = createWorkingCopies(join(folder, "state.db"), 250);
    for (const [i, key] of ["a", "b"].entries()) {
      await copies.put(key, Buffer.alloc(100));
      utimesSync(join(root(), key), i + 1_000_000_000, i + 1_000_000_000);
    }
    await copies.get("a");
    await copies.put("c", Buffer.alloc(100));
    expect(readdirSync(root()).sort()).toEqual(["a", "c"]);
  });

  it("go after a month in which nobody wanted them", async () => {
    await createWorkingCopies(join(folder, "state.db")).put("old", Buffer.alloc(10));
    const longAgo = Date.now() / 1000 - 31 * 86_400;
    utimesSync(join(root(), "old"), longAgo, longAgo);
    await createWorkingCopies(join(folder, "state.db")).put("new", Buffer.alloc(10));
    expect(readdirSync(root())).toEqual(["new"]);
  });

  it("fail nobody where the folder cannot be used", async () => {
    writeFileSync(root(), "a file in the way");
    const copies = createWorkingCopies(join(folder, "state.db"));
    await copies.put("abc", Buffer.from("a picture"));
    expect(await copies.get("abc")).toBeNull();
  });
});
