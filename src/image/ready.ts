import type { Crop, FramedMaster } from "../model/photo.js";
import type { MasterFile } from "../run/ports.js";
import type { Size } from "./crop.js";

/** References kept, of 5.5 KB each: one in two frames of so many masters; where three frames are wanted, the masters are few and all have room. */
const MASTERS = 2000;
const MOST = 8000;

/**
 * References that were rendered while a new master was decoded for its signature: the photos of its user are judged later in the same run, and
 * decoding it again costs more than all the rest of that. Those that were given before make room for new ones; without any, none is kept.
 */
export interface ReadyReferences {
  /** @param frames how many of each master are wanted */
  keep(file: MasterFile, crop: Crop, frame: Size, references: readonly ReadyReference[], frames: number): void;
  take(file: MasterFile, crop: Crop, frame: Size): readonly ReadyReference[];
  /** The file is read anew. */
  forget(path: string): void;
}

/** One of a few, likeliest first. */
export interface ReadyReference {
  /** Its place among the master's framings. */
  readonly at: number;
  readonly reference: FramedMaster;
  /** 32x32 luma of the other framings, whatever the frame; empty where there is no other. */
  readonly others: readonly Uint8Array[];
}

export function createReadyReferences(): ReadyReferences {
  const kept = new Map<string, readonly ReadyReference[]>();
  let size = 0;
  const given = new Set<string>();
  const ofFile = new Map<string, Set<string>>();

  function drop(key: string): void {
    size -= kept.get(key)?.length ?? 0;
    kept.delete(key);
    given.delete(key);
  }

  /** Whether so many more have room, with what was given before dropped for them. */
  function makeRoom(more: number, frames: number): boolean {
    const most = (frames > 2 ? MOST : MASTERS * frames) - more;
    for (const key of given) {
      if (size <= most) break;
      drop(key);
    }
    return size <= most;
  }

  return {
    keep(file, crop, frame, references, frames) {
      if (!makeRoom(references.length, frames)) return;
      const key = keyOf(file, crop, frame);
      drop(key);
      kept.set(key, references);
      size += references.length;
      const keys = ofFile.get(file.path) ?? new Set();
      ofFile.set(file.path, keys.add(key));
    },
    take(file, crop, frame) {
      const key = keyOf(file, crop, frame);
      const references = kept.get(key) ?? [];
      if (references.length > 0) given.add(key);
      return references.map((each) => ({ ...each, reference: copyOf(each.reference) }));
    },
    forget(path) {
      for (const key of ofFile.get(path) ?? []) drop(key);
      ofFile.delete(path);
    },
  };
}

/** Comparing keeps what it makes of a picture as long as the picture: five times its size. */
function copyOf(reference: FramedMaster): FramedMaster {
  const { signature } = reference;
  return { ...reference, signature: { ...signature, luma: signature.luma.slice() } };
}

function keyOf({ path, sha256 }: MasterFile, crop: Crop, frame: Size): string {
  const numbers = [crop.left, crop.top, crop.width, crop.height, frame.width, frame.height];
  return `${numbers.join(" ")} ${sha256} ${path}`;
}
