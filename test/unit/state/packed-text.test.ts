import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packText, textOf } from "../../../src/state/sqlite/packed-text.js";
import { WORDS_1 } from "../../../src/state/sqlite/packing-words.js";
import { sha256Of } from "../../../src/state/digest.js";
import { draft } from "./made.js";

describe("texts of the state, packed", () => {
  it("are read as they were written, whatever they hold", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => textOf(packText(text)) === text));
    fc.assert(fc.property(fc.json(), (text) => textOf(packText(text)) === text));
    const long = JSON.stringify(Array.from({ length: 9_000 }, (_, at) => `user.number${String(at)}@contoso.com`));
    expect(textOf(packText(long))).toBe(long);
  });

  it("of former versions are read as they are", () => {
    expect(textOf('{"rule":"stale-photo"}')).toBe('{"rule":"stale-photo"}');
  });

  it("take a third of their room and less where they are findings", () => {
    const text = JSON.stringify(draft("missing-thumbnail", "anna.becker", "sharepoint/anna.becker@contoso.com/LThumb"));
    expect(packText(text).length).toBeLessThan(text.length / 3);
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
