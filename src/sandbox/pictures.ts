import { readFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import { placeholderSvg, type PlaceholderKind } from "./drawing/placeholder.js";
import { scenePixels } from "./drawing/scene.js";
import { keptDrawing } from "./drawings.js";
import { ImageCache } from "./image-cache.js";
import { drawPortrait, portraitShape } from "./portraits.js";
import { hash32, randomFrom } from "./random.js";
import type { StoredImage } from "./tenant.js";

/** What a picture shows, small enough to be kept for every user; the pixels are made when somebody asks. */
export type PictureSource =
  | { readonly kind: "portrait"; readonly seed: number; readonly side?: number }
  | { readonly kind: "file"; readonly path: string; readonly width: number; readonly height: number }
  | { readonly kind: "scene"; readonly seed: number }
  | { readonly kind: "placeholder"; readonly placeholder: PlaceholderKind; readonly seed: number };

/** How a stored image is made of a source. Lengths in pixels. */
export interface Recipe {
  readonly source: PictureSource;
  readonly width: number;
  readonly height: number;
  /** centre: cut to the frame; stretch: squeezed into it. */
  readonly fit: "centre" | "stretch";
  /** Share cut away at every edge of the centre square before resizing: the same picture in a tighter crop. */
  readonly tighter?: number;
  readonly mirrored?: boolean;
  /** Chroma by that of the source: 0 is black and white. */
  readonly saturation?: number;
  /** First reduced to this longer side, then enlarged: many pixels, little detail. */
  readonly enlargedFrom?: number;
  readonly quality?: number;
  /** Exact length in bytes, reached with a JPEG comment: a large tenant knows its lengths without making its images. */
  readonly length?: number;
}

/** Longer side of the intermediate every rendition is made from; the largest photo the service keeps (profilePhoto sizes, S1 in facts). */
const BASE_SIDE = 1000;
const SCENE_SIDE = 400;

/** What every rendition of a source is made from: an encoded image, or pixels where encoding would cost more than drawing. */
interface Base {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  /** The bytes are RGB pixels, row by row. */
  readonly raw: boolean;
}

const bases = new ImageCache<Base>(96 << 20, ({ bytes }) => bytes.length);
/** All pictures of 2,000 drawn people, at every size that is asked for: what was drawn once is not drawn again while a bench measures its client. */
const finished = new ImageCache<StoredImage>(512 << 20, (image) => image.bytes.length + 200);

/** Pixels of a source as shown, before any cut. */
export function shapeOf(source: PictureSource): { readonly width: number; readonly height: number } {
  if (source.kind === "portrait") return portraitShape(source.seed, source.side);
  if (source.kind === "file") return { width: source.width, height: source.height };
  const side = source.kind === "scene" ? SCENE_SIDE : 648;
  return { width: side, height: side };
}

function keyOf(source: PictureSource): string {
  if (source.kind === "file") return `file:${source.path}`;
  if (source.kind === "placeholder") return `${source.placeholder}:${source.seed}`;
  return source.kind === "portrait" ? `portrait:${source.seed}:${source.side ?? ""}` : `scene:${source.seed}`;
}

async function drawBase(source: PictureSource): Promise<Base> {
  if (source.kind === "scene")
    return { bytes: scenePixels(source.seed, SCENE_SIDE), width: SCENE_SIDE, height: SCENE_SIDE, raw: true };
  const drawn = source.kind === "placeholder" ? drawPlaceholder(source) : await drawPerson(source);
  const { data, info } = await drawn.toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height, raw: false };
}

function drawPlaceholder({ placeholder, seed }: PictureSource & { readonly kind: "placeholder" }): Sharp {
  const svg = placeholderSvg(placeholder, randomFrom("placeholder", seed), 648);
  return sharp(Buffer.from(svg)).removeAlpha().png({ compressionLevel: 1 });
}

