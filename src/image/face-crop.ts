import type { Crop } from "../model/photo.js";
import type { Face } from "./blazeface.js";
import { clamp, LEAST_SIDE, type Size } from "./crop.js";
import { SURE_SCORE } from "./faces.js";
import { CANONICAL_SIDE } from "./limits.js";

/** Where the eyes stand in the square, as a share of its height from the top: aimed at, and bounds a little inside of 38 and 45 %. */
const EYES = { aim: 0.42, least: 0.39, most: 0.44 } as const;

/** The same where a head fills the square. */
const TIGHT = { least: 0.36, most: 0.56 } as const;

/** A head by the distance from eyes to chin: hair above the eyes, the chin below them, and half its width. */
const HEAD = { above: 1.4, below: 1.06, aside: 1.2 } as const;
/** Room around the head, by the same distance. */
const ROOM = 0.2;
/** Side of a square that shows head and shoulders and not much more, by the same distance. */
const PORTRAIT = 6;
/** Eyes to chin by eyes to mouth, where the box of the detector ends above the chin. */
const CHIN = 1.65;
/** A second face this large, by the first, may as well be the one that is meant. */
const RIVAL = 0.5;

/**
 * The square around the one face of a picture: the whole head with hair inside, and eyes at 38 to 45 % of the square's height as far as
 * the picture and the head allow. Its side is 60 to 100 % of the picture's shorter side, and less than the upload uses only where the
 * face stands near an edge.
 * Null where no face is sure or two could be meant.
 * @param faces surest first, in pixels of `size`
 */
export function faceSquare(faces: readonly Face[], size: Size): Crop | null {
  const face = onlyFace(faces);
  if (face === null) return null;
  const shorter = Math.min(size.width, size.height);
  const least = LEAST_SIDE * shorter;
  const eyes = { x: (face.eyes[0].x + face.eyes[1].x) / 2, y: (face.eyes[0].y + face.eyes[1].y) / 2 };
  const chin = Math.max(face.top + face.height - eyes.y, CHIN * (face.mouth.y - eyes.y));
  const [crown, jaw] = [eyes.y - HEAD.above * chin, eyes.y + HEAD.below * chin];
  const above = Math.min((HEAD.above + ROOM) * chin, eyes.y);
  const wholeHead = Math.max(above + (HEAD.below + ROOM) * chin, 2 * HEAD.aside * chin);
  const wanted = Math.max(PORTRAIT * chin, least, Math.min(shorter, CANONICAL_SIDE));
  const eyesFit = Math.min(eyes.y / EYES.least, (size.height - eyes.y) / (1 - EYES.most));
  const side = Math.round(clamp(Math.min(wanted, eyesFit), Math.min(shorter, Math.max(least, wholeHead)), shorter));
  const wholly = Math.max(Math.min(eyes.y - EYES.aim * side, crown), jaw - side);
  const near = clamp(wholly, eyes.y - TIGHT.most * side, eyes.y - TIGHT.least * side);
  const top = clamp(near, 0, size.height - side);
  const left = clamp((eyes.x + face.left + face.width / 2) / 2 - side / 2, 0, size.width - side);
  return { left: Math.round(left), top: Math.round(top), width: side, height: side };
}

function onlyFace(faces: readonly Face[]): Face | null {
  const [first, ...others] = faces.filter(({ score }) => score >= SURE_SCORE);
  if (first === undefined || others.some(({ width }) => width >= RIVAL * first.width)) return null;
  return first;
}
