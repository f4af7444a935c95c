import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  explainFile,
  focusByFile,
  matchMasters,
  nameTheUser,
  peopleList,
  suggestMatches,
  type MatchInput,
} from "../../../src/desired/index.js";
import { indexDeletions } from "../../../src/desired/deletions.js";
import { foldVariants } from "../../../src/desired/fold.js";
import { allowedEdits, indexNames, pairOf, wordsOf } from "../../../src/desired/near-index.js";
import { nearestFiles } from "../../../src/desired/nearest-file.js";
import { nearestUsers } from "../../../src/desired/nearest-user.js";
import { parsePattern } from "../../../src/desired/pattern.js";
import { guessPattern, proposePatterns } from "../../../src/desired/propose-patterns.js";
import type { PhotodriftError } from "../../../src/model/errors.js";
import { person } from "./people-fixture.js";

/* What counts as near, to the letter: what is shown to people who mistyped a name or a path. */

const anna = person("anna.becker@contoso.com");
const bernd = person("bernd.vogel@contoso.com");
const juergen = person("juergen.mueller@contoso.com", {
  displayName: "Jürgen Müller",
  givenName: "Jürgen",
  surname: "Müller",
});
const users = [anna, bernd, juergen];

describe("the user that a mistyped name means", () => {
  const RULE = "Give the user principal name (anna.b@contoso.com) or the object id, as the directory has it.";

  it.each<[string, string | null]>([
    ["anna.becker@contoso.com", anna.upn],
    ["anna.beker@contoso.com", anna.upn],
    ["ANNA.BECKER", anna.upn],
    ["Anna Becker", anna.upn],
    ["jürgen.müller", juergen.upn],
    ["Jurgen Muller", juergen.upn],
    ["bernd", null],
    ["bern.vogl@elsewhere.example", bernd.upn],
    ["annabeker", anna.upn],
    ["xyz", null],
    ["x", null],
    ["", null],
  ])("%s: %s", (typed, upn) => {
    expect(nameTheUser(typed, users)).toBe(upn === null ? RULE : `Did you mean ${upn}? ${RULE}`);
  });

  it("is known by mail where UPN and name say nothing of it", () => {
    const renamed = person("x1@contoso.com", { displayName: "X", mail: "carla.stein@contoso.com" });
    expect(nameTheUser("carla.stein@contoso.com", [...users, renamed])).toContain("x1@contoso.com");
    expect(nameTheUser("carla.stain@contoso.com", [...users, renamed])).toContain("x1@contoso.com");
    expect(nameTheUser("carla.stein", [...users, { ...renamed, mail: null }])).toBe(RULE);
  });

  it("is the nearest, of equals the first, and an exact one ends the search", () => {
    const [one, two] = [person("annb@contoso.com"), person("anna@contoso.com")];
    expect(nameTheUser("anna", [one, two])).toContain(two.upn);
    expect(nameTheUser("anne", [one, two])).toContain(one.upn);
    expect(nameTheUser("anne", [two, one])).toContain(two.upn);
    function* stream() {
      yield two;
      expect.fail("read on");
    }
    expect(nameTheUser("anna", stream())).toContain(two.upn);
  });
});

describe("names that share all but one character", () => {
  it("are found, whatever the character, and none that share less (property)", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 6 });
    const without = (text: string): ReadonlySet<string> =>
      new Set([text, ...Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1))]);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), word, (texts, wanted) => {
        const own = without(wanted);
        const near = texts.flatMap((text, at) => ([...without(text)].some((one) => own.has(one)) ? [at] : []));
        expect([...new Set(indexDeletions(texts).near(wanted))].sort((a, b) => a - b)).toEqual(near);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["anna", ["anna", "ana", "annna", "anma", "nana"], [0, 1, 2, 3, 4]],
    ["abcd", ["wxyz", "dcba", "abdc", "bcde", "abc", "bcd"], [2, 3, 4, 5]],
    ["", ["", "a", "ab"], [0, 1]],
  ] as const)("%s among %j", (text, texts, found) => {
    expect([...new Set(indexDeletions(texts).near(text))].sort((a, b) => a - b)).toEqual(found);
  });

  it("are found among hundreds, and nothing among none", () => {
    const texts = Array.from({ length: 500 }, (_, at) => `name ${String(at)} of many`);
    expect(new Set(indexDeletions(texts).near("name 77 of many"))).toContain(77);
    expect(indexDeletions([]).near("anna")).toEqual([]);
  });
});

