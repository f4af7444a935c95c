import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { madeSchedule } from "../support/made-schedule.js";

// Paths as Windows resolves them. What the file system itself does there (locks, modes, long paths) cannot be tried on another system.
vi.mock("node:path", async () => {
  const { win32 } = await vi.importActual<typeof import("node:path")>("node:path");
  return { ...win32, default: win32 };
});
const { readConfig } = await import("../../src/config/index.js");
const { createMasterFiles } = await import("../../src/state/master-files.js");
const { readMapping } = await import("../../src/source/lists.js");
const { toTaskScheduler } = await import("../../src/schedule/export/task-scheduler.js");

const CONFIG = "D:\\photodrift\\photodrift.yaml";
const yaml = (source: string): string =>
  [
    "tenant: {id: contoso.com, name: contoso}",
    "credential: {kind: managed-identity}",
    `source: ${source}`,
    "state: .\\photodrift.db",
    "",
  ].join("\r\n");

describe("paths of Windows in the configuration", () => {
  it.each([
    ["a drive", "{folder: 'E:\\Masters\\2026'}", "E:\\Masters\\2026"],
    ["a drive with slashes", "{folder: E:/Masters}", "E:\\Masters"],
    ["a share", "{folder: '\\\\files01\\hr$\\Passbilder'}", "\\\\files01\\hr$\\Passbilder"],
    ["below the configuration", "{folder: .\\photos}", "D:\\photodrift\\photos"],
    ["beside the configuration", "{folder: ..\\photos}", "D:\\photos"],
  ])("%s", (_what, source, folder) => {
    const config = readConfig(CONFIG, yaml(source), {});
    expect(config.source.folder).toBe(folder);
    expect(config.state).toBe("D:\\photodrift\\photodrift.db");
  });

  it("an archive in the source folder is found, whatever the case and the slashes", () => {
    const inside = "{folder: 'E:\\Masters', recursive: true, archive: 'e:/MASTERS/done'}";
    expect(() => readConfig(CONFIG, yaml(inside), {})).toThrow(/lies in source.folder/);
    expect(() => readConfig(CONFIG, yaml("{folder: 'E:\\Masters', archive: 'F:\\done'}"), {})).not.toThrow();
  });
});

describe("a plan's masters stay in the source folder", () => {
  const masters = createMasterFiles("E:\\Masters");
  it.each(["anna.jpg", "team/anna.jpg", "team\\anna.jpg"])("%s is below it", (file) => {
    expect(masters.path(file)).toMatch(/^E:\\Masters\\(?:team\\)?anna\.jpg$/);
  });
  it.each(["..\\secret.jpg", "../secret.jpg", "team\\..\\..\\secret.jpg", "", "."])("%j is not", (file) => {
    expect(() => masters.path(file)).toThrow(/outside of the source folder/);
  });
});

describe("the mapping that Excel saves", () => {
  let list: string;
  beforeAll(async () => {
    list = `${await mkdtemp(`${tmpdir()}/photodrift-windows-`)}/people.csv`;
  });
  afterAll(async () => {
    await rm(list.slice(0, list.lastIndexOf("/")), { recursive: true, force: true });
  });
  const rows = "user;file\r\nanna@contoso.com;E:\\Masters\\team\\anna.jpg\r\nBO@contoso.com;e:\\masters\\Bo.JPG\r\n";
  it.each([
    ["UTF-8 with a mark", Buffer.from(`\ufeff${rows}`, "utf8")],
    ["UTF-16", Buffer.from(`\ufeff${rows}`, "utf16le")],
    ["sep=", Buffer.from(`sep=;\r\n${rows}`, "utf8")],
  ])("%s, semicolons, CRLF, absolute paths in any case", async (_what, content) => {
    await writeFile(list, content);
    const mapped = await readMapping(list, "E:\\Masters");
    expect(mapped.map(({ user, file }) => [user, file])).toEqual([
      ["anna@contoso.com", "team/anna.jpg"],
      ["BO@contoso.com", "Bo.JPG"],
    ]);
  });

  it("another drive or share is no file of the folder", async () => {
    await writeFile(
      list,
      Buffer.from("user,file\r\na@contoso.com,F:\\Masters\\a.jpg\r\nb@contoso.com,\\\\files01\\hr\\b.jpg\r\n"),
    );
    const mapped = await readMapping(list, "E:\\Masters");
    expect(mapped.map(({ file }) => file)).toEqual(["F:\\Masters\\a.jpg", "\\\\files01\\hr\\b.jpg"]);
  });
});

it("a task of the Task Scheduler names program and configuration with their drives", () => {
  const schedule = madeSchedule("nightly", {
    file: "D:\\photodrift\\schedules\\nightly.yaml",
    config: "D:\\Contoso & Co\\photodrift.yaml",
    cron: "0 3 * * *",
    formats: ["html"],
  });
  const [task] = toTaskScheduler(schedule, {
    program: ["C:\\Program Files\\nodejs\\photodrift.cmd"],
    reports: "D:\\photodrift\\reports",
    image: "photodrift:latest",
    startDay: "2026-11-23",
  });
  expect(task?.content).toContain("<Command>C:\\Program Files\\nodejs\\photodrift.cmd</Command>");
  expect(task?.content).toContain("D:\\Contoso &#38; Co\\photodrift.yaml");
});
