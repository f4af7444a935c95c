import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DRAWINGS_VARIABLE, keptDrawing } from "../../src/sandbox/drawings.js";
import { imageOf, type Recipe } from "../../src/sandbox/pictures.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "photodrift-kept-"));
  vi.stubEnv(DRAWINGS_VARIABLE, join(folder, "drawings"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

it("what was drawn is not drawn again, whoever asks; what has another key is", async () => {
  const make = vi.fn(async () => Buffer.from("picture"));
  const asked = await Promise.all([1, 2, 3].map(() => keptDrawing("a", make)));
  expect(asked.map(String)).toEqual(["picture", "picture", "picture"]);
  const drawn = make.mock.calls.length;
  expect(String(await keptDrawing("a", make))).toBe("picture");
  expect(make).toHaveBeenCalledTimes(drawn);
  await keptDrawing("b", make);
  expect(make).toHaveBeenCalledTimes(drawn + 1);
  expect(await readdir(join(folder, "drawings"))).toHaveLength(2);
});

it("nothing is kept without a folder, nor of a drawing that failed", async () => {
  await expect(keptDrawing("a", () => Promise.reject(new Error("no memory")))).rejects.toThrow("no memory");
  vi.stubEnv(DRAWINGS_VARIABLE, "");
  expect(String(await keptDrawing("a", async () => Buffer.from("picture")))).toBe("picture");
  expect(await readdir(folder)).toEqual([]);
});

it("a picture from the folder is the picture that is drawn", async () => {
  const recipe: Recipe = { source: { kind: "portrait", seed: 3 }, width: 96, height: 96, fit: "centre" };
  const first = await imageOf(recipe);
  vi.resetModules();
  const again = await import("../../src/sandbox/pictures.js");
  const kept = await again.imageOf(recipe);
  vi.stubEnv(DRAWINGS_VARIABLE, "");
  vi.resetModules();
  const drawn = await (await import("../../src/sandbox/pictures.js")).imageOf(recipe);
  expect([kept, drawn]).toEqual([first, first]);
});