describe("typing errors that a name bears", () => {
  it.each([
    [3, 0],
    [4, 1],
    [7, 1],
    [8, 2],
    [15, 2],
    [16, 3],
    [40, 3],
  ])("of %i letters: %i", (letters, edits) => {
    expect(allowedEdits("x".repeat(letters))).toBe(edits);
  });
});

describe("words in common", () => {
  const target = (name: string) => ({ name });

  it("a pair has one spelling, and a name holds all pairs of its words", () => {
    expect(pairOf("b", "a")).toBe("a b");
    expect(pairOf("a", "b")).toBe("a b");
    const [abc, ab] = [target("c a b"), target("a b")];
    const index = indexNames([abc, ab]);
    expect(index.sharing("a b")).toEqual([abc, ab]);
    expect(index.sharing("b c")).toEqual([abc]);
    expect(index.sharing("a a")).toEqual([]);
    expect(index.sharing("b a")).toEqual([]);
  });

  it("a word that more than fifty names share says nothing", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => target(`portrait ${"xyz"[at % 3] ?? ""}${at}`));
    expect(indexNames(many(50)).near("portrait").size).toBe(50);
    expect(indexNames(many(51)).near("portrait").size).toBe(0);
  });

  it("a name is its first six words, each once", () => {
    expect(wordsOf("a b a c")).toEqual(["a", "b", "c"]);
    expect(wordsOf("a b c d e f g")).toEqual(["a", "b", "c", "d", "e", "f"]);
    const twice = target("anna anna");
    expect([...indexNames([twice]).near("anna")]).toEqual([twice]);
    expect(indexNames([twice]).sharing("anna anna")).toEqual([]);
  });
});

describe("folded spellings, to the letter", () => {
  it.each<[string, readonly string[]]>([
    ["Anna_Becker", ["anna becker"]],
    ["й", ["й"]],
    ["Ёлка", ["елка"]],
    ["ї", ["ї"]],
    ["が", ["が"]],
    ["ü", ["u", "ue"]],
    ["ë", ["e"]],
    ["å", ["a", "aa"]],
    ["ů", ["u"]],
    ["á", ["a"]],
    ["ø", ["o", "oe"]],
    ["æ", ["ae"]],
    ["o'b", ["o b", "ob"]],
    ["日本", ["日本"]],
    ["x-ü'", ["x u", "x ue"]],
    ["A".repeat(600), ["a".repeat(512)]],
    ["A".repeat(512), ["a".repeat(512)]],
    [`${"é".repeat(512)}b`, ["e".repeat(512)]],
  ])("%s", (text, variants) => {
    expect([...foldVariants(text)].sort()).toEqual([...variants].sort());
  });

  it("of a name with too many choices: all letters short or all long, apostrophes likewise", () => {
    expect(new Set(foldVariants("üüüü'ü"))).toEqual(new Set(["uuuu u", "ueueueue ue", "uuuuu", "ueueueueue"]));
    expect(foldVariants("üüüü")).toHaveLength(16);
  });
});

describe("the file that a row of the mapping may mean", () => {
  const near = (path: string, ...files: readonly string[]) => nearestFiles([path], files).get(path) ?? null;

  it.each<[string, readonly string[], string | null]>([
    ["anna.png", ["hr/anna.jpg"], "hr/anna.jpg"],
    ["C:anna.png", ["anna.jpg"], "anna.jpg"],
    ["annaa.jpg", ["anna.jpg"], "anna.jpg"],
    ["anaa.jpg", ["annb.jpg"], null],
    ["ana.jpg", ["anna.jpg"], "anna.jpg"],
    ["anna.jpg", ["anna.png", "annb.png"], "anna.png"],
    ["annc.jpg", ["anna.png", "annb.png"], null],
    ["bob.jpg", ["rob.jpg"], null],
    ["anna becker.jpg", ["anna bekerr.jpg"], "anna bekerr.jpg"],
    ["anna becker.jpg", [], null],
  ])("%s among %j: %s", (path, files, wanted) => {
    expect(near(path, ...files)).toBe(wanted);
  });

  const problem = (file: string) =>
    matchMasters({ files: ["zzz.jpg"], users, mapping: [{ user: anna.upn, file, line: 2 }] }).problems[0];

  it.each([
    ["a https://x", "not among the images"],
    ["a//b.jpg", "not among the images"],
    ["ab:c.jpg", "not among the images"],
    ["b~", "not among the images"],
    ["~/anna.jpg", "an absolute path"],
    ["..", "leads out"],
    ["..anna.jpg", "not among the images"],
    ['x"anna.jpg"', "not among the images"],
  ])("%s is told as what it is: %s", (file, why) => {
    expect(problem(file)?.message).toContain(why);
    expect(problem(file)?.cure).toBe("Write the path as it stands below the source folder, for example hr/anna.jpg.");
  });

  it("is told without the blanks around the cell", () => {
    expect(problem("  x.jpg ")?.entry).toBe("x.jpg");
  });
});

