import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  hashOf,
  idOf,
  keptHash,
  keptId,
  keptNumbers,
  keptTime,
  numbersOf,
  timeOf,
} from "../../../src/state/sqlite/short-forms.js";

describe("short forms of the state", () => {
  it("of times give the text that they were made of, whatever it was", () => {
    const date = fc.date({ noInvalidDate: true }).map((each) => each.toISOString());
    const short = date.map((iso) => iso.replace(/\.\d{3}Z$/, "Z"));
    const odd = fc.constantFrom(
      "",
      "1970-01-01T00:00:00.000Z",
      "1970-01-01T00:00:00Z",
      "2026-11-29",
      "12",
      "2026-02-30T00:00:00Z",
    );
    fc.assert(fc.property(fc.oneof(date, short, odd, fc.string()), (iso) => timeOf(keptTime(iso)) === iso));
    expect(keptTime("2026-11-29T05:41:44.658Z")).toBe(Date.UTC(2026, 10, 29, 5, 41, 44, 658));
    expect(keptTime("2026-11-29T05:41:44Z")).toBe(Date.UTC(2026, 10, 29, 5, 41, 44) / 1000);
  });

  it("of hashes give the text that they were made of, whatever it was", () => {
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 62, maxLength: 66 });
    fc.assert(
      fc.property(
        fc.oneof(
          digits,
          digits.map((text) => text.toUpperCase()),
          fc.string(),
        ),
        (text) => hashOf(keptHash(text)) === text,
      ),
    );
    expect(keptHash("ab".repeat(32))).toHaveLength(32);
    expect([keptHash(null), hashOf(null)]).toEqual([null, null]);
  });

  it("of identifiers give the text that they were made of, whatever it was", () => {
    const odd = fc.oneof(
      fc.string(),
      fc.uuid().map((uuid) => uuid.toUpperCase()),
      fc.uuid().map((uuid) => uuid.replaceAll("-", "")),
    );
    fc.assert(fc.property(fc.oneof(fc.uuid(), odd), (id) => idOf(keptId(id)) === id));
    fc.assert(fc.property(fc.uuid(), (id) => keptId(id).length === 16));
  });

  it("of numbers give the same numbers, three bytes each where they have four digits", () => {
    const measured = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => Number(value.toPrecision(4)));
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    fc.assert(
      fc.property(fc.array(measured), (numbers) => {
        expect(numbersOf(keptNumbers(numbers))).toEqual(numbers);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(measured, finite)), (numbers) => {
        expect(numbersOf(keptNumbers(numbers))).toEqual(numbers);
      }),
    );
    expect(keptNumbers([0.8725, 1.165, 1.558, 2.333, 3.175, 7.154, 20.95, 30.25])).toHaveLength(24);
    expect(numbersOf("[1.5,2]")).toEqual([1.5, 2]);
  });
});
