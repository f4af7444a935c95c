/** Every number of the photo decision. README.md in this folder gives the data that set them. */
export const THRESHOLDS = {
  /** Stored with each verdict; raise it with any number below, so that stored verdicts are computed anew. */
  version: "1",
  /** Differing image-hash bits of 256 beyond which two pictures cannot have the same framing. */
  hashGate: 64,
  /** High-passed correlation at 32x32 from which on two pictures are the same. */
  hp32Same: 0.95,
  /** The same at 64x64, from 96 px up and below. */
  hp64Same: 0.92,
  hp64SameSmall: 0.9,
  smallSide: 96,
  /** Correlation after registration from which on one picture is the other in another crop, or another shot of the sitting. */
  reframed: 0.93,
  /** Placeholder score of silhouettes, initials and flat tiles. */
  placeholder: 1.29,
  /** Detail of a rendition divided by the detail of the reference below which it is an enlarged smaller image. */
  upscaled: 0.42,
  upscaledLarge: 0.33,
  largeSide: 400,
} as const;
