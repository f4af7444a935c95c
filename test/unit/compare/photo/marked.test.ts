import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { decide } from "../../../../src/compare/photo/index.js";
import { ANNA, BORIS, portrait } from "../../image/pictures.js";
import { openDrawn, referencesOf, stored } from "./signed.js";

const SIDES = [96, 240];
const SITTERS = { Anna: ANNA, Boris: BORIS };

/** Drawn over the whole picture, in percent of its sides. */
async function over(bytes: Buffer, drawing: string): Promise<Buffer> {
  const { width, height } = await sharp(bytes).metadata();
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 100 100">${drawing}</svg>`;
  return sharp(bytes)
    .composite([{ input: Buffer.from(svg) }])
    .png()
    .toBuffer();
}

/** Strokes as of letters, drawn as lines so that no font has to be there. */
function strokes(colour: string, opacity: number, at: { readonly y: number; readonly turned?: number }): string {
  const letters = Array.from({ length: 9 }, (_, nth) => {
    const x = 8 + nth * 9.5;
    return `M${x} ${at.y + 5}L${x + 2.5} ${at.y - 5}L${x + 5} ${at.y + 5}M${x + 1.2} ${at.y + 1}H${x + 4}`;
  });
  return `<path d="${letters.join("")}" transform="rotate(${at.turned ?? 0} 50 50)" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="1.6"/>`;
}

const MARKS: Readonly<Record<string, string>> = {
  "white letters across at 60 %": strokes("#fff", 0.6, { y: 50, turned: -30 }),
  "white letters across at 40 %": strokes("#fff", 0.4, { y: 50, turned: -30 }),
  "black letters below at 40 %": strokes("#000", 0.4, { y: 88 }),
  "an orange line of letters": strokes("#f80", 1, { y: 92 }),
  "a logo in the corner at 40 %": `<circle cx="88" cy="88" r="7" fill="#036" fill-opacity=".4"/>`,
};

/** What services and people do to a whole picture, and what stays the picture. */
const HARMLESS: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  nothing: (image) => image,
  "sharpened by sigma 2": (image) => image.sharpen({ sigma: 2 }),
  blurred: (image) => image.blur(0.6),
  "contrast x1.06": (image) => image.linear(1.06, -7.7),
  "brightness x1.02": (image) => image.modulate({ brightness: 1.02 }),
};

describe("something laid over the picture", () => {
  it.each(Object.entries(MARKS))("%s is never the master as it is", async (_, drawing) => {
    for (const sitter of Object.values(SITTERS)) {
      const bytes = await portrait(sitter);
      const master = await openDrawn(bytes);
      const marked = await over(bytes, drawing);
      for (const side of SIDES) {
        for (const quality of [60, 90]) {
          const rendition = await stored(marked, side, undefined, quality);
          const { kind } = decide(await referencesOf(master, rendition), rendition);
          expect(kind, `${side} px, q${quality}`).not.toBe("same");
          expect(kind, `${side} px, q${quality}`).not.toBe("placeholder");
        }
      }
    }
  });

  it("is told with its strength, also where it is too weak to count, and alone decides", async () => {
    const bytes = await portrait(ANNA);
    const master = await openDrawn(bytes);
    const told = [];
    for (const opacity of [0, 0.03, 0.06, 0.09, 0.12, 0.15]) {
      const rendition = await stored(await over(bytes, strokes("#000", opacity, { y: 88 })), 240);
      const { kind, evidence } = decide(await referencesOf(master, rendition), rendition);
      told.push({ kind, mark: evidence.colour?.mark });
    }
    const strengths = told.flatMap(({ mark }) => (mark === undefined ? [] : [mark]));
    expect(told[0]).toEqual({ kind: "same", mark: 0 });
    expect(strengths).toEqual(strengths.toSorted((a, b) => a - b));
    expect(told).toContainEqual({ kind: "recoloured", mark: expect.any(Number) as number });
    expect(told.slice(-2).map(({ kind }) => kind)).not.toContain("same");
  });
});

describe("nothing laid over the picture", () => {
  it.each(Object.entries(HARMLESS))("%s: the same", async (_, change) => {
    for (const sitter of Object.values(SITTERS)) {
      const bytes = await portrait(sitter);
      const master = await openDrawn(bytes);
      for (const side of [48, ...SIDES]) {
        for (const quality of [60, 90]) {
          const rendition = await stored(bytes, side, change, quality);
          expect(decide(await referencesOf(master, rendition), rendition).kind, `${side} px, q${quality}`).toBe("same");
        }
      }
    }
  });

  it("a frame that slipped by half a percent: the same", async () => {
    const bytes = await portrait(ANNA, 800, 800);
    const master = await openDrawn(bytes);
    for (const [left, top] of [
      [0, 0],
      [8, 0],
      [8, 8],
    ] as const) {
      const slipped = await sharp(bytes).extract({ left, top, width: 792, height: 792 }).png().toBuffer();
      for (const side of SIDES) {
        const rendition = await stored(slipped, side);
        expect(decide(await referencesOf(master, rendition), rendition).kind, `${side} px`).toBe("same");
      }
    }
  });
});
