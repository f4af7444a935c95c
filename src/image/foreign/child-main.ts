import { Buffer } from "node:buffer";
import type { DecodedHeader, DecodeRefusal, DecodeRequest } from "./protocol.js";
import { pack, QUALITY, workingSize } from "./protocol.js";

/** A picture that was decoded, as bytes that the image library reads, or why it was not. */
export type Decoded =
  { readonly header: DecodedHeader; readonly picture: Uint8Array } | { readonly header: DecodeRefusal };

/** The whole life of a decoder's process: one request, one file, one answer. */
export async function answerOnce(decode: (bytes: Buffer, request: DecodeRequest) => Promise<Decoded>): Promise<void> {
  const request = JSON.parse(process.argv[2] ?? "{}") as DecodeRequest;
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  let decoded: Decoded;
  try {
    decoded = await decode(Buffer.concat(parts.splice(0)), request);
  } catch (error) {
    decoded = { header: { refused: "damaged", message: error instanceof Error ? error.message : String(error) } };
  }
  const answer =
    "picture" in decoded ? pack(decoded.header, await workingCopy(decoded, request)) : pack(decoded.header);
  process.stdout.end(answer);
}

/** The picture as it is compared and uploaded from: sRGB by its profile, at its bounded size. */
async function workingCopy(
  { header, picture }: Extract<Decoded, { picture: unknown }>,
  { side }: DecodeRequest,
): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  sharp.cache(false);
  sharp.concurrency(1);
  const { width, height } = workingSize(header, side);
  return sharp(picture, { limitInputPixels: false })
    .resize(width, height, { fit: "fill" })
    .toColourspace("srgb")
    .jpeg({ quality: QUALITY, chromaSubsampling: "4:4:4" })
    .toBuffer();
}

export function refusesSize(width: number, height: number, { maxPixels }: DecodeRequest): Decoded | null {
  if (width * height <= maxPixels) return null;
  return { header: { refused: "too-large", message: `${width} x ${height} pixels` } };
}
