import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DirectoryUser } from "../../../src/model/user.js";
import { rowOfUser, userOf } from "../../../src/state/sqlite/user-row.js";
import { user } from "./made.js";

const name = fc.option(fc.string());
const upn = fc.constantFrom("Anna@Contoso.com", "anna@contoso.com", "ÄNNA@contoso.com");
const users: fc.Arbitrary<Partial<DirectoryUser>> = fc.record({
  upn,
  displayName: fc.string(),
  mail: fc.oneof(name, upn),
  givenName: name,
  surname: name,
  employeeId: name,
  samAccountName: name,
  aliases: fc.array(fc.string()),
  guest: fc.boolean(),
  accountEnabled: fc.boolean(),
  onPremisesSync: fc.constantFrom(true, false, null),
  licences: fc.record(
    { mailbox: fc.boolean(), sharePoint: fc.boolean(), unknown: fc.string(), unknownRuns: fc.nat() },
    { requiredKeys: ["mailbox", "sharePoint"] },
  ),
});

describe("users in the state", () => {
  it("come back as they were saved, whatever they are called", () => {
    fc.assert(
      fc.property(users, (parts) => {
        const saved = user("anna", parts);
        expect(userOf(rowOfUser(saved))).toEqual(saved);
      }),
    );
  });

  it("of former versions are read as they stand, the oldest without aliases", () => {
    const { aliases: _none, ...old } = user("anna", { licences: { mailbox: true, sharePoint: false } });
    const row = { id: old.id, upn_key: "anna@contoso.com", json: JSON.stringify(old) };
    expect(userOf(row)).toEqual({ ...old, aliases: [] });
    const newer = user("anna", { aliases: ["a@contoso.com"] });
    expect(userOf({ ...row, json: JSON.stringify(newer) })).toEqual(newer);
  });

  it("take half the room of their members' names and values", () => {
    const row = rowOfUser(user("anna", { mail: "anna@contoso.com", givenName: "Anna", surname: "Becker" }));
    expect(row.json.length).toBeLessThan(JSON.stringify(user("anna")).length / 2);
  });
});
