import { describe, expect, it } from "vitest";
import { colourCells, linear, recolouredCells } from "../../../../src/compare/photo/cells.js";

const flat = (value: number) => new Float32Array(64 * 64).fill(value);
const chroma = (cb: number, cr: number) => Uint8Array.from({ length: 512 }, (_, at) => (at < 256 ? cb : cr));

describe("cells of a picture", () => {
  // BT.601 full range of the sRGB corners (ITU-T T.871, 7), and their CIE L*a*b* under D65 (brucelindbloom.com, CIE Color Calculator).
  it.each<[string, number, number, number, readonly number[], readonly number[]]>([
    ["red", 76.2, 85, 255, [255, 0, 0], [53.2, 80.1, 67.2]],
    ["green", 149.7, 44, 21, [0, 255, 0], [87.7, -86.2, 83.2]],
    ["blue", 29.1, 255, 107, [0, 0, 255], [32.3, 79.2, -107.9]],
    ["white", 255, 128, 128, [255, 255, 255], [100, 0, 0]],
    ["black", 0, 128, 128, [0, 0, 0], [0, 0, 0]],
    ["grey", 119, 128, 128, [119, 119, 119], [50, 0, 0]],
    ["nearly black", 10, 128, 128, [10, 10, 10], [2.74, 0, 0]],
  ])("%s has its own numbers in sRGB and L*a*b*", (_, luma, cb, cr, rgb, lab) => {
    const cells = colourCells(flat(luma), chroma(cb, cr));
    const at = (planes: readonly Float32Array[]) => planes.map((plane) => plane[100] ?? Number.NaN);
    at([cells.red, cells.green, cells.blue]).forEach((value, i) =>
      expect(Math.abs(value - (rgb[i] ?? 0))).toBeLessThan(2),
    );
    at([cells.l, cells.a, cells.b]).forEach((value, i) => expect(Math.abs(value - (lab[i] ?? 0))).toBeLessThan(1.2));
  });

  it("are the means of their sixteen pixels, from the upper left to the lower right", () => {
    const luma = Float32Array.from({ length: 64 * 64 }, (_, at) => 2 * (at % 64) + Math.floor(at / 64));
    const { red } = colourCells(luma, chroma(128, 128));
    const mean = (cell: number): number => 2 * (4 * (cell % 16) + 1.5) + 4 * Math.floor(cell / 16) + 1.5;
    expect(red).toHaveLength(256);
    expect([...red]).toEqual(Array.from({ length: 256 }, (_, cell) => mean(cell)));
  });

  it("are changed colour by colour, and clipped", () => {
    const cells = colourCells(flat(100), chroma(128, 128));
    const changed = recolouredCells(cells, ([red, green]) => [red + 200, green - 200, 50]);
    expect([changed.red[0], changed.green[255], changed.blue[7]]).toEqual([255, 0, 50]);
    expect(changed.l[0]).not.toBe(cells.l[0]);
  });

  it("light grows from its linear beginning into the power of 2.4 (IEC 61966-2-1)", () => {
    expect(linear(0)).toBe(0);
    expect(linear(255)).toBeCloseTo(1, 12);
    expect(linear(10)).toBeCloseTo(10 / 255 / 12.92, 12);
    expect(linear(11)).toBeCloseTo(((11 / 255 + 0.055) / 1.055) ** 2.4, 12);
  });
});
