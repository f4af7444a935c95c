import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import sharp from "sharp";
import type { PictureSource } from "../pictures.js";
import { drawPortrait } from "../portraits.js";
import type { Random } from "../random.js";
import type { MasterFile, Member } from "./member.js";

const PARALLEL = 4;

/** What a web server answers instead of a picture: the commonest thing in a folder of masters that is no image. */
const NOT_AN_IMAGE =
  "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>\n";

/** Letters whose usual ASCII spelling every reader of names should know. */
const SPELT_OUT: { readonly [letter: string]: string } = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  Ä: "Ae",
  Ö: "Oe",
  Ü: "Ue",
  ß: "ss",
};

function isLatin(text: string): boolean {
  return /^[\p{Script=Latin}\s'’.-]+$/u.test(text);
}

/** A file name that one of the patterns `{upn}` and `{first} {last}` matches, in the spellings that people use. */
export function masterFileName(member: Member, extension: string, random: Random): string {
  const { first, last, upn, uniqueName } = member;
  const style = random.integer(0, 9);
  if (!uniqueName || style <= 3) return `${upn}${extension}`;
  const name = `${first} ${last}`;
  if (style === 4 && isLatin(name)) {
    const spelt = name.replace(/[äöüÄÖÜß]/g, (letter) => SPELT_OUT[letter] ?? letter);
    return `${spelt}${extension}`;
  }
  if (style === 5 && isLatin(name)) return `${name.toLowerCase().replace(/ /g, ".")}${extension}`;
  if (style === 6) return `${name.replace(/ /g, "_")}${extension.toUpperCase()}`;
  // Names written on a Mac come decomposed.
  if (style === 7) return `${name.normalize("NFD")}${extension}`;
  return `${name}${extension}`;
}

function extensionOf(file: MasterFile): string {
  if (file.damage === "not-an-image" || file.damage === "empty") return ".jpg";
  if (file.format !== undefined) return `.${file.format}`;
  return file.source.kind === "file" ? extname(file.source.path).toLowerCase() : ".jpg";
}

async function originalOf(source: PictureSource): Promise<Buffer> {
  if (source.kind === "file") return readFile(source.path);
  if (source.kind === "portrait") return drawPortrait(source.seed, source.side);
  throw new Error(`a ${source.kind} is no master`);
}

async function bytesOf(file: MasterFile): Promise<Buffer> {
  if (file.damage === "not-an-image") return Buffer.from(NOT_AN_IMAGE);
  if (file.damage === "empty") return Buffer.alloc(0);
  const original = await originalOf(file.source);
  const jpeg = original[0] === 0xff && original[1] === 0xd8;
  let bytes: Buffer = original;
  if (file.state === "small") {
    bytes = await sharp(original)
      .autoOrient()
      .resize(file.side, file.side, { fit: "cover", withoutEnlargement: true })
      .jpeg({ quality: 92 })
      .toBuffer();
  } else if (file.format === "png") {
    bytes = await sharp(original)
      .autoOrient()
      .resize(640, 640, { fit: "inside", withoutEnlargement: true })
      .png()
      .toBuffer();
  } else if (file.format === "webp") {
    bytes = await sharp(original).autoOrient().webp({ quality: 92 }).toBuffer();
  } else if (file.format === "jpg" && !jpeg) {
    bytes = await sharp(original).autoOrient().flatten({ background: "#ffffff" }).jpeg({ quality: 92 }).toBuffer();
  }
  return file.damage === "truncated" ? bytes.subarray(0, Math.floor(bytes.length * 0.4)) : bytes;
}

/** Names every master file; two users may share one file. */
export function nameFiles(members: readonly Member[], random: Random): void {
  for (const member of members) {
    for (const file of member.master === null ? [] : [member.master, ...member.moreFiles])
      file.file ??= masterFileName(member, extensionOf(file), random);
  }
}

/** Writes the named files into `folder`, and removes those of `former` that are no longer part of the tenant. */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, MasterFile>,
  former: readonly string[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of former) if (!files.has(name)) await rm(join(folder, name), { force: true });
  const queue = [...files];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      await writeFile(join(folder, next[0]), await bytesOf(next[1]));
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}
