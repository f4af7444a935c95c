import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createImageReader, createImageRenderer } from "../../../src/image/index.js";
import { type ColourSpace, deltaE, inSrgb } from "./colours.js";
import { PATCHES } from "./heif-container.js";

const WIDTH = 256;
const HEIGHT = 128;
const images = createImageReader();
const renditions = createImageRenderer();
let folder = "";
type Rgb = readonly [number, number, number];

function drawn(patches: readonly Rgb[] = PATCHES): Sharp {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    pixels.set(patches[Math.floor((i % WIDTH) / 64) + (i < (WIDTH * HEIGHT) / 2 ? 0 : 4)]!, 3 * i);
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "photodrift-kinds-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The middle of each patch as it is uploaded. */
async function uploaded(bytes: Buffer): Promise<readonly Rgb[]> {
  const file = path.join(folder, String(Math.random()));
  await writeFile(file, bytes);
  expect((await images.signMaster(file)).signature).toMatchObject({ width: WIDTH, height: HEIGHT });
  const { jpeg } = await renditions.cloudPhoto(file, { left: 0, top: 0, width: WIDTH, height: HEIGHT }, 1e6);
  const { data } = await sharp(jpeg).toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  return PATCHES.map((_, patch) => {
    const at = 3 * ((patch < 4 ? 32 : 96) * WIDTH + (patch % 4) * 64 + 32);
    return [data[at]!, data[at + 1]!, data[at + 2]!];
  });
}

/** Two pages, the patches first and their negative after them, as one tall picture that the encoder cuts into frames. */
async function frames(): Promise<Sharp> {
  const first = await drawn().raw().toBuffer();
  const raw = { width: WIDTH, height: 2 * HEIGHT, channels: 3, pageHeight: HEIGHT } as const;
  return sharp(Buffer.concat([first, first.map((value) => 255 - value)]), { raw });
}

/** ICC.1:2001-04 matrix profile: three primaries (XYZ, D50) and one gamma. */
function matrixProfile(primaries: readonly Rgb[], gamma: number): Buffer {
  const fixed = (value: number) => {
    const out = Buffer.alloc(4);
    out.writeInt32BE(Math.round(value * 65_536));
    return out;
  };
  const xyz = (value: Rgb) => Buffer.concat([Buffer.from("XYZ \0\0\0\0", "latin1"), ...value.map(fixed)]);
  const curve = Buffer.concat([Buffer.from("curv\0\0\0\0\0\0\0\x01", "latin1"), Buffer.alloc(4)]);
  curve.writeUInt16BE(Math.round(gamma * 256), 12);
  const text = Buffer.concat([Buffer.from("desc\0\0\0\0\0\0\0\x05Test\0", "latin1"), Buffer.alloc(79)]);
  const tags: readonly (readonly [string, Buffer])[] = [
    ["desc", text],
    ["cprt", Buffer.from("text\0\0\0\0none", "latin1")],
    ["wtpt", xyz([0.9642, 1, 0.8249])],
    ...(["rXYZ", "gXYZ", "bXYZ"] as const).map((name, i) => [name, xyz(primaries[i]!)] as const),
    ...(["rTRC", "gTRC", "bTRC"] as const).map((name) => [name, curve] as const),
  ];
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length);
  const bodies: Buffer[] = [];
  let at = 128 + table.length;
  tags.forEach(([name, body], i) => {
    table.write(name, 4 + 12 * i, "latin1");
    table.writeUInt32BE(at, 8 + 12 * i);
    table.writeUInt32BE(body.length, 12 + 12 * i);
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    bodies.push(padded);
    at += padded.length;
  });
  const head = Buffer.alloc(128);
  head.writeUInt32BE(at);
  head.write("\x02\x10\0\0mntrRGB XYZ ", 8, "latin1");
  head.write("acsp", 36, "latin1");
  head.set(Buffer.concat([0.9642, 1, 0.8249].map(fixed)), 68);
  return Buffer.concat([head, table, ...bodies]);
}

/** Adobe RGB (1998) annex A, adapted to D50. */
const ADOBE = matrixProfile(
  [
    [0.60974, 0.31111, 0.01947],
    [0.20528, 0.62567, 0.06087],
    [0.14919, 0.06322, 0.74457],
  ],
  2.19921875,
);

