import type { Unsuitable } from "../model/master.js";
import type { Face } from "./blazeface.js";
import { clamp, longerByShorter } from "./crop.js";
import { SURE_SCORE } from "./faces.js";
import { isOneColour, unexplainedShare } from "./graphic.js";
import { countColours, countFeatures } from "./features.js";
import { lumaAt, tonesOf } from "./measure.js";
import { placeholderStatistic } from "./placeholder.js";
import { placeOf, startAfresh } from "./pixel-memory.js";
import type { Raster, Region } from "./pixels.js";
import { canonicalOf, extractRaster } from "./raster.js";

/** Longer side by shorter side beyond which a square of the picture is a guess, not a portrait. */
const LONGEST = 2.5;

/** Share of unexplained tiles from which a picture is a photo, whatever it shows (README.md). */
const PHOTO_FROM = 0.5;
/** Of few tones as print, codes and screens are: where such a picture has no sure face, it is none of somebody. */
const PRINTED_FROM = 1.04;
/** The same inside a face: eyes, mouth and skin of real ones; the face of a silhouette is empty. */
const LIVING_FACE_FROM = 0.55;
const FACE_SIDE = 48;
/** Share of the face's box that is looked at, and the least side it must have, in pixels. */
const INNER = 0.8;
const LEAST_FACE = 8;
/** A drawing with at least so many colours and features (two eyes; with a mouth where the face is only guessed) shows somebody. */
const PORTRAYED = { inFace: 2, inUsualPlace: 3, colours: 4 } as const;

interface Master {
  readonly raster: Raster;
  readonly width: number;
  readonly height: number;
  /** Nothing of it is opaque. */
  readonly transparent: boolean;
  readonly knownPlaceholder: boolean;
}

/**
 * Why a master must not be put over anybody's photo, or null. Judged on the whole picture, never on its crop.
 * @param faces of the raster, surest first; asked only where statistics alone do not settle it
 */
export async function unsuitable(master: Master, faces: () => Promise<readonly Face[]>): Promise<Unsuitable | null> {
  if (master.transparent) {
    return { kind: "transparent", reason: "the picture is wholly transparent", cure: EXPORT_AGAIN };
  }
  const ratio = longerByShorter(master);
  if (ratio > LONGEST) return extreme(ratio);
  const judged = await canonicalOf(master.raster);
  if (isOneColour(judged)) {
    return { kind: "blank", reason: "the picture is blank or shows one colour", cure: EXPORT_AGAIN };
  }
  if (master.knownPlaceholder) return DRAWN;
  if (unexplainedShare(judged) >= PHOTO_FROM) {
    return hasFewTones(master.raster) && !(await faces()).some(isSure) ? PRINTED : null;
  }
  const [face] = await faces();
  if (face === undefined) return DRAWN;
  const box = innerBox(master.raster, face);
  if (isSure(face) && (await detailIn(master.raster, box)) >= LIVING_FACE_FROM) return null;
  if (countColours(judged) < PORTRAYED.colours) return DRAWN;
  const { inFace, inUsualPlace } = PORTRAYED;
  if ((await countFeatures(master.raster, box)) >= inFace) return null;
  return (await countFeatures(master.raster, usualBox(master.raster))) < inUsualPlace ? DRAWN : null;
}

function isSure({ score }: Face): boolean {
  return score >= SURE_SCORE;
}

const EXPORT_AGAIN = "Supply the person's portrait, or remove the file: a user without a master is left alone.";

const DRAWN: Unsuitable = {
  kind: "drawn",
  reason: "the picture is a silhouette, initials, a logo or a gradient, not a photo",
  cure: "Supply the person's portrait, or remove the file: a user without a master is left alone.",
};

const PRINTED: Unsuitable = {
  ...DRAWN,
  reason: "the picture is text, a code or a screenshot, not a photo of somebody",
};

/** At its own size: reduced, black on white becomes every grey. */
function hasFewTones(raster: Raster): boolean {
  startAfresh();
  const placed = placeOf(raster);
  return placeholderStatistic(tonesOf(placed, lumaAt(placed)), raster.width * raster.height) >= PRINTED_FROM;
}

function extreme(ratio: number): Unsuitable {
  return {
    kind: "extreme-aspect",
    reason: `the picture is ${ratio.toFixed(1)} times as long as wide, too long for a portrait`,
    cure: `Crop it to the person: at most ${LONGEST} times as long as wide.`,
  };
}

/** Where the face of a portrait is: in a drawing the detector is often off by half a face. */
function usualBox(raster: Raster): Region {
  const [width, height] = [Math.ceil(0.4 * raster.width), Math.ceil(0.45 * raster.height)];
  return { left: Math.floor(0.3 * raster.width), top: Math.floor(0.17 * raster.height), width, height };
}

function innerBox(raster: Raster, face: Face): Region {
  const margin = (1 - INNER) / 2;
  const left = clamp(Math.round(face.left + margin * face.width), 0, raster.width - 1);
  const top = clamp(Math.round(face.top + margin * face.height), 0, raster.height - 1);
  return {
    left,
    top,
    width: Math.max(1, Math.min(raster.width - left, Math.round(INNER * face.width))),
    height: Math.max(1, Math.min(raster.height - top, Math.round(INNER * face.height))),
  };
}

/** Share of unexplained tiles in a part of the picture, 0 where it is too small to tell. */
async function detailIn(raster: Raster, box: Region): Promise<number> {
  if (box.width < LEAST_FACE || box.height < LEAST_FACE) return 0;
  return unexplainedShare(await extractRaster(raster, box, FACE_SIDE, FACE_SIDE));
}
