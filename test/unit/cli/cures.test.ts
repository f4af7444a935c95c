import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COMMAND_NAMES } from "../../../src/cli/line/command-line.js";
import { CONFIGURED_COMMANDS, cureToType } from "../../../src/cli/line/command-to-type.js";

const HERE = "conf/photodrift.yaml";

describe("a cure for the configuration that was typed", () => {
  it.each([
    ["run photodrift audit again", "run photodrift audit --config conf/photodrift.yaml again"],
    ["`photodrift runs` lists the runs.", "`photodrift runs --config conf/photodrift.yaml` lists the runs."],
    [
      "Make a new one: photodrift audit --plan FILE.",
      "Make a new one: photodrift audit --config conf/photodrift.yaml --plan FILE.",
    ],
    [
      "Type `photodrift init` to write one, or name yours with --config FILE.",
      "Type `photodrift init --config conf/photodrift.yaml` to write one, or name yours with --config FILE.",
    ],
  ])("%s", (cure, typed) => {
    expect(cureToType(cure, HERE)).toBe(typed);
  });

  it.each([
    "`photodrift apply --help` tells what it takes.",
    "`photodrift apply --schema` prints its JSON Schema.",
    "`photodrift fleet plan` tells which.",
    "photodrift writes nothing.",
    "`photodrift audit --plan p.json --config other.yaml`",
  ])("leaves alone: %s", (cure) => {
    expect(cureToType(cure, HERE)).toBe(cure);
  });

  it("says nothing of the configuration that is taken anyway", () => {
    expect(cureToType("run photodrift audit again", "./photodrift.yaml")).toBe("run photodrift audit again");
  });

  it("quotes a path as the shell needs it", () => {
    expect(cureToType("run photodrift audit again", "a b/p.yaml")).toContain('--config "a b/p.yaml" again');
  });

  it("knows each command that works by a configuration", () => {
    const others = ["schedule", "fleet", "sandbox", "completion", "demo"];
    expect([...CONFIGURED_COMMANDS, ...others].sort()).toEqual([...COMMAND_NAMES].sort());
  });

  it("leaves no command of any cure of the list without its configuration", () => {
    const cures = readFileSync("src/cli/ERRORS.md", "utf8")
      .replaceAll("\\", "")
      .matchAll(/^ *Cure: (.*)$/gm);
    const named = new RegExp(`photodrift (?:${CONFIGURED_COMMANDS.join("|")})\\b(?! --(?:help|schema|config))`);
    const left = [...cures].map(([, cure = ""]) => cureToType(cure, HERE)).filter((cure) => named.test(cure));
    expect(left).toEqual([]);
  });
});
