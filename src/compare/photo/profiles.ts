import { linear, type Rgb } from "./cells.js";

type Matrix = readonly [Rgb, Rgb, Rgb];

/** A colour space that cameras and photographers use, beside sRGB; all have the white of D65. */
interface Space {
  /** Linear sRGB to linear light of the space, and back: products of the matrices that the standards give. */
  readonly fromSrgb: Matrix;
  readonly toSrgb: Matrix;
  readonly encoded: (light: number) => number;
  readonly light: (encoded: number) => number;
}

/** SMPTE EG 432-1 primaries with the curve of sRGB. */
const DISPLAY_P3: Space = {
  fromSrgb: [
    [0.8225, 0.1775, 0],
    [0.0332, 0.9668, 0],
    [0.0171, 0.0724, 0.9105],
  ],
  toSrgb: [
    [1.2249, -0.2249, 0],
    [-0.0421, 1.0421, 0],
    [-0.0197, -0.0786, 1.0983],
  ],
  encoded: encodedSrgb,
  light: linear,
};

/** Adobe RGB (1998): the green of NTSC, and a power for its curve. */
const GAMMA = 563 / 256;
const ADOBE_RGB: Space = {
  fromSrgb: [
    [0.7152, 0.2848, 0],
    [0, 1, 0],
    [0, 0.0412, 0.9588],
  ],
  toSrgb: [
    [1.3982, -0.3982, 0],
    [0, 1, 0],
    [0, -0.043, 1.043],
  ],
  encoded: (light) => 255 * Math.max(0, light) ** (1 / GAMMA),
  light: (value) => (value / 255) ** GAMMA,
};

/** What numbers look like when somebody on the way ignored a profile. */
export interface ProfileSlip {
  readonly name: string;
  /** What the slip makes of a colour of the master: sRGB, maybe outside of 0 to 255. */
  readonly of: (rgb: Rgb) => Rgb;
  /** The slip that is part of the daily round of phones: it need not explain the colours better than another saturation does. */
  readonly common: boolean;
}

/** The numbers of the stored picture are those of the space, and are read as sRGB; or it is so with the master, and the stored picture is right. */
export const PROFILE_SLIPS: readonly ProfileSlip[] = [
  { name: "Display P3 lost", of: lostFrom(DISPLAY_P3), common: true },
  { name: "Display P3 lost by the master", of: foundAgain(DISPLAY_P3), common: false },
  { name: "Adobe RGB lost", of: lostFrom(ADOBE_RGB), common: false },
  { name: "Adobe RGB lost by the master", of: foundAgain(ADOBE_RGB), common: false },
];

function lostFrom({ fromSrgb, encoded }: Space): (rgb: Rgb) => Rgb {
  return (rgb) => mapped(times(fromSrgb, mapped(rgb, linear)), encoded);
}

function foundAgain({ toSrgb, light }: Space): (rgb: Rgb) => Rgb {
  return (rgb) => mapped(times(toSrgb, mapped(rgb, light)), encodedSrgb);
}

function times([red, green, blue]: Matrix, [r, g, b]: Rgb): Rgb {
  const row = (of: Rgb) => of[0] * r + of[1] * g + of[2] * b;
  return [row(red), row(green), row(blue)];
}

function mapped([r, g, b]: Rgb, change: (value: number) => number): Rgb {
  return [change(r), change(g), change(b)];
}

/** IEC 61966-2-1; the inverse of `linear`. */
function encodedSrgb(light: number): number {
  return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
}
