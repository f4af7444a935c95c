import type { Crop, FramedMaster } from "../model/photo.js";
import type { Size } from "./crop.js";

/** References kept, of 5.5 KB each: all of so many masters, and never more than six of 1,000. */
const MASTERS = 2000;
const MOST = 6000;

/**
 * References that were rendered while a new master was decoded for its signature: the photos of its user are judged later in the same run, and
 * decoding it again costs more than all the rest of that. Those that were given before make room for new ones; without any, none is kept.
 */
export interface ReadyReferences {
  /** @param frames how many of each master are wanted */
  keep(file: FileVersion, crop: Crop, frame: Size, reference: ReadyReference, frames: number): void;
  take(file: FileVersion, crop: Crop, frame: Size): ReadyReference | null;
  /** The file is read anew. */
  forget(path: string): void;
}

/** A file as it was at one time: `stamp` changes whenever it does. */
export interface FileVersion {
  readonly path: string;
  readonly stamp: string;
}

export interface ReadyReference {
  /** Of the likeliest framing. */
  readonly first: FramedMaster;
  /** 64x64 luma of the other framings, whatever the frame; empty where there is no other. */
  readonly others: readonly Uint8Array[];
}

export function createReadyReferences(): ReadyReferences {
  const kept = new Map<string, ReadyReference>();
  const given = new Set<string>();
  const ofFile = new Map<string, Set<string>>();

  function makeRoom(frames: number): boolean {
    if (kept.size < Math.min(MOST, MASTERS * frames)) return true;
    const [oldest] = given;
    if (oldest === undefined) return false;
    given.delete(oldest);
    return kept.delete(oldest);
  }

  return {
    keep(file, crop, frame, reference, frames) {
      if (!makeRoom(frames)) return;
      const key = keyOf(file, crop, frame);
      kept.set(key, reference);
      const keys = ofFile.get(file.path) ?? new Set();
      ofFile.set(file.path, keys.add(key));
    },
    take(file, crop, frame) {
      const key = keyOf(file, crop, frame);
      const reference = kept.get(key);
      if (reference === undefined) return null;
      given.add(key);
      return { ...reference, first: copyOf(reference.first) };
    },
    forget(path) {
      for (const key of ofFile.get(path) ?? []) {
        kept.delete(key);
        given.delete(key);
      }
      ofFile.delete(path);
    },
  };
}

/** Comparing keeps what it makes of a picture as long as the picture: five times its size. */
function copyOf(reference: FramedMaster): FramedMaster {
  const { signature } = reference;
  return { ...reference, signature: { ...signature, luma: signature.luma.slice() } };
}

function keyOf({ path, stamp }: FileVersion, crop: Crop, frame: Size): string {
  const numbers = [crop.left, crop.top, crop.width, crop.height, frame.width, frame.height];
  return `${numbers.join(" ")} ${stamp} ${path}`;
}
