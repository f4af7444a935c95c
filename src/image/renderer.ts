import type { Crop } from "../model/photo.js";
import { PhotodriftError } from "../model/errors.js";
import type { ImageRenderer } from "../run/ports.js";
import { decodeWithin, readBounded } from "./bounded.js";
import { fitCrop, regionIn, within } from "./crop.js";
import { openImage } from "./decode.js";
import type { ImageAccess } from "./access.js";
import { CANONICAL_SIDE } from "./limits.js";
import { stampOf } from "./masters.js";
import type { Raster } from "./pixels.js";
import { fromRaster, resizeRaster, toRaster } from "./raster.js";
import { asUnreadable } from "./unreadable.js";

/** Qualities tried for uploads, best first, and the sizes tried when even the lowest does not fit (Microsoft 365's own ladder). */
const QUALITIES = [92, 88, 84, 80, 75, 70, 64, 58, 52] as const;
const SIZES = [648, 504, 432, 360, 240, 120, 96, 64, 48] as const;
const THUMBNAIL_QUALITY = 90;

/** Side of the crop that is kept for a user's thumbnails, and how many are kept, 15 MB: two windows of users are under way at a time. */
const KEPT_SIDE = 324;
const KEPT = 48;
/** It has so many more pixels on each side than what is made of it. */
const ROOM = 1.5;

/** JPEGs for the stores. Uploads throw PhotodriftError `photo-too-large` where no size and quality fits. */
export function makeRenderer(access: ImageAccess): ImageRenderer {
  /** The crop at `side` px or at its own size when that is less. */
  async function cut(path: string, crop: Crop, side: number): Promise<Raster> {
    return decodeWithin(
      access,
      () => readBounded(path, access.limits),
      async (_, found) => {
        const region = fitCrop(crop, found);
        const { width, height } = within(region, side);
        try {
          const image = openImage(found.picture);
          const whole = region.width === found.width && region.height === found.height;
          const cropped = whole ? image : image.extract(regionIn(found.picture, found, region));
          return await toRaster(cropped.resize(width, height, { fit: "fill" }));
        } catch (error) {
          throw asUnreadable(error);
        }
      },
    );
  }

  const kept = new Map<string, Promise<Raster>>();

  /** The crop at its largest, which leaves behind what thumbnails are made of. */
  async function cutLargest(path: string, crop: Crop): Promise<Raster> {
    const key = await keyOf(path, crop);
    const largest = cut(path, crop, CANONICAL_SIDE);
    void keep(key, largest);
    return largest;
  }

  /** The same pixels whatever was asked for before: a thumbnail that stands there already is known by its bytes. */
  async function cutSmall(path: string, crop: Crop, side: number): Promise<Raster> {
    if (ROOM * side > KEPT_SIDE) return cut(path, crop, side);
    const key = await keyOf(path, crop);
    return reduceTo(await (kept.get(key) ?? keep(key, cut(path, crop, CANONICAL_SIDE))), side);
  }

  function keep(key: string, largest: Promise<Raster>): Promise<Raster> {
    const smaller = largest.then((raster) => reduceTo(raster, KEPT_SIDE));
    kept.set(key, smaller);
    smaller.catch(() => kept.delete(key));
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return smaller;
  }

  return {
    async cloudPhoto(path, crop, maxBytes) {
      const largest = await cutLargest(path, crop);
      const own = Math.max(largest.width, largest.height);
      for (const side of [own, ...SIZES.filter((size) => size < own)]) {
        const jpeg = await bestWithin(await reduceTo(largest, side), maxBytes);
        if (jpeg !== null) return jpeg;
      }
      throw new PhotodriftError(
        "photo-too-large",
        `the photo does not fit into ${maxBytes} bytes at any quality`,
        "Check the byte limit; 10 KB is enough for any portrait.",
      );
    },

    async thumbnail(path, crop, side) {
      const raster = await cutSmall(path, crop, side);
      // Reduction by ten and more softens edges; the mild sharpening keeps eyes readable at 48 px and is within what compare() takes.
      const pipeline = fromRaster(raster).sharpen({ sigma: 0.5 });
      return pipeline.jpeg({ quality: THUMBNAIL_QUALITY, progressive: false }).toBuffer();
    },
  };
}

async function reduceTo(raster: Raster, side: number): Promise<Raster> {
  const { width, height } = within(raster, side);
  return resizeRaster(raster, width, height);
}

async function keyOf(path: string, { left, top, width, height }: Crop): Promise<string> {
  return [left, top, width, height, await stampOf(path), path].join(" ");
}

/** The best quality that fits, or null. Baseline JPEG; sharp writes no metadata unless told to. */
async function bestWithin(raster: Raster, maxBytes: number): Promise<Buffer | null> {
  for (const quality of QUALITIES) {
    const jpeg = await fromRaster(raster).jpeg({ quality, progressive: false }).toBuffer();
    if (jpeg.length <= maxBytes) return jpeg;
  }
  return null;
}
