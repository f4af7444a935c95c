/** Ways a photo changes on its way into a store, for bench/compare.mjs. Seeded: the same seed makes the same renditions. */
import sharp from "sharp";

const KERNELS = ["lanczos3", "lanczos2", "cubic", "mitchell", "linear"];

/** Numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function pick(list, random) {
  return list[Math.floor(random() * list.length)];
}

function quality(random, from, to) {
  return from + Math.floor(random() * (to - from + 1));
}

function jpeg(image, random, from = 60, to = 95) {
  const chromaSubsampling = random() < 0.75 ? "4:2:0" : "4:4:4";
  return image.jpeg({ quality: quality(random, from, to), chromaSubsampling, mozjpeg: random() < 0.2 }).toBuffer();
}

async function sizeOf(bytes) {
  const { autoOrient } = await sharp(bytes).metadata();
  return autoOrient;
}

function resized(bytes, side, random) {
  return sharp(bytes)
    .autoOrient()
    .resize(side, side, { fit: "cover", kernel: pick(KERNELS, random) });
}

/** Centre square -> (sometimes 648 px first) -> size, any kernel, sometimes sharpened -> JPEG q60-95. Nothing else is changed. */
async function plain(bytes, side, random) {
  let from = bytes;
  const { width, height } = await sizeOf(bytes);
  if (Math.min(width, height) >= 648 && side < 648 && random() < 0.6)
    from = await jpeg(resized(bytes, 648, random), random, 70);
  let image = resized(from, side, random);
  if (random() < 0.25) image = image.sharpen({ sigma: 0.5 + 0.7 * random() });
  return jpeg(image, random);
}

/** A square window of `share` of the shorter side, anywhere. */
function cropped(share) {
  return async (bytes, side, random) => {
    const { width, height } = await sizeOf(bytes);
    const window = Math.round(Math.min(width, height) * share);
    const region = {
      left: Math.floor(random() * (width - window + 1)),
      top: Math.floor(random() * (height - window + 1)),
      width: window,
      height: window,
    };
    return jpeg(sharp(bytes).autoOrient().extract(region).resize(side, side, { fit: "fill" }), random);
  };
}

function changed(change) {
  return async (bytes, side, random) => jpeg(change(resized(bytes, side, random)), random);
}

/** Reduced to `from` px, stored, and enlarged again. */
export function enlarged(from) {
  return async (bytes, side, random) => {
    const small = await plain(bytes, from, random);
    return jpeg(resized(small, side, random), random);
  };
}

export const PLAIN = plain;

/** Edit classes beyond plain renditions: name -> make(bytes, side, random). */
export const EDITS = {
  "JPEG q30": async (bytes, side, random) => jpeg(resized(bytes, side, random), random, 30, 30),
  greyscale: changed((image) => image.greyscale()),
  "gamma 1.25": changed((image) => image.linear(1, 0).gamma(2.2, 1.76)),
  "brightness 1.15": changed((image) => image.modulate({ brightness: 1.15 })),
  "contrast 1.3": changed((image) => image.linear(1.3, -38)),
  "saturation 1.6": changed((image) => image.modulate({ saturation: 1.6 })),
  "sharpened, sigma 2": changed((image) => image.sharpen({ sigma: 2 })),
  "WebP q80": async (bytes, side, random) => resized(bytes, side, random).webp({ quality: 80 }).toBuffer(),
  "PNG, 64 colours": async (bytes, side, random) =>
    resized(bytes, side, random).png({ palette: true, colours: 64 }).toBuffer(),
  "crop 99 %": cropped(0.99),
  "crop 94 %": cropped(0.94),
  "crop 85 %": cropped(0.85),
  "crop 70 %": cropped(0.7),
  mirrored: changed((image) => image.flop()),
};
