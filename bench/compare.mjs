/**
 * Error rates of the photo decision on real portraits: `npm run bench:compare -- ../shared/photos [share of people] [seed] [renditions]`.
 * The folder holds a manifest.json of person -> files (the first file is the master, further ones are other photos of that person)
 * or one file a person. Prints goals beside results; exit code 1 when a goal is missed.
 */
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { decide } from "../dist/compare/photo/index.js";
import { createImageReader, imageAccess } from "../dist/image/index.js";
import { decodeMaster } from "../dist/image/masters.js";
import { probe } from "../dist/image/probe.js";
import { signDecodedMaster } from "../dist/image/reader.js";
import { renderReferences } from "../dist/image/references.js";
import { reportBackdrops } from "./compare-backdrops.mjs";
import { reportColours, reportEnlarged, reportTones } from "./compare-colours.mjs";
import { EDITS, PLAIN, seededRandom } from "./renditions.mjs";
import { bound, newTable, print, share } from "./tables.mjs";

const SIZES = [48, 72, 96, 120, 200, 240, 504, 648];
const EDIT_SIZES = [48, 240];
const EDITED_EVERY = 3;
/** Sizes at which different pictures are compared with each other. */
const PAIR_SIZES = [48, 96, 240];

const folder = process.argv[2];
if (folder === undefined) {
  console.error(
    "usage: npm run bench:compare -- FOLDER [share of people, 0 to 1] [seed] [renditions per photo and size]",
  );
  process.exit(64);
}
/** Every nth person is taken. */
const every = Math.max(1, Math.round(1 / Number(process.argv[3] ?? 1)));
const random = seededRandom(Number(process.argv[4] ?? 1));
const perSize = Number(process.argv[5] ?? 2);
const images = createImageReader();
const access = imageAccess();
const missed = [];

