/** Portraits of a folder as masters, and what the program says of renditions of them. Needs the built output: `npm run build`. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { decide } from "../dist/compare/photo/index.js";
import { createImageReader, imageAccess } from "../dist/image/index.js";
import { decodeMaster } from "../dist/image/masters.js";
import { probe } from "../dist/image/probe.js";
import { signDecodedMaster } from "../dist/image/reader.js";
import { renderReferences } from "../dist/image/references.js";

export const images = createImageReader();
const access = imageAccess();

/** A master, decoded as the program does, with the squares it accepts and why it is unsuitable, or null. */
export async function openMaster(bytes) {
  const master = await decodeMaster(bytes, await probe(bytes, access));
  const { crop, formerCrops, unsuitable, signature } = await signDecodedMaster(master);
  return { master, crop, former: formerCrops, unsuitable, signature, references: new Map() };
}

/**
 * @param root a folder with a manifest.json of person -> files (the first file is the master, further ones are other photos of that person), or
 *   with one file a person
 * @param every every nth person is taken
 */
export async function openPortraits(root, every) {
  const opened = [];
  const people = await listPeople(root);
  for (const [at, { person, files }] of people.filter((_, nth) => nth % every === 0).entries()) {
    for (const file of files) {
      const bytes = await readFile(path.join(root, file));
      const one = await openMaster(bytes);
      // Nothing but the chosen square: what former choices would have cut is no rendition of this bench.
      opened.push({
        ...{ person, file, bytes, ...one, former: [] },
        side: Math.min(one.master.width, one.master.height),
        // Limits may be chosen on every second person and tried on the others.
        half: at % 2,
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

/** @param rendition its signature */
export async function verdictOf(photo, rendition) {
  const { master, crop, former, references } = photo;
  const frame = `${rendition.width}x${rendition.height}`;
  if (!references.has(frame)) references.set(frame, await renderReferences(master, { crop, former }, rendition));
  return decide(references.get(frame), rendition);
}

/** Verdicts of a class, none yet. */
export function newCounts() {
  return { n: 0, same: 0, recoloured: 0, reframed: 0, mirrored: 0, placeholder: 0, different: 0, upscaled: 0 };
}

export function countVerdict(counts, { kind, upscaled }) {
  counts.n++;
  counts[kind]++;
  if (upscaled) counts.upscaled++;
}
