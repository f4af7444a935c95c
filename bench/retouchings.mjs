/** What is done to a part of a portrait, and ways to save it anew, for bench/compare.mjs: name -> make(picture). */
import sharp from "sharp";
import { detectFaces } from "../dist/image/faces.js";

const LOOKED_AT = 324;

/** A portrait as pixels, with the largest face in it, or null where none is found. */
export async function openPicture(bytes) {
  const { data, info } = await sharp(bytes).autoOrient().removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const scale = Math.min(1, LOOKED_AT / Math.min(info.width, info.height));
  const [width, height] = [info.width, info.height].map((side) => Math.round(side * scale));
  const small = await sharp(data, { raw: info }).resize(width, height, { fit: "fill" }).raw().toBuffer();
  const [face] = await detectFaces({ data: small, width, height });
  if (face === undefined) return null;
  const [left, top, wide, high] = [face.left, face.top, face.width, face.height].map((value) => value / scale);
  return { data, info, face: { left, top, width: wide, height: high } };
}

const FACE = [[0.5, 0.5, 0.5, 0.6]];
const EYES_AND_MOUTH = [
  [0.3, 0.38, 0.14, 0.06],
  [0.7, 0.38, 0.14, 0.06],
  [0.5, 0.78, 0.2, 0.06],
];
const UNDER_EYES = [
  [0.3, 0.5, 0.16, 0.06],
  [0.7, 0.5, 0.16, 0.06],
];
const PERSON = [
  [0.5, 0.6, 0.8, 0.9],
  [0.5, 1.8, 1.6, 1],
];

/** Changes ellipses with soft borders: middle and radii in shares of the face's box; or all but them. */
function worked(ellipses, change, { opacity = 1, outside = false } = {}) {
  return async ({ data, info, face }) => {
    const changed = await change(sharp(data, { raw: info }), face.height);
    const out = Buffer.from(data);
    for (let at = 0; at < info.width * info.height; at++) {
      const [x, y] = [at % info.width, Math.floor(at / info.width)];
      const within = Math.max(
        ...ellipses.map(([middle, height, wide, high]) => {
          const across = (x - face.left - middle * face.width) / (wide * face.width);
          const down = (y - face.top - height * face.height) / (high * face.height);
          return Math.min(1, Math.max(0, (1.15 - Math.hypot(across, down)) / 0.3));
        }),
      );
      const share = opacity * (outside ? 1 - within : within);
      for (let byte = 3 * at; byte < 3 * at + 3; byte++) out[byte] += Math.round(share * (changed[byte] - data[byte]));
    }
    return sharp(out, { raw: info }).png({ compressionLevel: 1 }).toBuffer();
  };
}

const raw = (change) => (image, face) => change(image, face).raw().toBuffer();
const blurred = (share) => raw((image, face) => image.blur(Math.max(0.5, share * face)));
const median = (share) => raw((image, face) => image.median(Math.max(3, 2 * Math.round((share * face) / 2) + 1)));

/** Smooths what differs little from its surroundings, as skin filters do: `most` grey levels. */
function skinSmoothed(share, most) {
  return async (image, face) => {
    const before = await image.clone().raw().toBuffer();
    const soft = await image
      .clone()
      .blur(Math.max(0.5, share * face))
      .raw()
      .toBuffer();
    return before.map((value, at) => {
      const off = soft[at] - value;
      return Math.round(value + off * Math.max(0, 1 - Math.abs(off) / most));
    });
  };
}

