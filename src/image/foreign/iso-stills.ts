import { boxesOf, find } from "./iso-boxes.js";

/** What an ISO base media file holds for somebody who wants a picture. */
export type IsoContent =
  /** A still picture of that coding, beside a sequence or without one; `null` where the coding is not looked for here. */
  | { readonly still: "av1" | "hevc" | null }
  /** Frames of an animation or a burst, and no still picture: only its players show it. */
  | { readonly still: "none" };

/** Brands of image sequences: ISO/IEC 23008-12 section 10.3, AV1 Image File Format 1.1 section 6.3. */
const SEQUENCES = new Set(["msf1", "hevc", "hevx", "hevm", "hevs", "avis"]);
/** Item types of coded pictures: ISO/IEC 23008-12 annex B, AV1 Image File Format section 2.2. */
const CODINGS = { av01: "av1", hvc1: "hevc" } as const;

/**
 * Which still picture a HEIF container has. Brands tell little: an animation that has a still picture as well names itself after either, and an
 * AVIF may call itself by the general brand mif1. Null for other files.
 */
export function isoContent(bytes: Buffer): IsoContent | null {
  if (bytes.toString("latin1", 4, 8) !== "ftyp") return null;
  const boxes = boxesOf(bytes);
  const items = itemTypes(find(boxes, "meta"));
  for (const [type, still] of Object.entries(CODINGS)) if (items.has(type)) return { still };
  const isSequence = brandsOf(find(boxes, "ftyp") ?? Buffer.alloc(0)).some((brand) => SEQUENCES.has(brand));
  return isSequence && items.size === 0 && find(boxes, "moov") !== undefined ? { still: "none" } : { still: null };
}

/** The same file under the brand by which the image library knows AVIF; whatever it is called, its still picture is what it is. */
export function asAvif(bytes: Buffer): Buffer {
  if (bytes.toString("latin1", 8, 12) === "avif") return bytes;
  const named = Buffer.from(bytes);
  named.write("avif", 8, "latin1");
  return named;
}

function brandsOf(ftyp: Buffer): readonly string[] {
  const brands: string[] = [];
  for (let at = 0; at + 4 <= ftyp.length; at += 4) if (at !== 4) brands.push(ftyp.toString("latin1", at, at + 4));
  return brands;
}

/** Types of all items (ISO/IEC 14496-12 section 8.11.6, `infe` of version 2 and 3). */
function itemTypes(meta: Buffer | undefined): ReadonlySet<string> {
  const types = new Set<string>();
  const info = find(boxesOf(meta?.subarray(4) ?? Buffer.alloc(0)), "iinf");
  if (info === undefined || info.length < 6) return types;
  for (const { type, body } of boxesOf(info.subarray(info[0] === 0 ? 6 : 8))) {
    const at = body[0] === 2 ? 8 : 10;
    if (type === "infe" && body[0]! >= 2) types.add(body.toString("latin1", at, at + 4));
  }
  return types;
}
