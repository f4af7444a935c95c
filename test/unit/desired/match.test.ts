import { describe, expect, it } from "vitest";
import { masterOf, matchMasters, type MatchInput } from "../../../src/desired/index.js";
import { person } from "./people-fixture.js";

const anna = person("anna.becker@contoso.com");
const bernd = person("bernd.vogel@contoso.com");

function match(input: Partial<MatchInput> & Pick<MatchInput, "files" | "users">) {
  const result = matchMasters({ patterns: ["{upn}", "{first} {last}"], ...input });
  const files = Object.fromEntries(
    [...result.byFile].map(([file, { outcome }]) => {
      switch (outcome.kind) {
        case "matched":
          return [file, `${outcome.upn} by ${outcome.pattern}`];
        case "outranked":
          return [file, `outranked by ${outcome.by}`];
        case "ambiguous":
          return [file, `ambiguous: ${[...outcome.upns, ...outcome.files].join(" ")}`];
        case "unmatched":
          return [file, "unmatched"];
      }
    }),
  );
  return { result, files };
}

/** The one file goes to the one user by the one pattern. */
function fits(file: string, pattern: string, user: Parameters<typeof person>[1], upn = "x.y@contoso.com"): boolean {
  const { byFile } = matchMasters({ files: [file], users: [person(upn, user)], patterns: [pattern] });
  return byFile.get(file)?.outcome.kind === "matched";
}

describe("patterns", () => {
  it("take `Firstname Lastname.JPG` and UPNs out of the box", () => {
    const { byUser } = matchMasters({
      files: ["Anna Becker.JPG", "bernd.vogel@contoso.com.png"],
      users: [anna, bernd],
    });

    expect(byUser.get(anna.id)).toEqual({ kind: "matched", file: "Anna Becker.JPG", pattern: "{first} {last}" });
    expect(byUser.get(bernd.id)).toEqual({ kind: "matched", file: "bernd.vogel@contoso.com.png", pattern: "{upn}" });
  });

  it.each([
    ["anna.becker@contoso.com.jpg", "{upn}"],
    ["ANNA.BECKER@CONTOSO.COM.JPEG", "{upn}"],
    ["anna_becker_contoso_com.jpg", "{upn}"],
    ["anna.becker.jpg", "{user}"],
    ["anna@mail.example.jpg", "{mail}"],
    ["E-0815.png", "{employeeId}"],
    ["abecker.webp", "{samAccountName}"],
    ["abecker.webp", "{f}{last}"],
    ["Becker Anna.jpg", "{last} {first}"],
    ["Becker, Anna (HR).jpg", "{displayName}"],
    ["Anna B.jpg", "{first} {l}"],
    ["b anna.jpg", "{l} {first}"],
    ["A. Becker.jpg", "{f} {last}"],
    ["Becker_A.jpg", "{last} {f}"],
    ["portrait-anna-becker-2024.jpg", "portrait {first} {last} 2024"],
    ["id-anna.becker@contoso.com.jpg", "{id}"],
    ["anna.becker@contoso.com/portrait.jpg", "{upn}/portrait"],
    ["some/deep/Anna/Becker.jpg", "{first}/{last}"],
    ["hr/berlin/Anna Becker.jpg", "{first} {last}"],
    ["Anna Becker.jpg", "{first} {last}.jpg"],
  ])("%s fits %s", (file, pattern) => {
    const user = person("anna.becker@contoso.com", {
      mail: "anna@mail.example",
      employeeId: "E-0815",
      samAccountName: "abecker",
      displayName: "Becker, Anna (HR)",
    });
    const { byFile } = matchMasters({ files: [file], users: [user], patterns: [pattern] });

    expect(byFile.get(file)?.outcome).toMatchObject({ kind: "matched", upn: user.upn, pattern });
  });

  it.each([
    ["Anna Maria Groß-Schmidt.jpg", "Anna Maria", "Groß-Schmidt"],
    ["anna_maria.gross_schmidt.jpg", "Anna Maria", "Groß-Schmidt"],
    ["Jean Pierre D'Aubigné.jpg", "Jean-Pierre", "D’Aubigné"],
    ["Sean OBrien.jpg", "Séan", "O'Brien"],
    ["Juergen Oezdemir.jpg", "Jürgen", "Özdemir"],
    ["Jurgen Ozdemir.jpg", "Jürgen", "Özdemir"],
    ["Jürgen Özdemir.jpg".normalize("NFD"), "Jürgen", "Özdemir"],
    ["Jürgen Özdemir.jpg", "Juergen", "Oezdemir"],
    ["Jan van der Berg.jpg", "Jan", "van der Berg"],
    ["Анна Королёва.jpg", "Анна", "Королева"],
    ["太郎 山田.jpg", "太郎", "山田"],
    ["李　小龙.jpg", "李", "小龙"],
  ])("%s fits %s %s", (file, givenName, surname) => {
    expect(fits(file, "{first} {last}", { givenName, surname })).toBe(true);
  });

  it("take first initials in both spellings of an umlaut", () => {
    expect(fits("U Koch.jpg", "{f} {last}", { givenName: "Ülkü", surname: "Koch" })).toBe(true);
    expect(fits("Ue Koch.jpg", "{f} {last}", { givenName: "Ülkü", surname: "Koch" })).toBe(true);
  });

  it("do not fit users who lack the attribute or have separators for a name", () => {
    expect(fits("Anna.jpg", "{first} {last}", { givenName: "Anna", surname: null })).toBe(false);
    expect(fits("Anna.jpg", "{first} {last}", { givenName: "Anna", surname: " . " })).toBe(false);
    expect(fits(".jpg.jpg", "{first}", { givenName: "-", surname: null })).toBe(false);
  });

  it("leave out no given name and add none: a namesake is not guessed", () => {
    expect(fits("Anna Becker.jpg", "{first} {last}", { givenName: "Anna Maria", surname: "Becker" })).toBe(false);
    expect(fits("Anna Maria Becker.jpg", "{first} {last}", { givenName: "Anna", surname: "Becker" })).toBe(false);
  });

  it("tell a UPN from one that begins like it", () => {
    const short = person("x@contoso.com");
    const long = person("x@contoso.com.au");
    const { files } = match({ files: ["x@contoso.com.au.jpg"], users: [short, long] });

    expect(files).toEqual({ "x@contoso.com.au.jpg": "x@contoso.com.au by {upn}" });
    expect(match({ files: ["x@contoso.com.jpg"], users: [long] }).files).toEqual({ "x@contoso.com.jpg": "unmatched" });
  });

  it.each([
    ["{uppn}", /is no field/],
    ["{UPN}", /did you mean \{upn\}/],
    ["{first", /brace without its partner/],
    ["portrait", /no field/],
    ["", /no field/],
  ])("refuse %s", (pattern, message) => {
    const run = () => matchMasters({ files: [], users: [], patterns: [pattern] });

    expect(run).toThrow(message);
    expect(run).toThrow(expect.objectContaining({ code: "bad-pattern", errorClass: "usage" }) as Error);
  });
});

