import { describe, expect, it } from "vitest";
import { listEntries, matchMasters, peopleList } from "../../../src/desired/index.js";
import { listEntryFinding } from "../../../src/compare/rules/lists.js";
import type { MatchRow } from "../../../src/desired/mapping.js";
import { nearestFiles } from "../../../src/desired/nearest-file.js";
import { pathKey } from "../../../src/model/path-key.js";
import { nearestUsers } from "../../../src/desired/nearest-user.js";
import { person } from "./people-fixture.js";

const anna = person("anna.becker@contoso.com", { employeeId: "00123" });
const juergen = person("juergen.mueller@contoso.com", {
  displayName: "Jürgen Müller",
  givenName: "Jürgen",
  surname: "Müller",
});
const others = ["bernd.vogel", "clara.schmidt", "dora.schmidt", "emil.becker"].map((name) =>
  person(`${name}@contoso.com`),
);
const users = [anna, juergen, ...others];

describe("the nearest user of an entry that names nobody", () => {
  it.each([
    ["anna.beker@contoso.com", anna, /one letter/],
    ["anan.becker@contoso.com", anna, /one letter/],
    ["anna.becker@contoso.de", anna, /letters|before the @/],
    ["anna.becker@fabrikam.example", anna, /same name before the @/],
    ["becker.anna@old.example", anna, /words "anna" and "becker"/],
    ["abecker@contoso.com", anna, /./],
    ["a.becker@old.example", anna, /initial "a" and surname "becker"/],
    ["123", anna, /leading zeros/],
    ["juergen.alt@contoso.com", juergen, /in part/],
    ["Jürgen Müller", juergen, /./],
    ["jürgen.müller@contoso.com", juergen, /./],
    ["SMTP:juergen.muller@contoso.com", juergen, /./],
  ])("%s", (entry, user, because) => {
    const near = nearestUsers([entry], users).get(entry);

    expect(near?.upn).toBe(user.upn);
    expect(near?.because).toMatch(because);
  });

  it.each(["zz@elsewhere.example", "x.schmidt@old.example", "4711", "", "@", "00124"])("is nobody for %s", (entry) => {
    expect(nearestUsers([entry], users).get(entry)).toBeUndefined();
  });

  it("does not depend on the order of the users", () => {
    const entries = ["anna.beker@contoso.com", "juergen.alt@contoso.com", "becker@contoso.com", "e.becker@x.example"];

    expect(nearestUsers(entries, [...users].reverse())).toEqual(nearestUsers(entries, users));
  });

  it("counts users + entries, not their product: thousands of both", () => {
    const crowd = Array.from({ length: 20_000 }, (_, i) => person(`first${i}.last${i % 997}@contoso.com`));
    const entries = Array.from({ length: 1_000 }, (_, i) => `first${i}x.last${i % 997}@contoso.com`);
    let reads = 0;
    function* stream() {
      for (const user of crowd) {
        reads++;
        yield user;
      }
    }

    expect(nearestUsers(entries, stream()).size).toBe(1_000);
    expect(reads).toBe(crowd.length);
  });
});

