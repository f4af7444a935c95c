import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { withConfig } from "../../../src/cli/line/command-to-type.js";
import { DEFAULT_CONFIG } from "../../../src/cli/line/globals.js";
import { typedFlags, type DoingFlags } from "../../../src/cli/line/typed.js";
import { commandLine } from "../../../src/model/shell.js";

const NOTHING: DoingFlags = {
  config: DEFAULT_CONFIG,
  user: undefined,
  group: undefined,
  rule: undefined,
  store: undefined,
  full: false,
  "fail-on": "warning",
  "exit-zero": false,
  notify: true,
  "max-changes": undefined,
  force: false,
};

describe("the command that carries on does no more than the one that was typed", () => {
  it.each([
    ["nothing", {}, ""],
    ["users", { user: ["anna@contoso.com", "b c"] }, ' --user anna@contoso.com --user "b c"'],
    ["a group", { group: ["g1"] }, " --group g1"],
    ["rules", { rule: ["stale-photo", "wrong-person"] }, " --rule stale-photo --rule wrong-person"],
    ["a store", { store: ["exchange"] }, " --store exchange"],
    ["--full", { full: true }, " --full"],
    ["--force", { force: true }, " --force"],
    ["--exit-zero", { "exit-zero": true }, " --exit-zero"],
    ["--fail-on", { "fail-on": "error" }, " --fail-on error"],
    ["--max-changes", { "max-changes": 3 }, " --max-changes 3"],
    ["--max-changes 0", { "max-changes": 0 }, " --max-changes 0"],
    ["--no-notify", { notify: false }, " --no-notify"],
    ["--config", { config: "/etc/photo drift.yaml" }, ' --config "/etc/photo drift.yaml"'],
  ] as const)("%s", (_, typed, flags) => {
    expect(commandLine("apply", ...typedFlags({ ...NOTHING, ...typed } as DoingFlags), "--yes")).toBe(
      `photodrift apply${flags} --yes`,
    );
  });
});

describe("--config of a command to type", () => {
  it.each([
    ["the file that is taken anyway", DEFAULT_CONFIG, ""],
    ["the same in another spelling", "photodrift.yaml", ""],
    ["the same, absolute", resolve("photodrift.yaml"), ""],
    ["another one, as it was typed", "../other.yaml", " --config ../other.yaml"],
    ["the same name elsewhere", "sub/photodrift.yaml", " --config sub/photodrift.yaml"],
  ])("%s", (_, config, wanted) => {
    expect(commandLine("apply", ...typedFlags({ ...NOTHING, config }))).toBe(`photodrift apply${wanted}`);
    expect(withConfig(resolve(config), "apply")).toBe(`photodrift apply${wanted}`);
  });
});
