/** The tables of bench/compare.mjs about retouching: of stored pictures, and between two versions of a master. */
import { needsLargerRendition, revisionOf, showsOlder } from "../dist/compare/photo/index.js";
import { countVerdict, images, newCounts, openMaster, verdictOf } from "./portraits.mjs";
import { PLAIN } from "./renditions.mjs";
import { openPicture, RETOUCHES, SAVED_ANEW } from "./retouchings.mjs";
import { bound, newTable, print, share } from "./tables.mjs";

/** Every nth portrait. */
const NTH = 3;
const USUAL = 240;
const LARGEST = 648;

export async function reportRetouched({ photos, random, goal }) {
  const pictures = [];
  for (const photo of photos.filter((_, at) => at % NTH === 0)) {
    const picture = await openPicture(photo.bytes);
    if (picture !== null) pictures.push({ photo, picture });
  }
  await reportStored(pictures, random, goal);
  await reportVersions(pictures, random, goal);
}

/** A store that keeps 240 px, and one that keeps 648: there the larger picture is read where the smaller leaves it open. */
async function reportStored(pictures, random, goal) {
  const kinds = ["same", "recoloured", "reframed", "different"];
  const head = ["change", "px", "pairs", ...kinds, "read larger", "same, at most", "goal"];
  const table = newTable("Retouched pictures, nothing known of before", head);
  for (const kept of [USUAL, LARGEST]) {
    for (const [name, { make, seen }] of Object.entries(RETOUCHES)) {
      const counts = { ...newCounts(), larger: 0 };
      for (const { photo, picture } of pictures.filter((one) => one.photo.side >= kept)) {
        const changed = await make(picture);
        const small = await images.sign(await PLAIN(changed, USUAL, random));
        let verdict = await verdictOf(photo, small);
        if (kept > USUAL && needsLargerRendition(verdict, small)) {
          counts.larger++;
          verdict = await verdictOf(photo, await images.sign(await PLAIN(changed, kept, random)));
        }
        countVerdict(counts, verdict);
      }
      const wanted = seen && kept === LARGEST;
      if (wanted) goal(counts.same <= 0.05 * counts.n, `${name}, ${kept} px, found`);
      const shares = kinds.map((kind) => share(counts[kind], counts.n));
      const rest = [counts.larger, bound(counts.same, counts.n), wanted ? "same <= 5 %" : ""];
      table.push([name, kept, counts.n, ...shares, ...rest]);
    }
  }
  print(table);
}

/** The former master is known: does a stored picture show it, or the present one? */
async function reportVersions(pictures, random, goal) {
  const head = ["the new version", "pairs", "another version", "older seen", "newer taken for older", "goal"];
  const table = newTable(`Two versions of a master, stored at ${USUAL} px`, head);
  const falsely = { found: 0, tried: 0 };
  for (const [name, { make, seen = null, edited = false }] of Object.entries({ ...SAVED_ANEW, ...RETOUCHES })) {
    const counts = { n: 0, versions: 0, older: 0, newer: 0 };
    for (const { photo, picture } of pictures) {
      const bytes = await make(picture);
      const [before, after] = [(await openMaster(photo.bytes)).signature, (await openMaster(bytes)).signature];
      const revision = revisionOf(before, after);
      counts.n++;
      if (revision === null) continue;
      counts.versions++;
      const shows = async (file) => showsOlder(revision, await images.sign(await PLAIN(file, USUAL, random)));
      if (await shows(photo.bytes)) counts.older++;
      if (await shows(bytes)) counts.newer++;
    }
    if (seen === null && !edited) {
      falsely.found += counts.older + counts.newer;
      falsely.tried += counts.n;
    }
    if (seen === true) goal(counts.older >= 0.95 * counts.n, `${name}, the older version seen`);
    goal(counts.newer === 0, `${name}, the newer version taken for the older`);
    const wanted = seen === true ? "seen >= 95 %, taken 0" : "taken 0";
    table.push([name, counts.n, counts.versions, counts.older, counts.newer, wanted]);
  }
  print(table);
  const { found, tried } = falsely;
  goal(found <= 0.001 * tried, "saved anew and taken for an older version");
  console.log(`Saved anew and taken for an older version: ${found} of ${tried}, at most ${bound(found, tried)}\n`);
}
