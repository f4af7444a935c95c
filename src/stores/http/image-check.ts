/**
 * What is wrong with bytes that should be a whole image, or null. Looks at the first bytes and, where the format has one, at the end mark:
 * enough to tell a sign-in page or a transfer that broke off from a picture. The pixels are somebody else's.
 */
export function imageFlaw(bytes: Buffer): string | null {
  if (bytes.length === 0) return "it is empty";
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) {
    // Some writers pad behind the end mark.
    return bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) > 2 ? null : "the JPEG is cut off";
  }
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47])) return bytes.lastIndexOf("IEND") > 0 ? null : "the PNG is cut off";
  const head = bytes.toString("latin1", 0, 12);
  if (head.startsWith("GIF8")) return bytes.lastIndexOf(0x3b) > 6 ? null : "the GIF is cut off";
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) {
    return bytes.length >= bytes.readUInt32LE(4) + 8 ? null : "the WebP is cut off";
  }
  if (head.startsWith("BM") || head.startsWith("II*\0") || head.startsWith("MM\0*") || head.slice(4, 8) === "ftyp") {
    return null;
  }
  return /^\s*</.test(bytes.toString("latin1", 0, 64)) ? "it is a web page, not an image" : "it is no image";
}

function startsWith(bytes: Buffer, mark: readonly number[]): boolean {
  return mark.every((value, index) => bytes[index] === value);
}
