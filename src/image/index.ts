import type { CropChoice } from "../model/config.js";
import type { ImageReader, ImageRenderer } from "../run/ports.js";
import type { Gate } from "./gate.js";
import { createGate } from "./gate.js";
import type { ImageLimits } from "./limits.js";
import { DEFAULT_LIMITS } from "./limits.js";
import { createMasterShelf } from "./masters.js";
import { makeReader } from "./reader.js";
import { makeRenderer } from "./renderer.js";

export type { ImageLimits } from "./limits.js";

/** One gate for the whole program: readers and renderers share the memory they may use. */
let sharedGate: Gate | null = null;

export interface ReaderOptions {
  /** How the square of a master is cut where no focus is given; face by default. */
  readonly crop?: CropChoice;
}

/** Reads images: signatures, references, previews. Options narrow or widen the bounds of one file. */
export function createImageReader(options: Partial<ImageLimits> & ReaderOptions = {}): ImageReader {
  const { crop = "face", ...bounds } = options;
  const limits = { ...DEFAULT_LIMITS, ...bounds };
  const gate = gateFor(bounds);
  return makeReader(limits, gate, createMasterShelf(limits, gate), crop);
}

/** Writes renditions of masters. */
export function createImageRenderer(options: Partial<ImageLimits> = {}): ImageRenderer {
  return makeRenderer({ ...DEFAULT_LIMITS, ...options }, gateFor(options));
}

function gateFor(options: Partial<ImageLimits>): Gate {
  if (options.concurrency !== undefined) return createGate(options.concurrency);
  sharedGate ??= createGate(DEFAULT_LIMITS.concurrency);
  return sharedGate;
}