describe("the focus that rows give to files", () => {
  const [left, right] = [
    { x: 10, y: 20 },
    { x: 90, y: 20 },
  ];

  it("is the first one given, found by path or without regard to case; other files have none", () => {
    const rows = [
      { file: "a.jpg", focus: null },
      { file: "a.jpg", focus: left },
      { file: "a.jpg", focus: right },
      { file: "HR\\B.JPG", focus: right },
      { file: "gone.jpg", focus: right },
    ];
    expect([...focusByFile(rows, ["a.jpg", "hr/b.jpg", "c.jpg"])]).toEqual([
      ["a.jpg", left],
      ["hr/b.jpg", right],
    ]);
    expect(focusByFile([], ["a.jpg"]).size).toBe(0);
    expect(focusByFile([{ file: "a.jpg", focus: null }], ["a.jpg"]).size).toBe(0);
  });

  it("goes by the exact spelling where there is one", () => {
    const found = focusByFile([{ file: "A.jpg", focus: left }], ["a.jpg", "A.jpg"]);
    expect([...found.keys()]).toEqual(["A.jpg"]);
    const both = focusByFile([{ file: "aA.jpg", focus: left }], ["aa.jpg", "AA.jpg"]);
    expect([...both.keys()].sort()).toEqual(["AA.jpg", "aa.jpg"]);
  });
});

describe("the nearest user of an entry of a list, in words", () => {
  const because = (entry: string, ...all: readonly (typeof anna)[]) =>
    nearestUsers([entry], all.length === 0 ? users : all).get(entry)?.because ?? null;

  it.each<[string, string | null]>([
    ["anna.beker@contoso.com", "one letter away from the UPN"],
    ["ana.beker@contoso.com", "2 letters away from the UPN"],
    ["anna_becker@contoso.com", "spelled almost like the UPN"],
    ["anna.becker@elsewhere.example", "the same name before the @"],
    ["abecker@elsewhere.example", "spelled like initial and name"],
    ["beckera@elsewhere.example", "spelled like initial and name"],
    ["annab@elsewhere.example", "spelled like initial and name"],
    ["anna.maier@elsewhere.example", "the same name in part"],
    ["bernd-xy@elsewhere.example", "the same name in part"],
    ["an@elsewhere.example", null],
  ])("%s: %s", (entry, words) => {
    expect(because(entry)).toBe(words);
  });

  it("a word in common is told only where nobody else has it", () => {
    expect(because("anna.maier@x.example", anna, person("anna.stein@contoso.com"))).toBeNull();
    expect(because("anna.maier@x.example", anna, bernd)).toBe("the same name in part");
  });

  it("names of two letters are no account name, nor a word", () => {
    expect(because("bli@x.example", person("bo.li@contoso.com"))).toBeNull();
    expect(because("lib@x.example", person("bo.li@contoso.com"))).toBeNull();
    expect(because("bo.maier@x.example", person("bo.li@contoso.com"))).toBeNull();
  });

  it("numbers are equal but for leading zeros, or nothing", () => {
    const numbered = person("x.y@contoso.com", { employeeId: "00700" });
    expect(because("700", numbered)).toBe("the employee id without its leading zeros");
    expect(because("0700", numbered)).toBe("the employee id without its leading zeros");
    expect(because("7", numbered)).toBeNull();
    expect(because("701", numbered)).toBeNull();
    expect(because("0", person("x.y@contoso.com", { employeeId: "000" }))).toBe(
      "the employee id without its leading zeros",
    );
  });
});

