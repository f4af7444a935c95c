import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idleGlobs, matchesGlob, scopeOf, whyNobody } from "../../../src/desired/index.js";
import { parseUserId } from "../../../src/model/ids.js";
import type { DirectoryUser } from "../../../src/model/user.js";
import { person } from "./people-fixture.js";

const CONFIG = { guests: false, disabledAccounts: false, include: [], exclude: [] };
const anna = person("anna.becker@contoso.com", { id: parseUserId("AB-12") });

function reason(user: DirectoryUser, config: Partial<typeof CONFIG> = {}, groups: string[] | null = null): string {
  const members = groups === null ? null : new Set(groups.map(parseUserId));
  const scope = scopeOf(user, { ...CONFIG, ...config }, members, null);
  return scope.in ? "in" : scope.reason;
}

describe("scope", () => {
  it("takes licensed members", () => {
    expect(reason(anna)).toBe("in");
    expect(reason({ ...anna, licences: { mailbox: false, sharePoint: true } })).toBe("in");
    expect(reason({ ...anna, licences: { mailbox: true, sharePoint: false } })).toBe("in");
  });

  it.each([
    ["guests", { ...anna, guest: true }, /guest/],
    ["disabled accounts, shared and room mailboxes", { ...anna, accountEnabled: false }, /disabled.*shared and room/],
    ["users without licence", { ...anna, licences: { mailbox: false, sharePoint: false } }, /no licence/],
  ])("leaves out %s and says why", (_, user, message) => {
    expect(reason(user)).toMatch(message);
  });

  it("takes guests and disabled accounts when told to, licence needed all the same", () => {
    expect(reason({ ...anna, guest: true }, { guests: true })).toBe("in");
    expect(reason({ ...anna, accountEnabled: false }, { disabledAccounts: true })).toBe("in");
    const unlicensed = { ...anna, guest: true, licences: { mailbox: false, sharePoint: false } };
    expect(reason(unlicensed, { guests: true })).toMatch(/no licence/);
  });

  it("obeys globs on the UPN, exclude before include", () => {
    const svc = person("SVC-backup@contoso.com");
    const exclude = ["svc-*@contoso.com"] as never[];
    expect(reason(svc, { exclude })).toBe('excluded by "svc-*@contoso.com" (scope.exclude)');
    expect(reason(anna, { exclude })).toBe("in");
    expect(reason(anna, { include: ["*@fabrikam.com"] as never[] })).toMatch(/scope\.include/);
    const both = ["*@fabrikam.com", "anna.*"] as never[];
    expect(scopeOf(anna, { ...CONFIG, include: both }, null, null)).toEqual({ in: true });
    expect(reason(person("bob@contoso.com"), { include: both })).toMatch(/scope\.include/);
    expect(reason(anna, { include: ["*@contoso.com"] as never[], exclude: ["anna.*"] as never[] })).toMatch(/excluded/);
  });

  it("obeys groups; an empty group is nobody, no group is everybody", () => {
    expect(reason(anna, {}, ["ab-12"])).toBe("in");
    expect(reason(anna, {}, [])).toMatch(/none of the groups/);
    expect(reason(anna, {}, null)).toBe("in");
  });

  it("obeys --user by UPN or object id in any case, and no other reason hides it", () => {
    const asked = (filter: string[], user = anna) => scopeOf(user, CONFIG, null, filter);
    expect(asked(["ANNA.Becker@contoso.com"])).toEqual({ in: true });
    expect(asked(["AB-12"])).toEqual({ in: true });
    expect(asked(["bernd@contoso.com"])).toEqual({ in: false, reason: "not among the users asked for" });
    expect(asked([anna.upn], { ...anna, guest: true })).toMatchObject({ in: false });
  });
});

describe("globs", () => {
  it.each([
    ["*", "", true],
    ["*", "anything@x", true],
    ["svc-*@contoso.com", "svc-a@contoso.com", true],
    ["svc-*@contoso.com", "svc-a@contoso.com.au", false],
    ["svc-*@contoso.com", "xsvc-a@contoso.com", false],
    ["?nna@*", "Anna@contoso.com", true],
    ["?nna@*", "nna@contoso.com", false],
    ["a.c@x", "abc@x", false],
    ["[ab]*", "a", false],
    ["a**b*c", "a-b-b-c", true],
    ["*.adm@*", "x.y.adm@z", true],
    ["MÜLLER@*", "mu\u0308ller@x", true],
    ["", "a", false],
    ["", "", true],
  ])("%s on %s: %s", (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected);
  });

  it("equals the regular expression it stands for, on hostile globs too", () => {
    const letters = fc.constantFrom("a", "b", "*", "?", ".", "+");
    fc.assert(
      fc.property(
        fc.string({ unit: letters, maxLength: 8 }),
        fc.string({ unit: letters, maxLength: 12 }),
        (glob, text) => {
          const source = [...glob].map((c) =>
            c === "*" ? ".*" : c === "?" ? "." : `\\${c}`.replace(/\\([ab])/, "$1"),
          );
          expect(matchesGlob(glob, text)).toBe(new RegExp(`^${source.join("")}$`, "s").test(text));
        },
      ),
      { numRuns: 2_000 },
    );
    expect(matchesGlob("*a".repeat(40) + "b", "a".repeat(2_000))).toBe(false);
  });
});

describe("nobody in scope is told with what leaves out most", () => {
  const bob = person("bob@contoso.com");
  const cara = person("cara@contoso.com");
  const all = [anna, bob, cara];
  const disabled = { ...anna, accountEnabled: false };
  const include = ["*@contso.com", "x*"] as never[];
  const rows: readonly (readonly [
    string,
    DirectoryUser[],
    Partial<typeof CONFIG>,
    string[] | null,
    string[] | null,
    string | null,
  ])[] = [
    ["somebody is in scope", all, {}, null, null, null],
    ["one of three is", [anna, disabled, disabled], {}, null, null, null],
    ["there are no users", [], {}, null, null, null],
    [
      "globs",
      all,
      { include },
      null,
      null,
      'No user is in scope: 3 of 3 users are out (fits no pattern of scope.include: "*@contso.com", "x*").',
    ],
    ["groups", all, {}, [], null, "No user is in scope: 3 of 3 users are out (in none of the groups of the scope)."],
    [
      "an exclusion",
      all,
      { exclude: ["*"] as never[] },
      null,
      null,
      'No user is in scope: 3 of 3 users are out (excluded by "*" (scope.exclude)).',
    ],
    [
      "most of several",
      [disabled, bob, cara],
      { include },
      null,
      null,
      "No user is in scope: 2 of 3 users are out (fits no pattern of scope.include",
    ],
    [
      "who was asked for",
      [disabled, bob, cara],
      {},
      null,
      [anna.upn],
      "No user is in scope: the only user is out (the account is disabled",
    ],
  ];
  it.each(rows)("%s", (_, users, config, groups, filter, wanted) => {
    const members = groups === null ? null : new Set(groups.map(parseUserId));
    const scope = (user: DirectoryUser) => scopeOf(user, { ...CONFIG, ...config }, members, filter);
    const told = whyNobody(users, scope, { ...CONFIG, ...config });
    if (wanted === null) expect(told).toBeNull();
    else expect(told?.slice(0, wanted.length)).toBe(wanted);
  });

  it("knows globs that fit nobody", () => {
    expect(idleGlobs(["*@CONTOSO.com", "svc-*", "b?b@*", "anna"], all)).toEqual(["svc-*", "anna"]);
    expect(idleGlobs([], all)).toEqual([]);
  });
});
