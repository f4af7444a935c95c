import type { Crop } from "../model/photo.js";
import { PhotodriftError } from "../model/errors.js";
import type { ImageRenderer } from "../run/ports.js";
import { decodeWithin, readBounded } from "./bounded.js";
import { fitCrop, regionIn, scaled } from "./crop.js";
import { openImage } from "./decode.js";
import type { ImageAccess } from "./access.js";
import { CANONICAL_SIDE } from "./limits.js";
import type { Raster } from "./pixels.js";
import { fromRaster, resizeRaster, toRaster } from "./raster.js";
import { asUnreadable } from "./unreadable.js";

/** Qualities tried for uploads, best first, and the sizes tried when even the lowest does not fit (Microsoft 365's own ladder). */
const QUALITIES = [92, 88, 84, 80, 75, 70, 64, 58, 52] as const;
const SIZES = [648, 504, 432, 360, 240, 120, 96, 64, 48] as const;
const THUMBNAIL_QUALITY = 90;

/** JPEGs for the stores. Uploads throw PhotodriftError `photo-too-large` where no size and quality fits. */
export function makeRenderer(access: ImageAccess): ImageRenderer {
  /** The crop at `side` px or at its own size when that is less. */
  async function cut(path: string, crop: Crop, side: number): Promise<Raster> {
    return decodeWithin(
      access,
      () => readBounded(path, access.limits),
      async (_, found) => {
        const region = fitCrop(crop, found);
        const scale = Math.min(1, side / Math.max(region.width, region.height));
        const { width, height } = scaled(region, scale);
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

  return {
    async cloudPhoto(path, crop, maxBytes) {
      const largest = await cut(path, crop, CANONICAL_SIDE);
      const own = Math.max(largest.width, largest.height);
      for (const side of [own, ...SIZES.filter((size) => size < own)]) {
        const scale = side / own;
        const raster = await resizeRaster(
          largest,
          Math.round(largest.width * scale),
          Math.round(largest.height * scale),
        );
        const jpeg = await bestWithin(raster, maxBytes);
        if (jpeg !== null) return jpeg;
      }
      throw new PhotodriftError(
        "photo-too-large",
        `the photo does not fit into ${maxBytes} bytes at any quality`,
        "Check the byte limit; 10 KB is enough for any portrait.",
      );
    },

    async thumbnail(path, crop, side) {
      const raster = await cut(path, crop, side);
      // Reduction by ten and more softens edges; the mild sharpening keeps eyes readable at 48 px and is within what compare() takes.
      const pipeline = fromRaster(raster).sharpen({ sigma: 0.5 });
      return pipeline.jpeg({ quality: THUMBNAIL_QUALITY, progressive: false }).toBuffer();
    },
  };
}

/** The best quality that fits, or null. Baseline JPEG; sharp writes no metadata unless told to. */
async function bestWithin(raster: Raster, maxBytes: number): Promise<Buffer | null> {
  for (const quality of QUALITIES) {
    const jpeg = await fromRaster(raster).jpeg({ quality, progressive: false }).toBuffer();
    if (jpeg.length <= maxBytes) return jpeg;
  }
  return null;
}
