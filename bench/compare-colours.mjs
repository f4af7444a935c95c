/** The tables of bench/compare.mjs about colour, tone and enlargement. */
import { detailLoss, isUpscaled } from "../dist/compare/photo/detail.js";
import { RECOLOURED, REENCODED, TONED } from "./recolourings.mjs";
import { enlarged } from "./renditions.mjs";
import { bound, newTable, print, share } from "./tables.mjs";

/** Other colours are found; what services do to colours is not taken for it. */
export async function reportColours({ tally, goal, perSize, sizes }) {
  const table = newTable("Colours", ["class", "px", "pairs", "same", "recoloured", "wrong, at most", "goal"]);
  const small = { falsely: 0, tried: 0 };
  const large = { falsely: 0, tried: 0 };
  for (const side of sizes) {
    for (const [name, make] of Object.entries(REENCODED)) {
      const found = await tally(make, side, 1, name === "plain" ? perSize : 1);
      const all = side >= 96 ? large : small;
      all.falsely += found.recoloured;
      all.tried += found.n;
      const wrong = bound(found.recoloured, found.n);
      table.push([name, side, found.n, share(found.same, found.n), found.recoloured, wrong, "none"]);
    }
    for (const [name, make] of Object.entries(RECOLOURED)) {
      const found = await tally(make, side, 1, 1);
      // What has next to no colour cannot lose it: black and white masters.
      const hits = found.n - found.same;
      if (side >= 96) goal(hits >= 0.99 * found.n, `${name} ${side} px found`);
      const wrong = bound(found.same, found.n);
      table.push([
        name,
        side,
        found.n,
        share(found.same, found.n),
        found.recoloured,
        wrong,
        side >= 96 ? "same <= 1 %" : "",
      ]);
    }
  }
  print(table);
  for (const [name, { falsely, tried }, most] of [
    ["96 px and more", large, 0.001],
    ["48 px", small, 0.005],
  ]) {
    goal(falsely <= most * tried, `falsely recoloured at ${name}`);
    console.log(
      `Falsely recoloured at ${name}: ${falsely} of ${tried}, at most ${bound(falsely, tried)}; goal ${100 * most} %\n`,
    );
  }
}

/** Detail is judged whatever the contrast and brightness. */
export async function reportTones({ photos, images, verdictOf, random, goal }) {
  const table = newTable("Enlarged by mistake", ["edit", "px", "pairs", "found", "at most", "goal"]);
  for (const [name, make] of Object.entries(TONED)) {
    for (const side of [96, 240]) {
      const counts = { n: 0, found: 0 };
      for (const photo of photos.filter((one) => one.side >= side)) {
        const rendition = await images.sign(await make(photo.bytes, side, random));
        await verdictOf(photo, rendition);
        const [reference] = photo.references.get(`${side}x${side}`);
        counts.n++;
        if (isUpscaled(detailLoss(reference.signature, rendition), rendition)) counts.found++;
      }
      goal(counts.found <= 0.002 * counts.n, `${name} ${side} px falsely enlarged`);
      table.push([name, side, counts.n, counts.found, bound(counts.found, counts.n), "<= 0.2 %"]);
    }
  }
  print(table);
}

/** Small images enlarged; rows without a goal show where the claim ends. */
export async function reportEnlarged({ tally, goal }) {
  const table = newTable("Enlarged small images", ["from", "to", "pairs", "same", "found", "wrong, at most", "goal"]);
  for (const [from, to, least, most] of [
    [48, 96, 0.95],
    [96, 240, 0.95],
    [48, 240, 0.95],
    [240, 648, 0.95],
    [96, 648, 0.99],
    [80, 96, 0, 0.01],
    [160, 240],
    [200, 300],
    [432, 648],
  ]) {
    const found = await tally(enlarged(from), to);
    if (least !== undefined) goal(found.upscaled >= least * found.n, `enlarged ${from} -> ${to} found`);
    if (most !== undefined) goal(found.upscaled <= most * found.n, `enlarged ${from} -> ${to} not claimed`);
    const wanted = most !== undefined ? `<= ${100 * most} %` : least === undefined ? "" : `>= ${100 * least} %`;
    const wrong = bound(least > 0 ? found.n - found.upscaled : found.upscaled, found.n);
    table.push([from, to, found.n, share(found.same, found.n), share(found.upscaled, found.n), wrong, wanted]);
  }
  print(table);
}
