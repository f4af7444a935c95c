import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textureOf } from "../../../src/image/texture.js";
import { portrait, sitter } from "./pictures.js";
import { images } from "../compare/photo/signed.js";

const SIDE = 128;

function picture(pixel: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from({ length: SIDE * SIDE }, (_, at) => pixel(at % SIDE, Math.floor(at / SIDE)));
}

/** The same, written down once more without any care for time. */
function slowly(luma: Uint8Array): readonly number[] {
  const at = (x: number, y: number) => luma[y * SIDE + x];
  return Array.from({ length: 256 }, (_, cell) => {
    let energy = 0;
    for (let y = 8 * Math.floor(cell / 16); y < 8 * Math.floor(cell / 16) + 8; y++) {
      for (let x = 8 * (cell % 16); x < 8 * (cell % 16) + 8; x++) {
        const around: number[] = [];
        for (let v = Math.max(0, y - 2); v <= Math.min(SIDE - 1, y + 2); v++) {
          for (let u = Math.max(0, x - 2); u <= Math.min(SIDE - 1, x + 2); u++) around.push(at(u, v)!);
        }
        energy += (at(x, y)! - around.reduce((a, b) => a + b, 0) / around.length) ** 2;
      }
    }
    return Math.round(16 * Math.log2((energy / 64 + 2) / 2));
  });
}

describe("fine detail by place", () => {
  it("is none of one colour and of a slope of light but at its borders", () => {
    expect(new Set(textureOf(picture(() => 90)))).toEqual(new Set([0]));
    const slope = textureOf(picture((x, y) => 40 + x / 2 + y / 2));
    expect(Math.max(...slope.filter((_, at) => at % 16 > 0 && at % 16 < 15 && at > 15 && at < 240))).toBeLessThan(2);
  });

  it("is what is written down, for whatever pixels", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat(255), (noise, base) => {
        const luma = picture((x, y) => (base + noise[(x * 7 + y * 13) % 64]! * ((x + y) % 3)) & 255);
        expect([...textureOf(luma)]).toEqual(slowly(luma));
      }),
      { numRuns: 20 },
    );
  });

  it("doubles by 32 steps where the contrast doubles, and says where", () => {
    const board = (contrast: number) => picture((x, y) => (x < 64 ? 100 + ((x + y) % 2) * contrast : 100));
    const [once, twice] = [textureOf(board(70)), textureOf(board(140))];
    const inside = 16 * 8 + 3;
    expect(twice[inside]! - once[inside]!).toBe(32);
    expect(twice[inside + 8]).toBe(0);
  });

  it("is measured from 200 pixels on, as the smallest picture that has it", async () => {
    for (const [side, measured] of [
      [96, false],
      [199, false],
      [200, true],
      [648, true],
    ] as const) {
      const { texture } = await images.sign(await portrait(sitter(3), side));
      expect(texture?.length).toBe(measured ? 256 : undefined);
    }
  });
});
