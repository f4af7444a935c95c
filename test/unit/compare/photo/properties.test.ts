import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decide, renditionsAgree } from "../../../../src/compare/photo/index.js";
import { register } from "../../../../src/compare/photo/registration.js";
import { sitter } from "../../image/pictures.js";
import { type Drawn, draw, images, referencesOf, stored } from "./signed.js";

const masters = new Map<number, Promise<Drawn>>();

function master(seed: number): Promise<Drawn> {
  const drawn = masters.get(seed) ?? draw(sitter(seed), 648);
  masters.set(seed, drawn);
  return drawn;
}

const seeds = fc.integer({ min: 0, max: 11 });
const sides = fc.constantFrom(48, 72, 96, 120, 240, 648);
const kernels = fc.constantFrom("linear", "cubic", "mitchell", "lanczos2", "lanczos3");
// A fixed seed: a drawn line can be as thin as a pixel, and a rare miss belongs into the bench, not into everybody's build.
fc.configureGlobal({ seed: 20261123 });
const runs = { numRuns: 25 } as const;

describe("properties of the photo decision", () => {
  it("identity: a picture is itself, whatever re-encoding did to it", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, sides, kernels, fc.integer({ min: 60, max: 95 }), async (seed, side, kernel, quality) => {
        const drawn = await master(seed);
        const rendition = await images.sign(
          await sharp(drawn.bytes).resize(side, side, { kernel }).jpeg({ quality }).toBuffer(),
        );
        const again = await images.sign(await sharp(drawn.bytes).resize(side, side).jpeg({ quality: 90 }).toBuffer());
        expect(decide(await referencesOf(drawn, rendition), rendition).kind).toBe("same");
        expect(renditionsAgree(rendition, again)).toBe(true);
      }),
      runs,
    );
  });

  it("agreement is symmetric", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, seeds, sides, sides, async (one, other, sideA, sideB) => {
        const a = await stored((await master(one)).bytes, sideA);
        const b = await stored((await master(other)).bytes, sideB);
        expect(renditionsAgree(a, b)).toBe(renditionsAgree(b, a));
        if (one === other) expect(renditionsAgree(a, b)).toBe(true);
      }),
      runs,
    );
  });

  it("a mirrored picture is never the same", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, sides, async (seed, side) => {
        const drawn = await master(seed);
        const rendition = await stored(drawn.bytes, side, (image) => image.flop());
        expect(decide(await referencesOf(drawn, rendition), rendition).kind).not.toBe("same");
      }),
      runs,
    );
  });

  it("a growing crop never becomes more alike, and same turns into reframed for good", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.constantFrom(96, 240), async (seed, side) => {
        const drawn = await master(seed);
        let last = 1;
        let leftSame = false;
        for (const border of [0, 4, 10, 20, 40, 70]) {
          const window = 648 - 2 * border;
          const cropped = await sharp(drawn.bytes)
            .extract({ left: border, top: border, width: window, height: window })
            .png()
            .toBuffer();
          const rendition = await stored(cropped, side);
          const { kind, evidence } = decide(await referencesOf(drawn, rendition), rendition);
          expect(evidence.hp64).toBeLessThan(last + 0.02);
          last = evidence.hp64 ?? last;
          if (kind !== "same") leftSame = true;
          if (leftSame) expect(kind).toBe("reframed");
        }
        expect(leftSame).toBe(true);
      }),
      { numRuns: 6 },
    );
  });

  it("registration stays within -1 and 1 for any pixels", () => {
    const lumas = fc.uint8Array({ minLength: 4096, maxLength: 4096 });
    fc.assert(
      fc.property(lumas, lumas, (a, b) => {
        const { score } = register(a, b);
        expect(score).toBeGreaterThanOrEqual(-1);
        expect(score).toBeLessThanOrEqual(1.000001);
      }),
      { numRuns: 10 },
    );
  });
});
