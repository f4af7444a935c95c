import { crc32, deflateSync } from "node:zlib";
import type { Raster } from "./pixels.js";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A name, its end, and the method of compression: deflate. */
const PROFILE_NAME = Buffer.from("colours\0\0", "latin1");

/**
 * A raster as PNG (8-bit RGB, filter 0, stored without compression): the form in which decoded pixels and their profile enter the image
 * library together.
 * @param profile ICC profile of its colours; sRGB without
 */
export function toPng(raster: Raster, profile: Buffer | null = null): Buffer {
  return Buffer.concat(pngParts(raster, profile));
}

function pngParts(raster: Raster, profile: Buffer | null): readonly Buffer[] {
  const stride = raster.width * 3;
  const rows = Buffer.alloc((stride + 1) * raster.height);
  for (let y = 0; y < raster.height; y++) {
    raster.data.copy(rows, y * (stride + 1) + 1, y * stride, (y + 1) * stride);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(raster.width, 0);
  header.writeUInt32BE(raster.height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return [
    SIGNATURE,
    ...chunk("IHDR", header),
    ...(profile === null ? [] : chunk("iCCP", Buffer.concat([PROFILE_NAME, deflateSync(profile)]))),
    ...chunk("IDAT", deflateSync(rows, { level: 0 })),
    ...chunk("IEND", Buffer.alloc(0)),
  ];
}

/** Length and type, body, checksum of both. */
function chunk(type: string, body: Buffer): readonly Buffer[] {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length, 0);
  head.write(type, 4, "latin1");
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body, crc32(head.subarray(4))));
  return [head, body, sum];
}
