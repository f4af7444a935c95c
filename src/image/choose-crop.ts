import type { CropChoice } from "../model/config.js";
import type { Focus } from "../model/list.js";
import type { Crop } from "../model/photo.js";
import type { Face } from "./blazeface.js";
import { attentionSquare } from "./attention.js";
import { centreSquare, focusSquare, longerByShorter, type Size } from "./crop.js";
import { faceSquare } from "./face-crop.js";
import type { AcceptedCrops } from "./framings.js";
import type { Raster } from "./pixels.js";

/** Longer by shorter side up to which there is nothing to choose: the middle, whole but for a strip. */
const NEARLY_SQUARE = 1.05;
/** Up to here no choice of crop was ever made differently. */
const SQUARE = 1.03;

interface Master extends Size {
  readonly raster: Raster;
}

/**
 * The square that is uploaded, in pixels of the master's full size, and those that another choice would have uploaded. A focus says
 * exactly what is wanted: nothing else is accepted beside it.
 * @param wanted a choice of crop, or the middle of the square
 * @param faces of the raster, surest first; asked only where the answer matters
 */
export async function chooseCrops(
  master: Master,
  wanted: CropChoice | Focus,
  faces: () => Promise<readonly Face[]>,
): Promise<AcceptedCrops> {
  if (typeof wanted !== "string") return { crop: focusSquare(master, wanted), former: [] };
  const ratio = longerByShorter(master);
  const centre = centreSquare(master);
  if (ratio <= SQUARE) return { crop: centre, former: [] };
  const attention = await attentionSquare(master.raster, master);
  const crop = await chosen();
  return { crop, former: [attention, centre].filter((other) => !isSameCrop(other, crop)) };

  async function chosen(): Promise<Crop> {
    if (!dependsOnFace(master, wanted)) return wanted === "centre" || ratio <= NEARLY_SQUARE ? centre : attention;
    const found = (await faces()).map((face) => enlarged(face, master));
    return faceSquare(found, master) ?? attention;
  }
}

/** Whether the square is chosen by a face. */
export function dependsOnFace(master: Size, wanted: CropChoice | Focus): boolean {
  return wanted === "face" && longerByShorter(master) > NEARLY_SQUARE;
}

/** From pixels of the raster to those of the master. */
function enlarged(face: Face, { raster, width, height }: Master): Face {
  const [x, y] = [width / raster.width, height / raster.height];
  const point = (at: Face["mouth"]): Face["mouth"] => ({ x: at.x * x, y: at.y * y });
  return {
    score: face.score,
    left: face.left * x,
    top: face.top * y,
    width: face.width * x,
    height: face.height * y,
    eyes: [point(face.eyes[0]), point(face.eyes[1])],
    mouth: point(face.mouth),
  };
}

function isSameCrop(a: Crop, b: Crop): boolean {
  return a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
}
