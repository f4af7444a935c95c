import { sha256Of } from "../../files/digest.js";
import type { WorkingCopies } from "../../run/ports.js";
import type { ForeignKind } from "./kinds.js";
import { type DecodedHeader, pack, unpack } from "./protocol.js";
import { runDecoder } from "./run-decoder.js";

/** A picture of a format that the image library leaves out, as a JPEG that it reads. */
export interface ForeignPicture extends DecodedHeader {
  /** sRGB, upright, on white; its shorter side has at most `WORKING_SIDE` pixels. */
  readonly picture: Buffer;
}

/** @throws PhotodriftError `unreadable-image` */
export type OpenForeign = (bytes: Buffer, kind: ForeignKind) => Promise<ForeignPicture>;

/** Raise whenever a working copy would come out differently. */
const VERSION = 1;

/** The smallest square that is ever cut has 60 % of the shorter side and must still fill the largest upload, 648 px. */
const WORKING_SIDE = 1080;

/** Pixels that a decoder of WebAssembly is trusted with: it holds each of them several times. */
const MAX_PIXELS = 64_000_000;

/** Decodes each content once, as long as `copies` keeps what came of it. */
export function createForeignOpener(copies: WorkingCopies, maxPixels: number): OpenForeign {
  const running = new Map<string, Promise<ForeignPicture>>();

  return (bytes, kind) => {
    const key = `${sha256Of(bytes)}-${VERSION}`;
    const known = running.get(key);
    if (known !== undefined) return known;
    const opening = open(key, bytes, kind).finally(() => running.delete(key));
    running.set(key, opening);
    return opening;
  };

  async function open(key: string, bytes: Buffer, kind: ForeignKind): Promise<ForeignPicture> {
    const kept = unpack((await copies.get(key)) ?? Buffer.alloc(0));
    if (kept !== null && !("refused" in kept.header)) return { ...kept.header, picture: kept.picture };
    const request = { side: WORKING_SIDE, maxPixels: Math.min(MAX_PIXELS, maxPixels) };
    const { header, picture } = await runDecoder(bytes, kind, request);
    await copies.put(key, pack(header, picture));
    return { ...header, picture };
  }
}

/** Copies in memory alone, the oldest go first beyond that many bytes. */
export function copiesInMemory(mostBytes: number): WorkingCopies {
  const kept = new Map<string, Buffer>();
  let total = 0;
  return {
    get: async (key) => kept.get(key) ?? null,
    put: async (key, copy) => {
      total += copy.length - (kept.get(key)?.length ?? 0);
      kept.set(key, copy);
      for (const [oldest, { length }] of kept) {
        if (total <= mostBytes) return;
        kept.delete(oldest);
        total -= length;
      }
    },
  };
}
