const SIDE = 64;
const KEPT = 16;

/** cos((2x + 1) u pi / 128) for u = 1 … 16: the DCT-II without its DC row. */
const BASIS = Float32Array.from({ length: KEPT * SIDE }, (_, i) => {
  const u = Math.floor(i / SIDE) + 1;
  const x = i % SIDE;
  return Math.cos(((2 * x + 1) * u * Math.PI) / (2 * SIDE));
});

/**
 * DCT hash of 256 bits as 64 hex digits: 64x64 luma -> 16x16 DCT coefficients without DC row and column -> above the median or not
 * (the construction of PDQ, https://github.com/facebook/ThreatExchange/tree/main/pdq). The best hash on portraits of one studio
 * (facts/photo-comparison.md T1), used as prefilter only.
 */
export function dctHash(luma: Uint8Array): string {
  const rows = new Float32Array(KEPT * SIDE);
  for (let u = 0; u < KEPT; u++) {
    for (let y = 0; y < SIDE; y++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += BASIS[u * SIDE + x]! * luma[y * SIDE + x]!;
      rows[u * SIDE + y] = sum;
    }
  }
  const coefficients = new Float32Array(KEPT * KEPT);
  for (let v = 0; v < KEPT; v++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += BASIS[v * SIDE + y]! * rows[u * SIDE + y]!;
      coefficients[v * KEPT + u] = sum;
    }
  }
  const sorted = Float32Array.from(coefficients).sort();
  const median = (sorted[127]! + sorted[128]!) / 2;
  let hex = "";
  for (let i = 0; i < coefficients.length; i += 4) {
    let nibble = 0;
    for (let j = 0; j < 4; j++) nibble = nibble * 2 + (coefficients[i + j]! > median ? 1 : 0);
    hex += nibble.toString(16);
  }
  return hex;
}