describe("patterns that are proposed, and guessed, to the letter", () => {
  it("the matches are shown with the names of the users, as many as asked for, ten unless told", () => {
    const crowd = Array.from({ length: 12 }, (_, at) =>
      person(`user.number${String.fromCharCode(97 + at)}@contoso.com`),
    );
    const files = crowd.map(({ upn }) => `${upn}.jpg`);
    const proposal = proposePatterns({ files, users: () => crowd, domain: null });
    expect(proposal.preview).toHaveLength(10);
    expect(proposal.preview[0]).toEqual({
      file: files[0],
      upn: crowd[0]?.upn,
      displayName: crowd[0]?.displayName,
    });
    expect(proposal.preview.every(({ displayName }) => displayName !== "")).toBe(true);
    expect(proposePatterns({ files, users: () => crowd, domain: null, shown: 1 }).preview).toHaveLength(1);
    expect(proposePatterns({ files: ["x.jpg"], users: () => crowd, domain: null })).toEqual({
      patterns: [],
      preview: [],
      matched: 0,
      filesLeft: 1,
    });
  });

  it("no more than four, and none that finds less than one file in two hundred", () => {
    const kinds = [anna, bernd, juergen, ...["a.one", "b.two", "c.three"].map((name) => person(`${name}@contoso.com`))];
    const spelled = [
      (u: typeof anna) => `${u.upn}.jpg`,
      (u: typeof anna) => `${u.givenName ?? ""} ${u.surname ?? ""}.jpg`,
      (u: typeof anna) => `${u.surname ?? ""} ${u.givenName ?? ""}.jpg`,
      (u: typeof anna) => `${u.id}.jpg`,
      (u: typeof anna) => `${(u.givenName ?? "").slice(0, 1)}${u.surname ?? ""}.jpg`,
    ];
    const files = kinds.map((user, at) => (spelled[at] ?? spelled[0])?.(user) ?? "");
    const all = proposePatterns({ files, users: () => kinds, domain: null });
    expect(all.patterns.length).toBeLessThanOrEqual(4);
    expect(all.patterns[0]?.pattern).toBe("{upn}");
    const few = (strangers: number) => [
      `${anna.upn}.jpg`,
      ...Array.from({ length: strangers }, (_, at) => `q${at}z.jpg`),
    ];
    expect(proposePatterns({ files: few(199), users: () => users, domain: null }).patterns).toHaveLength(1);
    expect(proposePatterns({ files: few(200), users: () => users, domain: null }).patterns).toHaveLength(0);
  });

  it.each<[readonly string[], string | null, number]>([
    [["hr@berlin/100234.jpg"], "{employeeId}", 1],
    [["12.jpg"], null, 0],
    [["x1234.jpg"], "{user}", 1],
    [["1234x.jpg"], null, 0],
    [["O'Neil-Smith, Bo.jpg"], "{last} {first}", 1],
    [["Berg,Anna.jpg"], "{last} {first}", 1],
    [["1 Berg, Anna.jpg"], null, 0],
    [["Berg, 1.jpg"], null, 0],
    [["Zoe\u0301 O'Neil-Smith.jpg"], "{first} {last}", 1],
    [["Anna.Berg.jpg"], "{first} {last}", 1],
    [["1 Anna Berg.jpg"], null, 0],
    [["Anna Berg 2.jpg"], null, 0],
    [["Anna  Berg.jpg"], null, 0],
    [["zoe\u0301.jpg"], "{user}", 1],
    [["anna2.jpg"], "{user}", 1],
    [["an2na.jpg"], null, 0],
    [["-anna.jpg"], null, 0],
    [["a@x.jpg", "1.jpg"], "{upn}", 1],
    [["a@x.jpg", "1.jpg", "2.jpg"], null, 0],
    [["100234.jpg", "anna.jpg", "100235.jpg"], "{employeeId}", 2],
  ])("%j: %s", (files, pattern, count) => {
    expect(guessPattern(files)).toEqual(pattern === null ? null : { pattern, files: count });
  });
});