const photos = await openPhotos(folder);
console.log(`${new Set(photos.map(({ person }) => person)).size} people, ${photos.length} photos\n`);
await reportPlain();
await reportEnlarged({ tally, goal });
await reportOthers();
await reportEdits();
await reportColours({ tally, goal, perSize, sizes: PAIR_SIZES });
await reportBackdrops({ photos, images, verdictOf, random, goal, sizes: PAIR_SIZES });
await reportTones({ photos, images, verdictOf, random, goal });
console.log(missed.length === 0 ? "All goals met." : `Goals missed: ${missed.join("; ")}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function openPhotos(root) {
  const opened = [];
  const people = await listPeople(root);
  for (const { person, files } of people.filter((_, at) => at % every === 0)) {
    for (const file of files) {
      const bytes = await readFile(path.join(root, file));
      const master = await decodeMaster(bytes, await probe(bytes, access));
      const { crop } = await signDecodedMaster(master);
      opened.push({
        person,
        file,
        bytes,
        master,
        crop,
        side: Math.min(master.width, master.height),
        references: new Map(),
      });
    }
  }
  return opened;
}

async function listPeople(root) {
  try {
    return JSON.parse(await readFile(path.join(root, "manifest.json"), "utf8")).people;
  } catch {
    const files = (await readdir(root)).filter((file) => /\.(jpe?g|png|webp|avif|tiff?)$/i.test(file)).sort();
    return files.map((file) => ({ person: file, files: [file] }));
  }
}

async function verdictOf(photo, rendition) {
  const frame = `${rendition.width}x${rendition.height}`;
  if (!photo.references.has(frame))
    photo.references.set(frame, await renderReferences(photo.master, { crop: photo.crop, former: [] }, rendition));
  return decide(photo.references.get(frame), rendition);
}

async function tally(make, side, nth = 1, renditions = perSize) {
  const counts = { n: 0, same: 0, recoloured: 0, reframed: 0, mirrored: 0, placeholder: 0, different: 0, upscaled: 0 };
  for (const [at, photo] of photos.entries()) {
    if (photo.side < side || at % nth !== 0) continue;
    for (let i = 0; i < renditions; i++) {
      const verdict = await verdictOf(photo, await images.sign(await make(photo.bytes, side, random)));
      counts.n++;
      counts[verdict.kind]++;
      if (verdict.upscaled) counts.upscaled++;
    }
  }
  return counts;
}

async function reportPlain() {
  const table = newTable("Plain renditions", [
    "px",
    "pairs",
    "same",
    "recoloured",
    "reframed",
    "different",
    "other",
    "upscaled",
    "not same, at most",
    "goal",
  ]);
  for (const side of SIZES) {
    const found = await tally(PLAIN, side);
    const needed = side < 96 ? 0.993 : 0.998;
    goal(found.same >= needed * found.n, `plain ${side} px same`);
    goal(found.different === 0, `plain ${side} px different`);
    goal(found.upscaled === 0, `plain ${side} px upscaled`);
    const other = found.mirrored + found.placeholder;
    table.push([
      side,
      found.n,
      share(found.same, found.n),
      found.recoloured,
      found.reframed,
      found.different,
      other,
      found.upscaled,
      bound(found.n - found.same, found.n),
      `same >= ${needed * 100} %, different 0, upscaled 0`,
    ]);
  }
  print(table);
}

async function reportEdits() {
  const table = newTable("Edits", [
    "edit",
    "px",
    "pairs",
    "same",
    "recoloured",
    "reframed",
    "mirrored",
    "different",
    "upscaled",
  ]);
  for (const [name, make] of Object.entries(EDITS)) {
    for (const side of EDIT_SIZES) {
      const found = await tally(make, side, EDITED_EVERY);
      if (name === "mirrored") goal(found.same === 0, `mirrored ${side} px called same`);
      table.push([
        name,
        side,
        found.n,
        ...["same", "recoloured", "reframed", "mirrored", "different", "upscaled"].map((kind) =>
          share(found[kind], found.n),
        ),
      ]);
    }
  }
  print(table);
}

/** Every pair of photos that is not a photo with itself, as plain renditions; pairs of different people in one direction. */
async function reportOthers() {
  const headings = [
    "pair",
    "px",
    "pairs",
    "same",
    "reframed",
    "mirrored",
    "different",
    "same or reframed, at most",
    "highest correlation",
    "highest registration",
    "goal",
  ];
  const table = newTable("Other pictures", headings);
  for (const side of PAIR_SIZES) {
    const signed = new Map();
    for (const photo of photos) {
      if (photo.side >= side) signed.set(photo, await images.sign(await PLAIN(photo.bytes, side, random)));
    }
    const rows = { "other person": newRow(), "other shot of the person": newRow() };
    for (const photo of signed.keys()) {
      for (const [other, rendition] of signed) {
        if (other === photo) continue;
        const sitter = photo.person === other.person;
        if (!sitter && (photos.indexOf(photo) + photos.indexOf(other)) % 2 !== Number(photo.file > other.file))
          continue;
        count(rows[sitter ? "other shot of the person" : "other person"], await verdictOf(photo, rendition));
      }
    }
    for (const [name, row] of Object.entries(rows)) {
      if (row.n === 0) continue;
      const person = name === "other person";
      if (person) goal(row.same + row.recoloured + row.reframed === 0, `other person same or reframed at ${side} px`);
      else goal(row.same <= 0.01 * row.n, `other shot same at ${side} px`);
      table.push([
        name,
        side,
        row.n,
        row.same,
        row.reframed,
        row.mirrored,
        share(row.different, row.n),
        bound(row.same + row.reframed, row.n),
        row.hp64.toFixed(3),
        row.registration.toFixed(3),
        person ? "same, reframed 0" : "same <= 1 %",
      ]);
    }
  }
  print(table);
}

function newRow() {
  return {
    n: 0,
    same: 0,
    recoloured: 0,
    reframed: 0,
    mirrored: 0,
    placeholder: 0,
    different: 0,
    hp64: -1,
    registration: -1,
  };
}

function count(row, { kind, evidence }) {
  row.n++;
  row[kind]++;
  row.hp64 = Math.max(row.hp64, evidence.hp64);
  row.registration = Math.max(row.registration, evidence.registration ?? -1);
}

function goal(met, name) {
  if (!met) missed.push(name);
}