describe("ranks", () => {
  it("let an earlier pattern win over a later one, and say what became of the other file", () => {
    const { result, files } = match({ files: ["Anna Becker.jpg", "anna.becker@contoso.com.jpg"], users: [anna] });

    expect(files).toEqual({
      "Anna Becker.jpg": "outranked by anna.becker@contoso.com.jpg",
      "anna.becker@contoso.com.jpg": "anna.becker@contoso.com by {upn}",
    });
    expect(masterOf(result, anna.id)).toMatchObject({ kind: "matched", file: "anna.becker@contoso.com.jpg" });
  });

  it("give a file to the user it is spelled like, not to one it folds to", () => {
    const plain = person("anna.muller@contoso.com");
    const umlaut = person("anna.mueller2@contoso.com", { givenName: "Anna", surname: "Müller" });

    expect(match({ files: ["Anna Muller.jpg", "anna_müller.jpg"], users: [umlaut, plain] }).files).toEqual({
      "Anna Muller.jpg": "anna.muller@contoso.com by {first} {last}",
      "anna_müller.jpg": "anna.mueller2@contoso.com by {first} {last}",
    });
    expect(match({ files: ["a.b@c.d.jpg"], users: [person("a_b@c.d"), person("a.b@c.d")] }).files).toEqual({
      "a.b@c.d.jpg": "a.b@c.d by {upn}",
    });
  });

  it("tell swapped names apart when both patterns are there", () => {
    const tm = person("thomas.martin@contoso.com");
    const mt = person("martin.thomas@contoso.com");

    const { files } = match({
      files: ["Thomas Martin.jpg", "Martin Thomas.jpg"],
      users: [tm, mt],
      patterns: ["{first} {last}", "{last} {first}"],
    });

    expect(files["Thomas Martin.jpg"]).toContain("thomas.martin@");
    expect(files["Martin Thomas.jpg"]).toContain("martin.thomas@");
  });
});

