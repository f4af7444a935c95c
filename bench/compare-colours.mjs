/** The tables of bench/compare.mjs about colour, tone and enlargement. */
import { detailLoss, isUpscaled } from "../dist/compare/photo/detail.js";
import { images, verdictOf } from "./portraits.mjs";
import { RECOLOURED, REENCODED, TONED } from "./recolourings.mjs";
import { enlarged } from "./renditions.mjs";
import { bound, newTable, print, share } from "./tables.mjs";

/** Other colours are found; what services do to colours is not taken for it. */
export async function reportColours({ tally, goal, perSize, sizes }) {
  const table = newTable("Colours", ["class", "px", "pairs", "same", "recoloured", "wrong, at most", "goal"]);
  const groups = { small: newGroup(), large: newGroup() };
  for (const side of sizes) {
    const group = side >= 96 ? groups.large : groups.small;
    for (const [name, make] of Object.entries(REENCODED)) {
      const found = await tally(make, side, 1, name === "plain" ? perSize : 1);
      found.halves.forEach((half, at) => addTo(group.falsely[at], half.recoloured, half.n));
      const wrong = bound(found.recoloured, found.n);
      table.push([name, side, found.n, share(found.same, found.n), found.recoloured, wrong, "none"]);
    }
    for (const [name, make] of Object.entries(RECOLOURED)) {
      const found = await tally(make, side, 1, 1);
      found.halves.forEach((half, at) => addTo(group.missed[at], half.same, half.n));
      if (side >= 96) goal(found.n - found.same >= 0.99 * found.n, `${name} ${side} px found`);
      const wrong = bound(found.same, found.n);
      const wanted = side >= 96 ? "same <= 1 %" : "";
      table.push([name, side, found.n, share(found.same, found.n), found.recoloured, wrong, wanted]);
    }
  }
  print(table);
  for (const [name, { falsely, missed }, most] of [
    ["96 px and more", groups.large, 0.001],
    ["48 px", groups.small, 0.005],
  ]) {
    const [wrong, tried] = [falsely[0].found + falsely[1].found, falsely[0].tried + falsely[1].tried];
    goal(wrong <= most * tried, `falsely recoloured at ${name}`);
    console.log(
      `Falsely recoloured at ${name}: ${wrong} of ${tried}, at most ${bound(wrong, tried)}; goal ${100 * most} %`,
    );
    console.log(`  every second person ${said(falsely[0])}, the others ${said(falsely[1])}`);
    console.log(`Not found at ${name}: every second person ${said(missed[0])}, the others ${said(missed[1])}\n`);
  }
}

/** Found and tried of every second person and of the others. */
function newGroup() {
  const halves = () => [0, 1].map(() => ({ found: 0, tried: 0 }));
  return { falsely: halves(), missed: halves() };
}

function addTo(half, found, tried) {
  half.found += found;
  half.tried += tried;
}

function said({ found, tried }) {
  return `${found} of ${tried}`;
}

/** Detail is judged whatever the contrast and brightness. */
export async function reportTones({ photos, random, goal }) {
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
    [80, 96, 0, 0.002],
    [200, 240, 0, 0.002],
    [178, 240, 0, 0.002],
    [480, 648, 0, 0.002],
    [64, 96],
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
