import { createDctModule } from "./dct-module.js";

const SIDE = 64;
const KEPT = 16;

/** Places in the module's memory, in bytes (dct-hash.wat). */
const LEVELS_AT = 8192;
const COEFFICIENTS_AT = 16_384;

const module = createDctModule();
putBasis();

/** cos((2x + 1) u pi / 128) for u = 1 … 16, rounded to 32 bits: the DCT-II without its DC row. */
function putBasis(): void {
  const basis = new Float64Array(module.memory.buffer, 0, SIDE * KEPT);
  for (let x = 0; x < SIDE; x++) {
    for (let u = 1; u <= KEPT; u++) basis[x * KEPT + u - 1] = Math.fround(cosine(x, u));
  }
}

function cosine(x: number, u: number): number {
  return Math.cos(((2 * x + 1) * u * Math.PI) / (2 * SIDE));
}

/**
 * DCT hash of 256 bits as 64 hex digits: 64x64 luma -> 16x16 DCT coefficients without DC row and column -> above the median or not
 * (the construction of PDQ, https://github.com/facebook/ThreatExchange/tree/main/pdq). The best hash on portraits of one studio
 * (facts/photo-comparison.md T1), used as prefilter only.
 */
export function dctHash(luma: Uint8Array): string {
  const { buffer } = module.memory;
  new Uint8Array(buffer, LEVELS_AT, SIDE * SIDE).set(luma);
  module.transform();
  const coefficients = new Float32Array(buffer, COEFFICIENTS_AT, KEPT * KEPT);
  const sorted = Float32Array.from(coefficients).sort();
  const median = (sorted[127]! + sorted[128]!) / 2;
  let hex = "";
  // The module gives the frequencies down of one frequency across beside each other; bits stand the other way round.
  for (let v = 0; v < KEPT; v++) {
    for (let u = 0; u < KEPT; u += 4) {
      let nibble = 0;
      for (let j = 0; j < 4; j++) nibble = nibble * 2 + (coefficients[(u + j) * KEPT + v]! > median ? 1 : 0);
      hex += nibble.toString(16);
    }
  }
  return hex;
}
