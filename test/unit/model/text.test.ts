import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut, excerpt, plain } from "../../../src/model/text.js";

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

describe("cut and excerpt", () => {
  it("count characters, not halves of them", () => {
    expect(cut("👩👩👩👩", 3)).toBe("👩👩…");
    expect(cut("abc", 3)).toBe("abc");
    expect(cut("abcd", 3)).toBe("ab…");
    expect(cut("👩👩👩", 3)).toBe("👩👩👩");
    expect(cut("ab", 1)).toBe("…");
    expect(cut("ab", 0)).toBe("…");
  });

  it("is what every channel shows of foreign text: one string, one result", () => {
    const hostile = "  a\u200eb\u202ec\n\u001b[31md\u00ad  ";
    expect(excerpt(hostile, 300)).toBe("ab\ufffdc \ufffd[31md");
  });
});
