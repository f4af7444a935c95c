import { bitReader } from "./bit-coder.js";
import { FORMER_CONTEXTS, readFormerLevels } from "./former-code.js";
import { codePlanes, pixelsOf, readPlanes, type PlanePixels } from "./planes.js";
import type { Plane } from "./waves.js";

/** What of a signature is planes: 64 x 64 luma, and, where they are known, twice 16 x 16 of chroma, and 16 x 16 of texture. */
export interface Pixels {
  readonly luma: Uint8Array;
  readonly chroma?: Uint8Array;
  readonly texture?: Uint8Array;
}

/** Means of the first block are those of most portraits, in steps. */
export const PLANES = {
  luma: { side: 64, step: 8, mean: 96 },
  chroma: { side: 16, step: 3, mean: 341 },
  texture: { side: 16, step: 4, mean: 100 },
} as const satisfies Readonly<Record<string, Plane>>;
const LUMA_BYTES = PLANES.luma.side ** 2;
const CHROMA_BYTES = PLANES.chroma.side ** 2;
const RAW_LENGTHS: ReadonlySet<number> = new Set([LUMA_BYTES, LUMA_BYTES + 2 * CHROMA_BYTES]);

/**
 * What beside luma is in a coded picture, by its first byte, and whether likelihoods were learnt while it was coded, as former versions did. Pixels
 * as they are have no such byte: they are known by their length.
 */
const FORMS = [
  { first: 1, chroma: false, texture: false, learnt: true },
  { first: 2, chroma: true, texture: false, learnt: true },
  { first: 3, chroma: true, texture: true, learnt: true },
  { first: 4, chroma: false, texture: true, learnt: true },
  { first: 5, chroma: false, texture: false, learnt: false },
  { first: 6, chroma: true, texture: false, learnt: false },
  { first: 7, chroma: true, texture: true, learnt: false },
  { first: 8, chroma: false, texture: true, learnt: false },
] as const;

/** The planes of a picture, in the order in which they are coded. */
export function planesFrom({ luma, chroma, texture }: Pixels): readonly PlanePixels[] {
  return [
    { pixels: luma, plane: PLANES.luma },
    ...(chroma === undefined
      ? []
      : [0, CHROMA_BYTES].map((from) => ({
          pixels: chroma.subarray(from, from + CHROMA_BYTES),
          plane: PLANES.chroma,
        }))),
    ...(texture === undefined ? [] : [{ pixels: texture, plane: PLANES.texture }]),
  ];
}

/**
 * Pixels in a quarter of their room: waves of blocks in steps, the likely ones short. What comes back differs by two or three grey
 * levels (root mean square at most 2.3): less than what JPEG at quality 85 does to the same picture, and no verdict over the reference
 * portraits turns by it (bench/README.md).
 */
export function codePixels(pixels: Pixels): Buffer {
  const form = FORMS.find(
    ({ learnt, chroma, texture }) =>
      !learnt && chroma === (pixels.chroma !== undefined) && texture === (pixels.texture !== undefined),
  )!;
  const bytes = Buffer.concat([Buffer.of(form.first), codePlanes(planesFrom(pixels))]);
  // A zero more is read as nothing, and a length by which pixels as they are would be known is avoided.
  return RAW_LENGTHS.has(bytes.length) ? Buffer.concat([bytes, Buffer.of(0)]) : bytes;
}

/** Which planes there are beside luma, without decoding any. */
export function planesOf(bytes: Buffer): Omit<(typeof FORMS)[number], "first"> {
  if (RAW_LENGTHS.has(bytes.length)) return { chroma: bytes.length > LUMA_BYTES, texture: false, learnt: false };
  return FORMS.find(({ first }) => first === bytes[0]) ?? FORMS[0];
}

/** Reads what `codePixels` wrote, and the pixels that former versions kept as they are (4,096 bytes, or 4,608 with chroma). */
export function readPixels(bytes: Buffer): Pixels {
  const has = planesOf(bytes);
  if (bytes.length === LUMA_BYTES) return { luma: new Uint8Array(bytes) };
  if (bytes.length === LUMA_BYTES + 2 * CHROMA_BYTES) {
    return { luma: new Uint8Array(bytes.subarray(0, LUMA_BYTES)), chroma: new Uint8Array(bytes.subarray(LUMA_BYTES)) };
  }
  const planes = [
    PLANES.luma,
    ...(has.chroma ? [PLANES.chroma, PLANES.chroma] : []),
    ...(has.texture ? [PLANES.texture] : []),
  ];
  const [luma, ...others] = (has.learnt ? readFormerPlanes : readPlanes)(bytes.subarray(1), planes);
  const texture = has.texture ? others.pop() : undefined;
  return {
    luma: luma!,
    ...(has.chroma ? { chroma: Uint8Array.from(Buffer.concat(others)) } : {}),
    ...(texture === undefined ? {} : { texture }),
  };
}

function readFormerPlanes(bytes: Buffer, planes: readonly Plane[]): readonly Uint8Array[] {
  const source = bitReader(FORMER_CONTEXTS, bytes);
  return planes.map((plane) => pixelsOf(readFormerLevels(source, plane), plane));
}
