/** Sizes that Microsoft 365 keeps of a photo, square, ascending (learn.microsoft.com/graph/api/profilephoto-get). */
const LADDER = [48, 64, 96, 120, 240, 360, 432, 504, 648] as const;

/**
 * The rendition to read so that the longer side is at least `wanted` where the stored photo has that many pixels: the smallest ladder size
 * from `wanted` up that the stored photo reaches, or null for the stored photo itself.
 */
export function renditionSide(
  stored: { readonly width: number; readonly height: number },
  wanted: number | null,
): number | null {
  if (wanted === null) return null;
  const longer = Math.max(stored.width, stored.height);
  if (longer <= wanted) return null;
  const side = LADDER.find((size) => size >= wanted);
  return side !== undefined && side < longer ? side : null;
}