describe("rows that name several people, or one twice", () => {
  const twins = ["d", "b", "a"].map((name) => person(`${name}@contoso.com`, { employeeId: "7" }));

  it("are told with all of them in order, and problems in the order of the lines", () => {
    const list = peopleList([
      { user: "nobody@x.example", line: 4 },
      { user: "7", line: 2 },
      { user: "nobody@x.example", line: 1 },
      { user: "a@contoso.com", line: 3 },
    ]);
    for (const user of twins) expect(list.has(user)).toBe(true);
    expect(list.has(bernd)).toBe(false);
    expect(list.problems().map(({ line, kind, upns }) => [line, kind, upns])).toEqual([
      [1, "no-user", []],
      [2, "several-users", ["a@contoso.com", "b@contoso.com", "d@contoso.com"]],
      [4, "no-user", []],
    ]);
    expect(list.problems()[1]?.message).toBe('"7" names 3 users: a@contoso.com, b@contoso.com, d@contoso.com');
    expect(peopleList([]).has(anna)).toBe(false);
  });

  it("the surest key is told first, and wins in the mapping, also where more users than are kept have a weaker one", () => {
    const crowd = Array.from({ length: 15 }, (_, at) =>
      person(`crowd${String.fromCharCode(97 + at)}@contoso.com`, { aliases: ["one@contoso.com"] }),
    );
    const owner = person("one@contoso.com");
    for (const users of [
      [...crowd, owner],
      [owner, ...crowd],
    ]) {
      const list = peopleList([{ user: "one@contoso.com", line: 1 }]);
      users.forEach((user) => list.has(user));
      const [problem] = list.problems();
      expect([problem?.kind, problem?.upns.length, problem?.upns[0]]).toEqual(["several-users", 10, owner.upn]);
      const mapping = [{ user: "one@contoso.com", file: "x.jpg", line: 1 }];
      const { byFile, problems } = matchMasters({ files: ["x.jpg"], users, mapping });
      expect(byFile.get("x.jpg")?.outcome).toMatchObject({ kind: "matched", upn: owner.upn });
      expect(problems).toEqual([]);
    }
    const list = peopleList([{ user: "one@contoso.com", line: 1 }]);
    crowd.forEach((user) => list.has(user));
    expect(list.problems()[0]?.upns).toHaveLength(10);
  });

  it("a mapping that gives a file to one user twice gives it once; to somebody who has it named twice over, to nobody", () => {
    const rows = (...names: readonly string[]) => names.map((user, at) => ({ user, file: "x.jpg", line: at + 1 }));
    const of = (...names: readonly string[]) =>
      matchMasters({ files: ["x.jpg"], users: [anna, bernd], mapping: rows(...names) }).byFile.get("x.jpg")?.outcome;
    expect(of(anna.upn, anna.upn)).toMatchObject({ kind: "matched", upn: anna.upn });
    expect(of(anna.upn, bernd.upn)).toMatchObject({ kind: "ambiguous", upns: [anna.upn, bernd.upn] });
  });

  it("a page of the directory that brings a user twice changes nothing", () => {
    const files = ["Anna Becker.jpg", "anna_becker.jpg"];
    const once = matchMasters({ files, users: [anna] });
    const twice = matchMasters({ files, users: [anna, { ...anna, givenName: "anna" }, anna] });
    expect(twice.byUser.get(anna.id)).toEqual(once.byUser.get(anna.id));
  });
});

describe("patterns as they are typed", () => {
  const refusal = (text: string): string => {
    try {
      parsePattern(text);
    } catch (error) {
      return `${(error as PhotodriftError).message} ${(error as PhotodriftError).hint}`;
    }
    return "taken";
  };

  it.each([
    [" {upn} ", 1],
    ["{upn}.jpg", 1],
    ["{upn}.*", 1],
    ["//{first}/{last}", 2],
    ["a\\{upn}", 2],
  ])("%j has %i folders and names", (text, depth) => {
    expect(parsePattern(text).depth).toBe(depth);
  });

  it("are refused with what is wrong, and what was meant", () => {
    expect(refusal("{upn")).toContain("a brace without its partner");
    expect(refusal("upn}")).toContain("a brace without its partner");
    expect(refusal("photo")).toContain("it has no field");
    expect(refusal("")).toContain("it has no field");
    expect(refusal("{UPN}")).toContain("{UPN} is no field; did you mean {upn}?");
    expect(refusal("{name}")).toContain("{name} is no field.");
    expect(refusal("{name}")).toMatch(/Fields: .*\{upn\} .*\{first\}/);
  });

  it("are of names only where every field is one", () => {
    expect(parsePattern("{first} {last}").namesOnly).toBe(true);
    expect(parsePattern("{first} {upn}").namesOnly).toBe(false);
    expect(parsePattern("{upn}").namesOnly).toBe(false);
  });
});

