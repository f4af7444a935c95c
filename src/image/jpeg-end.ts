import sharp, { type SharpOptions } from "sharp";

interface Opened {
  readonly bytes: Buffer;
  readonly open: SharpOptions;
}

const END = Buffer.from([0xff, 0xd9]);

/** Side at which a file is tried: the whole of its data is read all the same. */
const TRIAL_SIDE = 32;

/** Rows of pixels that one row of coded blocks holds at most (two blocks of 8 under 4:2:0), and twice that. */
const BLOCK_ROWS = 16;

/**
 * A JPEG whose end was cut off as every viewer shows it: with an end marker put back, as long as nothing but the last row of blocks is
 * missing. Any other file as it is; what else is wrong with it is told when it is decoded.
 */
export async function withEnd(bytes: Buffer, open: SharpOptions): Promise<Opened> {
  if (endsWell(bytes) || (await decodes({ bytes, open }))) return { bytes, open };
  const dangling = bytes.at(-1) === 0xff ? 1 : 0;
  const ended = Buffer.concat([bytes.subarray(0, bytes.length - dangling), END]);
  // Every remark counts here: the decoder fills up what is missing, and only remarks on it.
  const strict = { bytes: ended, open: { ...open, failOn: "warning" } } satisfies Opened;
  if (await decodes(strict)) return strict;
  const lenient = { bytes: ended, open: { ...open, failOn: "none" } } satisfies Opened;
  return isSequential(bytes) && (await reachesLastRow(lenient)) ? lenient : { bytes, open };
}

/** Some devices fill files up with zeros. */
function endsWell(bytes: Buffer): boolean {
  let end = bytes.length;
  while (end > 2 && bytes[end - 1] === 0) end--;
  return bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9;
}

async function decodes({ bytes, open }: Opened): Promise<boolean> {
  try {
    await sharp(bytes, open).resize(TRIAL_SIDE, TRIAL_SIDE, { fit: "fill" }).raw().toBuffer();
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
 * Whether data reach into the last row of blocks. What is missing is filled with one tone from its left neighbour on, so the end of
 * the row of blocks before tells: where the file goes on, it is no such tone.
 */
async function reachesLastRow({ bytes, open }: Opened): Promise<boolean> {
  try {
    const { data, info } = await sharp(bytes, open).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const lastRow = Math.floor((height - 1) / BLOCK_ROWS) * BLOCK_ROWS;
    const from = lastRow - BLOCK_ROWS;
    if (from < 0) return false;
    const left = Math.max(0, (Math.ceil(width / BLOCK_ROWS) - 2) * BLOCK_ROWS);
    const first = data[(from * width + left) * channels];
    for (let y = from; y < lastRow; y++) {
      for (let x = left; x < width; x++) if (data[(y * width + x) * channels] !== first) return true;
    }
  } catch {
    // What cannot even be decoded with everything missing allowed is damaged in another way.
  }
  return false;
}
