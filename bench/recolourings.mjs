/** What makes a picture another one in colour or tone, and what does not, for bench/compare.mjs: name -> make(bytes, side, random). */
import sharp from "sharp";
import { RESTYLES, TONES } from "../test/support/restyles.mjs";
import { PLAIN } from "./renditions.mjs";

function encode(image, random, from = 60, to = 95) {
  const quality = from + Math.floor(random() * (to - from + 1));
  const chromaSubsampling = random() < 0.75 ? "4:2:0" : "4:4:4";
  return image.jpeg({ quality, chromaSubsampling, mozjpeg: random() < 0.2 }).toBuffer();
}

function toned(change) {
  return async (bytes, side, random) => encode(change(sharp(await PLAIN(bytes, side, random))), random);
}

function tonedBy(changes) {
  return Object.fromEntries(Object.entries(changes).map(([name, change]) => [name, toned(change)]));
}

/** Must be found. */
export const RECOLOURED = tonedBy(RESTYLES);

/** Must leave an enlarged picture what it is, and a plain one too. */
export const TONED = tonedBy(TONES);

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
