import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { correlation, flippedCorrelation, localCorrelation } from "../../../../src/compare/photo/correlate.js";
import { HIGH_PASS } from "../../../../src/compare/photo/high-pass-module.js";
import { boxMean, highPass } from "../../../../src/compare/photo/high-pass.js";
import { moduleBytes } from "../../../../src/model/web-assembly.js";
import { seeded } from "../../../support/seeded.js";

const SOURCE = join(import.meta.dirname, "../../../../src/compare/photo/high-pass.wat");

/** Grey levels of a drawn scene with noise, another one for each seed. */
function drawn(side: number, seed: number): Float32Array {
  const noise = seeded(seed * 2654435761 + 12345);
  const [x0, y0] = [noise() * side, noise() * side];
  return Float32Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    return Math.floor(120 + 90 * Math.sin(x / 3 + y / 5) * Math.exp(-Math.hypot(x - x0, y - y0) / side) + 20 * noise());
  });
}

/** One line of a mean, as the definition has it: a running sum in double precision. */
function plainMeanAlong(
  from: Float32Array,
  to: Float32Array,
  { start, step, length }: { start: number; step: number; length: number },
  radius: number,
): void {
  let [sum, count] = [0, 0];
  for (let i = 0; i < Math.min(radius, length); i++, count++) sum += from[start + i * step]!;
  for (let i = 0; i < length; i++) {
    if (i + radius < length) {
      sum += from[start + (i + radius) * step]!;
      count++;
    }
    if (i - radius - 1 >= 0) {
      sum -= from[start + (i - radius - 1) * step]!;
      count--;
    }
    to[start + i * step] = sum / count;
  }
}

function plainMean(picture: Float32Array, side: number, radius: number): Float32Array {
  const [across, out] = [new Float32Array(picture.length), new Float32Array(picture.length)];
  for (let line = 0; line < side; line++)
    plainMeanAlong(picture, across, { start: line * side, step: 1, length: side }, radius);
  for (let line = 0; line < side; line++)
    plainMeanAlong(across, out, { start: line, step: side, length: side }, radius);
  return out;
}

function plainHighPass(picture: Float32Array, side: number, radius: number): Float32Array {
  const low = plainMean(plainMean(picture, side, radius), side, radius);
  const out = picture.map((value, at) => value - low[at]!);
  const mean = out.reduce((sum, value) => sum + value, 0) / out.length;
  const centred = out.map((value) => value - mean);
  const energy = centred.reduce((sum, value) => sum + value * value, 0);
  const scale = energy > out.length * 1e-4 ? 1 / Math.sqrt(energy) : 0;
  return centred.map((value) => value * scale);
}

function mirrored(picture: Float32Array): Float32Array {
  const side = Math.sqrt(picture.length);
  return picture.map((_, at) => picture[at - (at % side) + side - 1 - (at % side)]!);
}

interface Cells {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** Each window by itself, cell after cell. */
function plainLocal(a: Float32Array, b: Float32Array, { x0, x1, y0, y1 }: Cells): number {
  const side = Math.sqrt(a.length);
  const [size, stride] = [side / 4, side / 16];
  let lowest = 1;
  for (let top = y0; top + size <= y1 + 1; top += stride) {
    for (let left = x0; left + size <= x1 + 1; left += stride) {
      const cells = Array.from(
        { length: size * size },
        (_, at) => (top + Math.floor(at / size)) * side + left + (at % size),
      );
      const mean = (picture: Float32Array) => cells.reduce((sum, at) => sum + picture[at]!, 0) / cells.length;
      const [meanA, meanB] = [mean(a), mean(b)];
      const varA = cells.reduce((sum, at) => sum + (a[at]! - meanA) ** 2, 0);
      const varB = cells.reduce((sum, at) => sum + (b[at]! - meanB) ** 2, 0);
      const both = cells.reduce((sum, at) => sum + (a[at]! - meanA) * (b[at]! - meanB), 0);
      if (varA + varB < (2 * size * size) / (side * side)) continue;
      lowest = Math.min(lowest, varA * varB > 0 ? both / Math.sqrt(varA * varB) : 0);
    }
  }
  return lowest;
}

const seeds = fc.integer({ min: 1, max: 1e6 });

describe("pictures without their low frequencies", () => {
  it("are made by a module that is made of the text beside it", async () => {
    const { buffer } = (await wabt()).parseWat("high-pass.wat", readFileSync(SOURCE, "utf8")).toBinary({});
    expect(Buffer.from(moduleBytes(HIGH_PASS))).toEqual(Buffer.from(buffer));
  });

  it("are those of the plain sums to the bit, whatever their side and radius", () => {
    const sides = fc.integer({ min: 2, max: 64 });
    fc.assert(
      fc.property(sides, fc.integer({ min: 1, max: 9 }), seeds, (side, radius, seed) => {
        const picture = drawn(side, seed);
        expect(boxMean(picture, side, radius)).toEqual(plainMean(picture, side, radius));
        expect(highPass(picture, side, radius)).toEqual(plainHighPass(picture, side, radius));
      }),
      { numRuns: 300 },
    );
  });

  it("are nothing where a picture is flat, and one is not left over from the picture before", () => {
    const before = highPass(drawn(64, 1), 64, 4);
    const kept = Float32Array.from(before);
    expect(highPass(new Float32Array(48 * 48).fill(77), 48, 4).every((value) => value === 0)).toBe(true);
    expect(before).toEqual(kept);
  });
});

describe("correlation of two pictures", () => {
  const pairs = fc.tuple(fc.constantFrom(48, 64), seeds, seeds);

  it("with the first one flipped is that of the flipped picture", () => {
    fc.assert(
      fc.property(fc.tuple(fc.constantFrom(32, 48, 64), seeds, seeds), ([side, one, two]) => {
        const [a, b] = [highPass(drawn(side, one), side, 3), highPass(drawn(side, two), side, 3)];
        expect(flippedCorrelation(a, b)).toBe(correlation(mirrored(a), b));
        expect(flippedCorrelation(mirrored(a), a)).toBeCloseTo(1, 5);
      }),
      { numRuns: 60 },
    );
  });

  it("is lowest in the window in which it is, wherever both pictures are looked at", () => {
    const edge = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(pairs, fc.tuple(edge, edge, edge, edge), ([side, one, two], [left, right, top, bottom]) => {
        const [picture, added] = [drawn(side, one), drawn(side, two)];
        const shown = highPass(picture, side, 4);
        const other = highPass(
          picture.map((value, at) => value + added[at]! / 3),
          side,
          4,
        );
        const shared = { x0: left, x1: side - 1 - right, y0: top, y1: side - 1 - bottom };
        expect(localCorrelation(shown, other, shared)).toBeCloseTo(plainLocal(shown, other, shared), 9);
      }),
      { numRuns: 60 },
    );
  });
});
