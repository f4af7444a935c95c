import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columns, fit, plain, wrap } from "../../../src/report/plain.js";

describe("plain", () => {
  it("lets no control character, override or line break through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(plain(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
        expect(plain(plain(text))).toBe(plain(text));
      }),
    );
  });

  it("shows that something was there, and takes the sting out of escape sequences", () => {
    expect(plain("a\u001b[2Jb")).toBe("a\ufffd[2Jb");
    expect(plain("invoice\u202egpj.exe")).toBe("invoice\ufffdgpj.exe");
    expect(plain("two\r\nlines")).toBe("two lines");
    expect(plain("\ud800")).toBe("\ufffd");
  });

  it.each(["Jürgen Müller", "山田 太郎", "محمد", "👩‍💻", "Zoe\u0308", "🇩🇪"])("leaves %s as it is", (name) => {
    expect(plain(name)).toBe(name);
  });

  it("thins out stacked marks", () => {
    expect(plain(`Z${"\u0301".repeat(500)}`).length).toBeLessThan(8);
  });
});

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
