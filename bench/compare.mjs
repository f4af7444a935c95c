/**
 * Error rates of the photo decision on real portraits: `npm run bench:compare -- ../shared/photos [share of people] [seed] [renditions] [tables]`.
 * Every table, or those named, parted by commas: a table is the same whichever others are printed. The folder holds a manifest.json of person -> files (the first file is the master, further ones are other photos of that person)
 * or one file a person. Prints goals beside results; exit code 1 when a goal is missed.
 */
import { reportBackdrops } from "./compare-backdrops.mjs";
import { reportColours, reportEnlarged, reportTones } from "./compare-colours.mjs";
import { reportCrops } from "./compare-crops.mjs";
import { reportRetouched } from "./compare-retouched.mjs";
import { reportDrawings, reportSuitable } from "./compare-suitable.mjs";
import { countVerdict, images, newCounts, openPortraits, verdictOf } from "./portraits.mjs";
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
    "usage: npm run bench:compare -- FOLDER [share of people, 0 to 1] [seed] [renditions per photo and size] [tables]",
  );
  process.exit(64);
}
/** Every nth person is taken. */
const every = Math.max(1, Math.round(1 / Number(process.argv[3] ?? 1)));
const seed = Number(process.argv[4] ?? 1);
let random = seededRandom(seed);
const perSize = Number(process.argv[5] ?? 2);
const missed = [];

const photos = await openPortraits(folder, every);
console.log(`${new Set(photos.map(({ person }) => person)).size} people, ${photos.length} photos\n`);
const TABLES = {
  plain: reportPlain,
  enlarged: () => reportEnlarged({ tally, goal }),
  others: reportOthers,
  edits: reportEdits,
  colours: () => reportColours({ tally, goal, perSize, sizes: PAIR_SIZES }),
  backdrops: () => reportBackdrops({ photos, random, goal, sizes: PAIR_SIZES }),
  tones: () => reportTones({ photos, random, goal }),
  retouched: () => reportRetouched({ photos, random, goal }),
  crops: () => reportCrops({ photos, goal }),
  suitable: () => reportSuitable({ photos, goal }),
  drawings: () => reportDrawings({ random }),
};
for (const name of process.argv[6]?.split(",") ?? Object.keys(TABLES)) {
  random = seededRandom(seed);
  if (TABLES[name] === undefined) throw new Error(`no table ${name}; there are ${Object.keys(TABLES).join(", ")}`);
  await TABLES[name]();
}
console.log(missed.length === 0 ? "All goals met." : `Goals missed: ${missed.join("; ")}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function tally(make, side, nth = 1, renditions = perSize) {
  const counts = { ...newCounts(), halves: [newCounts(), newCounts()] };
  for (const [at, photo] of photos.entries()) {
    if (photo.side < side || at % nth !== 0) continue;
    for (let i = 0; i < renditions; i++) {
      const verdict = await verdictOf(photo, await images.sign(await make(photo.bytes, side, random)));
      for (const each of [counts, counts.halves[photo.half]]) countVerdict(each, verdict);
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
  return { ...newCounts(), hp64: -1, registration: -1 };
}

function count(row, verdict) {
  countVerdict(row, verdict);
  row.hp64 = Math.max(row.hp64, verdict.evidence.hp64);
  row.registration = Math.max(row.registration, verdict.evidence.registration ?? -1);
}

function goal(met, name) {
  if (!met) missed.push(name);
}
