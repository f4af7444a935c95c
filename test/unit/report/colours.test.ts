import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/*
 * The colours of the page stand more than once: CSS that every browser reads has no way to say "these again" for a theme that was chosen, for
 * one that the system has, and for paper. What is the same theme must be the same colours.
 */
const STYLE = join(import.meta.dirname, "../../../src/report/html/browser/style");

function themes(file: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const css = readFileSync(join(STYLE, file), "utf8");
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const [, selector = "", body = ""] of css.matchAll(/(:root[^{}]*)\{([^{}]*)\}/g)) {
    const values = Array.from(body.matchAll(/(--[\w-]+|color-scheme):\s*([^;]+);/g), ([, name = "", value = ""]) => {
      return [name, value.replace(/\s+/g, " ")] as const;
    });
    const key = selector.trim().replace(/\s+/g, " ");
    found.set(found.has(key) ? `${key} of the system` : key, new Map(values));
  }
  return found;
}

describe("the colours of the page", () => {
  const screen = themes("colours.css");
  const light = screen.get(":root");
  const dark = screen.get(":root of the system");

  it("are one set for light and one for dark, with the same names", () => {
    expect(light?.get("color-scheme")).toBe("light");
    expect(dark?.get("color-scheme")).toBe("dark");
    expect(light?.size).toBeGreaterThan(15);
    expect([...(dark?.keys() ?? [])]).toEqual([...(light?.keys() ?? [])]);
  });

  it("are those sets where the reader chose the theme", () => {
    expect(screen.get(':root[data-theme="light"]')).toEqual(light);
    expect(screen.get(':root[data-theme="dark"]')).toEqual(dark);
  });

  it("are the light ones on paper, whatever was chosen", () => {
    const paper = [...themes("print.css")].filter(([, values]) => values.size > 15);
    expect(paper.length).toBeGreaterThan(0);
    for (const [selector, values] of paper) {
      expect(selector).toContain(":root[data-theme]");
      for (const [name, value] of values)
        if (name !== "--shadow") expect([name, value]).toEqual([name, light?.get(name)]);
    }
  });
});
