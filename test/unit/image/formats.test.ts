import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createImageReader, createImageRenderer } from "../../../src/image/index.js";
import { isImageName } from "../../../src/model/image-name.js";
import { type ColourSpace, deltaE, inSrgb } from "./colours.js";
import { PATCHES } from "./heif-container.js";

const WIDTH = 256;
const HEIGHT = 128;
const images = createImageReader();
const renditions = createImageRenderer();
let folder = "";
/** Interleaved RGB of the patches. */
const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
for (let i = 0; i < WIDTH * HEIGHT; i++) {
  pixels.set(PATCHES[Math.floor((i % WIDTH) / 64) + (i < (WIDTH * HEIGHT) / 2 ? 0 : 4)]!, 3 * i);
}
const drawn = () => sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "photodrift-formats-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Rgb = readonly [number, number, number];

/** The middle of each patch as it is uploaded. */
async function uploaded(bytes: Buffer, format: string): Promise<readonly Rgb[]> {
  const file = path.join(folder, `${Math.random()}.${format}`);
  await writeFile(file, bytes);
  const { signature } = await images.signMaster(file);
  expect(signature).toMatchObject({ format, width: WIDTH, height: HEIGHT });
  const { jpeg } = await renditions.cloudPhoto(file, { left: 0, top: 0, width: WIDTH, height: HEIGHT }, 1e6);
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([WIDTH, HEIGHT]);
  return PATCHES.map((_, patch) => {
    const at = 3 * ((patch < 4 ? 32 : 96) * WIDTH + (patch % 4) * 64 + 32);
    return [data[at]!, data[at + 1]!, data[at + 2]!];
  });
}

/** A Windows bitmap of 24 bits: rows from the bottom up, blue first. */
function bmp(): Buffer {
  const header = Buffer.alloc(54);
  header.write("BM");
  header.writeUInt32LE(54 + pixels.length, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(WIDTH, 18);
  header.writeInt32LE(HEIGHT, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, ...rows().reverse()]);
}

/** Rows with blue first. */
function rows(): Buffer[] {
  return Array.from({ length: HEIGHT }, (_, y) => {
    const row = Buffer.from(pixels.subarray(3 * WIDTH * y, 3 * WIDTH * (y + 1)));
    for (let at = 0; at < row.length; at += 3) [row[at], row[at + 2]] = [row[at + 2]!, row[at]!];
    return row;
  });
}

/** Targa, with the first row at the top or at the bottom; its second version ends with a signature. */
function targa(fromTop: boolean, signed: boolean): Buffer {
  const header = Buffer.alloc(18);
  header[2] = 2;
  header.writeUInt16LE(WIDTH, 12);
  header.writeUInt16LE(HEIGHT, 14);
  header[16] = 24;
  header[17] = fromTop ? 0x20 : 0;
  const footer = signed ? [Buffer.alloc(8), Buffer.from("TRUEVISION-XFILE.\0")] : [];
  return Buffer.concat([header, ...(fromTop ? rows() : rows().reverse()), ...footer]);
}

/** The patches with an alpha of nothing. */
function unseenTarga(): Buffer {
  const header = targa(true, false).subarray(0, 18);
  header[16] = 32;
  header[17] = 0x28;
  const body = Buffer.alloc(4 * WIDTH * HEIGHT);
  for (let i = 0; i < WIDTH * HEIGHT; i++) pixels.copy(body, 4 * i, 3 * i, 3 * i + 3);
  return Buffer.concat([header, body]);
}

/** A flat Photoshop file: header, no colour data, no resources, no layers, planes one after the other. */
function photoshop(): Buffer {
  const head = Buffer.alloc(26);
  head.write("8BPS");
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(3, 12);
  head.writeUInt32BE(HEIGHT, 14);
  head.writeUInt32BE(WIDTH, 18);
  head.writeUInt16BE(8, 22);
  head.writeUInt16BE(3, 24);
  const planes = [0, 1, 2].map((c) =>
    Buffer.from(Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => pixels[3 * i + c]!)),
  );
  return Buffer.concat([head, Buffer.alloc(12), Buffer.alloc(2), ...planes]);
}

