/** The table of bench/compare.mjs about the square around a face. */
import sharp from "sharp";
import { detectFaces } from "../dist/image/faces.js";
import { toRaster } from "../dist/image/raster.js";
import { personOf, PERSON_SIDE } from "./backdrops.mjs";
import { openMaster } from "./portraits.mjs";
import { bound, newTable, print, share } from "./tables.mjs";

/** Every nth portrait. */
const NTH = 5;
/** Side at which a portrait is put into a frame. */
const SIDE = 648;
/** Eyes to chin by eyes to mouth, and eyes to crown by eyes to chin where no plain backdrop shows the crown. */
const [CHIN, CROWN] = [1.65, 1.45];
/** A crown this near to the border may be cut off already. */
const CUT_OFF = 0.02;
/** Where eyes are wanted, by the height of the square. */
const EYES = { least: 0.38, most: 0.45 };
const LEAST_SIDE = 0.6;

/** What is added on each side of a portrait, by its own side: its border is continued. */
const FRAMES = {
  "tall, face low": { top: 0.5 },
  "tall, face in the middle": { top: 0.25, bottom: 0.25 },
  "tall, face high": { bottom: 0.5 },
  "wide, face left": { right: 0.5 },
  "wide, face right": { left: 0.5 },
  "tall, as of a standing person": { top: 0.3, left: 0.25, right: 0.25, bottom: 1.2 },
};
/** The same cut to this width, so that the head fills it. */
const CUT = 0.62;

/** Crown and chin stay inside the square, and the eyes stand where they are wanted wherever that is possible. */
export async function reportCrops({ photos, goal }) {
  const table = newTable("Squares around a face", [
    ...[
      "frame",
      "pictures",
      "crown inside",
      "chin inside",
      "eyes at 38 to 45 %",
      "of these possible",
      "`attention` alone",
    ],
  ]);
  const all = newRow();
  const headed = [];
  for (const photo of photos.filter((_, at) => at % NTH === 0)) {
    const head = await headOf(photo.bytes);
    if (head !== null) headed.push({ head, picture: await squareOf(photo.bytes) });
  }
  for (const [name, frame] of Object.entries(FRAMES)) {
    const row = newRow();
    for (const one of headed) addTo([row, all], await measured(await framed(one, frame)));
    table.push(cells(name, row));
  }
  table.push(cells("all of these", all));
  const cut = newRow();
  for (const one of headed) addTo([cut], await measured(await cutOut(one)));
  table.push(cells(`cut to ${CUT} of its width`, cut));
  print(table);
  const outside = all.n - Math.min(all.crown, all.chin);
  console.log(`Crown or chin outside: at most ${bound(outside, all.n)}\n`);
  goal(all.crown >= 0.99 * all.n && all.chin >= 0.99 * all.n, "crown and chin inside the square");
  goal(all.well >= 0.99 * all.possible, "eyes at 38 to 45 % where possible");
}

function newRow() {
  return { n: 0, crown: 0, chin: 0, eyes: 0, possible: 0, well: 0, attention: 0 };
}

function addTo(rows, found) {
  for (const row of rows) {
    row.n++;
    for (const name of ["crown", "chin", "eyes", "possible", "well", "attention"]) if (found[name]) row[name]++;
  }
}

function cells(name, row) {
  return [
    ...[name, row.n, share(row.crown, row.n), share(row.chin, row.n), share(row.eyes, row.n)],
    ...[share(row.well, row.possible), share(row.attention, row.n)],
  ];
}

function squareOf(bytes) {
  return sharp(bytes).autoOrient().resize(SIDE, SIDE, { fit: "cover" }).png({ compressionLevel: 1 }).toBuffer();
}

/**
 * Crown, usual height of hair, eyes and chin of a portrait with SIDE pixels a side: from the picture as it is, not from the frames that are judged. Null where the
 * whole head cannot be seen in it.
 */
async function headOf(bytes) {
  const [face] = await detectFaces(await toRaster(sharp(await squareOf(bytes))));
  if (face === undefined) return null;
  const eyes = (face.eyes[0].y + face.eyes[1].y) / 2;
  const chin = Math.max(face.top + face.height, eyes + CHIN * (face.mouth.y - eyes));
  const usual = eyes - CROWN * (chin - eyes);
  const crown = (await crownOf(bytes, face)) ?? usual;
  return crown < CUT_OFF * SIDE || chin >= SIDE ? null : { crown, hair: Math.min(crown, usual), eyes, chin };
}

/** Where the person ends above the middle of the face, before a plain backdrop. */
async function crownOf(bytes, face) {
  const person = await personOf(bytes);
  if (person === null || !person.plain) return null;
  const scale = PERSON_SIDE / SIDE;
  const from = Math.round((face.left + 0.25 * face.width) * scale);
  const to = Math.round((face.left + 0.75 * face.width) * scale);
  const isPerson = (y) => {
    for (let x = from; x < to; x++) if (person.data[y * PERSON_SIDE + x] > 127) return true;
    return false;
  };
  let y = Math.round(face.top * scale);
  while (y > 0 && isPerson(y - 1)) y--;
  return y / scale;
}

async function framed({ head, picture }, { top = 0, bottom = 0, left = 0, right = 0 }) {
  const px = (part) => Math.round(part * SIDE);
  const added = { top: px(top), bottom: px(bottom), left: px(left), right: px(right) };
  const bytes = await sharp(picture)
    .extend({ ...added, extendWith: "copy" })
    .jpeg({ quality: 92 })
    .toBuffer();
  return { bytes, head: moved(head, added.top) };
}

async function cutOut({ head, picture }) {
  const width = Math.round(CUT * SIDE);
  const region = { left: Math.round((SIDE - width) / 2), top: 0, width, height: SIDE };
  return { bytes: await sharp(picture).extract(region).jpeg({ quality: 92 }).toBuffer(), head };
}

function moved({ crown, hair, eyes, chin }, by) {
  return { crown: crown + by, hair: hair + by, eyes: eyes + by, chin: chin + by };
}

async function measured({ bytes, head }) {
  const { crop, former, master } = await openMaster(bytes);
  const at = (head.eyes - crop.top) / crop.height;
  const eyes = at >= EYES.least && at <= EYES.most;
  const possible = isPossible(head, master);
  const [attention] = former.length > 0 ? former : [crop];
  return {
    crown: head.crown >= crop.top - 0.5,
    chin: head.chin <= crop.top + crop.height + 0.5,
    ...{ eyes, possible, well: possible && eyes },
    attention: head.crown >= attention.top - 0.5 && head.chin <= attention.top + attention.height + 0.5,
  };
}

/** Whether any square that is allowed shows the whole head, and the hair that a head usually has, with the eyes where they are wanted. */
function isPossible({ hair, eyes, chin }, { width, height }) {
  const shorter = Math.min(width, height);
  for (let side = Math.ceil(LEAST_SIDE * shorter); side <= shorter; side++) {
    const lowest = Math.max(0, chin - side, eyes - EYES.most * side);
    const highest = Math.min(height - side, Math.max(0, hair), eyes - EYES.least * side);
    if (lowest <= highest) return true;
  }
  return false;
}