async function drawPerson(source: PictureSource & { readonly kind: "portrait" | "file" }): Promise<Sharp> {
  const original =
    source.kind === "portrait" ? await drawPortrait(source.seed, source.side) : await readFile(source.path);
  return sharp(original)
    .autoOrient()
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .resize(BASE_SIDE, BASE_SIDE, { fit: "inside", withoutEnlargement: true, kernel: "lanczos3" })
    .jpeg({ quality: 97, chromaSubsampling: "4:4:4" });
}

/** Lengthens a JPEG to exactly `length` bytes with comment segments (ITU-T T.81, B.2.4.5) behind its start marker. */
export function padJpeg(jpeg: Buffer, length: number): Buffer {
  let missing = length - jpeg.length;
  if (missing < 4) return jpeg;
  const comments: Buffer[] = [];
  while (missing > 0) {
    // Never leave a rest too short to be a segment of its own.
    const whole = missing <= 60_000 ? missing : missing - 60_000 < 4 ? missing - 8 : 60_000;
    const segment = Buffer.alloc(whole, 0x20);
    segment.writeUInt16BE(0xfffe, 0);
    segment.writeUInt16BE(whole - 2, 2);
    comments.push(segment);
    missing -= whole;
  }
  return Buffer.concat([jpeg.subarray(0, 2), ...comments, jpeg.subarray(2)]);
}

async function make(recipe: Recipe): Promise<Buffer> {
  const base = await bases.get(keyOf(recipe.source), () => drawBase(recipe.source));
  const { bytes: drawn, width, height } = base;
  let picture: Sharp = base.raw ? sharp(drawn, { raw: { width, height, channels: 3 } }) : sharp(drawn);
  if (recipe.tighter !== undefined) {
    const side = Math.min(width, height);
    const cut = Math.round(side * recipe.tighter);
    picture = picture.extract({
      left: Math.round((width - side) / 2) + cut,
      top: Math.round((height - side) / 2) + cut,
      width: side - 2 * cut,
      height: side - 2 * cut,
    });
  }
  if (recipe.mirrored === true) picture = picture.flop();
  if (recipe.saturation !== undefined) picture = picture.modulate({ saturation: recipe.saturation });
  const fit = recipe.fit === "centre" ? "cover" : "fill";
  if (recipe.enlargedFrom !== undefined) {
    const scale = recipe.enlargedFrom / Math.max(recipe.width, recipe.height);
    const small = await picture
      .resize(Math.round(recipe.width * scale), Math.round(recipe.height * scale), { fit })
      .jpeg({ quality: 88 })
      .toBuffer();
    picture = sharp(small).resize(recipe.width, recipe.height, { fit: "fill", kernel: "cubic" });
  } else {
    // Without the decoder's own reduction: it leaves a moiré on stripes.
    picture = picture.resize(recipe.width, recipe.height, { fit, kernel: "lanczos3", fastShrinkOnLoad: false });
  }
  let bytes: Buffer = await picture
    .clone()
    .jpeg({ quality: recipe.quality ?? 88 })
    .toBuffer();
  if (recipe.length !== undefined) {
    for (let quality = 80; bytes.length > recipe.length - 4 && quality >= 20; quality -= 12)
      bytes = await picture.clone().jpeg({ quality }).toBuffer();
    bytes = padJpeg(bytes, recipe.length);
  }
  return bytes;
}

/** The stored image of a recipe, as JPEG. Made at the first call; kept while there is room; the same bytes every time. */
export function imageOf(recipe: Recipe): Promise<StoredImage> {
  const { source, ...rest } = recipe;
  const { width, height } = recipe;
  const key = `${keyOf(source)}|${JSON.stringify(rest)}`;
  return finished.get(key, async () => {
    // A file may be another one tomorrow.
    const bytes = source.kind === "file" ? await make(recipe) : await keptDrawing(key, () => make(recipe));
    return { bytes, width, height };
  });
}

/** The image of a rendition made of stored bytes, kept under a key that names bytes and size. */
export function keptRendition(key: string, render: () => Promise<StoredImage>): Promise<StoredImage> {
  return finished.get(`rendition:${key}`, render);
}

/** A seed for a drawing from the tenant's seed and a name. */
export function drawingSeed(...parts: readonly (string | number)[]): number {
  return hash32(parts.join("\u0000"));
}
