import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchMasters } from "../../../src/desired/index.js";
import { parseUserId } from "../../../src/model/ids.js";
import type { FileMatch } from "../../../src/model/master.js";
import type { DirectoryUser } from "../../../src/model/user.js";
import { person } from "./people-fixture.js";

/** Few names in many spellings, so that namesakes, doubled files and near collisions are the rule. */
const first = fc.constantFrom("Anna", "Änna", "Aenna", "anna", "Jo-Ann", "Jo Ann", "O'Ann", "OAnn", "Анна");
const last = fc.constantFrom("Becker", "Bécker", "Groß", "Gross", "Müller", "Muller", "Mueller", "Anna");
const local = fc.constantFrom("anna.becker", "anna_becker", "anna.becker2", "a.mueller", "anna.muller", "x");
const domain = fc.constantFrom("contoso.com", "contoso.com.au", "fabrikam.de");

const user = fc
  .record({
    n: fc.integer({ min: 0, max: 999 }),
    local,
    domain,
    givenName: fc.option(first),
    surname: fc.option(last),
    employeeId: fc.option(fc.constantFrom("1", "2", "x")),
  })
  .map(({ n, local: name, domain: at, ...rest }) =>
    person(`${name}@${at}`, { ...rest, id: parseUserId(`id-${name}@${at}-${n}`) }),
  );
const users = fc.uniqueArray(user, { maxLength: 12, selector: (each) => each.id });

const separator = fc.constantFrom(" ", "_", ".", " - ");
const file = fc
  .tuple(
    fc.oneof(
      fc.tuple(first, separator, last).map((words) => words.join("")),
      fc.tuple(last, separator, first).map((words) => words.join("")),
      fc.tuple(local, domain).map((words) => words.join("@")),
      local,
    ),
    fc.constantFrom(".jpg", ".JPG", ".png"),
    fc.constantFrom("", "hr/"),
  )
  .map(([name, extension, folder]) => folder + name + extension);
const files = fc.uniqueArray(file, { maxLength: 12 });
const patterns = fc.shuffledSubarray(
  ["{upn}", "{user}", "{first} {last}", "{last} {first}", "{first} {l}", "{employeeId}"],
  {
    minLength: 1,
  },
);
const setting = fc.record({ files, users, patterns, domain: fc.option(fc.constant("contoso.com")) });

type Setting = Parameters<typeof matchMasters>[0] & { readonly users: readonly DirectoryUser[] };

function snapshot(input: Setting) {
  const { byFile, byUser, problems } = matchMasters(input);
  return { files: [...byFile], users: [...byUser].sort(([a], [b]) => (a < b ? -1 : 1)), problems };
}

function owner(match: FileMatch | undefined): string | null {
  const outcome = match?.outcome;
  return outcome?.kind === "matched" || outcome?.kind === "outranked" ? outcome.userId : null;
}

function isAmbiguous(match: FileMatch | undefined): boolean {
  return match?.outcome.kind === "ambiguous";
}

