import { randomFrom } from "../random.js";

const TILE = 1 << 19;
let tile: Int8Array | null = null;

/** Film grain, made once: white noise plus a little of its own neighbourhood, so that some of it survives a reduction to 648 px. */
function grain(): Int8Array {
  if (tile !== null) return tile;
  const random = randomFrom("grain");
  const white = new Float32Array(TILE);
  for (let i = 0; i < TILE; i++) white[i] = random.next() + random.next() + random.next() - 1.5;
  const made = new Int8Array(TILE);
  for (let i = 0; i < TILE; i++) {
    const a = white[i] ?? 0;
    const b = white[(i + 1) % TILE] ?? 0;
    const c = white[(i + 2) % TILE] ?? 0;
    made[i] = Math.round(11 * a + 9 * (a + b + c) * 0.6);
  }
  tile = made;
  return made;
}

/** Adds grain to RGB pixels in place; a photograph has detail everywhere, a drawing has none. */
export function addGrain(pixels: Buffer, width: number, height: number, offset: number, cell: number): void {
  const noise = grain();
  for (let y = 0; y < height; y++) {
    // Cells of a few pixels on large pictures: detail at the size that comparisons look at.
    let at = (offset + Math.floor(y / cell) * 1021) % TILE;
    let i = y * width * 3;
    for (let x = 0; x < width; x++) {
      if (x % cell === 0) at = (at + 1) % TILE;
      const add = noise[at] ?? 0;
      for (let channel = 0; channel < 3; channel++, i++) {
        const value = (pixels[i] ?? 0) + add;
        pixels[i] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
}
