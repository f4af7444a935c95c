/** Luminance table of ITU-T T.81 annex K.1 in zig-zag order: what IJG encoders scale. */
const IJG_LUMINANCE: readonly number[] = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
  60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121,
  112, 100, 120, 92, 101, 103, 99,
];

/**
 * Nearest IJG quality (1 to 100) of a JPEG's first quantisation table, null for other formats. Only headers are read. Exact for
 * tables of libjpeg; "about" for other encoders (mozjpeg is off by up to 24): shown to people, never used in a decision.
 */
export function jpegQuality(bytes: Buffer): number | null {
  const table = firstTable(bytes);
  if (table === null) return null;
  let best = 100;
  let bestError = Infinity;
  for (let quality = 100; quality >= 1; quality--) {
    const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
    let error = 0;
    for (let i = 0; i < 64 && error < bestError; i++) {
      const value = Math.floor((IJG_LUMINANCE[i]! * scale + 50) / 100);
      error += Math.abs(Math.min(255, Math.max(1, value)) - table[i]!);
    }
    if (error < bestError) {
      bestError = error;
      best = quality;
    }
  }
  return best;
}

/** The table with id 0 (luminance), in zig-zag order. */
function firstTable(bytes: Buffer): readonly number[] | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) return null;
    const length = bytes.readUInt16BE(at + 2);
    if (marker === 0xdb) {
      const table = readTables(bytes.subarray(at + 4, Math.min(bytes.length, at + 2 + length)));
      if (table !== null) return table;
    }
    at += 2 + Math.max(2, length);
  }
  return null;
}

/** One DQT segment may hold several tables: a byte of precision and id, then 64 values of one or two bytes. */
function readTables(segment: Buffer): readonly number[] | null {
  let at = 0;
  while (at < segment.length) {
    const wide = segment[at]! >> 4 !== 0;
    const id = segment[at]! & 15;
    const size = wide ? 128 : 64;
    if (at + 1 + size > segment.length) return null;
    if (id === 0) {
      return Array.from({ length: 64 }, (_, i) => (wide ? segment.readUInt16BE(at + 1 + 2 * i) : segment[at + 1 + i]!));
    }
    at += 1 + size;
  }
  return null;
}
