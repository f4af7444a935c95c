/** Version of the signature recipe: raise it whenever a stored signature would come out differently. */
export const SIGNATURE_VERSION = 5;

/** Version of what is said of a master beside its signature (suitable or not, the square): raise it when that changes. The choice of crop is kept beside it. */
export const MASTER_VERSION = 3;

/** Longer side, in pixels, at which detail is measured and references are rendered: the largest photo Microsoft 365 keeps. */
export const CANONICAL_SIDE = 648;

/**
 * Shorter side at which a new master is looked at: enough for its fingerprint and crop, and half the work of the canonical size,
 * since JPEGs are decoded at an eighth. Its detail is only ever measured on references.
 */
export const MASTER_SIGNING_SIDE = 324;

/** Bounds that keep one hostile file from taking the machine. */
export interface ImageLimits {
  /** Pixels of one frame that are decoded at all; the default is the decoder's own, about 268 megapixels. */
  readonly maxPixels: number;
  /** Bytes of one file that are read at all. */
  readonly maxBytes: number;
  /** Decodes at the same time. */
  readonly concurrency: number;
  /** Bytes of decoded masters that are kept for references. */
  readonly cacheBytes: number;
}

export const DEFAULT_LIMITS: ImageLimits = {
  maxPixels: 0x3fff * 0x3fff,
  maxBytes: 256 * 1024 * 1024,
  concurrency: 2,
  cacheBytes: 6 * 1024 * 1024,
};

/** Above this many pixels a decode runs alone: formats without reduced-scale decoding may hold the whole frame in memory. */
export const LARGE_DECODE_PIXELS = 40_000_000;
