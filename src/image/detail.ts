/**
 * Mean squared response of the 4-neighbour Laplacian, in squared grey levels: how much fine detail the picture holds at this size.
 * 0 for pictures under 3x3 pixels.
 */
export function laplacianEnergy(luma: Uint8Array, width: number, height: number): number {
  if (width < 3 || height < 3) return 0;
  let sum = 0;
  for (let y = 1; y < height - 1; y++) {
    const row = y * width;
    for (let x = 1; x < width - 1; x++) {
      const at = row + x;
      const response = 4 * luma[at]! - luma[at - 1]! - luma[at + 1]! - luma[at - width]! - luma[at + width]!;
      sum += response * response;
    }
  }
  return sum / ((width - 2) * (height - 2));
}

/** Laplacian energy after reduction to a third (mean of 3x3 pixels). */
export function coarseLaplacianEnergy(luma: Uint8Array, width: number, height: number): number {
  const third = { width: Math.floor(width / 3), height: Math.floor(height / 3) };
  const reduced = new Uint8Array(third.width * third.height);
  for (let y = 0; y < third.height; y++) {
    for (let x = 0; x < third.width; x++) {
      let sum = 4;
      for (let j = 0; j < 3; j++) {
        const at = (3 * y + j) * width + 3 * x;
        sum += luma[at]! + luma[at + 1]! + luma[at + 2]!;
      }
      reduced[y * third.width + x] = sum / 9;
    }
  }
  return laplacianEnergy(reduced, third.width, third.height);
}
