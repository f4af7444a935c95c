/** A box of an ISO base media file (ISO/IEC 14496-12 section 4.2): HEIC, AVIF, videos. */
export interface Box {
  readonly type: string;
  readonly body: Buffer;
}

/** Far above any real container: a parser that is not fed by it cannot be held up. */
const MAX_BOXES = 4_096;

export function find(boxes: readonly Box[], type: string): Buffer | undefined {
  return boxes.find((box) => box.type === type)?.body;
}

/** The boxes of a buffer, up to the first that does not fit. */
export function boxesOf(bytes: Buffer): readonly Box[] {
  const found: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length && found.length < MAX_BOXES;) {
    const short = bytes.readUInt32BE(at);
    const wide = short === 1 && at + 16 <= bytes.length;
    const size = wide ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    const header = wide ? 16 : 8;
    if (size < header || size > bytes.length - at) break;
    found.push({ type: bytes.toString("latin1", at + 4, at + 8), body: bytes.subarray(at + header, at + size) });
    at += size;
  }
  return found;
}