describe("paths of mapping rows", () => {
  it.each([
    ["hr\\anna.jpg", "hr/anna.jpg"],
    ["./hr//x/../anna.jpg", "hr/anna.jpg"],
    ["\u202Ahr/anna.jpg\u202C", "hr/anna.jpg"],
    ['"hr/anna.jpg"', "hr/anna.jpg"],
    ["../anna.jpg", "../anna.jpg"],
    ["hr/../../anna.jpg", "../anna.jpg"],
    ["\\\\fs01\\hr\\anna.jpg", "//fs01/hr/anna.jpg"],
    ["/../anna.jpg", "/../anna.jpg"],
  ])("%s is %s", (cell, path) => {
    expect(pathKey(cell)).toBe(path);
  });

  it.each([
    ["\\\\fs01\\hr\\Jürgen Müller.jpg", /network path/],
    ["//fs01/hr/Jürgen Müller.jpg", /network path/],
    ["C:\\Photos\\juergen mueller.png", /Windows drive/],
    ["d:juergen_mueller.jpg", /Windows drive/],
    ["/mnt/hr/Juergen Mueller.jpeg", /absolute path/],
    ["../Jürgen Müller.jpg", /leads out/],
    ["hr/../../Jürgen Müller.jpg", /leads out/],
    ["https://intranet.example/juergen-mueller.jpg", /web address/],
    ["file:///mnt/juergen-mueller.jpg", /web address/],
    ["Jürgen Mülller.jpg", /not among the images/],
    ["sub/Jürgen Müller.jpg", /not among the images/],
    ["Jürgen Müller", /not among the images/],
  ])("%s is told with why and the file it may mean", (file, why) => {
    const { problems, byUser } = matchMasters({
      files: ["Anna Becker.jpg", "Jürgen Müller.jpg"],
      users,
      mapping: [{ user: juergen.upn, file, line: 2 }],
    });

    expect(problems).toMatchObject([{ line: 2, kind: "no-file", entry: file, upns: [juergen.upn] }]);
    expect(problems[0]?.message).toMatch(why);
    expect(problems[0]?.cure).toContain('"Jürgen Müller.jpg"');
    expect(byUser.has(juergen.id)).toBe(false);
  });

  it("never become another file: the nearest is shown only where it is the only one", () => {
    expect(nearestFiles(["x/anna.jpg"], ["a/anna.jpg", "b/anna.jpg"]).size).toBe(0);
    expect(nearestFiles(["", "..", "zzz.jpg"], ["anna.jpg"]).size).toBe(0);
  });

  it("tells an empty cell", () => {
    const { problems } = matchMasters({ files: ["a.jpg"], users, mapping: [{ user: anna.upn, file: "", line: 9 }] });

    expect(problems).toMatchObject([{ line: 9, kind: "no-file", message: "the column file is empty" }]);
  });
});

describe("mapping rows with several people", () => {
  const bernd = others[0] ?? anna;
  const files = ["a.jpg", "Anna Becker.jpg"];

  it.each([
    ["two users", `${anna.upn}; ${bernd.upn}`, ["several-users"], "ambiguous"],
    ["one user and nobody", `${anna.upn}; nobody@x`, ["several-users", "no-user"], "unmatched"],
    ["nobody at all", "no@x; nobody@x", ["no-user", "no-user"], "unmatched"],
    ["one user in two spellings", `${anna.upn}; SMTP:${anna.upn.toUpperCase()}`, [], "matched"],
    ["one user by two keys", `${anna.upn}; 00123`, [], "matched"],
  ])("give the file to nobody by a guess: %s", (_, user, kinds, outcome) => {
    const { problems, byFile } = matchMasters({ files, users, mapping: [{ user, file: "a.jpg", line: 2 }] });

    expect(problems.map(({ kind }) => kind)).toEqual(kinds);
    expect(byFile.get("a.jpg")?.outcome.kind).toBe(outcome);
  });

  it("are told, and so are cells beyond the header", () => {
    const mapping = [{ user: anna.upn, file: "a.jpg", line: 2, beyond: ["x", "y"] }];
    const { problems, byFile } = matchMasters({ files, users, mapping });

    expect(problems).toMatchObject([
      { line: 2, kind: "beyond-header", message: expect.stringContaining('no column for "x", "y"') as string },
    ]);
    expect(byFile.get("a.jpg")?.outcome.kind).toBe("matched");
  });
});

describe("mapping rows that name another user by a weaker key", () => {
  it("take the surest match, without a word", () => {
    const other = person("other@contoso.com", { aliases: [anna.upn], employeeId: "00123" });
    const { problems, byFile } = matchMasters({
      files: ["a.jpg"],
      users: [other, ...users],
      mapping: [{ user: anna.upn, file: "a.jpg", line: 2 }],
    });

    expect(problems).toEqual([]);
    expect(byFile.get("a.jpg")?.outcome).toMatchObject({ kind: "matched", upn: anna.upn });
  });
});