describe("never guessing", () => {
  const namesake = person("anna.becker2@contoso.com", { givenName: "Anna", surname: "Becker" });

  it("leaves a file that fits two users to neither, and names both", () => {
    const { result, files } = match({ files: ["Anna Becker.jpg"], users: [anna, namesake] });

    expect(files).toEqual({
      "Anna Becker.jpg": "ambiguous: anna.becker2@contoso.com anna.becker@contoso.com Anna Becker.jpg",
    });
    expect(masterOf(result, anna.id)).toEqual({ kind: "ambiguous", files: ["Anna Becker.jpg"] });
    expect(masterOf(result, namesake.id)).toEqual({ kind: "ambiguous", files: ["Anna Becker.jpg"] });
  });

  it("does not give the rest to the namesake when one of them has a better file", () => {
    const { result } = match({ files: ["Anna Becker.jpg", `${anna.upn}.jpg`], users: [anna, namesake] });

    expect(masterOf(result, anna.id)).toMatchObject({ kind: "matched", pattern: "{upn}" });
    expect(masterOf(result, namesake.id)).toEqual({ kind: "ambiguous", files: ["Anna Becker.jpg"] });
  });

  it.each([
    ["of two formats", ["Anna Becker.jpg", "Anna Becker.png"]],
    ["of two spellings", ["Anna Becker.jpg", "anna_becker.jpg"]],
    ["of two folders", ["2023/Anna Becker.jpg", "2024/Anna Becker.jpg"]],
    ["of two cases", ["Anna Becker.JPG", "Anna Becker.jpg"]],
    ["of two Unicode forms", ["Ánna Becker.jpg".normalize("NFC"), "Ánna Becker.jpg".normalize("NFD")]],
  ])("does not choose between two files %s", (_, files) => {
    const { result } = match({ files, users: [anna] });

    expect(masterOf(result, anna.id)).toEqual({ kind: "ambiguous", files: [...files].sort() });
    for (const file of files) {
      expect(result.byFile.get(file)?.outcome).toMatchObject({
        kind: "ambiguous",
        upns: [anna.upn],
        files: [...files].sort(),
      });
    }
  });

  it("lets users out of scope take part: their file is not without a user", () => {
    const guest = person("gast_mail.example#EXT#@contoso.com", { guest: true, givenName: "Gast", surname: "Hof" });

    expect(match({ files: ["Gast Hof.jpg"], users: [guest] }).files["Gast Hof.jpg"]).toContain("by {first} {last}");
  });

  it("takes a user whom the directory's pages bring twice for one", () => {
    expect(match({ files: ["Anna Becker.jpg"], users: [anna, { ...anna }] }).files["Anna Becker.jpg"]).toContain("by");
  });
});

describe("domain", () => {
  it("makes {user} stand for the UPNs of that domain alone", () => {
    const users = [person("x@contoso.com"), person("x@contoso.com.au"), person("x@sub.contoso.com")];
    const given = { files: ["x.jpg"], users, patterns: ["{user}"] };

    expect(match(given).files["x.jpg"]).toMatch(/^ambiguous/);
    expect(match({ ...given, domain: "Contoso.com" }).files).toEqual({ "x.jpg": "x@contoso.com by {user}" });
    expect(match({ ...given, domain: "fabrikam.com" }).files).toEqual({ "x.jpg": "unmatched" });
  });

  it("makes a UPN of first and last name where the directory has no names", () => {
    const nameless = person("anna.becker@contoso.com", { givenName: null, surname: null });
    const given = { files: ["Anna Becker.jpg"], users: [nameless] };

    expect(match(given).files["Anna Becker.jpg"]).toBe("unmatched");
    expect(match({ ...given, domain: "contoso.com" }).files["Anna Becker.jpg"]).toContain("by {first} {last}");
  });

  it("lets names in the directory win over the UPN that a file name makes", () => {
    const renamed = person("anna.becker@contoso.com", { surname: "Schmidt" });
    const namesake = person("anna.becker2@contoso.com", { givenName: "Anna", surname: "Becker" });

    expect(match({ files: ["Anna Becker.jpg"], users: [renamed, namesake], domain: "contoso.com" }).files).toEqual({
      "Anna Becker.jpg": "anna.becker2@contoso.com by {first} {last}",
    });
  });
});

