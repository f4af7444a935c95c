import type { VisibleChange } from "./colour.js";

/** What the correlations must reach for "same", by the longer side of the rendition: thumbnails carry less. */
export interface SameThresholds {
  /** Renditions from this many pixels on. */
  readonly fromSide: number;
  readonly hp32: number;
  readonly hp64: number;
  readonly local: number;
}

/** How much of a change of colours is none. */
export interface ColourLimits {
  /** From when on a cell is another colour, and the share of such cells. */
  readonly visible: VisibleChange;
  readonly changedShare: number;
  /** Distance of two cells from which on a small part of the picture is another one. */
  readonly spot: number;
  /** Distances from 1. */
  readonly lightness: number;
  readonly contrast: number;
  /** Saturation below and above which it counts. */
  readonly faded: number;
  readonly vivid: number;
  /** Percent. */
  readonly cast: number;
}

/** From which change on a picture is the master in other colours, by the longer side of the rendition. */
interface ColourThresholds extends ColourLimits {
  readonly fromSide: number;
  /** The share of changed cells where either picture is a JPEG of less than `coarseBelow`: its blocks are steps of colour. */
  readonly coarseShare: number;
}

/** How well an ignored profile must explain a change of colours, by the longer side of the rendition. */
interface ProfileThresholds {
  readonly fromSide: number;
  readonly limits: ColourLimits;
  /** Most of the change in chroma that may be left, as a share of it. */
  readonly unexplained: number;
  /** The same as a share of what the best saturation leaves, for slips that are common and that are rare. */
  readonly ofSaturation: { readonly common: number; readonly rare: number };
}

const OF_CELLS: VisibleChange = { distance: 3, softened: false, slip: 0.2 };
/** Below 96 px a cell is three pixels wide: alone it tells compression and sharpening as loudly as another backdrop. */
const OF_GROUPS: VisibleChange = { distance: 3, softened: true, slip: 0.3 };

const PROFILE_LIMITS: ColourLimits = {
  visible: OF_CELLS,
  changedShare: 0.03,
  spot: 6.5,
  lightness: 0.03,
  contrast: 0.05,
  faded: 0.91,
  vivid: 1.06,
  cast: 1.5,
};

