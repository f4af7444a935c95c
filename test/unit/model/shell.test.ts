import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { commandLine, shellWord } from "../../../src/model/shell.js";

const WORDS = [
  "anna.berg@contoso.com",
  "/home/it staff/photo drift.yaml",
  "C:\\Users\\Ärzte & Co\\photodrift.yaml",
  "o'brien@contoso.com",
  "-rf",
  "--yes",
  "$(touch hacked)",
  "`touch hacked`",
  "a!b%PATH%",
  'say "hi".json',
  "Иван Петров.jpg",
  "*.json",
  "~root",
  "a;b|c>d",
  "",
];

describe("a word of a command to type", () => {
  it.each(WORDS)("is read by sh as it is meant: %s", (word) => {
    const quoted = shellWord(word) ?? "";
    expect(execFileSync("sh", ["-c", `printf %s ${quoted}`], { encoding: "utf8" })).toBe(word);
  });

  it("stands bare where no shell minds, and in double quotes where those do for all", () => {
    expect(shellWord("anna.berg@contoso.com")).toBe("anna.berg@contoso.com");
    expect(shellWord("C:\\My Files\\photodrift.yaml")).toBe('"C:\\My Files\\photodrift.yaml"');
    expect(shellWord("a b$c")).toBe("'a b$c'");
  });

  it.each(["two\nlines", "bell\u0007", "turned\u202e", "\ud800"])("is nothing where it cannot be typed", (word) => {
    expect(shellWord(word)).toBeNull();
    expect(commandLine("audit", "--config", word)).toBeNull();
  });

  it("makes a command line of flags and words", () => {
    expect(commandLine("apply", "my plan.json", "--config", "/a/b.yaml")).toBe(
      'photodrift apply "my plan.json" --config /a/b.yaml',
    );
  });

  it.each([
    ["--yes", "--yes"],
    ["-q", "-q"],
    ["--dry-run", "--dry-run"],
    ["--x y", '"--x y"'],
    ["a --yes", '"a --yes"'],
    ["--1", '"--1"'],
    ["--yes;rm", '"--yes;rm"'],
    ["---", '"---"'],
  ])("%s stands as %s", (word, stands) => {
    expect(commandLine(word)).toBe(`photodrift ${stands}`);
  });
});