/** An icon with two pictures: 16 px first, then the patches at their size. */
async function icon(): Promise<Buffer> {
  const pngs = [
    await sharp({ create: { width: 16, height: 16, channels: 4, background: "#0f0" } })
      .png()
      .toBuffer(),
    await drawn().ensureAlpha().png().toBuffer(),
  ];
  const header = Buffer.from([0, 0, 1, 0, 2, 0]);
  let offset = 6 + 32;
  const entries = pngs.map((png, i) => {
    const entry = Buffer.alloc(16);
    entry.set(i === 0 ? [16, 16] : [0, HEIGHT]);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...pngs]);
}

const fixture = (name: string) => readFile(path.join(import.meta.dirname, "fixtures", name));

describe("patches of each format are uploaded in their colours", () => {
  const cases: readonly (readonly [string, string, () => Promise<Buffer> | Buffer, ColourSpace])[] = [
    ["bmp", "a Windows bitmap", bmp, "srgb"],
    ["tga", "a Targa from the bottom up", () => targa(false, false), "srgb"],
    ["tga", "a Targa from the top down, signed", () => targa(true, true), "srgb"],
    ["psd", "a flat Photoshop file", () => photoshop(), "srgb"],
    ["ico", "the largest picture of an icon", icon, "srgb"],
    ["jp2", "JPEG 2000", () => fixture("patches.jp2"), "srgb"],
    ["jxl", "JPEG XL", () => fixture("patches.jxl"), "srgb"],
    ["png", "palette PNG", () => drawn().png({ palette: true, colours: 16 }).toBuffer(), "srgb"],
    ["png", "16-bit PNG", () => drawn().toColourspace("rgb16").png().toBuffer(), "srgb"],
    ["tiff", "16-bit TIFF, LZW", () => drawn().toColourspace("rgb16").tiff({ compression: "lzw" }).toBuffer(), "srgb"],
    [
      "tiff",
      "tiled TIFF, JPEG",
      () => drawn().tiff({ compression: "jpeg", quality: 95, tile: true }).toBuffer(),
      "srgb",
    ],
    [
      "tiff",
      "pyramid TIFF",
      () => drawn().tiff({ compression: "deflate", pyramid: true, tile: true }).toBuffer(),
      "srgb",
    ],
    ["webp", "WebP", () => drawn().webp({ lossless: true }).toBuffer(), "srgb"],
    ["avif", "AVIF", () => drawn().avif({ quality: 90, chromaSubsampling: "4:4:4" }).toBuffer(), "srgb"],
    ["gif", "GIF", () => drawn().gif().toBuffer(), "srgb"],
  ];

  it.each(cases)("%s: %s", async (format, _, make, space) => {
    const seen = await uploaded(await make(), format);
    PATCHES.forEach((patch, i) => {
      expect(deltaE(seen[i]!, inSrgb(patch, space)), `${String(patch)} became ${String(seen[i])}`).toBeLessThanOrEqual(
        2,
      );
    });
  });

  it("colours that a profile means: what went in as sRGB comes out as sRGB", async () => {
    const p3 = () => drawn().withIccProfile("p3");
    for (const [format, bytes] of [
      ["png", await p3().png().toBuffer()],
      ["tiff", await p3().tiff({ compression: "lzw" }).toBuffer()],
      ["webp", await p3().webp({ lossless: true }).toBuffer()],
      ["jpeg", await p3().jpeg({ quality: 98, chromaSubsampling: "4:4:4" }).toBuffer()],
    ] as const) {
      const seen = await uploaded(bytes, format);
      PATCHES.forEach((patch, i) =>
        expect(deltaE(seen[i]!, patch), `${format} ${String(patch)}`).toBeLessThanOrEqual(2),
      );
    }
  });

  it("CMYK with its profile, as JPEG (inverted after Adobe) and TIFF: as ImageMagick 7.1.2 with lcms2 converts the same file", async () => {
    const cmyk = () => drawn().withIccProfile("cmyk").toColourspace("cmyk");
    const shown = [
      [217, 42, 22],
      [111, 160, 37],
      [33, 63, 122],
      [241, 211, 11],
      [104, 105, 104],
      [244, 179, 145],
      [41, 39, 30],
      [248, 247, 247],
    ] as const;
    for (const [format, bytes] of [
      ["jpeg", await cmyk().jpeg({ quality: 98 }).toBuffer()],
      ["tiff", await cmyk().tiff({ compression: "lzw" }).toBuffer()],
    ] as const) {
      const seen = await uploaded(bytes, format);
      shown.forEach((patch, i) => expect(deltaE(seen[i]!, patch), `${format} ${String(patch)}`).toBeLessThanOrEqual(2));
    }
  });

  it("alpha is shown on white, and nothing is left of a picture that cannot be seen", async () => {
    const half = await drawn().ensureAlpha(0.5).png().toBuffer();
    const seen = await uploaded(half, "png");
    PATCHES.forEach((patch, i) => {
      const onWhite = patch.map((value) => 255 - (255 - value) * (128 / 255)) as unknown as Rgb;
      expect(deltaE(seen[i]!, onWhite)).toBeLessThanOrEqual(2);
    });
    const file = path.join(folder, "unseen.tga");
    await writeFile(file, unseenTarga());
    expect((await images.signMaster(file)).unsuitable).toMatchObject({ kind: "transparent" });
  });
});

