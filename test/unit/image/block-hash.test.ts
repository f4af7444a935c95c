import { imageHash } from "image-hash";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { imageHashOf } from "../../../src/image/block-hash.js";
import { toRaster } from "../../../src/image/raster.js";
import { portrait, sitter } from "./pictures.js";

type Hash = (
  source: { data: Buffer },
  bits: number,
  method: boolean,
  done: (error: Error | null, hash: string) => void,
) => void;

/** What the package itself answers for a PNG. */
function packageHash(png: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    (imageHash as Hash)({ data: png }, 16, true, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}

describe("imageHashOf", () => {
  it.each([128, 48, 72, 200, 131])(
    "answers what image-hash answers for the same pixels as PNG: %i px",
    async (side) => {
      for (const seed of [1, 2, 3]) {
        const picture = sharp(await portrait(sitter(seed), 240)).resize(side, side);
        expect(imageHashOf(await toRaster(picture.clone()))).toBe(await packageHash(await picture.png().toBuffer()));
      }
    },
  );
});