describe("matching, whatever the people and files", () => {
  it("does not depend on the order of files and users", () => {
    fc.assert(
      fc.property(
        setting.chain((given) =>
          fc.record({
            given: fc.constant(given),
            users: fc.shuffledSubarray(given.users, { minLength: given.users.length }),
            files: fc.shuffledSubarray(given.files, { minLength: given.files.length }),
          }),
        ),
        ({ given, ...shuffled }) => {
          expect(snapshot({ ...given, ...shuffled })).toEqual(snapshot(given));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("gives every file at most one user and every user at most one file, and both tell the same", () => {
    fc.assert(
      fc.property(setting, (given) => {
        const { byFile, byUser } = matchMasters(given);
        const matched = [...byFile.values()].flatMap(({ file: name, outcome }) =>
          outcome.kind === "matched" ? [[outcome.userId as string, name]] : [],
        );
        const masters = [...byUser].flatMap(([id, master]) =>
          master.kind === "matched" ? [[id as string, master.file]] : [],
        );

        expect(byFile.size).toBe(given.files.length);
        expect(new Set(matched.map(([id]) => id)).size).toBe(matched.length);
        expect(matched.sort()).toEqual(masters.sort());
        for (const [id, master] of byUser) {
          if (master.kind !== "ambiguous") continue;
          const upn = given.users.find((each) => each.id === id)?.upn;
          for (const name of master.files) {
            const outcome = byFile.get(name)?.outcome;
            expect(outcome?.kind === "ambiguous" && outcome.upns).toContain(upn);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("never gives a file to somebody else because a user is added, but to the added user by a better fit", () => {
    fc.assert(
      fc.property(setting, user, (given, added) => {
        fc.pre(given.users.every((each) => each.id !== added.id));
        const before = matchMasters(given).byFile;
        const after = matchMasters({ ...given, users: [...given.users, added] }).byFile;
        for (const [name, match] of after) {
          const now = owner(match);
          const was = owner(before.get(name));
          if (match.outcome.kind === "ambiguous" || now === was || now === added.id) continue;
          // Only where the added user took the other of two files is the ambiguity of the first user over.
          const contest = before.get(name)?.outcome;
          const upn = given.users.find((each) => each.id === now)?.upn;
          expect([name, was]).toEqual([name, null]);
          expect(contest?.kind === "ambiguous" && contest.upns).toContain(upn);
          const theirs = contest?.kind === "ambiguous" ? contest.files : [];
          expect(theirs.some((other) => owner(after.get(other)) === added.id || isAmbiguous(after.get(other)))).toBe(
            true,
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("changes nothing at all because of a user who fits none of the files", () => {
    const stranger = person("zoltan.quint@contoso.com");
    fc.assert(
      fc.property(setting, (given) => {
        const with_ = snapshot({ ...given, users: [stranger, ...given.users] });
        const without = snapshot(given);
        const outcomes = ({ files: all }: typeof without) => all.map(([name, { outcome }]) => [name, outcome]);
        expect(outcomes(with_)).toEqual(outcomes(without));
        expect(with_.users).toEqual(without.users);
      }),
      { numRuns: 300 },
    );
  });

  it("makes a match ambiguous, and never moves it, because of a namesake with the same spelling", () => {
    fc.assert(
      fc.property(setting, fc.nat(), (given, pick) => {
        const model = given.users[pick % Math.max(1, given.users.length)];
        fc.pre(model !== undefined);
        if (model === undefined) return;
        const namesake = { ...model, id: parseUserId("id-namesake"), upn: "namesake@elsewhere.example", mail: null };
        const before = matchMasters(given).byFile;
        const after = matchMasters({ ...given, users: [...given.users, namesake] }).byFile;
        for (const [name, match] of before) {
          const now = after.get(name);
          if (owner(match) !== null && now?.outcome.kind !== "ambiguous") expect(owner(now)).toBe(owner(match));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("bears any file name and any attribute", () => {
    const text = fc.string({ unit: "binary", maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 6 }),
        fc.array(fc.record({ a: text, b: text, c: text })),
        (names, people) => {
          const result = matchMasters({
            files: names.map((name) => `${name}.jpg`),
            users: people.map(({ a, b, c }, i) =>
              person(`${a}@${b}`, { id: parseUserId(`id-${i}`), givenName: b, surname: c, displayName: a }),
            ),
            patterns: ["{upn}", "{first} {last}", "{displayName}", "{f}{l}"],
            mapping: names.map((name, i) => ({ user: name, file: `${name}.jpg`, line: i + 2 })),
          });
          expect(result.byFile.size).toBe(new Set(names).size);
        },
      ),
    );
  });

  it("takes no time of files x users: thousands of both", () => {
    const many = Array.from({ length: 20_000 }, (_, i) => person(`user${i}.name${i % 977}@contoso.com`));
    const { byUser } = matchMasters({
      files: many.map((each, i) => (i % 2 === 0 ? `${each.upn}.jpg` : `${each.displayName}.JPG`)),
      users: many,
    });

    expect(byUser.size).toBe(many.length);
    expect([...byUser.values()].every((master) => master.kind === "matched")).toBe(true);
  });
});
