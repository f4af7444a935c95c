import type { OutputInfo, SharpOptions } from "sharp";
import { sharp } from "./library.js";

interface Opened {
  readonly bytes: Buffer;
  readonly open: SharpOptions;
}

const END = Buffer.from([0xff, 0xd9]);

/** Rows of pixels that one row of coded blocks holds at most: two blocks of 8 under 4:2:0. */
const BLOCK_ROWS = 16;

/** Rows above that take colour from it. */
const COLOUR_REACH = 2;

/** Anything that is no picture, without markers. */
const OTHER_DATA = Buffer.from(Array.from({ length: 256 }, (_, i) => (i * 73 + 41) % 251));

/**
 * A JPEG whose end was cut off as every viewer shows it: with an end marker put back, as long as nothing but the last row of blocks is
 * missing. Any other file as it is; what else is wrong with it is told when it is decoded.
 */
export async function withEnd(bytes: Buffer, open: SharpOptions): Promise<Opened> {
  if (endsWell(bytes) || (await decodes({ bytes, open }))) return { bytes, open };
  const data = bytes.at(-1) === 0xff ? bytes.subarray(0, -1) : bytes;
  const ended = Buffer.concat([data, END]);
  // Every remark counts here: the decoder fills up what is missing, and only remarks on it.
  const strict = { bytes: ended, open: { ...open, failOn: "warning" } } satisfies Opened;
  if (await decodes(strict)) return strict;
  const lenient = { bytes: ended, open: { ...open, failOn: "none" } } satisfies Opened;
  return isSequential(bytes) && (await reachesLastRow(data, lenient.open)) ? lenient : { bytes, open };
}

/** Some devices fill files up with zeros. */
function endsWell(bytes: Buffer): boolean {
  let end = bytes.length;
  while (end > 2 && bytes[end - 1] === 0) end--;
  return bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9;
}

/** At full size: a decoder that reduces does not look at what it does not need. */
async function decodes(opened: Opened): Promise<boolean> {
  try {
    await luma(opened);
    return true;
  } catch {
    return false;
  }
}

/** Baseline or extended sequential (ITU-T T.81 table B.1): blocks come once, from top to bottom. */
function isSequential(bytes: Buffer): boolean {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!;
    if (marker === 0xc0 || marker === 0xc1) return true;
    if (marker === 0xc2 || marker === 0xda) return false;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return false;
}

/**
 * Whether data reach into the last row of blocks. What is missing is filled with one tone; with other data in its place the picture
 * differs from where the file ends.
 */
async function reachesLastRow(bytes: Buffer, open: SharpOptions): Promise<boolean> {
  try {
    const filled = await luma({ bytes: Buffer.concat([bytes, END]), open });
    const other = await luma({ bytes: Buffer.concat([bytes, OTHER_DATA, END]), open });
    const first = filled.data.findIndex((value, i) => value !== other.data[i]);
    const lastRow = Math.floor((filled.info.height - 1) / BLOCK_ROWS) * BLOCK_ROWS;
    return first < 0 || first >= (lastRow - COLOUR_REACH) * filled.info.width;
  } catch {
    // What cannot even be decoded with everything missing allowed is damaged in another way.
    return false;
  }
}

function luma({ bytes, open }: Opened): Promise<{ readonly data: Buffer; readonly info: OutputInfo }> {
  return sharp(bytes, open).toColourspace("b-w").extractChannel(0).raw().toBuffer({ resolveWithObject: true });
}
