type Rgb = readonly [number, number, number];
type Matrix = readonly [Rgb, Rgb, Rgb];

/** Linear RGB to XYZ (D65) of each space: IEC 61966-2-1, SMPTE EG 432-1 (Display P3), Adobe RGB (1998), ITU-R BT.2020. */
const TO_XYZ = {
  srgb: [
    [0.4123908, 0.3575843, 0.1804808],
    [0.212639, 0.7151687, 0.0721923],
    [0.0193308, 0.1191948, 0.9505322],
  ],
  p3: [
    [0.4865709, 0.2656677, 0.1982173],
    [0.2289746, 0.6917385, 0.0792869],
    [0, 0.0451134, 1.0439444],
  ],
  adobe: [
    [0.576669, 0.1855582, 0.1882286],
    [0.297345, 0.6273636, 0.0752915],
    [0.0270314, 0.0706889, 0.9913375],
  ],
  bt2020: [
    [0.636958, 0.1446169, 0.168881],
    [0.2627002, 0.6779981, 0.0593017],
    [0, 0.0280727, 1.0609851],
  ],
} as const satisfies Record<string, Matrix>;

/** XYZ (D65) to linear sRGB. */
const FROM_XYZ: Matrix = [
  [3.2409699, -1.5373832, -0.4986108],
  [-0.9692436, 1.8759675, 0.0415551],
  [0.0556301, -0.203977, 1.0569715],
];

export type ColourSpace = keyof typeof TO_XYZ;

const srgbLight = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const srgbCode = (light: number) => (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
const apply = (matrix: Matrix, v: readonly number[]): Rgb =>
  matrix.map((row) => row[0] * v[0]! + row[1] * v[1]! + row[2] * v[2]!) as unknown as Rgb;

/** What a colour of that space looks like in sRGB, 0 to 255; what sRGB cannot show is cut off. */
export function inSrgb(colour: Rgb, space: ColourSpace): Rgb {
  const light = colour.map((value) => (space === "adobe" ? (value / 255) ** 2.19921875 : srgbLight(value / 255)));
  const shown = apply(FROM_XYZ, apply(TO_XYZ[space], light));
  return shown.map((value) => 255 * srgbCode(Math.min(1, Math.max(0, value)))) as unknown as Rgb;
}

function lab(colour: Rgb): Rgb {
  const [x, y, z] = apply(
    TO_XYZ.srgb,
    colour.map((value) => srgbLight(value / 255)),
  );
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116);
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** CIEDE2000 of two sRGB colours (Sharma, Wu, Dalal 2005). */
export function deltaE(first: Rgb, second: Rgb): number {
  const [l1, a1, b1] = lab(first);
  const [l2, a2, b2] = lab(second);
  const degrees = (y: number, x: number) => (x === 0 && y === 0 ? 0 : ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360);
  const sine = (angle: number) => Math.sin((angle * Math.PI) / 180);
  const cosine = (angle: number) => Math.cos((angle * Math.PI) / 180);
  const seventh = (c: number) => Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const g = 0.5 * (1 - seventh((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const [h1, h2] = [degrees(b1, p1), degrees(b2, p2)];
  const grey = c1 * c2 === 0;
  const turn = grey ? 0 : h2 - h1 > 180 ? h2 - h1 - 360 : h2 - h1 < -180 ? h2 - h1 + 360 : h2 - h1;
  const [dl, dc, dh] = [l2 - l1, c2 - c1, 2 * Math.sqrt(c1 * c2) * sine(turn / 2)];
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const h = grey ? h1 + h2 : Math.abs(h1 - h2) <= 180 ? (h1 + h2) / 2 : ((h1 + h2 + 360) / 2) % 360;
  const t = 1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h) + 0.32 * cosine(3 * h + 6) - 0.2 * cosine(4 * h - 63);
  const [sl, sc, sh] = [1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2), 1 + 0.045 * c, 1 + 0.015 * c * t];
  const rotation = -2 * seventh(c) * sine(60 * Math.exp(-(((h - 275) / 25) ** 2)));
  return Math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rotation * (dc / sc) * (dh / sh));
}
