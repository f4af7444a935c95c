import type { CropChoice } from "../model/config.js";
import type { ImageReader, WorkingCopies } from "../run/ports.js";
import type { ImageRenderer } from "../run/renderer-port.js";
import type { ImageAccess } from "./access.js";
import { copiesInMemory, createForeignOpener } from "./foreign/open-foreign.js";
import type { Gate } from "./gate.js";
import { createGate } from "./gate.js";
import type { ImageLimits } from "./limits.js";
import { DEFAULT_LIMITS } from "./limits.js";
import { createMasterShelves } from "./masters.js";
import { makeReader } from "./reader.js";
import { makeRenderer } from "./renderer.js";

export type { ImageLimits } from "./limits.js";

/** One gate for the whole program: readers and renderers share the memory they may use. */
let sharedGate: Gate | null = null;

export interface AccessOptions extends Partial<ImageLimits> {
  /** Where pictures of formats with decoders of their own are kept; a few in memory by default. */
  readonly copies?: WorkingCopies;
}

export interface ReaderOptions extends AccessOptions {
  /** How the square of a master is cut where no focus is given; face by default. */
  readonly crop?: CropChoice;
  /** Sides of square pictures that new masters will be compared with in the same run; none by default. */
  readonly frames?: readonly number[];
}

/** Reads images: signatures, references, previews. Options narrow or widen the bounds of one file. */
export function createImageReader({ crop = "face", frames = [], ...options }: ReaderOptions = {}): ImageReader {
  const access = imageAccess(options);
  return makeReader(access, createMasterShelves(access), crop, frames);
}

/** Makes what is uploaded of masters: JPEG, sRGB, without metadata. Its methods throw PhotodriftError `unreadable-image`, `photo-too-large`. */
export function createImageRenderer(options: AccessOptions = {}): ImageRenderer {
  return makeRenderer(imageAccess(options));
}

export function imageAccess({ copies, ...bounds }: AccessOptions = {}): ImageAccess {
  const limits = { ...DEFAULT_LIMITS, ...bounds };
  const foreign = createForeignOpener(copies ?? copiesInMemory(limits.cacheBytes), limits.maxPixels);
  return { limits, gate: gateFor(bounds), foreign };
}

function gateFor({ concurrency }: Partial<ImageLimits>): Gate {
  if (concurrency !== undefined) return createGate(concurrency);
  sharedGate ??= createGate(DEFAULT_LIMITS.concurrency);
  return sharedGate;
}
