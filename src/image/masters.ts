import type { Crop } from "../model/photo.js";
import type { MasterFile } from "../run/ports.js";
import { decodeWithin, readBounded } from "./bounded.js";
import { decodeForCrops, isTransparent } from "./decode.js";
import type { ImageAccess } from "./access.js";
import { fitCrop, type Size } from "./crop.js";
import { CANONICAL_SIDE, MASTER_SIGNING_SIDE } from "./limits.js";
import type { Probe } from "./probe.js";
import type { Raster } from "./pixels.js";
import type { FileFacts } from "./sign.js";
import { fileFacts } from "./sign.js";
import { unreadable } from "./unreadable.js";

const CHANGED = "Run again; it was changed after it was read.";

/** A master at reduced scale: its shorter side at most 648 px, or less where that is enough. */
export interface DecodedMaster {
  readonly raster: Raster;
  /** Full size after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly facts: FileFacts;
  /** Nothing of it is opaque. */
  readonly transparent: boolean;
}

/** Both sizes at which masters are decoded. */
export interface MasterShelves {
  readonly small: MasterShelf;
  readonly large: MasterShelf;
}

export function createMasterShelves(access: ImageAccess): MasterShelves {
  const half = access.limits.cacheBytes / 2;
  return {
    small: createMasterShelf(access, MASTER_SIGNING_SIDE, half),
    large: createMasterShelf(access, CANONICAL_SIDE, half),
  };
}

/**
 * A master with pixels enough for its crop in that frame: the smaller decode wherever nothing has to be enlarged. Whether it was decoded before makes
 * no difference.
 */
export async function takeFor(
  { small, large }: MasterShelves,
  file: MasterFile,
  crop: Crop,
  frame: Size,
): Promise<DecodedMaster> {
  const side = Math.max(frame.width, frame.height);
  if (side > MASTER_SIGNING_SIDE) return large.take(file);
  const master = await small.take(file);
  return suffices(master, crop, side) ? master : large.take(file);
}

/** Whether the crop has `side` pixels in what was decoded, or all that the file has. */
export function suffices(master: DecodedMaster, crop: Crop, side: number): boolean {
  const scale = master.raster.width / master.width;
  const fitting = fitCrop(crop, master);
  return scale >= 1 || scale * Math.min(fitting.width, fitting.height) >= side;
}

/** Reads and decodes masters; keeps the last few, because the photos of one user are compared one after the other. */
export interface MasterShelf {
  /** Throws PhotodriftError `unreadable-image`, also where the file holds something else. */
  take(file: MasterFile): Promise<DecodedMaster>;
}

/** @param side most pixels of the shorter side: 648 for references, less where only a fingerprint is wanted */
export async function decodeMaster(bytes: Buffer, found: Probe, side: number = CANONICAL_SIDE): Promise<DecodedMaster> {
  const decoding = decodeForCrops(found, side);
  const facts = fileFacts(bytes, found);
  const transparent = await isTransparent(found);
  return { raster: await decoding, width: found.width, height: found.height, facts, transparent };
}

/** @param side most pixels of the shorter side of what is kept */
export function createMasterShelf(access: ImageAccess, side: number, cacheBytes: number): MasterShelf {
  const { limits } = access;
  const shelf = new Map<string, { readonly sha256: string; readonly master: Promise<DecodedMaster>; bytes: number }>();

  function evict(): void {
    let total = 0;
    for (const entry of shelf.values()) total += entry.bytes;
    for (const [path, entry] of shelf) {
      if (total <= cacheBytes || shelf.size <= 1) return;
      shelf.delete(path);
      total -= entry.bytes;
    }
  }

  async function take(file: MasterFile): Promise<DecodedMaster> {
    const { path, sha256 } = file;
    const known = shelf.get(path);
    if (known?.sha256 === sha256) {
      shelf.delete(path);
      shelf.set(path, known);
      return known.master;
    }
    const master = load(file);
    const entry = { sha256, master, bytes: 0 };
    shelf.delete(path);
    shelf.set(path, entry);
    try {
      entry.bytes = (await master).raster.data.length;
    } catch (error) {
      if (shelf.get(path) === entry) shelf.delete(path);
      throw error;
    }
    evict();
    return master;
  }

  async function load({ path, sha256 }: MasterFile): Promise<DecodedMaster> {
    return decodeWithin(
      access,
      () => readBounded(path, limits),
      async (bytes, found) => {
        const master = await decodeMaster(bytes, found, side);
        if (master.facts.sha256 !== sha256) throw unreadable("the file holds something else now", CHANGED);
        return master;
      },
    );
  }

  return { take };
}
