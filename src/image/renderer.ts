import { stat } from "node:fs/promises";
import { sha256Of } from "../files/digest.js";
import { PhotodriftError } from "../model/errors.js";
import type { ImageRenderer } from "../run/renderer-port.js";
import type { Crop, PhotoSignature } from "../model/photo.js";
import { decodeWithin, readBounded } from "./bounded.js";
import { fitCrop, regionIn, within } from "./crop.js";
import { decodeOwnSize, openImage } from "./decode.js";
import type { ImageAccess } from "./access.js";
import { CANONICAL_SIDE } from "./limits.js";
import type { Raster } from "./pixels.js";
import { fromRaster, resizeRaster, toRaster } from "./raster.js";
import { bestWithin, type BestJpeg } from "./best-jpeg.js";
import { sharpened } from "./sharpen.js";
import { fileFacts, signRaster } from "./sign.js";
import { asUnreadable, asUnreadableFile } from "./unreadable.js";

/** Sizes tried when even the lowest quality does not fit (Microsoft 365's own ladder). */
const SIZES = [648, 504, 432, 360, 240, 120, 96, 64, 48] as const;
const THUMBNAIL_QUALITY = 90;

/** Side of the crop that is kept for a user's thumbnails, and how many are kept, 15 MB: two windows of users are under way at a time. */
const KEPT_SIDE = 324;
const KEPT = 48;
/** It has so many more pixels on each side than what is made of it. */
const ROOM = 1.5;

/** From this quality on a JPEG shows what its pixels were before, as far as any comparison of signatures goes. */
const FAITHFUL_QUALITY = 80;

/** Pixels made of a file, and the hash of the bytes that they were made of. */
interface Cut {
  readonly raster: Raster;
  readonly sourceSha256: string;
}

/** JPEGs for the stores. Uploads throw PhotodriftError `photo-too-large` where no size and quality fits. */
export function makeRenderer(access: ImageAccess): ImageRenderer {
  /** The crop at `side` px or at its own size when that is less. */
  async function cut(path: string, crop: Crop, side: number): Promise<Cut> {
    return decodeWithin(
      access,
      () => readBounded(path, access.limits),
      async (bytes, found) => {
        const region = fitCrop(crop, found);
        const { width, height } = within(region, side);
        try {
          const image = openImage(found.picture);
          const whole = region.width === found.width && region.height === found.height;
          const cropped = whole ? image : image.extract(regionIn(found.picture, found, region));
          const decoding = toRaster(cropped.resize(width, height, { fit: "fill" }));
          const sourceSha256 = sha256Of(bytes);
          return { raster: await decoding, sourceSha256 };
        } catch (error) {
          throw asUnreadable(error);
        }
      },
    );
  }

  /** Of the pixels that were encoded, where the JPEG shows them: it need not be decoded. */
  async function signatureOf(raster: Raster, { jpeg, quality }: BestJpeg): Promise<PhotoSignature> {
    const { width, height } = raster;
    const facts = fileFacts(jpeg, { format: "jpeg" });
    if (quality >= FAITHFUL_QUALITY) return signRaster(raster, { width, height }, facts);
    return decodeWithin(
      access,
      async () => jpeg,
      async (_, found) => signRaster(await decodeOwnSize(found), found, facts),
    );
  }

  const kept = new Map<string, Promise<Cut>>();
  /** Of the last photo: pictures of one tenant are alike. */
  let likely: number | undefined;

  /** The crop at its largest, which leaves behind what thumbnails are made of. */
  async function cutLargest(path: string, crop: Crop): Promise<Cut> {
    const key = await keyOf(path, crop);
    const largest = cut(path, crop, CANONICAL_SIDE);
    void keep(key, largest);
    return largest;
  }

  /** The same pixels whatever was asked for before: a thumbnail that stands there already is known by its bytes. */
  async function cutSmall(path: string, crop: Crop, side: number): Promise<Cut> {
    if (ROOM * side > KEPT_SIDE) return cut(path, crop, side);
    const key = await keyOf(path, crop);
    return reduceTo(await (kept.get(key) ?? keep(key, cut(path, crop, CANONICAL_SIDE))), side);
  }

  function keep(key: string, largest: Promise<Cut>): Promise<Cut> {
    const smaller = largest.then((made) => reduceTo(made, KEPT_SIDE));
    kept.set(key, smaller);
    smaller.catch(() => kept.delete(key));
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return smaller;
  }

  return {
    async cloudPhoto(path, crop, maxBytes) {
      const largest = await cutLargest(path, crop);
      const own = Math.max(largest.raster.width, largest.raster.height);
      for (const side of [own, ...SIZES.filter((size) => size < own)]) {
        const { raster, sourceSha256 } = await reduceTo(largest, side);
        const best = await bestWithin(raster, maxBytes, likely);
        if (best === null) continue;
        likely = best.quality;
        return { jpeg: best.jpeg, sourceSha256, signature: await signatureOf(raster, best) };
      }
      throw new PhotodriftError(
        "photo-too-large",
        `the photo does not fit into ${maxBytes} bytes at any quality`,
        "Check the byte limit; 10 KB is enough for any portrait.",
      );
    },

    async thumbnail(path, crop, side) {
      const { raster, sourceSha256 } = await cutSmall(path, crop, side);
      // Reduction by ten and more softens edges; the mild sharpening keeps eyes readable at 48 px and is within what compare() takes.
      const pipeline = fromRaster(sharpened(raster));
      return { jpeg: await pipeline.jpeg({ quality: THUMBNAIL_QUALITY, progressive: false }).toBuffer(), sourceSha256 };
    },
  };
}

async function reduceTo({ raster, sourceSha256 }: Cut, side: number): Promise<Cut> {
  const { width, height } = within(raster, side);
  return { raster: await resizeRaster(raster, width, height), sourceSha256 };
}

async function keyOf(path: string, { left, top, width, height }: Crop): Promise<string> {
  return [left, top, width, height, await stampOf(path), path].join(" ");
}

/** Changes whenever the file does. */
async function stampOf(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return `${size}-${mtimeMs}-${ino}`;
  } catch (error) {
    throw asUnreadableFile(error);
  }
}
