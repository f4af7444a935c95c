/** The table of bench/compare.mjs about replaced backdrops. */
import sharp from "sharp";
import { confirmIdentity } from "../dist/compare/photo/index.js";
import { BACKDROPS, beforeBackdrop, personOf, rgb } from "./backdrops.mjs";
import { countVerdict, images, newCounts, verdictOf } from "./portraits.mjs";
import { bound, newTable, print, share } from "./tables.mjs";

/** Share of the picture whose visible change must not be called the same. */
const CHANGED = 0.15;
const HEAD = [
  "backdrop",
  "px",
  "changed > 15 %",
  "same",
  "recoloured",
  "reframed",
  "different",
  "same, at most",
  "another person's",
  "changed less",
  "of these same",
];

/** A new backdrop is another picture of the person, never one of somebody else. */
export async function reportBackdrops({ photos, random, goal, sizes }) {
  const table = newTable("Replaced backdrops", HEAD);
  for (const photo of photos) {
    photo.cut = await personOf(photo.bytes);
    photo.own = await images.sign(
      await sharp(photo.bytes).autoOrient().resize(240, 240, { fit: "cover" }).png().toBuffer(),
    );
  }
  const cut = photos.filter((one) => one.cut !== null);
  for (const side of sizes) {
    for (const [name, backdrop] of Object.entries(BACKDROPS)) {
      const row = { ...newCounts(), wrong: 0, less: 0, lessSame: 0 };
      for (const photo of cut.filter((one) => one.side >= side)) {
        const square = await rgb(sharp(photo.bytes).autoOrient().resize(side, side, { fit: "cover" }));
        const { data, share: changed } = await beforeBackdrop(square, side, photo.cut, backdrop);
        const quality = 75 + Math.floor(20 * random());
        const jpeg = await sharp(data, { raw: { width: side, height: side, channels: 3 } })
          .jpeg({ quality })
          .toBuffer();
        const rendition = await images.sign(jpeg);
        const verdict = await verdictOf(photo, rendition);
        const { kind } = verdict;
        const others = photos.filter((one) => one.person !== photo.person);
        if (kind === "different" && others.some(({ own }) => confirmIdentity(own.luma, rendition))) row.wrong++;
        if (changed <= CHANGED) {
          row.less++;
          if (kind === "same") row.lessSame++;
          continue;
        }
        countVerdict(row, verdict);
      }
      // A 48 px thumbnail does not carry small patches that differ by 5 units: compression does as much.
      goal(row.same <= (side < 96 ? 0.01 * row.n : 0), `backdrop ${name} ${side} px called same`);
      goal(row.wrong === 0, `backdrop ${name} ${side} px called another person's`);
      const kinds = ["same", "recoloured", "reframed", "different"].map((kind) => share(row[kind], row.n));
      table.push([name, side, row.n, ...kinds, bound(row.same, row.n), row.wrong, row.less, row.lessSame]);
    }
  }
  print(table);
  console.log(`${cut.length} of ${photos.length} portraits were cut out.\n`);
}
