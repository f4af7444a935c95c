import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressesIn, peopleIn } from "../../../src/desired/people-in.js";
import { personKey } from "../../../src/desired/person-key.js";

const GUID = "8a1c0e57-2f7b-4c7e-9d58-0f6f3f1f2b44";

function keysIn(cell: string): readonly string[] {
  return peopleIn(cell).map(personKey);
}

describe("a cell that names one person", () => {
  it.each([
    "a@x",
    "Bianchi, Beatrix <beatrix@x>",
    "Bianchi, Beatrix <beatrix@x>; ",
    '"Bianchi; Beatrix" <beatrix@x>',
    '"old@x; Beatrix" <beatrix@x>',
    "Room 12, Floor 3 <room@x>",
    "Bianchi, Beatrix",
    "mailto:a@x?subject=Photo 12",
    "i:0#.f|membership|a@x",
    "anna@\n x",
    '="00123"',
    "4711",
    "E-1; E-2",
    `{${GUID}}`,
    "",
    " ; ",
    "\u200B",
  ])("is left as it is: %j", (cell) => {
    expect(peopleIn(cell)).toEqual([cell]);
  });
});

describe("a cell that names several people", () => {
  it.each([
    ["Beatrix Bianchi <b@x>; Zeno Z <z@x>", ["b@x", "z@x"]],
    ["Bianchi, Beatrix <b@x>, Z, Zeno <z@x>", ["b@x", "z@x"]],
    ['"Bianchi; Beatrix" <b@x>; "z@old" <z@x>', ["b@x", "z@x"]],
    ["b@x,z@x", ["b@x", "z@x"]],
    ["b@x; z@x; ", ["b@x", "z@x"]],
    ["b@x z@x\tq@x", ["b@x", "z@x", "q@x"]],
    ["b@x\nz@x\r\nq@x", ["b@x", "z@x", "q@x"]],
    ["b@x/z@x|q@x", ["b@x", "z@x", "q@x"]],
    ["ｂ＠x；z@x、q@x", ["b@x", "z@x", "q@x"]],
    ["'b@x', 'z@x'", ["b@x", "z@x"]],
    ['"b@x; z@x"', ["b@x", "z@x"]],
    ["SMTP:b@x;smtp:z@x", ["b@x", "z@x"]],
    ["mailto:b@x,z@x?subject=photo", ["b@x", "z@x"]],
    ["mailto:b@x?cc=z@x&bcc=q@x", ["b@x", "z@x", "q@x"]],
    ["i:0#.f|membership|b@x; i:0#.f|membership|z@x", ["b@x", "z@x"]],
    ["anna@\n x; z@x", ["anna@x", "z@x"]],
    ["b@x, B@X", ["b@x"]],
    [`b@x; {${GUID.toUpperCase()}}`, ["b@x", GUID]],
    [`${GUID}, 4711`, [GUID, "4711"]],
    ["4711; 4712", ["4711", "4712"]],
    ["b@x z@x 4711", ["b@x", "z@x", "4711"]],
    ["4711; Beatrix <b@x>", ["4711", "b@x"]],
  ])("%j names %j", (cell, keys) => {
    expect([...keysIn(cell)].sort()).toEqual([...keys].sort());
  });

  it.each([
    ["b@x; E-4711", "e-4711"],
    ["b@x, z@x, E-4711", "e-4711"],
    ["Bianchi; Beatrix <b@x>", "bianchi"],
    ["b@x; Z, Zeno", "z, zeno"],
    ["b@x&z@x; q@x", "b@x&z@x"],
  ])("keeps each part that may be somebody: %j", (cell, part) => {
    expect(keysIn(cell)).toContain(part);
  });

  it("loses no address, whatever stands between and around (property)", () => {
    const address = fc.stringMatching(/^[a-z][a-z.'-]{0,6}[a-z]@[a-z]{1,5}\.example$/);
    const person = fc.tuple(address, fc.constantFrom("", "Doe, Jo", '"Doe; Jo"', "smtp:", "'"));
    const people = fc.array(person, { minLength: 1, maxLength: 5 });
    const between = fc.constantFrom(";", "; ", ",", ", ", "\n", "\r\n", " ;\n", "\t");
    fc.assert(
      fc.property(people, between, (each, separator) => {
        const cell = each
          .map(([mail, how]) => (how.includes("Doe") ? `${how} <${mail}>` : how === "'" ? `'${mail}'` : how + mail))
          .join(separator);
        expect(new Set(keysIn(cell))).toEqual(new Set(each.map(([mail]) => personKey(mail))));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("addresses and object ids in a cell", () => {
  it.each([
    ["b@x", ["b@x"]],
    ["Zeno Z <z@x>", ["Zeno Z <z@x>"]],
    [`since 2024; ${GUID}`, [GUID]],
    ["left 12.3.2026", []],
    ["4711", []],
  ])("%j: %j", (cell, addresses) => {
    expect(addressesIn(cell)).toEqual(addresses);
  });
});
