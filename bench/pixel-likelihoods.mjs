/**
 * The lists of src/state/pixels/likelihoods.ts: `node bench/pixel-likelihoods.mjs FOLDER` after a build. Counts over one half of the people in the
 * folder - masters, and what a store makes of them at 240, 200 and 96 pixels - and tells what the pictures of the other half take with them.
 * Two pictures of one person are NAME-neutral and NAME-smiling.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { createImageReader } from "../dist/image/index.js";
import { BLOCK } from "../dist/state/pixels/blocks.js";
import { CONTEXT_KINDS, CONTEXTS, writeLevels } from "../dist/state/pixels/level-code.js";
import { AREA, levelsOf, ORDER, waveOf } from "../dist/state/pixels/levels.js";
import { codePixels, PLANES, planesFrom } from "../dist/state/pixels/pixel-code.js";
import { FEATURES, lookAround, slopeOf } from "../dist/state/pixels/surroundings.js";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("name a folder of portraits");
const RENDITIONS = [
  { side: 240, quality: 88 },
  { side: 200, quality: 80 },
  { side: 96, quality: 88 },
];
const WHOLE = 4096;
/** Sizes beyond this count as it: a few large ones would decide the weights. */
const LARGEST = 24;
/** So many bits are added to what was counted, as likely as usual. */
const FEW = 6;

const images = createImageReader();
const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).sort();
const people = [...new Set(names.map(personOf))];
const [counted, others] = [[], []];
for (const name of names) {
  const half = people.indexOf(personOf(name)) % 2 === 0 ? counted : others;
  half.push(...(await signaturesOf(path.join(folder, name))));
}

const planes = counted.flatMap((signature) =>
  planesFrom(signature).map(({ pixels, plane }) => ({ levels: levelsOf(pixels, plane), plane })),
);
const ranksOf = (test) => Array.from({ length: AREA - 1 }, (_, at) => at + 1).filter(test);
const groups = [[1], [2], ranksOf((rank) => waveOf(ORDER[rank]) === 2), ranksOf((rank) => waveOf(ORDER[rank]) > 2)];
console.log("SIZE_WEIGHTS", JSON.stringify(groups.map(weightsOf)));
console.log("CHANCES", JSON.stringify(chances()));
const sizes = others.filter(({ width }) => width >= 200).map((signature) => codePixels(signature).length);
console.log(
  `${people.length} people, ${planes.length} planes; with the built lists, pictures of the other half from 200 pixels on take`,
);
console.log(`${Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length)} bytes on average`);

function personOf(name) {
  return name.replace(/-(neutral|smiling)\..*$/, "");
}

async function signaturesOf(file) {
  const { signature, crop } = await images.signMaster(file);
  const found = [signature];
  for (const { side, quality } of RENDITIONS) {
    const bytes = await sharp(file).rotate().extract(crop).resize(side, side).jpeg({ quality }).toBuffer();
    found.push(await images.sign(bytes));
  }
  return found;
}

/** Least squares of sizes by their luma surroundings, none below zero, small sizes counting more. */
function weightsOf(ranks) {
  const products = Array.from({ length: FEATURES }, () => new Float64Array(FEATURES));
  const targets = new Float64Array(FEATURES);
  const features = new Int32Array(FEATURES);
  for (const { levels, plane } of planes.filter(({ plane }) => plane.side === PLANES.luma.side)) {
    const across = plane.side / BLOCK;
    const blocks = across ** 2;
    const known = {
      levels,
      across,
      sizes: Uint16Array.from(levels, (level, at) => (at < blocks ? 0 : Math.abs(level))),
    };
    for (const rank of ranks) {
      for (let block = 0; block < blocks; block++) {
        lookAround(known, rank, block, slopeOf(known, rank, block), features);
        const size = Math.min(LARGEST, known.sizes[rank * blocks + block]);
        const weight = (1 + features.subarray(0, FEATURES - 1).reduce((sum, each) => sum + each, 0) / 8) ** -1.5;
        for (let i = 0; i < FEATURES; i++) {
          targets[i] += weight * features[i] * size;
          for (let j = 0; j < FEATURES; j++) products[i][j] += weight * features[i] * features[j];
        }
      }
    }
  }
  const weights = new Float64Array(FEATURES).fill(0.05);
  for (let round = 0; round < 300; round++) {
    for (let i = 0; i < FEATURES; i++) {
      let rest = targets[i];
      for (let j = 0; j < FEATURES; j++) if (j !== i) rest -= products[i][j] * weights[j];
      weights[i] = products[i][i] > 0 ? Math.max(0, rest / products[i][i]) : 0;
    }
  }
  return Array.from(weights, (weight) => Math.round(64 * weight));
}

function chances() {
  const [ones, all] = [new Float64Array(CONTEXTS), new Float64Array(CONTEXTS)];
  const counter = {
    bit(context, value) {
      ones[context] += value;
      all[context]++;
    },
    plain: () => undefined,
  };
  for (const { levels, plane } of planes) writeLevels(counter, levels, plane);
  return Array.from(ones, (one, at) => {
    const usual = usualChance(ones, all, at);
    const chance = (one + FEW * usual) / (all[at] + FEW);
    return Math.min(WHOLE - 1, Math.max(1, Math.round(WHOLE * chance)));
  });
}

/** What the same step has in all contexts: a context that was seen a few times is taken to be like the others. */
function usualChance(ones, all, at) {
  const { from, to, step } = CONTEXT_KINDS.find(({ to: end }) => at < end);
  let [one, each] = [0.5, 1];
  for (let other = from + ((at - from) % step); other < to; other += step) {
    one += ones[other];
    each += all[other];
  }
  return one / each;
}
