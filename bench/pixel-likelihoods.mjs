/**
 * The lists of src/state/pixels/likelihoods.ts: `node bench/pixel-likelihoods.mjs FOLDER` after a build. Counts over one half of the people in the
 * folder - masters, and what a store makes of them at 240, 200 and 96 pixels - and tells what the pictures of the other half take with them.
 * Two pictures of one person are NAME-neutral and NAME-smiling.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { createImageReader } from "../dist/image/index.js";
import { codePixels, PLANES, planesFrom } from "../dist/state/pixels/pixel-code.js";
import { codePlanes, COARSER, countBits, levelsOf } from "../dist/state/pixels/planes.js";
import { AREA, BLOCK, ORDER, RANKS, waveOf } from "../dist/state/pixels/waves.js";

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
const FEATURES = 9;
const STEEPEST = 48;
/** Where contexts of one kind begin and end, and after how many the same question is asked under other circumstances (planes.wat). */
const CONTEXT_KINDS = [
  { from: 0, to: 360, step: 15 },
  { from: 360, to: 368, step: 1 },
  { from: 368, to: 423, step: 11 },
  { from: 423, to: 522, step: 11 },
];

const images = createImageReader();
const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).sort();
const people = [...new Set(names.map(personOf))];
const [counted, others] = [[], []];
for (const name of names) {
  const half = people.indexOf(personOf(name)) % 2 === 0 ? counted : others;
  half.push(...(await signaturesOf(path.join(folder, name))));
}

const planes = counted.flatMap(planesFrom);
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

/** Least squares of sizes by what stands around in luma, none below zero, small sizes counting more. */
function weightsOf(ranks) {
  const products = Array.from({ length: FEATURES }, () => new Float64Array(FEATURES));
  const targets = new Float64Array(FEATURES);
  for (const { pixels, plane } of planes.filter((each) => each.plane === PLANES.luma)) {
    const levels = levelsOf(pixels, plane);
    const across = plane.side / BLOCK;
    for (const rank of ranks) {
      for (let block = 0; block < across ** 2; block++) {
        const features = surroundings(levels, across, rank, block);
        const size = Math.min(LARGEST, Math.abs(levels[rank * across ** 2 + block]));
        const weight = (1 + features.slice(0, FEATURES - 1).reduce((sum, each) => sum + each, 0) / 8) ** -1.5;
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

/** As planes.wat sees them: sizes to the left and above, of coarser waves, and how steep the means are. */
function surroundings(levels, across, rank, block) {
  const blocks = across ** 2;
  const size = (of, where) => (of === 0 ? 0 : Math.abs(levels[of * blocks + where]));
  const [column, row] = [block % across, Math.floor(block / across)];
  const coarser = COARSER.map(([x, y]) => {
    const [atX, atY] = [(ORDER[rank] % BLOCK) + x, Math.floor(ORDER[rank] / BLOCK) + y];
    return atX < 0 || atY < 0 || atX >= BLOCK ? 0 : size(RANKS[atY * BLOCK + atX], block);
  });
  const own = (coarser[0] + coarser[1]) >> 2;
  const left = column > 0 ? size(rank, block - 1) : null;
  const above = row > 0 ? size(rank, block - across) : null;
  const [place, step] = rank === 1 ? [column, 1] : [row, across];
  const before = place > 0 ? block - step : block;
  const after = place < across - 1 ? block + step : block;
  const fall = rank > 2 ? 0 : (levels[before] - levels[after]) * (after - before === 2 * step ? 1 : 2);
  const steep = Math.min(STEEPEST, Math.abs(fall) >> 2);
  return [left ?? above ?? own, above ?? left ?? own, ...coarser.slice(0, 5), coarser[5] + coarser[6], steep];
}

function chances() {
  const counts = countBits(() => planes.forEach((each) => codePlanes([each])));
  const ones = counts.map((count) => count.ones);
  const all = counts.map((count) => count.ones + count.zeros);
  return ones.map((one, at) => {
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
