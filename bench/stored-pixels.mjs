/**
 * What the coding of pixels in the state turns: `npm run bench:stored -- FOLDER` after a build. Each picture of the folder is a master and is
 * rendered small, plain and changed; every judgement that the program makes of stored pixels is made twice, of the pixels as they were
 * measured and as they come back from the state. Exit code 1 when a verdict turns or an answer of the 1:N search does.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { confirmIdentity, decide, renditionsAgree } from "../dist/compare/photo/index.js";
import { createImageReader } from "../dist/image/index.js";
import { codePixels, readPixels } from "../dist/state/pixels/pixel-code.js";
import { newTable, print } from "./tables.mjs";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("name a folder of portraits");
const SIZES = [48, 96, 240];
/** Other people's masters that each rendition is held against. */
const OTHERS = 8;

const changes = {
  plain: (image) => image,
  "quality 60": (image) => image,
  greyscale: (image) => image.greyscale(),
  "saturation x0.75": (image) => image.modulate({ saturation: 0.75 }),
  "saturation x1.25": (image) => image.modulate({ saturation: 1.25 }),
  "brightness x1.1": (image) => image.modulate({ brightness: 1.1 }),
};

const images = createImageReader();
const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).sort();
const sizes = [];
const judgements = {};
const people = [];
for (const name of names) people.push(await portrait(path.join(folder, name)));

for (const [at, person] of people.entries()) await judge(person, at);
sizes.sort((a, b) => a - b);
const table = newTable(
  `${people.length} portraits, stored in ${mean(sizes)} bytes (95 %: ${sizes[Math.floor(sizes.length * 0.95)]})`,
  ["judgement", "made", "turned"],
);
let turned = 0;
for (const [name, { made, other }] of Object.entries(judgements)) {
  table.push([name, made, other]);
  turned += other;
}
print(table);
process.exitCode = turned === 0 ? 0 : 1;

async function portrait(file) {
  const { signature, crop, formerCrops } = await images.signMaster(file);
  const renditions = [];
  for (const side of SIZES) {
    for (const [change, apply] of Object.entries(changes)) {
      const cut = sharp(file).rotate().extract(crop).resize(side, side);
      const bytes = await apply(cut)
        .jpeg({ quality: change === "quality 60" ? 60 : 88 })
        .toBuffer();
      renditions.push({ change, fresh: await images.sign(bytes) });
    }
  }
  for (const rendition of renditions) rendition.kept = kept(rendition.fresh);
  return { file, crop, formerCrops, fresh: signature, kept: kept(signature), renditions };
}

function kept(signature) {
  const bytes = codePixels(signature);
  sizes.push(bytes.length);
  return { ...signature, ...readPixels(bytes) };
}

async function judge({ file, crop, formerCrops, renditions }, at) {
  for (const { change, fresh, kept: back } of renditions) {
    const references = await images.references(file, crop, fresh, formerCrops);
    const [before, after] = [decide(references, fresh), decide(references, back)];
    note(`verdict, ${change}`, verdictOf(before), verdictOf(after));
    for (let other = 0; other <= OTHERS; other++) {
      const master = people[(at + other * 7) % people.length];
      const name = other === 0 ? "1:N, own master" : "1:N, other people";
      note(name, confirmIdentity(master.fresh.luma, fresh), confirmIdentity(master.kept.luma, back));
      note(`${name}, new picture`, confirmIdentity(master.fresh.luma, fresh), confirmIdentity(master.kept.luma, fresh));
    }
    for (const side of renditions) {
      note("stores agree", renditionsAgree(fresh, side.fresh), renditionsAgree(back, side.kept));
    }
  }
}

function verdictOf({ kind, upscaled, distorted }) {
  return `${kind} ${upscaled} ${distorted}`;
}

function note(name, before, after) {
  judgements[name] ??= { made: 0, other: 0 };
  judgements[name].made++;
  if (before !== after) judgements[name].other++;
}

function mean(numbers) {
  return Math.round(numbers.reduce((sum, number) => sum + number, 0) / numbers.length);
}
