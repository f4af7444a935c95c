import { type Box, boxesOf, find } from "./iso-boxes.js";

/** Colour as code points of ITU-T H.273: primaries and transfer characteristics. */
export interface Nclx {
  readonly primaries: number;
  readonly transfer: number;
}

/** What a HEIF container says of the colours of its primary image; null where it says nothing (sRGB then). */
export interface HeifColour {
  readonly icc: Buffer | null;
  readonly nclx: Nclx | null;
}

/** Far above any real profile. */
const MAX_PROFILE = 4 * 1024 * 1024;

/**
 * The `colr` properties of the primary item (ISO/IEC 14496-12 sections 8.11 and 12.1.5, ISO/IEC 23008-12 section 6.5.5). A container
 * that cannot be followed says nothing: whether the picture can be decoded is the decoder's business.
 */
export function heifColour(bytes: Buffer): HeifColour {
  const none = { icc: null, nclx: null };
  const meta = find(boxesOf(bytes), "meta");
  if (meta === undefined || meta.length < 4) return none;
  const inside = boxesOf(meta.subarray(4));
  const properties = boxesOf(find(inside, "iprp") ?? Buffer.alloc(0));
  const all = boxesOf(find(properties, "ipco") ?? Buffer.alloc(0));
  const primary = primaryItem(find(inside, "pitm"));
  const own = propertiesOf(find(properties, "ipma"), primary).map((index) => all[index - 1]);
  const colours = own.filter((box): box is Box => box?.type === "colr");
  // The tiles of a grid carry the colours where the grid itself does not.
  const said = colours.length > 0 ? colours : all.filter(({ type }) => type === "colr").slice(0, 1);
  return said.reduce<HeifColour>((known, { body }) => ({ ...known, ...colourOf(body) }), none);
}

function colourOf(body: Buffer): Partial<HeifColour> {
  const kind = body.toString("latin1", 0, 4);
  if ((kind === "prof" || kind === "rICC") && body.length > 132 && body.length <= MAX_PROFILE) {
    return { icc: body.subarray(4) };
  }
  if (kind !== "nclx" || body.length < 8) return {};
  return { nclx: { primaries: body.readUInt16BE(4), transfer: body.readUInt16BE(6) } };
}

function primaryItem(body: Buffer | undefined): number {
  if (body === undefined || body.length < 6) return -1;
  if (body[0] === 0) return body.readUInt16BE(4);
  return body.length >= 8 ? body.readUInt32BE(4) : -1;
}

/** Positions, from 1, of the properties of an item in `ipco`. */
function propertiesOf(body: Buffer | undefined, item: number): readonly number[] {
  if (body === undefined || body.length < 8) return [];
  const wideItem = body[0] !== 0;
  const wideIndex = (body[3]! & 1) === 1;
  const [itemSize, indexSize] = [wideItem ? 4 : 2, wideIndex ? 2 : 1];
  let at = 8;
  for (let left = body.readUInt32BE(4); left > 0 && at + itemSize + 1 <= body.length; left--) {
    const id = wideItem ? body.readUInt32BE(at) : body.readUInt16BE(at);
    const count = body[at + itemSize]!;
    const first = at + itemSize + 1;
    at = first + count * indexSize;
    if (id !== item || at > body.length) continue;
    return Array.from({ length: count }, (_, k) =>
      wideIndex ? body.readUInt16BE(first + 2 * k) & 0x7fff : body[first + k]! & 0x7f,
    );
  }
  return [];
}