describe("mapping rows whose file was archived", () => {
  const renamed = person("anna.neu@contoso.com", { aliases: [anna.upn] });
  const told = (row: Partial<MatchRow>, everybody = users) =>
    matchMasters({
      files: ["Anna Becker.jpg"],
      users: everybody,
      mapping: [{ user: anna.upn, file: "a.jpg", line: 2, archivedFor: [anna.upn], ...row }],
    });

  it.each<[string, Partial<MatchRow>, number]>([
    ["as the user's master", {}, 0],
    ["as another user's", { archivedFor: [juergen.upn] }, 1],
    ["as several users', one after the other", { archivedFor: [juergen.upn, anna.upn.toUpperCase()] }, 0],
    ["as that of one who left", { archivedFor: ["left@contoso.com"] }, 1],
    ["never", { archivedFor: [] }, 1],
  ])("%s", (_, row, problems) => {
    expect(told(row).problems.filter(({ kind }) => kind === "no-file")).toHaveLength(problems);
  });

  it("as the master of a user who has another name now", () => {
    expect(told({ user: renamed.upn }, [renamed, juergen]).problems).toEqual([]);
  });

  it("keep other files from their user, as before they were archived", () => {
    expect(told({}).byUser.has(anna.id)).toBe(false);
  });
});

describe("entries of lists", () => {
  it("tell for each person of a row whom it may mean, and what is wrong once", () => {
    const list = peopleList([
      { user: "anna.beker@contoso.com; zz@elsewhere.example; bernd.vogl@contoso.com", line: 3 },
    ]);
    const [entry] = listEntries([{ list: "consent", file: "out.csv", problems: list.problems() }], () => users);

    expect(entry?.problems.map(({ nearest }) => nearest?.upn)).toEqual([anna.upn, undefined, others[0]?.upn]);
    const { summary, remedy, severity } = listEntryFinding(entry ?? expect.fail());
    expect(severity).toBe("error");
    expect(summary).toMatch(
      /anna\.beker.*\(did you mean anna\.becker.*zz@else.*bernd\.vogl.*\(did you mean bernd\.vogel/,
    );
    expect(remedy.cure).toMatch(/Write anna\.becker.* Write the user's UPN.* Write bernd\.vogel/);
  });

  it.each(["&", " & ", "+", "|", "\\"])(
    "tell both of two people who are glued together with %j, and no nearest one",
    (glue) => {
      const list = peopleList([{ user: `${anna.upn}${glue}${juergen.upn}`, line: 3 }]);
      for (const user of users) list.has(user);
      const [entry] = listEntries([{ list: "consent", file: "out.csv", problems: list.problems() }], () => users);
      if (entry === undefined) {
        // Split already: each is followed.
        expect(users.filter((user) => list.has(user))).toEqual([anna, juergen]);
        return;
      }
      const { summary, remedy, severity } = listEntryFinding(entry);
      expect(severity).toBe("error");
      expect(summary).not.toContain("did you mean");
      expect(remedy.cure).toBe(`Write one person a line: ${anna.upn} and ${juergen.upn}.`);
    },
  );

  it.each(["anna+tag@nowhere.example", "r&d@nowhere.example"])(
    "one address with such a character is one: %s",
    (user) => {
      const [problem] = peopleList([{ user, line: 3 }]).problems();
      expect(problem).toMatchObject({ kind: "no-user", entry: user });
      expect(problem?.cure).toBeUndefined();
    },
  );

  it("are one a row, with everything that is wrong, in the order of lists and lines", () => {
    const consent = peopleList([{ user: "anna.beker@contoso.com", line: 7 }]);
    const { problems } = matchMasters({
      files: ["a.jpg"],
      users,
      mapping: [
        { user: "nobody@elsewhere.example", file: "b.jpg", line: 3, focusProblem: 'the focus "x" is wrong' },
        { user: anna.upn, file: "a.jpg", line: 2 },
        { user: juergen.upn, file: "c.jpg", line: 1 },
      ],
    });
    const entries = listEntries(
      [
        { list: "consent", file: "out.csv", problems: consent.problems() },
        { list: "mapping", file: "people.csv", problems },
      ],
      () => users,
    );

    expect(
      entries.map(({ file, line, problems: mine, nearest }) => [
        `${file}:${line}`,
        mine.map(({ kind }) => kind),
        nearest?.upn,
      ]),
    ).toEqual([
      ["out.csv:7", ["no-user"], anna.upn],
      ["people.csv:1", ["no-file"], undefined],
      ["people.csv:3", ["no-user", "focus", "no-file"], undefined],
    ]);
  });

  it("read no user when every row names one", () => {
    expect(listEntries([{ list: "pins", file: "p.csv", problems: [] }], () => expect.fail("read"))).toEqual([]);
  });
});
