import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packText, textOf } from "../../../src/state/sqlite/packed-text.js";
import { WORDS_1 } from "../../../src/state/sqlite/packing-words.js";
import { sha256Of } from "../../../src/files/digest.js";
import { draft } from "./made.js";

describe("texts of the state, packed", () => {
  it("are read as they were written, whatever they hold", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => textOf(packText(text)) === text));
    fc.assert(fc.property(fc.json(), (text) => textOf(packText(text)) === text));
    const long = JSON.stringify(Array.from({ length: 9_000 }, (_, at) => `user.number${String(at)}@contoso.com`));
    expect(textOf(packText(long))).toBe(long);
  });

  it("with identifiers, hashes and times are read as they were written, whatever stands around", () => {
    const hex = (digits: number) =>
      fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits });
    const value = fc.oneof(
      fc.uuid(),
      fc.uuid().map((uuid) => uuid.toUpperCase()),
      fc.date().map((date) => (Number.isNaN(date.getTime()) ? "2026-13-41T25:61:61.000Z" : date.toISOString())),
      fc.constantFrom("1969-12-31T23:59:59.999Z", "2026-02-30T00:00:00.000Z", "0000-00-00T00:00:00.000Z"),
      fc.integer({ min: 14, max: 150 }).chain(hex),
    );
    const part = fc.oneof(value, fc.constantFrom('"', "-", "\u0001", "a", "0", "T", "Z", ""), fc.string());
    fc.assert(
      fc.property(fc.array(part, { maxLength: 24 }), fc.array(value, { maxLength: 3 }), (parts, again) => {
        const text = [...parts, ...again, ...again].join("");
        return textOf(packText(text)) === text;
      }),
      { numRuns: 500 },
    );
  });

  it("of the former form, with everything packed by words, are read", () => {
    expect(textOf(Buffer.from("AavG0WSE+dfAwNDQyMjY2MTE1NTMzNzcwsLSMjExKSk5OSUlNTUtTakWAA==", "base64"))).toBe(
      '{"rule":"stale-photo","sha256":"00112233445566778899aabbccddeeff"}',
    );
  });

  it("of former versions are read as they are", () => {
    expect(textOf('{"rule":"stale-photo"}')).toBe('{"rule":"stale-photo"}');
  });

  it("take a third of their room and less where they are findings", () => {
    const text = JSON.stringify(draft("missing-thumbnail", "anna.becker", "sharepoint/anna.becker@contoso.com/LThumb"));
    expect(packText(text).length).toBeLessThan(text.length / 3);
    const found = {
      id: sha256Of(Buffer.from("id")).slice(0, 16),
      ...draft("missing-photo", "anna", "exchange/anna@contoso.com"),
    };
    const expected = { master: "anna@contoso.com.jpg", sha256: sha256Of(Buffer.from("anna")), width: 648, height: 648 };
    const whole = JSON.stringify({ ...found, expected, firstSeen: "2026-11-29T05:41:44.658Z" });
    expect(packText(whole).length).toBeLessThan(whole.length / 3.5);
  });

  it("that a newer version packed with other words are refused, not misread", () => {
    const newer = packText("text");
    newer[0] = 250;
    expect(() => textOf(newer)).toThrow(RangeError);
  });

  it("keep the words that files were packed with", () => {
    // Another sum: packed texts of existing files can not be read any more. Add a second list instead.
    expect(sha256Of(Buffer.from(WORDS_1))).toBe("c4eceabafc8108ed9e8e3726b54623a0e3caba2436077623aa26cdd39f5332f0");
  });
});