describe("mapping file", () => {
  it("wins over every pattern, for the file and for the user", () => {
    const { files } = match({
      files: ["Anna Becker.jpg", "bernd.vogel@contoso.com.jpg"],
      users: [anna, bernd],
      mapping: [{ user: "ANNA.becker@contoso.com", file: "bernd.vogel@contoso.com.jpg", line: 2 }],
    });

    expect(files).toEqual({
      "Anna Becker.jpg": "outranked by bernd.vogel@contoso.com.jpg",
      "bernd.vogel@contoso.com.jpg": "anna.becker@contoso.com by mapping",
    });
  });

  it.each([
    ["UPN", "bernd.vogel@contoso.com"],
    ["mail", "Vogel@mail.example"],
    ["alias", "smtp:BERND.alt@contoso.com"],
    ["object id", "ID-bernd.vogel@contoso.com"],
    ["employee id", "e-77"],
  ])("knows users by %s, and files by any spelling of the path", (_, user) => {
    const known = { ...bernd, mail: "vogel@mail.example", aliases: ["bernd.alt@contoso.com"], employeeId: "E-77" };
    for (const file of ["hr/DSC_1.jpg", "HR\\dsc_1.JPG", "./hr/DSC_1.jpg"]) {
      const { files } = match({ files: ["hr/DSC_1.jpg"], users: [anna, known], mapping: [{ user, file, line: 2 }] });
      expect(files).toEqual({ "hr/DSC_1.jpg": "bernd.vogel@contoso.com by mapping" });
    }
  });

  it("takes a UPN before the same text as somebody else's mail", () => {
    const { files } = match({
      files: ["a.jpg"],
      users: [{ ...bernd, mail: anna.upn }, anna],
      mapping: [{ user: anna.upn, file: "a.jpg", line: 2 }],
    });

    expect(files).toEqual({ "a.jpg": "anna.becker@contoso.com by mapping" });
  });

  it("does not choose where it names two files or two users", () => {
    const twice = match({
      files: ["a.jpg", "b.jpg"],
      users: [anna],
      mapping: [
        { user: anna.upn, file: "a.jpg", line: 2 },
        { user: anna.upn, file: "b.jpg", line: 3 },
      ],
    });
    const shared = match({
      files: ["a.jpg"],
      users: [anna, bernd],
      mapping: [
        { user: anna.upn, file: "a.jpg", line: 2 },
        { user: bernd.upn, file: "a.jpg", line: 3 },
      ],
    });

    expect(masterOf(twice.result, anna.id)).toEqual({ kind: "ambiguous", files: ["a.jpg", "b.jpg"] });
    expect(shared.files["a.jpg"]).toBe("ambiguous: anna.becker@contoso.com bernd.vogel@contoso.com a.jpg");
  });

  it("gives neither the file of an unknown user nor another file to a user whose file is missing", () => {
    const { result, files } = match({
      files: ["Anna Becker.jpg", "Bernd Vogel.jpg"],
      users: [anna, bernd],
      mapping: [
        { user: "nobody@contoso.com", file: "Anna Becker.jpg", line: 2 },
        { user: bernd.upn, file: "gone.jpg", line: 3 },
      ],
    });

    expect(files).toEqual({ "Anna Becker.jpg": "unmatched", "Bernd Vogel.jpg": "unmatched" });
    expect(result.byUser.size).toBe(0);
    expect(result.problems).toMatchObject([
      { line: 2, kind: "no-user", upns: [], message: '"nobody@contoso.com" names no user of the tenant' },
      {
        line: 3,
        kind: "no-file",
        upns: [bernd.upn],
        message: '"gone.jpg" is not among the images of the source folder',
      },
    ]);
    expect(result.byFile.get("Bernd Vogel.jpg")?.tried).toContain(
      "{first} {last}: fits bernd.vogel@contoso.com, but line 3 of the mapping file names a file that is not there",
    );
  });
});

describe("why the other patterns did not fit", () => {
  it("has a line for each", () => {
    const { result } = match({
      files: ["Anna Becker.jpg", "stranger.jpg"],
      users: [anna],
      patterns: ["{employeeId}", "{upn}", "{first} {last}", "{displayName}"],
    });

    expect(result.byFile.get("Anna Becker.jpg")?.tried).toEqual([
      "{employeeId}: no user has the attributes it needs",
      "{upn}: fits no user",
      "{displayName}: fits anna.becker@contoso.com, but {first} {last} is more exact",
    ]);
    expect(result.byFile.get("stranger.jpg")?.tried).toHaveLength(4);
  });
});

describe("hostile names", () => {
  it.each([
    "__proto__.jpg",
    "constructor.jpg",
    "toString.png",
    "\u202Egpj.exe.jpg",
    "a".repeat(250) + ".jpg",
    "\ud800.jpg",
    "%s%n{upn}.jpg",
    "=cmd|calc.jpg",
    "../../etc/passwd.jpg",
    "'''''.jpg",
    "(.*)+$.jpg",
  ])("%j is only a name", (file) => {
    expect(match({ files: [file], users: [anna, person("__proto__@contoso.com")] }).files[file] ?? "unmatched").toBe(
      "unmatched",
    );
  });

  it("does not let an attribute act as a pattern", () => {
    const sly = person("sly@contoso.com", { givenName: "{upn}", surname: "{last}" });

    expect(match({ files: ["sly@contoso.com {last}.jpg"], users: [sly], patterns: ["{first} {last}"] }).files).toEqual({
      "sly@contoso.com {last}.jpg": "unmatched",
    });
  });
});
