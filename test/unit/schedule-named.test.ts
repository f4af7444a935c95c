import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { scheduleSource } from "../../src/cli/schedule/files.js";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "photodrift-named-"));
  for (const name of ["nightly", "weekly"]) writeFileSync(join(dir, `${name}.yaml`), "cron: '@daily'\nmode: apply\n");
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const SURROUNDINGS = { configPath: "/etc/photodrift.yaml", env: {} };

it("the daemon follows the named schedule alone, also where its file comes and goes", () => {
  const source = scheduleSource({ dir, name: "nightly" }, SURROUNDINGS);
  const names = (): readonly string[] | undefined => source.read()?.schedules.map(({ name }) => name);
  expect(names()).toEqual(["nightly"]);
  expect(names()).toBeUndefined();
  rmSync(join(dir, "nightly.yaml"));
  expect(names()).toEqual([]);
  writeFileSync(join(dir, "other.yaml"), "name: nightly\ncron: '@hourly'\n");
  expect(names()).toEqual(["nightly"]);
});

it("and all of them where none is named", () => {
  const source = scheduleSource({ dir, name: undefined }, SURROUNDINGS);
  expect(source.read()?.schedules).toHaveLength(2);
});