/** The JPEG with another profile: its numbers are those of that space. */
function withProfile(jpeg: Buffer, profile: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from("ICC_PROFILE\0\x01\x01", "latin1"), profile]);
  const head = Buffer.from([0xff, 0xe2, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

const PNG_CHUNKS = (bytes: Buffer): readonly { readonly name: string; readonly whole: Buffer }[] => {
  const found: { name: string; whole: Buffer }[] = [];
  for (let at = 8; at < bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    found.push({ name: bytes.toString("latin1", at + 4, at + 8), whole: bytes.subarray(at, end) });
    at = end;
  }
  return found;
};

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Animated PNG (APNG 1.0): the patches are the default image and first frame, their negative is the second one. */
async function apng(): Promise<Buffer> {
  const first = await drawn().png().toBuffer();
  const second = await drawn().negate().png().toBuffer();
  const control = (sequence: number) => {
    const data = Buffer.alloc(26);
    [sequence, WIDTH, HEIGHT, 0, 0].forEach((value, i) => data.writeUInt32BE(value, 4 * i));
    data.writeUInt16BE(1, 20);
    data.writeUInt16BE(10, 22);
    return chunk("fcTL", data);
  };
  const parts: Buffer[] = [first.subarray(0, 8)];
  for (const { name, whole } of PNG_CHUNKS(first)) {
    if (name === "IDAT" && !parts.some((part) => part.toString("latin1", 4, 8) === "acTL")) {
      parts.push(chunk("acTL", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])), control(0));
    }
    if (name === "IEND") {
      parts.push(control(1));
      PNG_CHUNKS(second)
        .filter((one) => one.name === "IDAT")
        .forEach((one, i) =>
          parts.push(chunk("fdAT", Buffer.concat([Buffer.from([0, 0, 0, 2 + i]), one.whole.subarray(8, -4)]))),
        );
    }
    parts.push(whole);
  }
  return Buffer.concat(parts);
}

const grey = (patch: Rgb): Rgb => {
  const value = Math.round(0.2126 * patch[0] + 0.7152 * patch[1] + 0.0722 * patch[2]);
  return [value, value, value];
};

describe("variants of the formats are uploaded in their colours, of a sequence its first picture", () => {
  const cases: readonly (readonly [string, () => Promise<Buffer>, ColourSpace])[] = [
    [
      "JPEG in Adobe RGB",
      async () => withProfile(await drawn().jpeg({ quality: 98, chromaSubsampling: "4:4:4" }).toBuffer(), ADOBE),
      "adobe",
    ],
    ["animated PNG", apng, "srgb"],
    ["animated WebP", async () => (await frames()).webp({ lossless: true }).toBuffer(), "srgb"],
    ["animated GIF", async () => (await frames()).gif().toBuffer(), "srgb"],
    ["16-bit TIFF", () => drawn().toColourspace("rgb16").tiff({ compression: "deflate" }).toBuffer(), "srgb"],
    ["TIFF of several pages", async () => (await frames()).tiff({ compression: "lzw" }).toBuffer(), "srgb"],
    [
      "progressive JPEG",
      () => drawn().jpeg({ quality: 98, chromaSubsampling: "4:4:4", progressive: true }).toBuffer(),
      "srgb",
    ],
  ];

  it.each(cases)("%s", async (_, make, space) => {
    const seen = await uploaded(await make());
    PATCHES.forEach((patch, i) => {
      expect(deltaE(seen[i]!, inSrgb(patch, space)), `${String(patch)} became ${String(seen[i])}`).toBeLessThanOrEqual(
        2,
      );
    });
  });

  it.each(["b-w", "grey16"] as const)("grey PNG with alpha, %s: on white", async (space) => {
    const patches = PATCHES.map(grey);
    const alpha = await drawn(patches).toColourspace(space).ensureAlpha(0.5).png().toBuffer();
    expect((await sharp(alpha).metadata()).channels).toBe(2);
    const seen = await uploaded(alpha);
    patches.forEach((patch, i) => {
      const onWhite = patch.map((value) => 255 - (255 - value) * 0.5) as unknown as Rgb;
      expect(deltaE(seen[i]!, onWhite), `${String(patch)} became ${String(seen[i])}`).toBeLessThanOrEqual(2);
    });
  });
});
