import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance } from "../../../src/model/edit-distance.js";
import { nearMiss } from "../../../src/model/near-miss.js";

/** Optimal string alignment by its recursive definition (Boytsov, "Indexing methods for approximate dictionary searching", 2011, section 2). */
function byDefinition(a: string, b: string): number {
  const known = new Map<string, number>();
  const between = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i} ${j}`;
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const same = a[i - 1] === b[j - 1] ? 0 : 1;
    let least = Math.min(between(i - 1, j) + 1, between(i, j - 1) + 1, between(i - 1, j - 1) + same);
    if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
      least = Math.min(least, between(i - 2, j - 2) + 1);
    known.set(key, least);
    return least;
  };
  return between(a.length, b.length);
}

const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 7 });

describe("the distance of two words", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["anna", "anna", 0],
    ["anna", "nana", 1],
    ["anna", "ana", 1],
    ["anna", "hanna", 1],
    ["anna", "anne", 1],
    ["ab", "ba", 1],
    ["ca", "abc", 3],
    ["kitten", "sitting", 3],
  ])("%j and %j: %i", (a, b, distance) => {
    expect(editDistance(a, b, 10)).toBe(distance);
    expect(editDistance(b, a, 10)).toBe(distance);
  });

  it("is that of the definition up to the limit, and one more beyond it (property)", () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 8 }), (a, b, limit) => {
        expect(editDistance(a, b, limit)).toBe(Math.min(byDefinition(a, b), limit + 1));
      }),
      { numRuns: 400 },
    );
  });
});

describe("what was probably meant", () => {
  const commands = ["audit", "apply", "schedule", "wrong-person", "report"];

  it.each<[string, string | null, string]>([
    ["audit", "audit", "itself"],
    ["AUDIT", "audit", "another case"],
    ["wrongperson", "wrong-person", "other punctuation"],
    ["aply", "apply", "a letter left out"],
    ["adit", "audit", "a letter left out of a short word"],
    ["sch", "schedule", "a word that is not finished"],
    ["sc", null, "two letters are no beginning"],
    ["reportage", "report", "a word that goes on"],
    ["reprot", "report", "neighbours swapped"],
    ["xxxxx", null, "nothing alike"],
    ["", null, "nothing typed"],
    ["--", null, "nothing but punctuation"],
    ["x".repeat(65), null, "too long to be a slip"],
    ["schxxule", "schedule", "two of eight letters wrong"],
    ["sxxxxule", null, "four of eight letters wrong"],
  ])("%j: %j (%s)", (typed, meant) => {
    expect(nearMiss(typed, commands)).toBe(meant);
  });

  it("numbers count as letters do, and case is none, also beyond ASCII", () => {
    expect(nearMiss("2026", ["2025"])).toBe("2025");
    expect(nearMiss("1-2-3-4-5-6", ["123456"])).toBe("123456");
    expect(nearMiss("9999", ["1111"])).toBeNull();
    expect(nearMiss("STRASSE", ["straße"])).toBe("straße");
  });

  it("the allowed third is that of the longer word", () => {
    expect(nearMiss("abcdef", ["abcd"])).toBe("abcd");
    expect(nearMiss("bcde", ["abcdef"])).toBe("abcdef");
    expect(nearMiss("x".repeat(65), ["x".repeat(65)])).toBeNull();
    expect(nearMiss("", ["a"])).toBeNull();
  });

  it("a word of 64 letters is looked up", () => {
    expect(nearMiss("x".repeat(64), ["x".repeat(64)])).toBe("x".repeat(64));
  });

  it("one letter is one edit from any other one: no hint", () => {
    expect(nearMiss("x", ["y"])).toBeNull();
    expect(nearMiss("x", ["X"])).toBe("X");
  });

  it("a candidate of one or two letters is no finished beginning", () => {
    expect(nearMiss("teams", ["te"])).toBeNull();
    expect(nearMiss("teams", ["tea"])).toBe("tea");
  });

  it("the nearest wins, of equals the first", () => {
    expect(nearMiss("marks", ["parka", "mark", "maria"])).toBe("mark");
    expect(nearMiss("cat", ["bat", "hat"])).toBe("bat");
  });
});
