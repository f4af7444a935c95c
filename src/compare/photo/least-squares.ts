/** Weights of the planes whose sum comes nearest to a picture, for as many pictures as are asked. All planes have the same length. */
export class Fit {
  readonly #planes: readonly Float32Array[];
  readonly #products: readonly Float64Array[];

  constructor(planes: readonly Float32Array[]) {
    this.#planes = planes;
    this.#products = planes.map((plane) => Float64Array.from(planes, (other) => dot(plane, other)));
  }

  /** The weights of the planes whose sum comes nearest to `picture` in squares. */
  weights(picture: Float32Array): Float64Array {
    return solve(
      this.#products,
      this.#planes.map((plane) => dot(plane, picture)),
    );
  }

  /** The sum of the planes by these weights. */
  sum(weights: Float64Array): Float32Array {
    const out = new Float32Array(this.#planes[0]?.length ?? 0);
    for (const [which, plane] of this.#planes.entries()) {
      const weight = weights[which]!;
      for (let at = 0; at < out.length; at++) out[at]! += weight * plane[at]!;
    }
    return out;
  }
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

/** Gauss, without pivoting: the matrix is one of products, and a thousandth on its diagonal keeps flat planes out of the way. */
function solve(products: readonly Float64Array[], wanted: readonly number[]): Float64Array {
  const rows = products.map((row, at) => Float64Array.of(...row, wanted[at]!));
  const size = rows.length;
  for (const [at, row] of rows.entries()) row[at]! += 1e-3;
  for (const [at, row] of rows.entries()) {
    for (const below of rows.slice(at + 1)) {
      const times = below[at]! / row[at]!;
      for (let column = at; column <= size; column++) below[column]! -= times * row[column]!;
    }
  }
  const out = new Float64Array(size);
  for (let at = size - 1; at >= 0; at--) {
    let left = rows[at]![size]!;
    for (let column = at + 1; column < size; column++) left -= rows[at]![column]! * out[column]!;
    out[at] = left / rows[at]![at]!;
  }
  return out;
}