function writtenOver(drawing) {
  return async ({ data, info: { width, height, channels } }) => {
    const side = Math.min(width, height);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><svg x="${(width - side) / 2}" y="${(height - side) / 2}" width="${side}" height="${side}" viewBox="0 0 100 100">${drawing}</svg></svg>`;
    return sharp(data, { raw: { width, height, channels } })
      .composite([{ input: Buffer.from(svg) }])
      .removeAlpha()
      .png({ compressionLevel: 1 })
      .toBuffer();
  };
}

function text(size, colour, opacity, turned) {
  return `<text x="50" y="54" font-size="${size}" text-anchor="middle" fill="${colour}" fill-opacity="${opacity}" font-family="sans-serif" transform="rotate(${turned} 50 50)">SAMPLE PHOTO</text>`;
}

const LOGO = `<circle cx="88" cy="88" r="6" fill="#06c" fill-opacity=".4"/><rect x="85" y="86" width="6" height="4" fill="#fff" fill-opacity=".4"/>`;

/** `seen`: what everybody sees at once, and what must be found. */
export const RETOUCHES = {
  "skin smoothed, strong": { make: worked(FACE, skinSmoothed(0.06, 48)), seen: true },
  "skin smoothed": { make: worked(FACE, skinSmoothed(0.04, 24)), seen: false },
  "skin smoothed, 60 %": { make: worked(FACE, skinSmoothed(0.04, 24), { opacity: 0.6 }), seen: false },
  "face out of focus": { make: worked(FACE, blurred(0.02)), seen: true },
  "blemishes removed, strong": { make: worked(FACE, median(0.06)), seen: true },
  "blemishes removed": { make: worked(FACE, median(0.03)), seen: false },
  "face sharpened": {
    make: worked(
      FACE,
      raw((image, face) => image.sharpen({ sigma: Math.max(0.6, 0.01 * face), m2: 3 })),
    ),
    seen: false,
  },
  "eyes and teeth lighter": {
    make: worked(
      EYES_AND_MOUTH,
      raw((image) => image.linear(1.15, 6)),
    ),
    seen: false,
  },
  "lighter under the eyes": {
    make: worked(
      UNDER_EYES,
      raw((image) => image.linear(1.1, 4)),
    ),
    seen: false,
  },
  "face lighter by 6 %": {
    make: worked(
      FACE,
      raw((image) => image.linear(1.06, 0)),
    ),
    seen: false,
  },
  "a mole": {
    make: worked(
      [[0.72, 0.65, 0.035, 0.03]],
      raw((image) => image.linear(0.6, 0)),
    ),
    seen: false,
  },
  "backdrop out of focus": { make: worked(PERSON, blurred(0.12), { outside: true }), seen: true },
  "text in white, 60 %": { make: writtenOver(text(13, "#fff", 0.6, -30)), seen: true },
  "text in white, 30 %": { make: writtenOver(text(13, "#fff", 0.3, -30)), seen: true },
  "small text in black, 40 %": { make: writtenOver(text(8, "#000", 0.4, 0)), seen: true },
  "logo in a corner, 40 %": { make: writtenOver(LOGO), seen: true },
};

const jpeg = (image, quality, more = {}) => image.jpeg({ quality, ...more }).toBuffer();
const from = ({ data, info }) => sharp(data, { raw: info });
const scaled = (times) => (picture) => jpeg(from(picture).resize(Math.round(picture.info.width * times)), 85);
const bounded = (side, kernel) => (picture) =>
  jpeg(from(picture).resize(side, side, { fit: "outside", withoutEnlargement: true, kernel }), 85);

/** `edited`: more than saving anew, and still no retouching. */
export const SAVED_ANEW = {
  PNG: { make: (picture) => from(picture).png({ compressionLevel: 1 }).toBuffer() },
  "JPEG q95": { make: (picture) => jpeg(from(picture), 95) },
  "JPEG q80": { make: (picture) => jpeg(from(picture), 80) },
  "JPEG q60": { make: (picture) => jpeg(from(picture), 60) },
  "mozjpeg q75": { make: (picture) => jpeg(from(picture), 75, { mozjpeg: true }) },
  "WebP q80": { make: (picture) => from(picture).webp({ quality: 80 }).toBuffer() },
  "Display P3": { make: (picture) => jpeg(from(picture).withIccProfile("p3"), 88) },
  "648 px": { make: bounded(648, "lanczos3") },
  "400 px": { make: bounded(400, "cubic") },
  "half as large": { make: scaled(0.5) },
  "twice as large": { make: scaled(2) },
  "twice a JPEG q70": { make: async (picture) => jpeg(sharp(await jpeg(from(picture), 70)), 70) },
  "a crop of 99.5 %": {
    make: async (picture) => {
      const [width, height] = [picture.info.width, picture.info.height].map((side) => Math.round(0.995 * side));
      return jpeg(from(picture).extract({ left: 0, top: 0, width, height }), 90);
    },
    edited: true,
  },
  "sharpened by sigma 0.6": { make: (picture) => jpeg(from(picture).sharpen({ sigma: 0.6 }), 90), edited: true },
};
