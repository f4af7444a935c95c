import sharp, { type Sharp } from "sharp";

/** A part of a picture in shares of its sides: middle and radii. */
type Part = readonly [x: number, y: number, wide: number, high: number];

/** The faces of drawn sitters (../../image/pictures.ts). */
const FACE: Part = [0.5, 0.48, 0.2, 0.26];

/** Changes a part of a picture, with a soft border. */
async function worked(
  bytes: Buffer,
  [x, y, wide, high]: Part,
  change: (image: Sharp, side: number) => Sharp,
): Promise<Buffer> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const changed = await change(sharp(bytes), Math.min(info.width, info.height)).removeAlpha().raw().toBuffer();
  for (let at = 0; at < info.width * info.height; at++) {
    const far = Math.hypot(
      ((at % info.width) / info.width - x) / wide,
      (Math.floor(at / info.width) / info.height - y) / high,
    );
    const share = Math.min(1, Math.max(0, (1.15 - far) / 0.3));
    for (let byte = 3 * at; byte < 3 * at + 3; byte++)
      data[byte]! += Math.round(share * (changed[byte]! - data[byte]!));
  }
  return sharp(data, { raw: info }).jpeg({ quality: 94 }).toBuffer();
}

async function writtenOver(bytes: Buffer, drawing: string): Promise<Buffer> {
  const { width, height } = await sharp(bytes).metadata();
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 100 100">${drawing}</svg>`;
  return sharp(bytes)
    .composite([{ input: Buffer.from(svg) }])
    .removeAlpha()
    .jpeg({ quality: 94 })
    .toBuffer();
}

/** What is done to a part of a portrait whose colours and frame stay. */
export const RETOUCHES: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  "the face smoothed": (bytes) => worked(bytes, FACE, (image, side) => image.blur(side / 150)),
  "the face without blemishes": (bytes) =>
    worked(bytes, FACE, (image, side) => image.median(2 * Math.round(side / 100) + 1)),
  "the face sharpened": (bytes) =>
    worked(bytes, FACE, (image, side) => image.sharpen({ sigma: side / 200, m1: 4, m2: 6 })),
  "the backdrop out of focus": (bytes) => worked(bytes, [0.12, 0.3, 0.14, 0.4], (image, side) => image.blur(side / 40)),
  "a text over it": (bytes) =>
    writtenOver(
      bytes,
      `<text x="50" y="62" font-size="12" text-anchor="middle" fill="#fff" fill-opacity=".4" font-family="sans-serif">SAMPLE</text>`,
    ),
};

/** What a photo editor, an export or a web site does to a whole picture that stays the same. */
export const SAVED_ANEW: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  "as JPEG q95": (bytes) => sharp(bytes).jpeg({ quality: 95 }).toBuffer(),
  "as JPEG q75": (bytes) => sharp(bytes).jpeg({ quality: 75 }).toBuffer(),
  "as PNG": (bytes) => sharp(bytes).png().toBuffer(),
  "as WebP": (bytes) => sharp(bytes).webp({ quality: 85 }).toBuffer(),
  "in Display P3": (bytes) => sharp(bytes).withIccProfile("p3").jpeg({ quality: 90 }).toBuffer(),
  "at 500 pixels": (bytes) => sharp(bytes).resize(500).jpeg({ quality: 88 }).toBuffer(),
  "with other metadata": (bytes) =>
    sharp(bytes)
      .withExif({ IFD0: { Artist: "somebody" } })
      .jpeg({ quality: 94 })
      .toBuffer(),
};
