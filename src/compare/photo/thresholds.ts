/** What the correlations must reach for "same", by the longer side of the rendition: thumbnails carry less. */
export interface SameThresholds {
  /** Renditions from this many pixels on. */
  readonly fromSide: number;
  readonly hp32: number;
  readonly hp64: number;
  readonly local: number;
}

/** Every number of the photo decision. README.md in this folder gives the data that set them. */
export const THRESHOLDS = {
  /** Stored with each verdict; raise it with any number below, so that stored verdicts are computed anew. */
  version: "1",
  /** High-passed correlation of the whole at 32x32 and 64x64 and of the worst part, largest sizes first. */
  same: [
    { fromSide: 96, hp32: 0.95, hp64: 0.92, local: 0.8 },
    { fromSide: 64, hp32: 0.94, hp64: 0.9, local: 0.78 },
    { fromSide: 0, hp32: 0.93, hp64: 0.88, local: 0.79 },
  ],
  /** Below 64 px compression alone can spoil one window; a whole this much alike makes up for it. */
  sameAsWhole: { fromSide: 0, hp32: 0.97, hp64: 0.92, local: 0.7 },
  /**
   * The same after the reference was aligned by up to half a pixel of a thumbnail, which helps other shots of one sitting too: hence
   * stricter. Tried only where the picture is near enough without.
   */
  aligned: [
    { fromSide: 64, hp32: 0.965, hp64: 0.93, local: 0.87 },
    { fromSide: 0, hp32: 0.96, hp64: 0.93, local: 0.905 },
  ],
  alignFrom: { hp32: 0.82, hp64: 0.72 },
  /** The same for two stored pictures of different sizes, by the smaller one; below 200 px both are compared as 48 px thumbnails. */
  stored: [
    { fromSide: 200, hp32: 0.95, hp64: 0.92, local: 0.8 },
    { fromSide: 64, hp32: 0.95, hp64: 0.92, local: 0.82 },
    { fromSide: 0, hp32: 0.925, hp64: 0.885, local: 0.755 },
  ],
  softBelow: 200,
  /** 32x32 correlation of stored pictures, whatever their sizes, under which no closer look is worth its time. */
  quickReject: 0.85,
  /** Flipped correlation from which on a picture is the mirrored master. */
  mirrored: { hp32: 0.95, hp64: 0.88 },
  /** Correlation after registration from which on one picture is the other in another crop, or another shot of the sitting. */
  reframed: 0.94,
  /** Placeholder score of silhouettes, initials and flat tiles. */
  placeholder: 1.29,
  /** Detail against the reference below which a rendition is an enlarged smaller image: at its own size, or at a third of it. */
  upscaled: { own: 0.15, coarse: 0.55, coarseFromSide: 96 },
  /** Side at which soft renditions are compared once more: the smallest thumbnail. */
  softSide: 48,
} as const satisfies {
  readonly version: string;
  readonly same: readonly SameThresholds[];
  readonly aligned: readonly SameThresholds[];
  readonly stored: readonly SameThresholds[];
  readonly [name: string]: unknown;
};

/** The row of a table for a rendition whose longer side is `side`. */
export function forSide(table: readonly SameThresholds[], side: number): SameThresholds {
  const row = table.find(({ fromSide }) => side >= fromSide) ?? table.at(-1);
  if (row === undefined) throw new RangeError("no thresholds");
  return row;
}
