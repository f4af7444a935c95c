/** What makes a picture another one in colour or tone, and what does not, for bench/compare.mjs: name -> make(bytes, side, random). */
import sharp from "sharp";
import { PLAIN } from "./renditions.mjs";

function encode(image, random, from = 60, to = 95) {
  const quality = from + Math.floor(random() * (to - from + 1));
  const chromaSubsampling = random() < 0.75 ? "4:2:0" : "4:4:4";
  return image.jpeg({ quality, chromaSubsampling, mozjpeg: random() < 0.2 }).toBuffer();
}

function toned(change) {
  return async (bytes, side, random) => encode(change(sharp(await PLAIN(bytes, side, random))), random);
}

/** Gains of encoded channel values from one CIE daylight to another: as if a picture taken at 6,504 K were balanced for `kelvin`. */
function temperature(kelvin) {
  const linear = daylight(kelvin).map((value, channel) => value / daylight(6504)[channel]);
  return linear.map((value) => (value / linear[1]) ** (1 / 2.2));
}

function daylight(kelvin) {
  const x =
    kelvin <= 7000
      ? -4.607e9 / kelvin ** 3 + 2.9678e6 / kelvin ** 2 + 99.11 / kelvin + 0.244063
      : -2.0064e9 / kelvin ** 3 + 1.9018e6 / kelvin ** 2 + 247.48 / kelvin + 0.23704;
  const y = -3 * x * x + 2.87 * x - 0.275;
  const [X, Z] = [x / y, (1 - x - y) / y];
  return [3.2406 * X - 1.5372 - 0.4986 * Z, -0.9689 * X + 1.8758 + 0.0415 * Z, 0.0557 * X - 0.204 + 1.057 * Z];
}

/** Must be found. */
export const RECOLOURED = {
  "black and white": toned((image) => image.greyscale()),
  "600 K warmer": toned((image) => image.linear(temperature(5904), [0, 0, 0])),
  "600 K cooler": toned((image) => image.linear(temperature(7104), [0, 0, 0])),
  "saturation 0.75": toned((image) => image.modulate({ saturation: 0.75 })),
  "saturation 1.25": toned((image) => image.modulate({ saturation: 1.25 })),
  "brightness 0.85": toned((image) => image.modulate({ brightness: 0.85 })),
  "brightness 1.15": toned((image) => image.modulate({ brightness: 1.15 })),
};

/** Must leave an enlarged picture what it is, and a plain one too. */
export const TONED = {
  "brightness 0.7": toned((image) => image.modulate({ brightness: 0.7 })),
  "contrast 0.6": toned((image) => image.linear(0.6, 51)),
  "contrast 1.3": toned((image) => image.linear(1.3, -38)),
};

/** Must not be taken for other colours. `plain` is the widest class. */
export const REENCODED = {
  plain: PLAIN,
  "JPEG q60": async (bytes, side, random) => encode(sharp(await PLAIN(bytes, side, random)), random, 60, 60),
  "JPEG q30": async (bytes, side, random) => encode(sharp(bytes).resize(side, side), random, 30, 30),
  "WebP q60": async (bytes, side) => sharp(bytes).resize(side, side).webp({ quality: 60 }).toBuffer(),
  "PNG, 64 colours": async (bytes, side) =>
    sharp(bytes).resize(side, side).png({ palette: true, colours: 64 }).toBuffer(),
  "Display P3": async (bytes, side, random) =>
    sharp(await PLAIN(bytes, side, random))
      .withIccProfile("p3")
      .jpeg({ quality: 80 })
      .toBuffer(),
  "Display P3, profile lost": async (bytes, side, random) => {
    const png = await sharp(bytes).resize(side, side).withIccProfile("p3").png().toBuffer();
    return encode(sharp(withoutProfile(png)), random);
  },
};

/** The same pixel numbers without the chunks that tell their colours. */
function withoutProfile(png) {
  const parts = [png.subarray(0, 8)];
  for (let at = 8; at < png.length;) {
    const end = at + 12 + png.readUInt32BE(at);
    const name = png.toString("latin1", at + 4, at + 8);
    if (!["iCCP", "gAMA", "cHRM", "sRGB"].includes(name)) parts.push(png.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}
