import { createRequire } from "node:module";
import type { Raster } from "../../../src/image/pixels.js";
import { canonicalOf } from "../../../src/image/raster.js";

/** All that is measured of a picture, written down once more without any care for time, sum by sum in the order that decides about the last bit. */
export async function plainlyMeasured(
  raster: Raster,
): Promise<{ readonly spectrum: readonly number[]; readonly [other: string]: unknown }> {
  // A copy: nothing is known of it from before.
  const canonical = await canonicalOf({ ...raster });
  const fullLuma = plainLuma(canonical.data);
  const luma = halved(fullLuma);
  const longer = Math.max(raster.width, raster.height);
  return {
    hash: blockHash({ ...canonical, data: rgba(canonical.data) }, 16, 2),
    luma,
    chroma: chroma(canonical.data),
    placeholderScore: tones(canonical.data, fullLuma),
    spectrum: spectrum(plainLuma(raster.data), raster.width, raster.height),
    ...(longer < 200 ? {} : { texture: texture(fullLuma) }),
  };
}

const { default: blockHash } = createRequire(import.meta.url)("image-hash/lib/block-hash.js") as {
  readonly default: (image: Omit<Raster, "data"> & { data: Uint8Array }, bits: number, method: number) => string;
};

function rgba(data: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: (data.length / 3) * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : data[3 * Math.floor(i / 4) + (i % 4)]!,
  );
}

export function plainLuma(data: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: data.length / 3 },
    (_, i) => (306 * data[3 * i]! + 601 * data[3 * i + 1]! + 117 * data[3 * i + 2]! + 512) >> 10,
  );
}

function halved(luma: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: 4096 }, (_, i) => {
    const at = 256 * Math.floor(i / 64) + 2 * (i % 64);
    return (luma[at]! + luma[at + 1]! + luma[at + 128]! + luma[at + 129]! + 2) >> 2;
  });
}

function chroma(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(512);
  for (let cell = 0; cell < 256; cell++) {
    const sums = [0, 0, 0];
    for (let i = 0; i < 64; i++) {
      const pixel = 128 * (8 * Math.floor(cell / 16) + Math.floor(i / 8)) + 8 * (cell % 16) + (i % 8);
      for (let channel = 0; channel < 3; channel++) sums[channel]! += data[3 * pixel + channel]!;
    }
    const [red, green, blue] = sums as [number, number, number];
    out[cell] = 128.5 + (-0.168736 * red - 0.331264 * green + 0.5 * blue) / 64;
    out[256 + cell] = 128.5 + (0.5 * red - 0.418688 * green - 0.081312 * blue) / 64;
  }
  return out;
}

function tones(data: Uint8Array, luma: Uint8Array): number {
  const levels = Array.from({ length: 256 }, () => 0);
  const colours = new Map<number, number>();
  luma.forEach((level, i) => {
    levels[level]!++;
    const colour = [0, 1, 2].reduce((all, channel) => 16 * all + (data[3 * i + channel]! >> 4), 0);
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  });
  const commonest = [...colours.values()].sort((a, b) => b - a).slice(0, 4);
  let modes = 0;
  for (let mode = 0; mode < 3; mode++) {
    const windows = levels.map((_, at) => levels.slice(Math.max(0, at - 3), at + 4).reduce((a, b) => a + b, 0));
    const best = windows.indexOf(Math.max(...windows));
    modes += windows[best]!;
    levels.fill(0, Math.max(0, best - 3), best + 4);
  }
  return modes / luma.length + 0.5 * (commonest.reduce((a, b) => a + b, 0) / luma.length);
}

function texture(luma: Uint8Array): Uint8Array {
  const energies = new Float64Array(256);
  for (let y = 0; y < 128; y++) {
    for (let x = 0; x < 128; x++) {
      let [sum, count] = [0, 0];
      for (let v = Math.max(0, y - 2); v <= Math.min(127, y + 2); v++) {
        for (let u = Math.max(0, x - 2); u <= Math.min(127, x + 2); u++, count++) sum += luma[128 * v + u]!;
      }
      const finer = luma[128 * y + x]! - sum / count;
      energies[16 * Math.floor(y / 8) + Math.floor(x / 8)]! += finer * finer;
    }
  }
  return Uint8Array.from(energies, (energy) => Math.round(16 * Math.log2((energy / 64 + 2) / 2)));
}

const BANDS = [
  [0.34, 0.44],
  [0.28, 0.36],
  [0.23, 0.3],
  [0.18, 0.24],
  [0.14, 0.19],
  [0.1, 0.15],
  [0.06, 0.1],
  [0.03, 0.06],
] as const;

const FILTERS = BANDS.map(([low, high]) => {
  const reach = low < 0.08 ? 15 : 8;
  const half = Array.from({ length: reach + 1 }, (_, k) => 0.54 + 0.46 * Math.cos((Math.PI * k) / (reach + 0.5)));
  const sinc = (f: number, k: number) => (k === 0 ? 2 * f : Math.sin(2 * Math.PI * f * k) / (Math.PI * k));
  const taps = half.map((weight, k) => weight * (sinc(high, k) - sinc(low, k)));
  const whole = (values: readonly number[]) => values.reduce((sum, value, k) => sum + (k === 0 ? value : 2 * value), 0);
  const share = whole(taps) / whole(half);
  return taps.map((tap, k) => tap - share * half[k]!);
});

/** Mean energy of each band, to four digits, without any care for time. */
export function spectrum(luma: Uint8Array, width: number, height: number): readonly number[] {
  if (Math.min(width, height) < 40 || Math.max(width, height) < 90) return [];
  const step = Math.max(1, Math.floor(Math.min(width, height) / 64));
  const lines: Uint8Array[] = [];
  for (let y = 0; y < height; y += step) lines.push(luma.subarray(y * width, (y + 1) * width));
  for (let x = 0; x < width; x += step) lines.push(Uint8Array.from({ length: height }, (_, y) => luma[y * width + x]!));
  return FILTERS.map((taps) => {
    const reach = taps.length - 1;
    let [sum, places] = [0, 0];
    for (const line of lines) {
      const skip = Math.max(2, Math.floor(line.length / 160) + 1);
      for (let at = 8; at < line.length - 8; at += skip) {
        if (at < reach || at >= line.length - reach) continue;
        const parts = taps.map((tap, k) => tap * (k === 0 ? line[at]! : line[at - k]! + line[at + k]!));
        const response = reach === 8 ? inThrees(parts) : parts.reduce((a, b) => a + b);
        sum += response * response;
        places++;
      }
    }
    return Number((sum / places).toPrecision(4));
  });
}

function inThrees([a, b, c, d, e, f, g, h, i]: readonly number[]): number {
  return a! + b! + c! + (d! + e! + f!) + (g! + h! + i!);
}
