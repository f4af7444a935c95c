/** A format that the image library leaves out and a decoder of its own reads. */
export interface ForeignKind {
  /** As signatures name it: bmp, heic, … */
  readonly format: string;
  /** As people call it. */
  readonly name: string;
  /** "HEIC", or ImageMagick's name of the format. */
  readonly decoder: string;
}

/** A format that nothing here reads, and what to do about it. */
export interface StrangeKind {
  readonly name: string;
  readonly cure: string;
}

export const HEIC: ForeignKind = { format: "heic", name: "HEIC", decoder: "HEIC" };

const kind = (format: string, name: string, decoder: string): ForeignKind => ({ format, name, decoder });

/** Beginnings of files: bytes as hexadecimal digits, dots stand for any. */
const READABLE: readonly (readonly [string, ForeignKind])[] = [
  ["424d.{8}0{8}.{4}0000", kind("bmp", "Windows bitmap (BMP)", "BMP")],
  ["38425053000[12]", kind("psd", "Photoshop", "PSD")],
  ["0000000c6a5020200d0a870a", kind("jp2", "JPEG 2000", "JP2")],
  ["ff4fff51", kind("j2k", "JPEG 2000", "J2K")],
  ["0000000c4a584c200d0a870a", kind("jxl", "JPEG XL", "JXL")],
  ["ff0a", kind("jxl", "JPEG XL", "JXL")],
  ["00000100(?!00)..00......00", kind("ico", "Windows icon", "ICO")],
  ["00000200(?!00)..00......00", kind("cur", "Windows cursor", "CUR")],
];
const TGA = kind("tga", "Targa (TGA)", "TGA");

const DEVELOP = "Open it in the program of the camera, Lightroom or Darktable, and export the portrait as JPEG.";
const EXPORT = "Open it in the program that made it, and export the portrait as JPEG or PNG.";
const TAKE_OUT = "Open it, copy the picture out, and save it as JPEG or PNG.";
const STILL = "Save a single picture of it as JPEG.";

const STRANGE: readonly (readonly [string, StrangeKind])[] = [
  ["........66747970637278", { name: "a camera raw file (Canon CR3)", cure: DEVELOP }],
  ["49492a00........4352", { name: "a camera raw file (Canon CR2)", cure: DEVELOP }],
  ["49491a00000048454150", { name: "a camera raw file (Canon CRW)", cure: DEVELOP }],
  ["46554a4946494c4d4343442d524157", { name: "a camera raw file (Fujifilm RAF)", cure: DEVELOP }],
  ["4949524f|49495253|4d4d4f52", { name: "a camera raw file (Olympus ORF)", cure: DEVELOP }],
  ["49495500", { name: "a camera raw file (Panasonic RW2)", cure: DEVELOP }],
  ["464f5662", { name: "a camera raw file (Sigma X3F)", cure: DEVELOP }],
  ["004d524d", { name: "a camera raw file (Minolta MRW)", cure: DEVELOP }],
  ["4949bc01", { name: "a JPEG XR image", cure: EXPORT }],
  ["67696d7020786366", { name: "a GIMP drawing (XCF)", cure: EXPORT }],
  ["25215053|c5d0d3c6", { name: "a PostScript drawing", cure: EXPORT }],
  ["d7cdc69a|01000900|01000000.{72}20454d46", { name: "a Windows metafile", cure: EXPORT }],
  ["762f3101|233f52414449414e4345", { name: "an HDR image", cure: EXPORT }],
  ["0a0[0-5]01", { name: "a PCX image", cure: EXPORT }],
  ["504b0304", { name: "a ZIP archive or an office document", cure: TAKE_OUT }],
  ["d0cf11e0a1b11ae1", { name: "an office document", cure: TAKE_OUT }],
  ["........66747970(?:69736f|6d7034|717420|4d3456|336770|617663)", { name: "a video", cure: STILL }],
  ["........6d6f6f76|1a45dfa3|52494646........41564920", { name: "a video", cure: STILL }],
];

const compiled = <T>(table: readonly (readonly [string, T])[]) =>
  table.map(([pattern, value]) => [new RegExp(`^(?:${pattern})`), value] as const);
const READABLE_PATTERNS = compiled(READABLE);
const STRANGE_PATTERNS = compiled(STRANGE);

/** Bytes of the beginning that are looked at. */
const HEAD = 48;

/** The format of a file that needs a decoder of its own, or null. The bytes decide, never a name. */
export function foreignKind(bytes: Buffer): ForeignKind | null {
  const head = bytes.toString("hex", 0, HEAD);
  const known = READABLE_PATTERNS.find(([pattern]) => pattern.test(head))?.[1];
  return known ?? (isTarga(bytes) ? TGA : null);
}

/** What a file is that cannot be read, or null where it may be an image. */
export function strangeKind(bytes: Buffer): StrangeKind | null {
  const head = bytes.toString("hex", 0, HEAD);
  const known = STRANGE_PATTERNS.find(([pattern]) => pattern.test(head))?.[1];
  return known ?? (isRawTiff(bytes) ? { name: "a camera raw file", cure: DEVELOP } : null);
}

/**
 * Targa has no magic number: version 2 ends with a signature, version 1 is recognised by a header whose fields fit each other
 * (Truevision TGA File Format Specification 2.0, section "TGA file header").
 */
function isTarga(bytes: Buffer): boolean {
  if (bytes.length < 18) return false;
  if (bytes.toString("latin1", bytes.length - 18, bytes.length - 2) === "TRUEVISION-XFILE") return true;
  const [idLength, type] = [bytes[0]!, bytes[2]!];
  const [width, height, depth] = [bytes.readUInt16LE(12), bytes.readUInt16LE(14), bytes[16]!];
  const deep = [8, 15, 16, 24, 32].includes(depth) && width > 0 && height > 0 && (bytes[17]! & 0xc0) === 0;
  const compressed = type >= 9;
  const body = bytes.length - 18 - idLength;
  return deep && hasTargaColours(bytes, type) && (compressed || body >= (width * height * depth) / 8);
}

/** Whether the fields of the colour map are those of the picture's type. */
function hasTargaColours(bytes: Buffer, type: number): boolean {
  const [map, depth] = [bytes[1]!, bytes[7]!];
  if (type === 1 || type === 9) return map === 1 && [15, 16, 24, 32].includes(depth);
  return [2, 3, 10, 11].includes(type) && map === 0 && bytes.readUInt32LE(3) === 0 && depth === 0;
}

/** Tags of the first directory of a TIFF (TIFF 6.0 section 2; TIFF/EP, DNG 1.7). */
const TAG = { subfileType: 254, subDirectories: 330, dngVersion: 50_706 } as const;
const MOST_TAGS = 200;

/**
 * Raw files that are TIFF by their first bytes (DNG, Nikon NEF, Sony ARW, Pentax PEF …): their first picture is a thumbnail, the
 * photo lies in a subdirectory. Read as TIFF they would be a portrait of 160 px.
 */
function isRawTiff(bytes: Buffer): boolean {
  const order = bytes.toString("latin1", 0, 4);
  const little = order === "II*\0";
  if (!(little || order === "MM\0*") || bytes.length < 16) return false;
  const short = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const directory = long(4);
  if (directory + 2 > bytes.length) return false;
  const count = Math.min(MOST_TAGS, short(directory));
  const found = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > bytes.length) break;
    found.set(short(at), long(at + 8));
  }
  const reduced = ((found.get(TAG.subfileType) ?? 0) & 1) === 1;
  return found.has(TAG.dngVersion) || (reduced && found.has(TAG.subDirectories));
}
