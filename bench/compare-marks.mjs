/** The table of bench/compare.mjs about what was laid over a picture, and about retouching. */
import sharp from "sharp";
import { countVerdict, images, newCounts, verdictOf } from "./portraits.mjs";
import { bound, newTable, print, share } from "./tables.mjs";

/** Side at which a picture is marked, before it is made smaller. */
const WORKED_AT = 480;
/** Every nth portrait. */
const NTH = 4;

const MARKS = {
  "text in white, 60 %": letters({ size: 13, colour: "#fff", opacity: 0.6, turned: -30 }),
  "text in white, 40 %": letters({ size: 13, colour: "#fff", opacity: 0.4, turned: -30 }),
  "text in black, 40 %": letters({ size: 13, colour: "#000", opacity: 0.4, turned: 0 }),
  "small text in black, 40 %": letters({ size: 8, colour: "#000", opacity: 0.4, turned: 0 }),
  "logo in a corner, 40 %": `<circle cx="90" cy="90" r="6" fill="#06c" fill-opacity=".4"/><rect x="87" y="88" width="6" height="4" fill="#fff" fill-opacity=".4"/>`,
  "banner, 40 %": `<rect y="82" width="100" height="14" fill="#06c" fill-opacity=".4"/>`,
};

/** Of the middle, where the face is. */
const RETOUCHES = {
  "face smoothed": (image, side) => image.blur(Math.max(0.5, side / 80)),
  "face without blemishes (median)": (image, side) => image.median(side >= 200 ? 5 : 3),
};

function letters({ size, colour, opacity, turned }) {
  return `<text x="50" y="54" font-size="${size}" text-anchor="middle" fill="${colour}" fill-opacity="${opacity}" font-family="sans-serif" transform="rotate(${turned} 50 50)">SAMPLE PHOTO</text>`;
}

/** What is laid over a picture is found from 96 px on; the rows of retouching show what is not. */
export async function reportMarks({ photos, random, goal, sizes }) {
  const table = newTable("Marked and retouched", [
    ...["change", "px", "pairs", "same", "recoloured", "reframed", "different", "same, at most", "goal"],
  ]);
  const rows = [
    ...Object.entries(MARKS).map(([name, drawing]) => [
      `marked: ${name}`,
      (bytes, side) => marked(bytes, side, drawing),
      0.1,
    ]),
    ...Object.entries(RETOUCHES).map(([name, change]) => [
      `retouched: ${name}`,
      (bytes, side) => retouched(bytes, side, change),
    ]),
  ];
  for (const side of sizes) {
    for (const [name, make, most] of rows) {
      const counts = newCounts();
      for (const photo of photos.filter((one, at) => at % NTH === 0 && one.side >= side)) {
        const quality = 60 + Math.floor(36 * random());
        const picture = await (await make(photo.bytes, side)).jpeg({ quality }).toBuffer();
        countVerdict(counts, await verdictOf(photo, await images.sign(picture)));
      }
      const wanted = most !== undefined && side >= 96;
      if (wanted) goal(counts.same <= most * counts.n, `${name} ${side} px called same`);
      const kinds = ["same", "recoloured", "reframed", "different"].map((kind) => share(counts[kind], counts.n));
      table.push([
        name,
        side,
        counts.n,
        ...kinds,
        bound(counts.same, counts.n),
        wanted ? `same <= ${100 * most} %` : "",
      ]);
    }
  }
  print(table);
}

async function marked(bytes, side, drawing) {
  const square = await squareOf(bytes, WORKED_AT);
  const over = await sharp(square)
    .composite([{ input: layer(WORKED_AT, drawing) }])
    .removeAlpha()
    .png()
    .toBuffer();
  return sharp(over).resize(side, side);
}

async function retouched(bytes, side, change) {
  const square = await squareOf(bytes, side);
  const mask = await sharp(layer(side, `<ellipse cx="50" cy="46" rx="15" ry="22" fill="#fff"/>`))
    .extractChannel(3)
    .toBuffer();
  const changed = await sharp(await change(sharp(square), side).png().toBuffer())
    .removeAlpha()
    .joinChannel(mask)
    .png()
    .toBuffer();
  const over = await sharp(square)
    .composite([{ input: changed }])
    .removeAlpha()
    .png()
    .toBuffer();
  return sharp(over);
}

function squareOf(bytes, side) {
  return sharp(bytes).autoOrient().resize(side, side, { fit: "cover" }).removeAlpha().png().toBuffer();
}

/** @param drawing in percent of the sides */
function layer(side, drawing) {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 100 100">${drawing}</svg>`,
  );
}
