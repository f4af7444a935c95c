/** Interleaved 8-bit sRGB, three channels, row by row. */
export interface Raster {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Part of a raster, in its pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels on each side of the canonical image: what statistics are made of, whatever the picture's aspect ratio was. */
export const CANONICAL = 128;
