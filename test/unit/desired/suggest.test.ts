import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance } from "../../../src/model/edit-distance.js";
import { explainFile, matchMasters, suggestMatches } from "../../../src/desired/index.js";
import type { DirectoryUser } from "../../../src/model/user.js";
import { person } from "./people-fixture.js";

const PATTERNS = ["{upn}", "{first} {last}"];
const anna = person("anna.becker@contoso.com");
const others = ["bernd.vogel", "clara.neumann", "dieter.winkelmann", "eva.groß"].map((name) =>
  person(`${name}@contoso.com`),
);

function suggest(files: readonly string[], users: readonly DirectoryUser[] = [anna, ...others], limit?: number) {
  const matches = matchMasters({ files, users, patterns: PATTERNS });
  return suggestMatches({ matches, users, patterns: PATTERNS, ...(limit === undefined ? {} : { limit }) });
}

describe("suggestions", () => {
  it.each([
    ["Ana Becker.jpg", "one letter away from {first} {last}"],
    ["Anna Bekcer.jpg", "one letter away from {first} {last}"],
    ["Anna Bäkker.jpg", "2 letters away from {first} {last}"],
    ["AnnaBecker.jpg", "one letter away from {first} {last}"],
    ["anna.becker@contoso.de.jpg", "3 letters away from {upn}"],
    ["Anna Becker (2).jpg", 'has the words "anna" and "becker"'],
    ["Portrait Anna Becker final.jpg", 'has the words "anna" and "becker"'],
    ["A Becker.jpg", 'initial "a" and surname "becker"'],
    ["Becker Anna.jpg", "spelled like {last} {first}, which is not among source.patterns"],
  ])("%s: %s", (file, because) => {
    const [first] = suggest([file]);

    expect(first).toMatchObject({ file, upn: anna.upn, displayName: "Anna Becker" });
    expect(first?.because).toContain(because);
  });

  it("are never used as matches", () => {
    const matches = matchMasters({ files: ["Ana Becker.jpg"], users: [anna], patterns: PATTERNS });

    expect(matches.byUser.size).toBe(0);
  });

  it("are not made for files that fit, nor from far names", () => {
    expect(suggest(["Anna Becker.jpg", "Zacharias Quint.jpg", "IMG_0001.jpg", "...jpg"])).toEqual([]);
  });

  it("say when the user has a master already", () => {
    expect(suggest(["Anna Becker.jpg", "Anna Becker copy.jpg"])).toEqual([
      expect.objectContaining({ because: expect.stringContaining("has a master already") as string }),
    ]);
  });

  it("keep the nearest few, in an order that does not depend on the order of users", () => {
    const twins = Array.from({ length: 9 }, (_, i) =>
      person(`anna.becker${i}@contoso.com`, { givenName: "Anna", surname: "Becker" }),
    );
    const forwards = suggest(["Ana Becker.jpg"], twins, 2);

    expect(forwards.map((entry) => entry.upn)).toEqual(["anna.becker0@contoso.com", "anna.becker1@contoso.com"]);
    expect(suggest(["Ana Becker.jpg"], [...twins].reverse(), 2)).toEqual(forwards);
  });
});

describe("edit distance", () => {
  function plain(a: string, b: string): number {
    const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
    const get = (i: number, j: number) => rows[i]?.[j] ?? Infinity;
    for (let i = 1; i <= a.length; i++) {
      rows.push([i]);
      for (let j = 1; j <= b.length; j++) {
        const swap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? get(i - 2, j - 2) + 1 : Infinity;
        rows[i]?.push(
          Math.min(swap, get(i - 1, j) + 1, get(i, j - 1) + 1, get(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)),
        );
      }
    }
    return get(a.length, b.length);
  }

  it("equals the plain algorithm up to its limit", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 9 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 4 }), (a, b, limit) => {
        expect(editDistance(a, b, limit)).toBe(Math.min(plain(a, b), limit + 1));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("explaining a file", () => {
  it("tells outcome, spellings and every pattern", () => {
    const { byFile } = matchMasters({ files: ["Eva Groß.jpg", "Jörg.jpg"], users: others, patterns: PATTERNS });
    const lines = (file: string) => {
      const match = byFile.get(file);
      return match === undefined ? [] : explainFile(match);
    };

    expect(lines("Eva Groß.jpg")).toEqual([
      "Eva Groß.jpg is the master of eva.groß@contoso.com (pattern {first} {last}).",
      'Compared as "eva gross".',
      "{upn}: fits no user",
    ]);
    expect(lines("Jörg.jpg")).toEqual([
      "Jörg.jpg fits no user.",
      'Compared as "jorg" or "joerg".',
      "{upn}: fits no user",
      "{first} {last}: fits no user",
    ]);
  });
});
