import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FROM_AFAR, looksAtOnce, looksIn, type Looks } from "../../../src/source/looks.js";

let folder = "";
let file = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "photodrift-looks-"));
  file = join(folder, "a.jpg");
  await writeFile(file, "12345");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const waits = (looks: Looks): boolean => looks.stat(file) instanceof Promise;

describe("looks at the files of a folder", () => {
  it.each([
    ["at once", looksAtOnce()],
    ["from afar", FROM_AFAR],
  ])("%s: what is there is told, and what is not is thrown", async (_how, looks) => {
    expect((await looks.stat(file)).size).toBe(5);
    await expect(Promise.resolve(looks.readable(file))).resolves.toBeUndefined();
    const missing = join(folder, "missing.jpg");
    await expect((async () => looks.stat(missing))()).rejects.toMatchObject({ code: "ENOENT" });
    await expect((async () => looks.readable(missing))()).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("no longer at once where the disk is slow", () => {
    let time = 0;
    const slow = looksAtOnce(() => (time += 2));
    const waited = Array.from({ length: 20 }, () => waits(slow));
    expect(waited.indexOf(true)).toBe(14);
    expect(waited.slice(14)).not.toContain(false);
    const quick = looksAtOnce(() => (time += 0.01));
    expect(Array.from({ length: 2_000 }, () => waits(quick))).not.toContain(true);
  });

  it("never at once where the file system is not of this machine, or tells nothing of itself", async () => {
    expect(await looksIn(join(folder, "missing"))).toBe(FROM_AFAR);
    if (process.platform === "linux") expect(await looksIn("/proc")).toBe(FROM_AFAR);
  });
});
