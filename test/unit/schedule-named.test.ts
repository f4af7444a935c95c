import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exportFor } from "../../src/cli/schedule/export.js";
import { scheduleSource } from "../../src/cli/schedule/files.js";
import { NULL_TERMINAL } from "../../src/cli/terminal/null-terminal.js";
import { applyingSchedule } from "../support/made-schedule.js";

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

it("an export puts each schedule's reports where its configuration says", async () => {
  const schedules = ["a", "b"].map((name) => {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, "photodrift.yaml"), `reports: ./of-${name}\n`);
    return applyingSchedule({ name, config: join(dir, name, "photodrift.yaml"), formats: ["html"] });
  });
  let told = "";
  const terminal = { ...NULL_TERMINAL, out: (text: string) => Promise.resolve((told += text) !== "") };
  const flags = { format: ["cron"], program: "/usr/bin/photodrift", image: "", to: undefined };
  await exportFor(schedules, flags, { terminal, env: {} });
  for (const name of ["a", "b"]) expect(told).toContain(join(dir, name, `of-${name}`, `${name}.html`));
});

it("and all of them where none is named", () => {
  const source = scheduleSource({ dir, name: undefined }, SURROUNDINGS);
  expect(source.read()?.schedules).toHaveLength(2);
});
