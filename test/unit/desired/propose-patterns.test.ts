import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guessPattern, matchMasters, proposePatterns } from "../../../src/desired/index.js";
import { person } from "./people-fixture.js";

const NAMES = ["anna.becker", "bernd.vogel", "clara.neumann", "dieter.winkelmann", "eva.winter", "finn.albers"];
const users = NAMES.map((name) => person(`${name}@contoso.com`));
const title = (name: string) => name.replace(/(^|\.)\w/g, (letter) => letter.toUpperCase()).split(".");

const SPELLINGS: readonly (readonly [pattern: string, file: (name: string) => string])[] = [
  ["{upn}", (name) => `${name}@contoso.com.jpg`],
  ["{first} {last}", (name) => `${title(name).join(" ")}.png`],
  ["{last} {first}", (name) => `${title(name).reverse().join("_")}.jpeg`],
  ["{f}{last}", (name) => `${name.slice(0, 1)}${name.split(".")[1] ?? ""}.jpg`],
];

describe("patterns that are proposed", () => {
  it.each(SPELLINGS)("%s, where all files are spelled so", (pattern, file) => {
    const proposal = proposePatterns({ files: NAMES.map(file), users: () => users, domain: null });
    expect(proposal.patterns).toEqual([{ pattern, users: NAMES.length }]);
    expect(proposal).toMatchObject({ matched: NAMES.length, filesLeft: 0 });
  });

  it("two spellings: the one that fits more first, with what the other adds", () => {
    const files = NAMES.map((name, at) => (SPELLINGS[at < 4 ? 2 : 0]?.[1] ?? String)(name));
    expect(proposePatterns({ files, users: () => users, domain: null }).patterns).toEqual([
      { pattern: "{last} {first}", users: 4 },
      { pattern: "{upn}", users: 2 },
    ]);
  });

  it("initials that two people share fit neither", () => {
    const both = [person("anna.becker@contoso.com"), person("arno.becker@contoso.com")];
    expect(proposePatterns({ files: ["abecker.jpg"], users: () => both, domain: null })).toMatchObject({
      patterns: [],
      filesLeft: 1,
    });
  });

  it("what is told of a proposal is what matching by it gives", () => {
    const spelling = fc.integer({ min: 0, max: SPELLINGS.length });
    fc.assert(
      fc.property(fc.array(spelling, { minLength: NAMES.length, maxLength: NAMES.length }), (spellings) => {
        const files = NAMES.map(
          (name, at) => SPELLINGS[spellings[at] ?? 0]?.[1](name) ?? `portrait of nobody ${String(at)}.jpg`,
        );
        const proposal = proposePatterns({ files, users: () => users, domain: null, shown: 3 });
        const patterns = proposal.patterns.map(({ pattern }) => pattern);
        const told = proposal.patterns.reduce((sum, one) => sum + one.users, 0);
        const outcomes = [...matchMasters({ files, users, patterns }).byFile.values()].map(
          ({ outcome }) => outcome.kind,
        );
        const matched = patterns.length === 0 ? 0 : outcomes.filter((kind) => kind === "matched").length;
        expect(proposal).toMatchObject({ matched, filesLeft: files.length - matched });
        expect(told).toBe(matched);
        expect(proposal.preview).toHaveLength(Math.min(3, matched));
      }),
      { numRuns: 60 },
    );
  });
});

describe("a guess by the shape of names alone", () => {
  it.each([
    [["a@x.com.jpg", "b@x.com.jpg", "logo.png"], "{upn}"],
    [["Anna Berg.jpg", "Bo_Ek.png"], "{first} {last}"],
    [["Berg, Anna.jpg", "Ek, Bo.png"], "{last} {first}"],
    [["100234.jpg", "100235.jpg"], "{employeeId}"],
    [["aberg.jpg", "boek2.jpg"], "{user}"],
    [["6f3c1b2e-0000-4000-8000-000000000001.jpg"], "{id}"],
  ])("%j: %s", (files, pattern) => {
    expect(guessPattern(files)?.pattern).toBe(pattern);
  });

  it("none where no shape is the common one", () => {
    expect(guessPattern(["a@x.com.jpg", "100234.jpg", "Anna Berg.jpg", "Berg, Anna.jpg"])).toBeNull();
    expect(guessPattern([])).toBeNull();
  });
});
