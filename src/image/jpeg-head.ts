/** Size of a JPEG, in pixels. */
export interface JpegSize {
  readonly width: number;
  readonly height: number;
}

const START_OF_IMAGE = 0xffd8;
/** Start of frame: baseline, extended sequential, progressive (ITU-T T.81 table B.1). */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
/** Application data that may hold an orientation: EXIF and XMP. */
const APP1 = 0xe1;
/** Grey or three components: nothing about it asks for a closer look. */
const COMPONENTS: ReadonlySet<number> = new Set([1, 3]);

/**
 * The size that a plain JPEG's header says, or null where it may have an orientation, has four components, or is not followed easily:
 * then the image library is to be asked. What photo services answer is plain, and the question costs as much as the picture.
 */
export function plainJpegSize(bytes: Buffer): JpegSize | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== START_OF_IMAGE) return null;
  for (let at = 2; at + 10 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!;
    if (FRAMES.has(marker)) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
      return width > 0 && height > 0 && COMPONENTS.has(bytes[at + 9]!) ? { width, height } : null;
    }
    if (marker === APP1 || marker < 0xc0 || marker === 0xda) return null;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}
