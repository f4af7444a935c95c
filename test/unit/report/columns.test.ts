import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columns, fit, wrap } from "../../../src/report/columns.js";

describe("columns and fit", () => {
  it("counts what a terminal shows", () => {
    expect(["abc", "山田", "Zoe\u0308", "👩‍💻"].map(columns)).toEqual([3, 4, 3, 2]);
  });

  it("never exceeds the width", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 2, max: 20 }), (text, width) => {
        expect(columns(fit(text, width))).toBeLessThanOrEqual(width);
        for (const line of wrap(text, width)) expect(columns(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
