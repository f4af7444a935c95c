import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeWhole } from "../../../src/files/whole-file.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-whole-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function* failing(): Iterable<string> {
  yield "half";
  throw new Error("no more");
}

describe("a file that is written whole or not at all", () => {
  it("holds every piece, and is its owner's only", async () => {
    const path = join(folder, "a.txt");
    await writeWhole(path, ["one ", Buffer.from("two")], { durable: true });
    expect(readFileSync(path, "utf8")).toBe("one two");
    expect(statSync(path).mode & 0o777).toBe(process.platform === "win32" ? 0o666 : 0o600);
  });

  it.each([
    ["there was none", null],
    ["there was one", "before"],
  ])("leaves what was there, and no draft, where the pieces end in an error: %s", async (_, before) => {
    const path = join(folder, "a.txt");
    if (before !== null) writeFileSync(path, before);
    await expect(writeWhole(path, failing())).rejects.toThrow("no more");
    expect(readdirSync(folder)).toEqual(before === null ? [] : ["a.txt"]);
    if (before !== null) expect(readFileSync(path, "utf8")).toBe(before);
  });

  it("passes on what the file system says", async () => {
    await expect(writeWhole(join(folder, "missing", "a.txt"), ["text"])).rejects.toThrow("ENOENT");
  });
});
