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
  const count = side * parts;
  const left = (placement.x - placement.scale / 2) * LUMA_SIDE - 0.5;
  const top = (placement.y - placement.scale / 2) * LUMA_SIDE - 0.5;
  putAxis(columns, left, cell / parts, count);
  putAxis(rows, top, cell / parts, count);
  for (let j = 0; j < count; j++) {
    const row = rows.index[j]! * LUMA_SIDE;
    const below = rows.next[j]! * LUMA_SIDE;
    const fy = rows.weight[j]!;
    const ey = 1 - fy;
    const line = (parts === 2 ? j >> 1 : j) * side;
    for (let i = 0; i < count; i++) {
      const x = columns.index[i]!;
      const right = columns.next[i]!;
      const fx = columns.weight[i]!;
      const ex = 1 - fx;
      const upper = luma[row + x]! * ex + luma[row + right]! * fx;
      const lower = luma[below + x]! * ex + luma[below + right]! * fx;
      out[line + (parts === 2 ? i >> 1 : i)]! += upper * ey + lower * fy;
    }
  }
  return out;
}

/** For each sample along a side the pixel before it, the one behind it, and how near it is to that one. */
interface Axis {
  readonly index: Int32Array;
  readonly next: Int32Array;
  readonly weight: Float32Array;
}

const columns = newAxis();
const rows = newAxis();

/** Room for two samples of each of 64 cells. */
function newAxis(): Axis {
  const most = 2 * LUMA_SIDE;
  return { index: new Int32Array(most), next: new Int32Array(most), weight: new Float32Array(most) };
}

function putAxis({ index, next, weight }: Axis, start: number, step: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const at = Math.min(LUMA_SIDE - 1, Math.max(0, start + (i + 0.5) * step));
    const before = Math.floor(at);
    index[i] = before;
    next[i] = Math.min(LUMA_SIDE - 1, before + 1);
    weight[i] = at - before;
  }
}

/**
 * Pearson correlation by the squared deviations of both sides from their means, added, and by the products of these; -1 where either side is
 * flat.
 */
export function pearson(deviationsA: number, deviationsB: number, products: number): number {
  const spread = deviationsA * deviationsB;
  return spread > 1e-12 ? products / Math.sqrt(spread) : -1;
}
