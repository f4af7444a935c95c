/** Linear light of an encoded part of 0 to 1 of sRGB (IEC 61966-2-1). */
export function srgbLight(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

/** The cube root that CIE L*a*b* takes of a part of white; a line where it is dark. */
export function labRoot(part: number): number {
  return part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116;
}
