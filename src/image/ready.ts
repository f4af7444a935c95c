import type { Crop, FramedMaster } from "../model/photo.js";
import type { Size } from "./crop.js";

/** References kept, of 5.5 KB each: two of 2,000 masters, or four of 1,000. */
const MOST = 4000;

/**
 * References that were rendered while a new master was decoded for its signature: the photos of its user are judged later in the same run, and
 * decoding it again costs more than all the rest of that. Each is given once; beyond a number none is kept.
 */
export interface ReadyReferences {
  keep(file: FileVersion, crop: Crop, frame: Size, reference: ReadyReference): void;
  take(file: FileVersion, crop: Crop, frame: Size): ReadyReference | null;
}

export interface ReadyReference {
  /** Of the likeliest framing. */
  readonly first: FramedMaster;
  /** There is no other framing. */
  readonly only: boolean;
}

/** A file as it was at one time: `stamp` changes whenever it does. */
export interface FileVersion {
  readonly path: string;
  readonly stamp: string;
}

export function createReadyReferences(): ReadyReferences {
  const kept = new Map<string, ReadyReference>();
  return {
    keep(file, crop, frame, reference) {
      if (kept.size < MOST) kept.set(keyOf(file, crop, frame), reference);
    },
    take(file, crop, frame) {
      const key = keyOf(file, crop, frame);
      const reference = kept.get(key) ?? null;
      kept.delete(key);
      return reference;
    },
  };
}

function keyOf({ path, stamp }: FileVersion, crop: Crop, frame: Size): string {
  const numbers = [crop.left, crop.top, crop.width, crop.height, frame.width, frame.height];
  return `${numbers.join(" ")} ${stamp} ${path}`;
}
