import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { createShiftsModule, SHIFTS } from "../../../../src/compare/photo/shifts-module.js";
import { moduleBytes } from "../../../../src/model/web-assembly.js";

const SOURCE = join(import.meta.dirname, "../../../../src/compare/photo/shifts.wat");

describe("what two grids have in common", () => {
  it("is summed by a module that is made of the text beside it", async () => {
    const { buffer } = (await wabt()).parseWat("shifts.wat", readFileSync(SOURCE, "utf8")).toBinary({});
    expect(Buffer.from(moduleBytes(SHIFTS))).toEqual(Buffer.from(buffer));
  });

  it("is the sum of the products of their cells, whatever the rectangle", () => {
    const module = createShiftsModule();
    const numbers = new Float64Array(module.memory.buffer);
    for (let at = 0; at < 2 * 40 * 40; at++) numbers[at] = Math.sin(at * 1.7) + (at % 7) / 5;
    const place = fc.integer({ min: 0, max: 15 });
    const size = fc.integer({ min: 0, max: 24 });
    fc.assert(
      fc.property(fc.tuple(place, place, place, place), size, size, ([x, y, u, v], columns, rows) => {
        const [over, beneath] = [y * 40 + x, 1600 + v * 40 + u];
        let expected = 0;
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            expected += numbers[over + row * 40 + column]! * numbers[beneath + row * 40 + column]!;
          }
        }
        const found = module.common(8 * over, 8 * beneath, columns, rows, 320, 320);
        expect(found).toBeCloseTo(expected, 9);
      }),
      { numRuns: 500 },
    );
  });
});
