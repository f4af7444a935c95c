import { describe, expect, it } from "vitest";
import { assertDirectoryWhole, assertLicencesKnown } from "../../../src/run/directory-guard.js";

const whole = { before: 100, listed: 100, missing: 0, sharedUpns: [] };

describe("a directory that contradicts itself or the last run", () => {
  it.each([
    ["nobody is missing", whole],
    ["the first run", { ...whole, before: 0 }],
    ["as many missing as the limit allows", { ...whole, missing: 30 }],
    ["too few to say", { ...whole, before: 9, missing: 8 }],
  ])("passes: %s", (_, counts) => {
    expect(() => assertDirectoryWhole(counts, 30)).not.toThrow();
  });

  it.each([
    ["no user at all, in the first run too", { ...whole, before: 0, listed: 0 }, "directory-empty"],
    ["a third of the users missing", { ...whole, listed: 69, missing: 31 }, "directory-shrunken"],
    ["other users in their place", { ...whole, missing: 50 }, "directory-shrunken"],
    ["one name for two users", { ...whole, sharedUpns: ["a@b.c"] }, "directory-contradiction"],
  ])("is refused: %s", (_, counts, code) => {
    expect(() => assertDirectoryWhole(counts, 30)).toThrow(expect.objectContaining({ code, errorClass: "refused" }));
  });

  it("names nobody in its message", () => {
    expect(() => assertDirectoryWhole({ ...whole, sharedUpns: ["anna@contoso.com"] }, 30)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("anna") as string }),
    );
  });
});

describe("licences of subscriptions that nobody knows", () => {
  it("are refused where they are more than a few, and always where no subscription is known", () => {
    expect(() => assertLicencesKnown(100, 31, 30)).toThrow(expect.objectContaining({ errorClass: "refused" }));
    expect(() => assertLicencesKnown(3, 3, 30)).toThrow(expect.objectContaining({ code: "directory-contradiction" }));
    expect(() => assertLicencesKnown(100, 2, 30)).not.toThrow();
    expect(() => assertLicencesKnown(0, 0, 30)).not.toThrow();
  });
});
