import { LUMA_SIDE } from "./high-pass.js";

/**
 * Where a picture lies in another: a window of `scale` of the frame's side whose middle is at (x, y), in shares of the frame.
 * A window may hang over the edge; only what both pictures show is compared.
 */
export interface Placement {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const WHOLE_FRAME: Placement = { scale: 1, x: 0.5, y: 0.5 };

/** Bilinear samples of a window, side x side; beyond the border the edge pixel is repeated. Coarse grids average four samples. */
export function sample(luma: Uint8Array, placement: Placement, side: number): Float32Array {
  const out = new Float32Array(side * side);
  const cell = (placement.scale * LUMA_SIDE) / side;
  const parts = cell > 1.5 ? 2 : 1;
  const left = (placement.x - placement.scale / 2) * LUMA_SIDE - 0.5;
  const top = (placement.y - placement.scale / 2) * LUMA_SIDE - 0.5;
  const columns = axis(left, cell, side * parts, parts);
  const rows = axis(top, cell, side * parts, parts);
  for (let j = 0; j < side * parts; j++) {
    const row = rows.index[j]! * LUMA_SIDE;
    const below = Math.min(LUMA_SIDE - 1, rows.index[j]! + 1) * LUMA_SIDE;
    const fy = rows.weight[j]!;
    for (let i = 0; i < side * parts; i++) {
      const x = columns.index[i]!;
      const right = Math.min(LUMA_SIDE - 1, x + 1);
      const fx = columns.weight[i]!;
      const upper = luma[row + x]! * (1 - fx) + luma[row + right]! * fx;
      const lower = luma[below + x]! * (1 - fx) + luma[below + right]! * fx;
      out[Math.floor(j / parts) * side + Math.floor(i / parts)]! += upper * (1 - fy) + lower * fy;
    }
  }
  return out;
}

function axis(start: number, cell: number, count: number, parts: number): { index: Int32Array; weight: Float32Array } {
  const index = new Int32Array(count);
  const weight = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.min(LUMA_SIDE - 1, Math.max(0, start + ((i + 0.5) * cell) / parts));
    index[i] = Math.floor(at);
    weight[i] = at - Math.floor(at);
  }
  return { index, weight };
}

/** Number of pairs of values, and the sums of the values, their squares and their products. */
export interface PairSums {
  readonly n: number;
  readonly sa: number;
  readonly sb: number;
  readonly saa: number;
  readonly sbb: number;
  readonly sab: number;
}

/** Pearson correlation; -1 where either side is flat. */
export function pearson({ n, sa, sb, saa, sbb, sab }: PairSums): number {
  const spread = (saa - (sa * sa) / n) * (sbb - (sb * sb) / n);
  return spread > 1e-12 ? (sab - (sa * sb) / n) / Math.sqrt(spread) : -1;
}
