/** The tables of bench/compare.mjs about masters that show nobody. */
import sharp from "sharp";
import { detectFaces, SURE_SCORE } from "../dist/image/faces.js";
import { toRaster } from "../dist/image/raster.js";
import { personOf, PERSON_SIDE, rgb } from "./backdrops.mjs";
import { openMaster } from "./portraits.mjs";
import { bound, newTable, print, share } from "./tables.mjs";

/** Side at which clothes and backdrops are painted. */
const SIDE = 500;
/** Luma of painted clothes: what is left of the cloth's own, and how dark it is at least. */
const WHITE = { keep: 0.12, from: 222 };
const BLACK = { keep: 0.12, from: 8 };

const jpeg = (image, quality = 85) => image.jpeg({ quality }).toBuffer();
const changed = (change) => (bytes) => jpeg(change(sharp(bytes).autoOrient()));
const enlarged = (from) => async (bytes) => {
  const small = await sharp(bytes).autoOrient().resize(from, from, { fit: "cover" }).jpeg({ quality: 80 }).toBuffer();
  return jpeg(sharp(small).resize(SIDE, SIDE));
};
const onMargin = (background) => (bytes) => {
  const margin = { top: 200, bottom: 200, left: 200, right: 200, background };
  return jpeg(sharp(bytes).autoOrient().resize(SIDE, SIDE, { fit: "cover" }).extend(margin));
};

/** What photographers do: none of it makes a portrait a drawing. */
const EDITS = {
  "as it is": async (bytes) => bytes,
  "very light": changed((image) => image.linear(0.6, 110)),
  flat: changed((image) => image.linear(0.4, 90)),
  dark: changed((image) => image.linear(0.4, 0)),
  grey: changed((image) => image.greyscale()),
  "JPEG q30": (bytes) => jpeg(sharp(bytes).autoOrient(), 30),
  "enlarged from 96 px": enlarged(96),
  "enlarged from 48 px": enlarged(48),
  blurred: changed((image) => image.resize(SIDE, SIDE, { fit: "cover" }).blur(4)),
  "white shirt before white": (bytes) => dressed(bytes, WHITE),
  "black turtleneck before black": (bytes) => dressed(bytes, BLACK),
  "on a white margin": onMargin("#ffffff"),
  "on a black margin": onMargin("#000000"),
};

/**
 * Real portraits are never called unsuitable. Pictures in which no face is sure as they are - a puppet, a drawing, a back of a head - are counted
 * apart, without a goal.
 */
export async function reportSuitable({ photos, goal }) {
  const table = newTable("Portraits called unsuitable", ["edit", "pictures", "unsuitable", "at most"]);
  const all = newRow();
  const faceless = newRow();
  const named = [];
  const faces = new Map();
  for (const photo of photos) faces.set(photo, await showsFace(photo.bytes));
  for (const [name, edit] of Object.entries(EDITS)) {
    const row = newRow();
    for (const photo of photos) {
      const bytes = await edit(photo.bytes);
      if (bytes === null) continue;
      const found = (await openMaster(bytes)).unsuitable !== null;
      for (const each of faces.get(photo) ? [row, all] : [faceless]) addTo(each, found);
      if (found) named.push(`${photo.file} ${name}`);
    }
    table.push(cells(name, row));
  }
  table.push(cells("all of these", all), cells("no sure face, any edit", faceless));
  print(table);
  if (named.length > 0) console.log(`${named.join(", ")}\n`);
  goal(all.found <= 0.001 * all.n, "real portraits called unsuitable");
}

async function showsFace(bytes) {
  const square = sharp(bytes).autoOrient().resize(SIDE, SIDE, { fit: "cover" }).toColourspace("srgb");
  const [face] = await detectFaces(await toRaster(square));
  return face !== undefined && face.score >= SURE_SCORE;
}

function newRow() {
  return { n: 0, found: 0 };
}

function addTo(row, found) {
  row.n++;
  if (found) row.found++;
}

function cells(name, { n, found }) {
  return [name, n, found, bound(found, n)];
}

/** The person in clothes and before a backdrop of one colour; null where the person cannot be cut out. */
async function dressed(bytes, { keep, from }) {
  const person = await personOf(bytes);
  if (person?.face === undefined) return null;
  const square = await rgb(sharp(bytes).autoOrient().resize(SIDE, SIDE, { fit: "cover" }));
  const alpha = await sharp(person.data, { raw: person.raw }).resize(SIDE, SIDE).extractChannel(0).raw().toBuffer();
  const { top, height } = person.face;
  const collar = ((top + 1.12 * height) * SIDE) / PERSON_SIDE;
  const data = Buffer.from(square);
  for (let at = 0; at < SIDE * SIDE; at++) {
    const worn = Math.min(1, Math.max(0, (at / SIDE - collar) / 8));
    const cloth = from + (keep * (square[3 * at] + square[3 * at + 1] + square[3 * at + 2])) / 3;
    const backdrop = from === WHITE.from ? 255 : 0;
    const a = alpha[at] / 255;
    for (let c = 3 * at; c < 3 * at + 3; c++) {
      data[c] = Math.min(255, a * (worn * cloth + (1 - worn) * square[c]) + (1 - a) * backdrop);
    }
  }
  return jpeg(sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } }), 90);
}

const COLOURS = ["#c8ccd0", "#4f7fb5", "#e8e8e8", "#7b4f9d", "#2d6a4f", "#d0d0d0", "#f2f2f2", "#333842"];
const pick = (list, random) => list[Math.floor(random() * list.length)];

/** Drawings that show nobody; rates without a goal. */
const DRAWINGS = {
  silhouette: (random) => {
    const [x, y, r] = [48 + 4 * random(), 36 + 6 * random(), 14 + 5 * random()];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="FORE"/><ellipse cx="${x}" cy="${y + 3.1 * r}" rx="${1.9 * r}" ry="${1.6 * r}" fill="FORE"/>`;
  },
  "silhouette in a circle": (random) => `<circle cx="50" cy="50" r="48" fill="#fafafa"/>${DRAWINGS.silhouette(random)}`,
  initials: (random) => {
    const letters = String.fromCharCode(65 + Math.floor(26 * random()), 65 + Math.floor(26 * random()));
    return `<text x="50" y="66" font-size="${36 + 12 * random()}" text-anchor="middle" font-family="sans-serif" fill="FORE">${letters}</text>`;
  },
  gradient: () =>
    `<linearGradient id="g" x2="0.4" y2="1"><stop stop-color="FORE"/><stop offset="1" stop-color="#ffffff"/></linearGradient><rect width="100" height="100" fill="url(#g)"/>`,
  blank: () => "",
};

export async function reportDrawings({ random }) {
  const table = newTable("Drawings called unsuitable", ["drawing", "pictures", "unsuitable"]);
  for (const [name, draw] of Object.entries(DRAWINGS)) {
    const row = newRow();
    while (row.n < 60) {
      const fore = pick(COLOURS, random);
      const ground = pick(
        COLOURS.filter((colour) => colour !== fore),
        random,
      );
      const side = pick([120, 240, 648, 1500], random);
      const body = `<rect width="100" height="100" fill="${ground}"/>${draw(random)}`.replaceAll("FORE", fore);
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 100 100">${body}</svg>`;
      const image = sharp(Buffer.from(svg));
      const bytes = await pick(
        [() => jpeg(image), () => image.png().toBuffer(), () => image.webp({ quality: 80 }).toBuffer()],
        random,
      )();
      addTo(row, (await openMaster(bytes)).unsuitable !== null);
    }
    table.push([name, row.n, share(row.found, row.n)]);
  }
  print(table);
}
