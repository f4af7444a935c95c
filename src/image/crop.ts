import type { Focus } from "../model/list.js";
import type { Crop } from "../model/photo.js";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Least side of a square, by the shorter side of the picture. */
export const LEAST_SIDE = 0.6;

export function longerByShorter({ width, height }: Size): number {
  return Math.max(width / height, height / width);
}

export function centreSquare(size: Size): Crop {
  const side = Math.min(size.width, size.height);
  return {
    left: Math.floor((size.width - side) / 2),
    top: Math.floor((size.height - side) / 2),
    width: side,
    height: side,
  };
}

/**
 * The largest square whose middle is the focus; where that would be smaller than 60 % of the shorter side, one of that size as near to
 * it as the picture allows.
 */
export function focusSquare(size: Size, focus: Focus): Crop {
  const shorter = Math.min(size.width, size.height);
  const [x, y] = [(focus.x / 100) * size.width, (focus.y / 100) * size.height];
  const around = 2 * Math.min(x, size.width - x, y, size.height - y);
  const side = Math.max(1, Math.round(clamp(around, LEAST_SIDE * shorter, shorter)));
  return {
    left: Math.round(clamp(x - side / 2, 0, size.width - side)),
    top: Math.round(clamp(y - side / 2, 0, size.height - side)),
    width: side,
    height: side,
  };
}

/** A region of the full size in the pixels of a picture of it that may be smaller: inside it, at least one pixel. */
export function regionIn(picture: Size, full: Size, region: Crop): Crop {
  const [x, y] = [picture.width / full.width, picture.height / full.height];
  const left = Math.min(picture.width - 1, Math.round(region.left * x));
  const top = Math.min(picture.height - 1, Math.round(region.top * y));
  return {
    left,
    top,
    width: Math.max(1, Math.min(picture.width - left, Math.round(region.width * x))),
    height: Math.max(1, Math.min(picture.height - top, Math.round(region.height * y))),
  };
}

/** A size by a scale, in whole pixels, at least one. */
export function scaled({ width, height }: Size, scale: number): Size {
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The size with its longer side at most `side`, never enlarged. */
export function within(size: Size, side: number): Size {
  return scaled(size, Math.min(1, side / Math.max(size.width, size.height)));
}

/** A crop that was chosen for an earlier version of the file may not fit any more. */
export function fitCrop(crop: Crop, size: Size): Crop {
  const inside =
    crop.left >= 0 &&
    crop.top >= 0 &&
    crop.width > 0 &&
    crop.height > 0 &&
    crop.left + crop.width <= size.width &&
    crop.top + crop.height <= size.height;
  return inside ? crop : centreSquare(size);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
