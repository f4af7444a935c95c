import { describe, expect, it } from "vitest";
import { type ColourCells, colourCells, recolouredCells, type Rgb } from "../../../../src/compare/photo/cells.js";
import { leftBy, leftByWishes } from "../../../../src/compare/photo/explained.js";
import { PROFILE_SLIPS } from "../../../../src/compare/photo/profiles.js";

const slip = (name: string) => PROFILE_SLIPS.find((each) => each.name === name)!.of;

/** Numbers of sRGB colours in other spaces, from the definitions of the spaces as CSS Color 4 (section 10) and Adobe RGB (1998) give them. */
const KNOWN: readonly (readonly [string, Rgb, Rgb])[] = [
  ["Display P3 lost", [255, 0, 0], [234, 51, 35]],
  ["Display P3 lost", [0, 255, 0], [117, 251, 76]],
  ["Display P3 lost", [0, 0, 255], [0, 0, 245]],
  ["Adobe RGB lost", [255, 0, 0], [219, 0, 0]],
  ["Adobe RGB lost", [0, 255, 0], [144, 255, 60]],
  ["Adobe RGB lost", [0, 0, 255], [0, 0, 250]],
];

describe("numbers of a space that are read as sRGB", () => {
  it.each(KNOWN)("%s: %j looks like %j", (name, colour, looks) => {
    slip(name)(colour).forEach((value, channel) => {
      expect(Math.abs(value - looks[channel]!), `channel ${channel}`).toBeLessThanOrEqual(1);
    });
  });

  it.each(["Display P3", "Adobe RGB"])(
    "%s: what the master lost is found again, and white, grey and black stay",
    (space) => {
      const [lost, found] = [slip(`${space} lost`), slip(`${space} lost by the master`)];
      for (const colour of [
        [200, 150, 120],
        [40, 90, 60],
        [90, 110, 180],
        [230, 210, 190],
      ] as const) {
        found(lost(colour)).forEach((value, channel) => expect(value).toBeCloseTo(colour[channel]!, 0));
        lost(found(colour)).forEach((value, channel) => expect(value).toBeCloseTo(colour[channel]!, 0));
      }
      for (const grey of [0, 128, 255]) {
        for (const value of [...lost([grey, grey, grey]), ...found([grey, grey, grey])]) {
          // The curve of Adobe RGB is a power, that of sRGB only nearly one.
          expect(Math.abs(value - grey)).toBeLessThanOrEqual(1.5);
        }
      }
    },
  );
});

/** A picture of many colours: skin, cloth and backdrop in slow waves. */
function cells(bright = 1): ColourCells {
  const luma = Float64Array.from(
    { length: 64 * 64 },
    (_, at) => bright * (120 + 50 * Math.sin(at / 90) + 20 * Math.cos(at / 7)),
  );
  const chroma = Uint8Array.from({ length: 512 }, (_, at) => 128 + 22 * Math.sin(at / 9) + (at < 256 ? -6 : 9));
  return colourCells(luma, chroma);
}

function greyOf([red, green, blue]: Rgb): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

const saturated = (by: number) => (rgb: Rgb) =>
  rgb.map((value) => greyOf(rgb) + by * (value - greyOf(rgb))) as unknown as Rgb;
const balanced = (gains: Rgb) => (rgb: Rgb) => rgb.map((value, channel) => gains[channel]! * value) as unknown as Rgb;

describe("what a change of colours leaves unexplained", () => {
  const before = cells(0.8);

  it("nothing is left of no change", () => {
    const left = leftByWishes(before, before);
    for (const value of Object.values(left)) expect(value).toBeCloseTo(0, 4);
  });

  it.each([0.6, 0.75, 0.9, 1.15])("a saturation of %d is explained by a saturation, not by a balance", (by) => {
    const left = leftByWishes(before, recolouredCells(before, saturated(by)));
    expect(left.nothing).toBeGreaterThan(0.5);
    expect(left.saturation).toBeLessThan(0.25 * left.nothing);
    expect(left.balance).toBeGreaterThan(2 * left.saturation);
  });

  it.each<Rgb>([
    [1.06, 1, 0.94],
    [0.95, 1, 1.05],
    [1, 1.05, 1],
  ])("a balance of %d, %d, %d is explained by a balance, not by a saturation", (...gains) => {
    const left = leftByWishes(before, recolouredCells(before, balanced(gains)));
    expect(left.nothing).toBeGreaterThan(1);
    expect(left.balance).toBeLessThan(0.05 * left.nothing);
    expect(left.saturation).toBeGreaterThan(5 * left.balance);
  });

  it("clipped cells say nothing of a balance, as long as others do", () => {
    const bright = cells(1.25);
    const after = recolouredCells(bright, balanced([1.2, 1, 0.9]));
    expect([...after.red].filter((value) => value === 255).length).toBeGreaterThan(20);
    // What is left lies in the clipped cells themselves.
    const left = leftByWishes(bright, after);
    expect(left.balance).toBeLessThan(0.05 * left.nothing);
    const white = recolouredCells(bright, () => [255, 255, 255]);
    expect(leftByWishes(white, white).balance).toBeCloseTo(0, 3);
  });

  it.each(PROFILE_SLIPS)("$name explains itself better than any wish does", ({ of }) => {
    const after = recolouredCells(before, of);
    const left = leftByWishes(before, after);
    expect(leftBy(after, after)).toBe(0);
    expect(left.nothing).toBeGreaterThan(1);
    expect(Math.min(left.saturation, left.balance)).toBeGreaterThan(0.05 * left.nothing);
  });
});