describe("formats that nothing reads are named", () => {
  const tiffWith = (tags: readonly (readonly [number, number])[]) => {
    const directory = Buffer.alloc(2 + 12 * tags.length + 4);
    directory.writeUInt16LE(tags.length, 0);
    tags.forEach(([tag, value], i) => {
      directory.writeUInt16LE(tag, 2 + 12 * i);
      directory.writeUInt16LE(4, 4 + 12 * i);
      directory.writeUInt32LE(1, 6 + 12 * i);
      directory.writeUInt32LE(value, 10 + 12 * i);
    });
    return Buffer.concat([Buffer.from("49492a0008000000", "hex"), directory, Buffer.alloc(64)]);
  };
  const from = (head: string) => Buffer.concat([Buffer.from(head, "latin1"), Buffer.alloc(200)]);

  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ["anna.cr3", from("\0\0\0\x18ftypcrx \0\0\0\x01crx isom"), /camera raw.*Canon/],
    ["anna.cr2", from("II*\0\x10\0\0\0CR\x02\0"), /camera raw.*Canon/],
    ["anna.raf", from("FUJIFILMCCD-RAW 0201"), /camera raw.*Fujifilm/],
    ["anna.orf", from("IIRO\x08\0\0\0"), /camera raw.*Olympus/],
    ["anna.rw2", from("IIU\0\x08\0\0\0"), /camera raw.*Panasonic/],
    [
      "anna.dng",
      tiffWith([
        [254, 1],
        [50_706, 0x0104],
      ]),
      /camera raw/,
    ],
    [
      "anna.nef",
      tiffWith([
        [254, 1],
        [330, 500],
      ]),
      /camera raw/,
    ],
    ["anna.xcf", from("gimp xcf v011"), /GIMP/],
    ["anna.jxr", from("II\xbc\x01"), /JPEG XR/],
    ["anna.pdf", from("%PDF-1.7"), /PDF/],
    ["anna.eps", from("%!PS-Adobe-3.0 EPSF-3.0"), /PostScript/],
    ["anna.docx", from("PK\x03\x04\x14\0"), /office document/],
    ["anna.mov", from("\0\0\0\x14ftypqt  "), /video/],
    ["anna.mp4", from("\0\0\0\x20ftypisom"), /video/],
  ];

  it.each(cases)("%s", async (_, bytes, said) => {
    await expect(images.sign(bytes)).rejects.toMatchObject({
      code: "unreadable-image",
      message: expect.stringMatching(said) as string,
      hint: expect.stringMatching(/JPEG/) as string,
    });
  });

  it("names of pictures in a folder are masters whatever can be read of them; other files are not", () => {
    for (const name of "anna.cr3 anna.NEF anna.dng anna.mpo anna.jxl anna.psb anna.bmp".split(" ")) {
      expect(isImageName(name), name).toBe(true);
    }
    for (const name of "notes.txt anna.docx anna.pdf anna.mp4 anna".split(" ")) expect(isImageName(name)).toBe(false);
  });

  it("a file whose format is told and whose content is broken: the format is said, nothing else suffers", async () => {
    const half = async (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);
    for (const [bytes, name] of [
      [await half(await fixture("patches.jp2")), /JPEG 2000/],
      [await half(await fixture("patches.jxl")), /JPEG XL/],
      [Buffer.concat([photoshop().subarray(0, 26), Buffer.alloc(20, 255)]), /Photoshop/],
    ] as const) {
      await expect(images.sign(bytes)).rejects.toMatchObject({ message: expect.stringMatching(name) as string });
    }
  });
});