describe("why a file did not fit", () => {
  const tried = (file: string, input: Omit<MatchInput, "files">) =>
    matchMasters({ files: [file], ...input }).byFile.get(file);
  const patterns = ["{first} {last}", "{upn}", "{employeeId}"];

  it("another pattern was more exact, nobody has the attributes, or nobody fits", () => {
    const match = tried("Anna Becker.jpg", {
      users,
      patterns: ["{first} {last}", "{displayName}", "{employeeId}", "{upn}"],
    });
    expect(match?.tried).toEqual([
      `{displayName}: fits ${anna.upn}, but {first} {last} is more exact`,
      "{employeeId}: no user has the attributes it needs",
      "{upn}: fits no user",
    ]);
  });

  it("the mapping gives it to somebody who does not exist, or waits for another file", () => {
    const reserved = tried("Anna Becker.jpg", {
      users,
      patterns,
      mapping: [{ user: "nobody@contoso.com", file: "Anna Becker.jpg", line: 4 }],
    });
    expect(reserved?.tried[0]).toBe("mapping: line 4 gives the file to a user who does not exist");
    expect(reserved?.tried[1]).toBe(`{first} {last}: fits ${anna.upn}, but the mapping file decides otherwise`);
    const waiting = tried("Anna Becker.jpg", {
      users,
      patterns,
      mapping: [{ user: anna.upn, file: "gone.jpg", line: 7 }],
    });
    expect(waiting?.tried[0]).toBe(
      `{first} {last}: fits ${anna.upn}, but line 7 of the mapping file names a file that is not there`,
    );
  });

  it("names of many are shortened, in order", () => {
    const twins = ["d", "b", "a", "c", "f", "e"].map((name) =>
      person(`${name}@contoso.com`, { givenName: "Anna", surname: "Becker" }),
    );
    const won = tried("Anna Becker.jpg", {
      users: [...twins, anna],
      patterns,
      mapping: [{ user: anna.upn, file: "Anna Becker.jpg", line: 1 }],
    });
    expect(won?.tried[0]).toBe(
      "{first} {last}: fits a@contoso.com, anna.becker@contoso.com, b@contoso.com and 4 more, but mapping is more exact",
    );
    const few = tried("Anna Becker.jpg", {
      users: [...twins.slice(0, 2), anna],
      patterns,
      mapping: [{ user: anna.upn, file: "Anna Becker.jpg", line: 1 }],
    });
    expect(few?.tried[0]).toContain("fits anna.becker@contoso.com, b@contoso.com, d@contoso.com, but");
    const all = tried("Anna Becker.jpg", { users: twins, patterns });
    expect(all === undefined ? [] : explainFile(all)[0]).toBe(
      "Anna Becker.jpg is ambiguous: fits 6 users by {first} {last}: a@contoso.com, b@contoso.com, c@contoso.com, d@contoso.com, e@contoso.com and 1 more. Nothing is guessed; the mapping file can decide.",
    );
    const five = tried("Anna Becker.jpg", { users: twins.slice(0, 5), patterns });
    expect(five === undefined ? [] : explainFile(five)[0]).toContain("d@contoso.com, f@contoso.com. Nothing");
  });

  it("outranked, by the mapping, and without a name in it", () => {
    const files = ["Anna Becker.jpg", `${anna.upn}.jpg`];
    const { byFile } = matchMasters({ files, users, patterns: ["{upn}", "{first} {last}"] });
    const outranked = byFile.get("Anna Becker.jpg");
    expect(outranked === undefined ? [] : explainFile(outranked)[0]).toBe(
      `Anna Becker.jpg fits ${anna.upn} (pattern {first} {last}), whose master is the more exact ${anna.upn}.jpg.`,
    );
    const mapped = tried("...jpg", { users, patterns, mapping: [{ user: anna.upn, file: "...jpg", line: 1 }] });
    expect(mapped === undefined ? [] : explainFile(mapped).slice(0, 2)).toEqual([
      `...jpg is the master of ${anna.upn} (mapping file).`,
      "The file name holds no name.",
    ]);
  });
});

describe("suggestions for files that fit nobody", () => {
  it("come once a user, with the nearest sign, and say who has a master already", () => {
    const files = ["Becker Ana.jpg", `${bernd.upn}.jpg`, "Bernd Vogl.jpg"];
    const matches = matchMasters({ files, users, patterns: ["{upn}"] });
    const found = suggestMatches({ matches, users, patterns: ["{upn}", "{first}/{last}"] });
    expect(found.map(({ file, upn, because }) => [file, upn, because])).toEqual([
      ["Becker Ana.jpg", anna.upn, "one letter away from {last} {first}, which is not among source.patterns"],
      [
        "Bernd Vogl.jpg",
        bernd.upn,
        "one letter away from {first} {last}, which is not among source.patterns; the user has a master already",
      ],
    ]);
  });

  it("read nobody where every file fits", () => {
    const matches = matchMasters({ files: [`${anna.upn}.jpg`], users, patterns: ["{upn}"] });
    function* none() {
      if (matches.byUser.size >= 0) expect.fail("read");
      yield anna;
    }
    expect(suggestMatches({ matches, users: none(), patterns: ["{upn}"] })).toEqual([]);
  });
});
