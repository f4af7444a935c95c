import { createMemory, roomFor } from "../model/web-assembly.js";
import type { Raster, Region } from "./pixels.js";

/**
 * Where the modules of this folder work: a picture is put there once, and what one module made the next reads where it lies. Whatever is
 * computed there is computed without a pause: `startAfresh` and all that follows belong into one synchronous stretch.
 */

/** Interleaved 8-bit RGB in the memory. */
export interface Placed {
  /** Its first byte. */
  readonly at: number;
  readonly width: number;
  readonly height: number;
}

/** Modules read and write up to so many bytes behind what they are given. */
const SLACK = 16;
/** Bytes from 0 on that are the modules' own: spectrum.wat, texture.wat and graphic.wat tell which is whose. */
const FIXED = 8192;
/** A picture of so many bytes keeps its place until another comes: references of a master are made one after the other. */
const LARGEST_KEPT = 2_000_000;
const FREE_AT = aligned(FIXED + LARGEST_KEPT);

export const pixelMemory = createMemory(FREE_AT + 2_000_000);

let free = FREE_AT;
let all = new Uint8Array(pixelMemory.buffer);
/** The picture that lies there; rasters are never written to. Held weakly: it is large, and its number may be all that is left of it. */
let kept: WeakRef<Raster> | null = null;

/** What was taken is free again, but for the picture that keeps its place. */
export function startAfresh(): void {
  free = FREE_AT;
}

/** So many bytes, with some room behind them, at a multiple of 16. What they hold is left over from something else. */
export function take(bytes: number): number {
  const at = free;
  free = aligned(at + bytes);
  if (roomFor(pixelMemory, free) !== all.buffer) all = new Uint8Array(pixelMemory.buffer);
  return at;
}

/** A view of the memory, until bytes are taken again. */
export function bytesAt(at: number, length: number): Uint8Array {
  return all.subarray(at, at + length);
}

/** Puts bytes into the memory. */
export function put(bytes: Uint8Array): number {
  const at = take(bytes.length);
  all.set(bytes, at);
  return at;
}

/** The picture in the memory, copied only where it is not the last one. */
export function placeOf(raster: Raster): Placed {
  const { data, width, height } = raster;
  if (data.length > LARGEST_KEPT) return { at: put(data), width, height };
  if (kept?.deref() !== raster) {
    all.set(data, FIXED);
    kept = new WeakRef(raster);
  }
  return { at: FIXED, width, height };
}

/** The same of a part of a picture: large ones are not put there as a whole. */
export function placeOfRegion(raster: Raster, region: Region): { readonly placed: Placed; readonly region: Region } {
  if (raster.data.length <= LARGEST_KEPT) return { placed: placeOf(raster), region };
  const { left, top, width, height } = region;
  const at = take(3 * width * height);
  for (let y = 0, to = at; y < height; y++, to += 3 * width) {
    const from = 3 * ((top + y) * raster.width + left);
    all.set(raster.data.subarray(from, from + 3 * width), to);
  }
  return { placed: { at, width, height }, region: { left: 0, top: 0, width, height } };
}

/** A copy outside the memory. */
export function rasterOf({ at, width, height }: Placed): Raster {
  return { data: Buffer.from(bytesAt(at, 3 * width * height)), width, height };
}

function aligned(bytes: number): number {
  return (bytes + SLACK + 15) & ~15;
}
