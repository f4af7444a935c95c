/** Portraits before another backdrop, for bench/compare.mjs. */
import sharp from "sharp";
import { detectFaces } from "../dist/image/faces.js";
import { toRaster } from "../dist/image/raster.js";

/** Side at which person and backdrop are told apart. */
export const PERSON_SIDE = 256;
const SIDE = PERSON_SIDE;
/** Distance to the border's colour, in levels, up to which a pixel that is reached from the border belongs to the backdrop. */
const NEAR = 26;
/** Share of the picture that a plain backdrop fills at least and at most; else the person is taken for a head and shoulders. */
const PLAIN = [0.15, 0.8];

/**
 * The person of a portrait as an alpha of SIDE x SIDE, 255 inside: what is not reached from the upper border over a plain backdrop, else an
 * oval around the found face and shoulders below it (not `plain`). Null where neither is found.
 */
export async function personOf(bytes) {
  const image = sharp(bytes).autoOrient().resize(SIDE, SIDE, { fit: "cover" });
  const { data } = await image.clone().removeAlpha().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  const flooded = flood(data);
  const [face] = await detectFaces(await toRaster(image.clone().toColourspace("srgb")));
  const share = flooded.reduce((sum, one) => sum + one, 0) / flooded.length;
  const hitsFace = face !== undefined && flooded[Math.round(face.mouth.y) * SIDE + Math.round(face.mouth.x)] === 1;
  if (share >= PLAIN[0] && share <= PLAIN[1] && !hitsFace) {
    return { plain: true, face, ...(await soft(flooded.map((one) => (one === 1 ? 0 : 255)))) };
  }
  return face === undefined ? null : { plain: false, face, ...(await soft(headAndShoulders(face))) };
}

/** 1 for each pixel of the backdrop. */
function flood(data) {
  const out = new Uint8Array(SIDE * SIDE);
  const waiting = [];
  for (let i = 0; i < SIDE; i++) waiting.push(i, i * SIDE, i * SIDE + SIDE - 1);
  const border = waiting.filter((at) => at < (SIDE * SIDE) / 2);
  const middle = [0, 1, 2].map((c) => border.map((at) => data[3 * at + c]).sort((a, b) => a - b)[border.length >> 1]);
  while (waiting.length > 0) {
    const at = waiting.pop();
    if (out[at] === 1 || [0, 1, 2].some((c) => Math.abs(data[3 * at + c] - middle[c]) > NEAR)) continue;
    out[at] = 1;
    const x = at % SIDE;
    if (x > 0) waiting.push(at - 1);
    if (x < SIDE - 1) waiting.push(at + 1);
    if (at >= SIDE) waiting.push(at - SIDE);
    if (at < SIDE * (SIDE - 1)) waiting.push(at + SIDE);
  }
  return out;
}

function headAndShoulders({ left, top, width, height }) {
  const [x, y] = [left + width / 2, top + 0.4 * height];
  return Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [dx, dy] = [(at % SIDE) - x, Math.floor(at / SIDE) - y];
    const head = (dx / (0.75 * width)) ** 2 + (dy / (0.95 * height)) ** 2 <= 1;
    const body = dy > 0.6 * height && Math.abs(dx) <= 0.5 * width + 1.4 * (dy - 0.6 * height);
    return head || body ? 255 : 0;
  });
}

async function soft(alpha) {
  const raw = { width: SIDE, height: SIDE, channels: 1 };
  return { data: await sharp(Buffer.from(alpha), { raw }).blur(0.8).extractChannel(0).raw().toBuffer(), raw };
}

const OFFICE = `<svg xmlns="http://www.w3.org/2000/svg" width="SIDE" height="SIDE" viewBox="0 0 100 100"><rect width="100" height="100" fill="#cfc8bd"/>
<rect x="8" y="6" width="34" height="44" fill="#eaf2f8"/><rect x="24" y="6" width="2" height="44" fill="#8d8378"/><rect x="58" y="12" width="36" height="3" fill="#7a5c3e"/>
<rect x="60" y="2" width="5" height="10" fill="#a33"/><rect x="66" y="3" width="4" height="9" fill="#357"/><rect x="72" y="1" width="6" height="11" fill="#474"/><rect y="70" width="100" height="30" fill="#8f7c66"/></svg>`;

export const BACKDROPS = { white: "#ffffff", grey: "#b9b9b9", blue: "#4f7fb5", office: OFFICE };

/**
 * @param square the portrait, side x side, as raw sRGB
 * @returns the same before another backdrop, and the share of its pixels that visibly changed (more than 5 units of L*a*b*)
 */
export async function beforeBackdrop(square, side, person, backdrop) {
  const alpha = await sharp(person.data, { raw: person.raw }).resize(side, side).extractChannel(0).raw().toBuffer();
  const behind = backdrop.startsWith("<")
    ? await rgb(sharp(Buffer.from(backdrop.replaceAll("SIDE", String(side)))).blur(1 + side / 60))
    : await rgb(sharp({ create: { width: side, height: side, channels: 3, background: backdrop } }));
  const data = Buffer.from(square);
  let changed = 0;
  for (let at = 0; at < side * side; at++) {
    const a = alpha[at] / 255;
    const before = [0, 1, 2].map((c) => square[3 * at + c]);
    const after = before.map((value, c) => Math.round(a * value + (1 - a) * behind[3 * at + c]));
    for (let c = 0; c < 3; c++) data[3 * at + c] = after[c];
    if (distance(lab(before), lab(after)) > 5) changed++;
  }
  return { data, share: changed / (side * side) };
}

export async function rgb(image) {
  return image.removeAlpha().toColourspace("srgb").raw().toBuffer();
}

function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** IEC 61966-2-1 to CIE L*a*b*, D65. */
function lab(values) {
  const [r, g, b] = values.map((value) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  const f = (t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const [x, y, z] = [
    f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505),
    f(0.2126 * r + 0.7152 * g + 0.0722 * b),
    f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089),
  ];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
