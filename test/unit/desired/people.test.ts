import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { peopleList } from "../../../src/desired/index.js";
import { keysOf } from "../../../src/desired/people.js";
import { personKey } from "../../../src/desired/person-key.js";
import { parseUserId } from "../../../src/model/ids.js";
import type { DirectoryUser } from "../../../src/model/user.js";
import { person } from "./people-fixture.js";

const anna = person("anna.becker@contoso.com", {
  id: parseUserId("8a1c0e57-2f7b-4c7e-9d58-0f6f3f1f2b44"),
  mail: "ab@mail.example",
  aliases: ["anna.alt@contoso.com", "a.o'neil-becker@contoso.com"],
  employeeId: "E 1",
});

function rows(...users: readonly string[]) {
  return users.map((user, position) => ({ user, line: position + 2 }));
}

describe("a row names a user", () => {
  it.each([
    ["UPN", "Anna.BECKER@contoso.com"],
    ["mail", "AB@mail.example"],
    ["former UPN among the aliases", "anna.alt@contoso.com"],
    ["object id", anna.id.toUpperCase()],
    ["object id in braces, as PowerShell and the registry show it", `{${anna.id.toUpperCase()}}`],
    ["object id in parentheses", `(${anna.id})`],
    ["object id without dashes", anna.id.replaceAll("-", "")],
    ["object id as a name of its kind", `urn:uuid:${anna.id}`],
    // learn.microsoft.com/sharepoint/dev/general-development/claims-encoding: SharePoint's account names.
    ["SharePoint's account name", "i:0#.f|membership|anna.becker@contoso.com"],
    ["SharePoint's account name without its kind", "membership|Anna.Becker@contoso.com"],
    ["employee id", " e 1 "],
    ["zero width space", "anna.\u200Bbecker@contoso.com"],
    ["byte order mark", "\uFEFFanna.becker@contoso.com"],
    ["no-break space", "\u00A0anna.becker@contoso.com\u00A0"],
    ["soft hyphen", "anna.be\u00ADcker@contoso.com"],
    ["direction marks", "\u202Aanna.becker@contoso.com\u202C\u200E\u200F\u2068"],
    ["word joiner, variation selector and filler", "anna\u2060.becker\uFE0F@contoso.com\u3164"],
    ["blanks inside, as a line break leaves them", "anna.becker@\n contoso.com"],
    ["smtp prefix", "smtp:anna.becker@contoso.com"],
    ["SMTP prefix of a primary address", "SMTP: anna.becker@contoso.com"],
    ["mailto link", "mailto:anna.becker@contoso.com?subject=photo"],
    ["angle brackets", "<anna.becker@contoso.com>"],
    ["name and mail", "Becker, Anna <anna.becker@contoso.com>;"],
    ["name in quotes, mail with a prefix", '"Becker, Anna" <smtp:anna.becker@contoso.com>'],
    ["quotes", '"anna.becker@contoso.com"'],
    ["single quotes", "'anna.becker@contoso.com'"],
    ["typographic quotes", "„anna.becker@contoso.com“"],
    ["a spreadsheet's text mark", "'anna.becker@contoso.com"],
    ["a spreadsheet's formula", '="E 1"'],
    ["full width letters", "ａｎｎａ．ｂｅｃｋｅｒ＠contoso.com"],
    ["typographic apostrophe and dash", "a.o’neil–becker@contoso.com"],
    ["separator at the end", "anna.becker@contoso.com, "],
  ])("by %s", (_, entry) => {
    expect(peopleList(rows(entry)).has(anna)).toBe(true);
  });

  it.each([
    "anna.becker@contoso.co",
    "anna.becker@contoso.com.au",
    "xanna.becker@contoso.com",
    "anna",
    "smtp:",
    "<>",
    "E1",
    "änna.becker@contoso.com",
  ])("never by %s", (entry) => {
    expect(peopleList(rows(entry)).has(anna)).toBe(false);
  });

  it("in composed and decomposed Unicode alike", () => {
    const user = person("jürgen@contoso.com", { mail: null });

    expect(peopleList(rows("ju\u0308rgen@contoso.com")).has(user)).toBe(true);
  });

  it("whatever invisible characters stand in it (property)", () => {
    const unseen = fc.constantFrom(
      "\u200B",
      "\u200C",
      "\u200D",
      "\u2060",
      "\uFEFF",
      "\u00AD",
      "\u200E",
      "\u061C",
      "\u202E",
      "\u2069",
      "\uFE0F",
      "\u{E0020}",
      "\u180E",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 22 }), unseen), { maxLength: 6 }), (marks) => {
        const letters = [..."Anna.Becker@contoso.com"];
        for (const [at, mark] of marks) letters[at] = `${mark}${letters[at] ?? ""}`;
        expect(personKey(letters.join(""))).toBe("anna.becker@contoso.com");
      }),
    );
  });

  it("has a key that is its own key, for any text (property)", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), (text) => {
        expect(personKey(personKey(text))).toBe(personKey(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("only by attributes that the user has", () => {
    expect(keysOf({ ...anna, mail: null, aliases: [], employeeId: "" }).map(({ kind }) => kind)).toEqual(["upn", "id"]);
    expect(peopleList(rows("", "\u200B")).has({ ...anna, employeeId: " " })).toBe(false);
  });
});

describe("rows that cannot be followed", () => {
  it("are those that name nobody", () => {
    const list = peopleList(rows("anna.becker@contoso.com", " typo@contoso.com ", "", "\u200B"));
    list.has(anna);
    list.has(anna);
    list.has(person("bernd.vogel@contoso.com"));

    expect(list.problems()).toEqual([
      {
        line: 3,
        kind: "no-user",
        entry: "typo@contoso.com",
        upns: [],
        message: '"typo@contoso.com" names no user of the tenant',
      },
      { line: 4, kind: "no-user", entry: "", upns: [], message: "the column user is empty" },
      { line: 5, kind: "no-user", entry: "\u200B", upns: [], message: "the column user is empty" },
    ]);
  });

  it("are those that name several users, and hold for all of them", () => {
    const [one, other] = [person("a@contoso.com", { employeeId: "0" }), person("b@contoso.com", { employeeId: "0" })];
    const list = peopleList(rows("0"));

    expect([one, other, anna].map((user) => list.has(user))).toEqual([true, true, false]);
    expect(list.problems()).toMatchObject([{ kind: "several-users", upns: [one.upn, other.upn] }]);
  });

  it("are those whose text is one user's UPN and another one's mail, alias or number: both are protected, and it is told", () => {
    const admin = person("adm-anna@contoso.com", { mail: anna.upn });
    const many = Array.from({ length: 30 }, (_, i) => person(`n${i}@contoso.com`, { employeeId: anna.upn }));
    const list = peopleList(rows(anna.upn));
    for (const user of [...many, admin, anna]) expect(list.has(user)).toBe(true);

    const [problem, ...more] = list.problems();
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ line: 2, kind: "several-users" });
    // The surest first; of a crowd ten.
    expect(problem?.upns.slice(0, 2)).toEqual([anna.upn, admin.upn]);
    expect(problem?.upns).toHaveLength(10);
    expect(problem?.message).toMatch(
      /names 10 users: anna\.becker@contoso\.com \(UPN\), adm-anna@contoso\.com \(mail address\), n\d@contoso\.com \(employee id\)/,
    );
  });

  it.each<[string, Partial<DirectoryUser>, string]>([
    ["mail", { mail: "dora@contoso.com" }, "mail address"],
    ["alias", { aliases: ["dora@contoso.com"] }, "alias"],
    ["employee id", { employeeId: "dora@contoso.com" }, "employee id"],
  ])("are those whose UPN is another user's %s, whoever is seen first", (_, weaker, kind) => {
    const [dora, other] = [person("dora@contoso.com"), person("other@contoso.com", weaker)];
    for (const seen of [
      [dora, other],
      [other, dora],
    ]) {
      const list = peopleList(rows("dora@contoso.com"));
      for (const user of seen) expect(list.has(user)).toBe(true);
      expect(list.problems()).toMatchObject([
        { kind: "several-users", upns: [dora.upn, other.upn], message: expect.stringContaining(`(${kind})`) as string },
      ]);
    }
  });

  it("are not those that name one user by several keys", () => {
    const self = person("dora@contoso.com", { aliases: ["dora@contoso.com"], employeeId: "dora@contoso.com" });
    const list = peopleList(rows("dora@contoso.com"));
    list.has(self);

    expect(list.problems()).toEqual([]);
  });

  it("are those with several people, each by itself, and hold for whoever they name", () => {
    const bernd = person("bernd.vogel@contoso.com");
    const list = peopleList(rows("Becker, Anna <ab@mail.example>; nobody@contoso.com\nbernd.vogel@contoso.com"));

    expect([anna, bernd, person("c@contoso.com")].map((user) => list.has(user))).toEqual([true, true, false]);
    expect(list.problems()).toEqual([
      {
        line: 2,
        kind: "no-user",
        entry: "nobody@contoso.com",
        upns: [],
        message: '"nobody@contoso.com" names no user of the tenant',
      },
    ]);
  });

  it("are those with cells beyond the header, and hold for the addresses in them", () => {
    const bernd = person("bernd.vogel@contoso.com", { employeeId: "4711" });
    const list = peopleList([
      { user: anna.upn, line: 2, beyond: ["Vogel, Bernd <bernd.vogel@contoso.com>", "since 4711"] },
      { user: anna.upn, line: 3, beyond: ["4711"] },
    ]);

    expect([anna, bernd].map((user) => list.has(user))).toEqual([true, true]);
    expect(list.problems().map(({ line, kind }) => [line, kind])).toEqual([
      [2, "beyond-header"],
      [3, "beyond-header"],
    ]);
    expect(list.problems()[0]).toMatchObject({
      message: 'the header has no column for "Vogel, Bernd <bernd.vogel@contoso.com>", "since 4711"',
      cure: expect.stringMatching(/one person a line.*quotes/) as string,
    });
  });

  it("are told for each of two equal rows", () => {
    expect(peopleList(rows("x@contoso.com", "X@contoso.com")).problems()).toHaveLength(2);
  });
});