/** Every number of the photo decision. README.md in this folder gives the data that set them. */
export const THRESHOLDS = {
  /** Stored with each verdict; raise it with any number below, so that stored verdicts are computed anew. */
  version: "9",
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
  /**
   * Correlation after registration, of the whole and of its worst part, from which on one picture is the other in another crop, or another
   * shot of the sitting. At 48 px some pairs of people before one backdrop come as near as a whole, but not in every part.
   */
  reframed: [
    { fromSide: 64, ways: [{ registration: 0.94, local: -1 }] },
    {
      fromSide: 0,
      ways: [
        { registration: 0.955, local: 0.8 },
        { registration: 0.94, local: 0.9 },
      ],
    },
  ],
  /** Colours beyond what encoding, resampling and colour management do (README.md). */
  recoloured: [
    {
      fromSide: 200,
      visible: OF_CELLS,
      changedShare: 0.05,
      spot: 8,
      coarseShare: 0.08,
      lightness: 0.045,
      contrast: 0.12,
      faded: 0.8,
      vivid: 1.08,
      cast: 3.9,
    },
    {
      fromSide: 96,
      visible: OF_CELLS,
      changedShare: 0.06,
      spot: 10,
      coarseShare: 0.135,
      lightness: 0.045,
      contrast: 0.12,
      faded: 0.8,
      vivid: 1.08,
      cast: 3.9,
    },
    {
      fromSide: 0,
      visible: OF_GROUPS,
      changedShare: 0.03,
      spot: 8.5,
      coarseShare: 0.1,
      lightness: 0.06,
      contrast: 0.28,
      faded: 0.755,
      vivid: 1.1,
      cast: 4.6,
    },
  ],
  /**
   * Octaves by which the fine detail of a part may change against the whole (texture.ts); where the frame slipped, cells lie
   * elsewhere, and where detail is lost everywhere, as by enlarging, more is lost where there was more.
   */
  retouched: [
    { fromSide: 600, texture: 0.22, slipped: 0.6, soft: 0.5 },
    { fromSide: 400, texture: 0.32, slipped: 0.7, soft: 0.8 },
    { fromSide: 200, texture: 0.58, slipped: 0.8, soft: 1.2 },
    {
      fromSide: 0,
      texture: Number.POSITIVE_INFINITY,
      slipped: Number.POSITIVE_INFINITY,
      soft: Number.POSITIVE_INFINITY,
    },
  ],
  /** From this change on a larger picture is asked, where there is one. */
  doubtfulTexture: 0.3,
  /**
   * The same between two versions of a master, and the grey levels by which the strongest patches differ; smaller renditions do not tell which of two versions they
   * show, and the share of the change that larger ones show must be so many standard errors below a half.
   */
  revised: {
    inPlace: { texture: 0.16, strength: 1.7 },
    slipped: { texture: 0.3, strength: 9 },
    fromSide: 200,
    errors: 3,
  },
  /** Quality of a JPEG under which its blocks are seen. */
  coarseBelow: 60,
  /** How near the colours must be to what an ignored profile makes of them. */
  profileLost: [
    {
      fromSide: 200,
      limits: PROFILE_LIMITS,
      unexplained: 0.8,
      ofSaturation: { common: 1.03, rare: 0.72 },
    },
    {
      fromSide: 96,
      limits: PROFILE_LIMITS,
      unexplained: 0.8,
      ofSaturation: { common: 1.1, rare: 0.72 },
    },
    {
      fromSide: 0,
      limits: {
        visible: OF_GROUPS,
        changedShare: 0.03,
        spot: 8.5,
        lightness: 0.04,
        contrast: 0.12,
        faded: 0.87,
        vivid: 1.08,
        cast: 1.7,
      },
      unexplained: 0.8,
      ofSaturation: { common: 1.15, rare: 0.8 },
    },
  ],
  /** Placeholder score of silhouettes, initials and flat tiles. */
  placeholder: 1.29,
  /**
   * An enlarged smaller image: weights of the kept detail by band (log2, finest first, none below its floor), the sum from which on a
   * factor of 2 is claimed (never for smaller thumbnails), and the share of fine detail that excludes it.
   */
  upscaled: {
    floors: [-5, -5, -5, -3.5, -1.5, -0.8, -0.35],
    from: [
      { fromSide: 600, weights: [-1, 3.2, -2.4, -6.7, 0.7, -7.6, 39], sum: 11.5 },
      { fromSide: 500, weights: [-1, 3.2, -2.4, -6.7, 0.7, -7.6, 39], sum: 12.4 },
      { fromSide: 200, weights: [-1.5, 4.3, -2, -8, 0.6, -8.2, 40.9], sum: 10.4 },
      { fromSide: 90, weights: [-3.4, 4.7, -2.1, -8.4, -2.6, 3, 32.4], sum: 15.8 },
      { fromSide: 0, weights: [0, 0, 0, 0, 0, 0, 0], sum: Number.POSITIVE_INFINITY },
    ],
    ratioBelow: 0.55,
    /** Share of the sum from which on a rendition is doubtfully soft; plain ones stay below. */
    softFrom: 0.5,
  },
  /** Side at which soft renditions are compared once more: the smallest thumbnail. */
  softSide: 48,
} as const satisfies {
  readonly version: string;
  readonly same: readonly SameThresholds[];
  readonly aligned: readonly SameThresholds[];
  readonly stored: readonly SameThresholds[];
  readonly recoloured: readonly ColourThresholds[];
  readonly profileLost: readonly ProfileThresholds[];
  readonly [name: string]: unknown;
};

/** The row of a table for a rendition whose longer side is `side`. */
export function forSide<Row extends { readonly fromSide: number }>(table: readonly Row[], side: number): Row {
  const row = table.find(({ fromSide }) => side >= fromSide) ?? table.at(-1);
  if (row === undefined) throw new RangeError("no thresholds");
  return row;
}
